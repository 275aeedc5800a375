"""What `test` does: reads the tests that are meant, runs them, and tells the results."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from privacy_rules.cli.file_output import one_file_each, report_in, write
from privacy_rules.cli.inputs import configured, looked_into, project
from privacy_rules.cli.progress import Stages
from privacy_rules.cli.report_output import errors_to, outputs, say, tell, view_of_output
from privacy_rules.configuration.load import Configuration
from privacy_rules.configuration.targets import files_of_tests
from privacy_rules.manifest.file_set import shown
from privacy_rules.reports.registry import View, render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.reports.markup.json import Json
    from privacy_rules.testing.suite import Loaded

PASSES, FAILS, WRONG_INPUT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    targets: Sequence[str] = ()
    policies: Sequence[str] = ()
    names: Sequence[str] = ()
    formats: Sequence[str] = ()
    coverage: bool = False
    coverage_formats: Sequence[str] = ()
    coverage_min: float | None = None
    mutate: bool = False
    survivors: str | None = None
    no_color: bool = False

    @property
    def text(self) -> bool:
        """Whether standard output is for people."""
        return all("=" in each or each == "text" for each in (*self.formats, *self.coverage_formats))


@dataclass(slots=True)
class Told:
    """What is to be written: to standard output, and to files."""

    out: list[str] = field(default_factory=list)
    files: list[tuple[Path, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, wanted: str, text: str, *, first: bool = False) -> None:
        """Text for the `F` or `F=FILE` that wants it; `first` before all that is there."""
        file = wanted.partition("=")[2]
        if file:
            self.files.append((Path(file), text))
        else:
            self.out.insert(0 if first else len(self.out), text)

    def write(self) -> None:
        """Writes all of it; of the files all or none. Raises InputError if a file cannot be written."""
        write(report_in(file, text) for file, text in self.files)
        say("".join(self.out))
        say("".join(self.errors), error=True)


def run_watching(asked: Asked) -> NoReturn:
    """Runs the tests again whenever a file that they are of changes; whoever watches ends it."""
    from privacy_rules.testing.file_watcher import marks, wait

    gc.enable()  # this process stays; one that checks once, for which it is off, does not
    known: list[str] = []
    while True:
        before = marks(known)
        reads: list[str] = []
        run_once(asked, reads)
        known = sorted({*known, *reads, *_standing(asked)})
        before = {**marks(known), **before}
        files = counted(len(known), "file")
        tell(f"watching {files}; ctrl-c ends it", "")
        wait(before, lambda: _standing(asked))


def _standing(asked: Asked) -> list[str]:
    """The files that count whatever is in them: tests, policies, the configuration, the list of survivors."""
    try:
        settings = configured()
        files = [*_files(asked.targets, settings), *settings.policy, *([settings.file] if settings.file else [])]
    except InputError:
        files = []
    named = [*asked.policies, *([asked.survivors] if asked.survivors else [])]
    return [shown(each) for each in (*files, *map(Path, named))]


def run_once(asked: Asked, reads: list[str] | None = None) -> int:
    """Runs the tests that are meant, tells, and gives the exit code; `reads` gets the files that were read."""
    try:
        _one_place_each(asked)
        settings = configured()
        return _run(asked, settings, [] if reads is None else reads)
    except InputError as error:
        json = ["json"] if "json" in asked.formats else ["text"]
        errors_to(outputs(json), error.diagnostics)
        return WRONG_INPUT


def _run(asked: Asked, settings: Configuration, reads: list[str]) -> int:
    from privacy_rules.reports.policy_tests import Outcome
    from privacy_rules.testing.runner import run

    stages = Stages()
    with stages.stage("reading tests"):
        loaded = _loaded(asked, settings, reads)
    with stages.stage("running tests"):
        results, wrong = run(loaded)
    if results is None:
        raise InputError(wrong)
    view = view_of_output(colour=not (asked.no_color or settings.no_color))
    told, more, passes = Told(), dict[str, "Json"](), all(each.passed for each in results)
    if asked.coverage:
        passes &= _covered(asked, loaded, told, more, view)
    if asked.mutate:
        passes &= (
            _mutated(asked, loaded, told, more, view) if all(each.passed for each in results) else _not_tried(told)
        )
    for wanted in reversed(asked.formats or ("text",)):
        text = render(
            "policy_tests", wanted.partition("=")[0], Outcome(results, more), view if "=" not in wanted else View()
        )
        told.add(wanted, text, first=True)
    told.write()
    return PASSES if passes else FAILS


def _covered(asked: Asked, loaded: Loaded, told: Told, more: dict[str, Json], view: View) -> bool:
    """Tells the coverage; whether it is enough."""
    from privacy_rules.reports.coverage.json import document
    from privacy_rules.testing.coverage import coverage

    with Stages().stage("measuring coverage"):
        found = coverage(loaded.cases)
    more["coverage"] = document(found)
    for wanted in asked.coverage_formats or (("text",) if asked.text else ()):
        told.add(wanted, render("coverage", wanted.partition("=")[0], found, view if "=" not in wanted else View()))
    enough = asked.coverage_min is None or found.percent >= asked.coverage_min
    if not enough and asked.text:
        told.out.append(f"{view.ink(f'the coverage is less than {asked.coverage_min:g} %', 'red', bold=True)}\n")
    return enough


def _mutated(asked: Asked, loaded: Loaded, told: Told, more: dict[str, Json], view: View) -> bool:
    """Tells the changes of the policy that no case notices; whether each of them is listed with a reason."""
    from privacy_rules.reports.policy_tests.mutation import as_text as mutation_text
    from privacy_rules.reports.policy_tests.mutation import document
    from privacy_rules.testing.mutation_run import mutate
    from privacy_rules.testing.survivors import compare, read

    entries, wrong = read(Path(asked.survivors)) if asked.survivors else ((), ())
    if entries is None:
        raise InputError(wrong)
    with Stages().stage("trying changes of the policy"):
        found = mutate(loaded.cases)
    held = compare(found.survivors, entries)
    if asked.names or found.cut_short:  # other cases, or mutants that were not tried, may be what the entries are about
        held = replace(held, stale=())
    more["mutation"] = document(found, held)
    if asked.text:
        told.out.append(mutation_text(found, held, view.ink))
    return not held.unlisted and not found.cut_short


def _not_tried(told: Told) -> bool:
    told.errors.append("the policy is not changed: what a change does shows only where all cases pass\n")
    return False


def _one_place_each(asked: Asked) -> None:
    """Raises InputError where two formats want one file, or standard output other than as text."""
    wanted = [*(asked.formats or ("text",)), *asked.coverage_formats]
    one_file_each((Path(each.partition("=")[2]) for each in wanted if "=" in each), "formats")
    here = [each for each in wanted if "=" not in each]
    if len(here) > 1 and (set(here) != {"text"} or len(here) > 2):
        help_ = "write one of them to a file: `F=FILE`"
        raise InputError([Diagnostic(codes.USAGE, "two formats are to go to standard output", help=help_)])


def _loaded(asked: Asked, settings: Configuration, reads: list[str]) -> Loaded:
    """The cases that are meant. Raises InputError with all that is wrong."""
    from privacy_rules.testing.loader import load

    loaded, wrong, read = load(
        _files(asked.targets, settings),
        [Path(each) for each in asked.policies],
        otherwise=settings.policy,
        root=settings.folder,
        limit=settings.manifest_limit,
        disk=project(settings, *asked.targets, *asked.policies),
    )
    reads += read
    if loaded is None:
        raise InputError(wrong)
    if not loaded.cases:
        raise InputError([Diagnostic(codes.NO_TESTS, "the files of tests have no cases")])
    return _chosen(loaded, asked.names)


def _chosen(loaded: Loaded, names: Sequence[str]) -> Loaded:
    if not names:
        return loaded
    found = loaded.named(names)
    idle = [name for name in names if not loaded.named([name]).cases]
    if idle:
        known = [case.name for _, case in loaded.cases]
        raise InputError(
            [
                Diagnostic(codes.NO_TESTS, f"no case has `{each}` in its name", help=did_you_mean(each, known))
                for each in idle
            ]
        )
    return found


def _files(targets: Sequence[str], settings: Configuration) -> list[Path]:
    """The files of tests that are meant. Raises InputError (E330) where a target means none."""
    wanted = list(targets) or [str(settings.folder or Path())]
    found = looked_into(files_of_tests(wanted, settings.exclude, settings.folder))
    if found.empty:
        help_ = "in a folder, files of tests are named `tests.yaml`, or end in `.tests.yaml` (or yml, json)"
        raise InputError(
            [
                Diagnostic(codes.NO_TESTS, f"no tests are found in `{shown(Path(each))}`", help=help_)
                for each in found.empty
            ]
        )
    return list(found.files)
