"""Runs policy tests for the verb `test`, once or whenever a file changes, and reports the results."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from privacy_rules.cli.inputs import configured, looked_into, project
from privacy_rules.cli.progress import Stages
from privacy_rules.cli.report_output import (
    Output,
    errors_to,
    paths_in_repository,
    print_lines,
    refuse_shared_outputs,
    view_for,
    wanted_for_errors,
    write_outputs,
)
from privacy_rules.configuration.load import Configuration
from privacy_rules.configuration.targets import files_of_tests
from privacy_rules.manifest.file_set import shown
from privacy_rules.reports.registry import View, render
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, InputError, refuse, required
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.reports.markup.json import Json
    from privacy_rules.testing.suite import Loaded

PASSES, FAILS = 0, 1


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    targets: Sequence[str] = ()
    policies: Sequence[str] = ()
    names: Sequence[str] = ()
    outputs: Sequence[Output] = (Output("text"),)
    coverage: bool = False
    coverage_outputs: Sequence[Output] = ()
    coverage_min: float | None = None
    mutate: bool = False
    survivors: str | None = None
    no_color: bool = False

    @property
    def text(self) -> bool:
        """Whether standard output is for people."""
        return all(each.file or each.name == "text" for each in (*self.outputs, *self.coverage_outputs))


@dataclass(slots=True)
class _Report:
    """The content of the report: each output with its text, and the additional parts of the JSON report."""

    texts: list[tuple[Output, str]] = field(default_factory=list)
    more: dict[str, Json] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        """Add text for people to standard output."""
        self.texts.append((Output("text"), text))


def run_watching(request: Request) -> NoReturn:
    """Run the tests again whenever a file that they depend on changes, until the user interrupts."""
    from privacy_rules.testing.file_watcher import marks, wait

    gc.enable()  # this process keeps running; a single check, for which it is off, does not
    known: list[str] = []
    while True:
        before = marks(known)
        reads: list[str] = []
        try:
            run_once(request, reads)
        except InputError as error:
            errors_to(wanted_for_errors(click.get_current_context()), error.diagnostics)
        known = sorted({*known, *reads, *_always_watched(request)})
        before = {**marks(known), **before}
        print_lines(f"watching {counted(len(known), 'file')}; press Ctrl+C to stop", "")
        wait(before, lambda: _always_watched(request))


def _always_watched(request: Request) -> list[str]:
    """The files that are always watched: tests, policies, the configuration, the list of survivors."""
    try:
        settings = configured()
        files = [*_files(request.targets, settings), *settings.policy, *([settings.file] if settings.file else [])]
    except InputError:
        files = []
    named = [*request.policies, *([request.survivors] if request.survivors else [])]
    return [shown(each) for each in (*files, *map(Path, named))]


def run_once(request: Request, reads: list[str] | None = None) -> int:
    """Run the tests, report, and return the exit code; `reads` gets the files that were read. Raises InputError."""
    from privacy_rules.reports.policy_tests import Outcome
    from privacy_rules.testing.runner import run

    refuse_shared_outputs([*request.outputs, *request.coverage_outputs], texts=2)
    settings, stages = configured(), Stages()
    with stages.stage("reading tests"):
        loaded = _loaded(request, settings, [] if reads is None else reads)
    with stages.stage("running tests"):
        results = required(*run(loaded))
    view, report = view_for(settings, no_color=request.no_color), _Report()
    passes = all(each.passed for each in results)
    if request.coverage:
        passes &= _covered(request, loaded, report, view)
    if request.mutate and all(each.passed for each in results):
        passes &= _mutated(request, loaded, report, view)
    elif request.mutate:
        report.notes.append("the policy was not mutated: first make all cases pass")
    outcome = Outcome(results, report.more)
    paths = paths_in_repository()
    texts = [
        (each, render("policy_tests", each.name, outcome, replace(View() if each.file else view, paths=paths)))
        for each in request.outputs
    ]
    write_outputs([*texts, *report.texts], notes=report.notes)
    return PASSES if passes else FAILS


def _covered(request: Request, loaded: Loaded, report: _Report, view: View) -> bool:
    """Report the coverage, and return whether it is enough."""
    from privacy_rules.reports.coverage.json import document
    from privacy_rules.testing.coverage import coverage

    with Stages().stage("measuring coverage"):
        found = coverage(loaded.cases)
    report.more["coverage"] = document(found)
    for each in request.coverage_outputs or ([Output("text")] if request.text else []):
        report.texts.append((each, render("coverage", each.name, found, View() if each.file else view)))
    enough = request.coverage_min is None or found.percent >= request.coverage_min
    if not enough and request.text:
        report.add_text(f"{view.ink(f'the coverage is less than {request.coverage_min:g} %', 'red', bold=True)}\n")
    return enough


def _mutated(request: Request, loaded: Loaded, report: _Report, view: View) -> bool:
    """Report the changes of the policy that no case notices, and return whether each is listed with a reason."""
    from privacy_rules.reports.policy_tests.mutation import as_text, document
    from privacy_rules.testing.accepted_survivors import compare, read
    from privacy_rules.testing.mutation_run import mutate

    entries = required(*read(Path(request.survivors))) if request.survivors else ()
    with Stages().stage("trying changes of the policy"):
        found = mutate(loaded.cases)
    held = compare(found.survivors, entries)
    if request.names or found.cut_short:  # entries may be about other cases, or about mutants that were not tried
        held = replace(held, stale=())
    report.more["mutation"] = document(found, held)
    if request.text:
        report.add_text(as_text(found, held, view.ink))
    return not held.unlisted and not found.cut_short


def _loaded(request: Request, settings: Configuration, reads: list[str]) -> Loaded:
    """The cases to run. Raises InputError with all errors."""
    from privacy_rules.testing.loader import load

    loaded, wrong, read = load(
        _files(request.targets, settings),
        [Path(each) for each in request.policies],
        otherwise=settings.policy,
        root=settings.folder,
        limit=settings.manifest_limit,
        disk=project(settings, *request.targets, *request.policies),
    )
    reads += read
    if loaded is None:
        raise InputError(wrong)
    if not loaded.cases:
        raise InputError([Diagnostic(codes.NO_TESTS, "the test files have no cases")])
    return _chosen(loaded, request.names)


def _chosen(loaded: Loaded, names: Sequence[str]) -> Loaded:
    """The cases whose names contain one of the given names. Raises InputError if a name matches no case."""
    if not names:
        return loaded
    known = [case.name for _, case in loaded.cases]
    wrong = [
        Diagnostic(codes.NO_TESTS, f"no case has `{name}` in its name", help=did_you_mean(name, known))
        for name in names
        if not loaded.named([name]).cases
    ]
    refuse(wrong)
    return loaded.named(names)


def _files(targets: Sequence[str], settings: Configuration) -> list[Path]:
    """The test files that the targets mean. Raises InputError (E330) if a target means none."""
    wanted = list(targets) or [str(settings.folder or Path())]
    found = looked_into(files_of_tests(wanted, settings.exclude, settings.folder))
    help_ = "in a folder, test files are named `tests.yaml`, or end in `.tests.yaml` (or yml, json)"
    wrong = [
        Diagnostic(codes.NO_TESTS, f"there are no tests in `{each}`", help=help_for_absent(each) or help_)
        for each in map(shown, map(Path, found.empty))
    ]
    refuse(wrong)
    return list(found.files)
