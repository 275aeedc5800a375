"""The targets of the fuzzer: each takes any bytes as one kind of input, and raises if they bring about what none may.

run = TARGETS["baseline"].start(folder)
run(b'{"version": 1}')
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from privacy_rules import engine
from privacy_rules.configuration.load import configuration
from privacy_rules.drift.observed_files import read_observed
from privacy_rules.findings import baseline
from privacy_rules.language.comments import comments, words
from privacy_rules.language.file_parser import read
from privacy_rules.language.formatter import formatted
from privacy_rules.language.loader import load_text
from privacy_rules.language.source_text import SourceText
from privacy_rules.manifest.importing.result import import_files
from privacy_rules.simulation.scenario_files import scenarios_in
from privacy_rules.source.file_system import DISK, LIMIT
from privacy_rules.source.project_boundary import confined_to
from privacy_rules.testing.loader import load
from privacy_rules.tracing.prose_loader import read_prose
from tests.builders import git
from tests.fuzzing import seeds, trees
from tests.fuzzing.desk import Desk, FoundError, state
from tests.history.repositories import repository
from tests.properties.meanings import meaning

Run = Callable[[bytes], None]
SEPARATOR = seeds.SEPARATOR
RARELY = 16
_FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")


@dataclass(frozen=True)
class Target:
    """A kind of input. `prepare` sets a project up; what it gives is run on each input. `share` is its part of the time.

    An input is read first, which is quick. The command line runs on it if it reads well, and on one in RARELY of the rest.
    """

    name: str
    prepare: Callable[[Desk], Run]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 4096
    share: float = 1.0

    def start(self, folder: Path) -> Run:
        """Sets a project up in an empty folder, and gives what runs an input there."""
        desk = Desk(folder)
        run = self.prepare(desk)
        desk.keep()

        def once(data: bytes) -> None:
            try:
                run(data)
            finally:
                desk.tidy()

        return once


def _format(data: bytes) -> str:
    """One of the formats, always the same for the same bytes."""
    return _FORMATS[sum(data) % len(_FORMATS)]


def _rarely(data: bytes) -> bool:
    """True for one in RARELY inputs, always the same ones."""
    return crc32(data) % RARELY == 0


def _policy(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        name = desk.write("any.privacy", data)
        found = False
        with desk.guarded(), suppress(UnicodeDecodeError):
            found = _formatting_keeps(data.decode("utf-8"))
        if found or _rarely(data):
            code, _ = desk.call("fmt", name, may=(0, 2))
            if code == 2 and (desk.project / name).read_bytes() != data:
                raise FoundError("a policy that is wrong was written")
        if _rarely(data):
            desk.call("check", "estate.yaml", "--policy", name, "--format", _format(data))

    return run


def _formatting_keeps(text: str) -> bool:
    """Formatting changes neither what a policy says nor its comments, and a second time it changes nothing.

    True if the text is a policy. The whole policies are compared rarely: as their trees are the same, that is slow for little.
    """
    policy, _ = load_text(text)
    once, _ = formatted(text)
    if once is None:
        return False
    if formatted(once)[0] != once:
        raise FoundError("formatting twice is not formatting once")
    sources = [SourceText("a", each) for each in (text, once)]
    before, after = ([*meaning(read(each)[0].declarations), *comments(words(each.text))] for each in sources)
    if before != after:
        raise FoundError("formatting changes the tree or the comments")
    if policy is not None and _rarely(text.encode()) and [*meaning(policy)] != [*meaning(load_text(once)[0])]:
        raise FoundError("formatting changes the policy")
    return policy is not None


def _lint(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        name = desk.write("any.privacy", data)
        with desk.guarded():
            found, _ = engine.load_policy([Path(name)])
        if found is None and not _rarely(data):
            return
        code, _ = desk.call("lint", name, "--fail-severity", "never", may=(0, 2))
        desk.call("lint", name, "--fix", "--fail-severity", "never", may=(code,))
        if code == 2 and (desk.project / name).read_bytes() != data:
            raise FoundError("a policy that is wrong was written")
        desk.call("docs", name, may=(0, 2))

    return run


def _check(desk: Desk) -> Run:
    """A policy and a manifest, of which either may be wrong."""

    def run(data: bytes) -> None:
        first, _, second = data.partition(SEPARATOR)
        policy, manifest = desk.write("any.privacy", first), desk.write("any.yaml", second)
        with desk.guarded():
            found, _ = engine.load([Path(manifest)], [Path(policy)])
        if found is None and not _rarely(data):
            return
        code, told = desk.call("check", manifest, "--policy", policy, "--format", "json")
        json.loads(told)
        if code != 2:
            more = ("--as-of", "2026-06-15", "--format", _format(data))
            desk.call("check", manifest, "--policy", policy, *more)

    return run


def _manifest(kind: str) -> Callable[[Desk], Run]:
    def prepare(desk: Desk) -> Run:
        policy, wrong = engine.load_policy([Path("shop.privacy")])
        assert policy is not None, wrong

        def run(data: bytes) -> None:
            name = desk.write(f"any.{kind}", data)
            with desk.guarded():
                documents, _ = engine.read([Path(name)], disk=confined_to([name]))
                estate = None if documents is None else engine.hold(documents, policy)[0]
            if estate is not None or _rarely(data):
                desk.call("check", name, "--policy", "shop.privacy", "--format", _format(data))

        return run

    return prepare


def _ending(data: bytes) -> str:
    """The ending of a file from another tool, by how its content begins."""
    first, _, rest = data.partition(b"\n")
    if first[:1] in (b"{", b"["):
        return "ndjson" if rest[:1] == b"{" else "json"
    return "csv" if b"," in first and b":" not in first else "yaml"


def _importing(desk: Desk) -> Run:
    """A file from another tool, and perhaps a map."""

    def run(data: bytes) -> None:
        file, several, mapped = data.partition(SEPARATOR)
        name = desk.write(f"any.{_ending(file)}", file)
        maps = ["--map", desk.write("map.yaml", mapped)] if several else []
        with desk.guarded():
            paths = [Path(each) for each in maps[1:]]
            result, _ = import_files([Path(name)], maps=paths, limit=LIMIT, disk=confined_to([name, *maps[1:]]))
        if result is None and not _rarely(data):
            return
        code, told = desk.call("import", name, *maps, "--format", "json", may=(0, 2))
        if code == 0:
            json.loads(told)
            desk.call("import", name, *maps, "--policy", "shop.privacy", "--suggest-map", may=(0, 2))
        desk.call("check", name, *maps, "--policy", "shop.privacy", "--format", _format(data))

    return run


def _observed(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        name = desk.write(f"any.{_ending(data)}", data)
        with desk.guarded():
            found, _ = read_observed([Path(name)], disk=confined_to([name]), limit=LIMIT)
        if found is None and not _rarely(data):
            return
        format_ = ("text", "json", "sarif", "markdown")[sum(data) % 4]
        desk.call("drift", "estate.yaml", "--observed", name, "--format", format_)
        desk.call("drift", "estate.yaml", "--observed", name, "--write", "-", may=(0, 2))

    return run


def _baseline(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        with desk.guarded():
            found, wrong = baseline.read(data)
        if (found is None) == (wrong is None):
            raise FoundError("a baseline is read and wrong, or neither")
        if found is None and not _rarely(data):
            return
        name = desk.write("any.json", data)
        code, _ = desk.call("check", "estate.yaml", "--baseline", name, "--format", _format(data))
        ended, _ = desk.call("baseline", "estate.yaml", "--output", name, "--prune", may=(0, 2))
        if (code == 2) != (ended == 2):
            raise FoundError(f"`check --baseline` ends with {code}, `baseline --prune` with {ended}")
        if ended == 2 and (desk.project / name).read_bytes() != data:
            raise FoundError("what is not a baseline was written over")

    return run


def _configuration(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        for name in ("privacy-rules.toml", "pyproject.toml"):
            desk.write(name, data)
            with desk.guarded():
                found, _ = configuration(desk.project)
            if (found is not None and found.file) or _rarely(data):
                desk.call("check", "--show-config")
                desk.call("check", "estate.yaml", "--policy", "shop.privacy")
                code, _ = desk.call("check")
                if code != 2:
                    desk.call("lint")
            desk.tidy()

    return run


def _tests(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        tests, several, survivors = data.partition(SEPARATOR)
        name = desk.write("any.tests.yaml", tests)
        more = ["--survivors", desk.write("survivors.yaml", survivors)] if several else []
        with desk.guarded():
            found, _, _ = load([Path(name)], disk=confined_to([name]))
        if found is None and not _rarely(data):
            return
        coverage = [[], ["--coverage"], ["--coverage", "--coverage-format", "lcov"]][sum(data) % 3]
        desk.call("test", name, *more, *coverage)

    return run


def _changes(desk: Desk) -> Run:
    policy, wrong = engine.load_policy([Path("shop.privacy")])
    assert policy is not None, wrong

    def run(data: bytes) -> None:
        name = desk.write("any.yaml", data)
        with desk.guarded():
            found, _ = scenarios_in(name, data, title="any", json=False, limit=LIMIT)
            fine = found is not None and all(each.read(policy)[0] is not None for each in found)
        if not fine and not _rarely(data):
            return
        words = ("what-if", "estate.yaml", "--changes", name)
        code, _ = desk.call(*words, "--format", ("text", "json", "markdown", "html")[sum(data) % 4], may=(0, 2))
        desk.call(*words, "--patch", "-", may=(0, 2) if code == 0 else (2,))

    return run


def _prose(desk: Desk) -> Run:
    def run(data: bytes) -> None:
        prose, found, lock = data.partition(SEPARATOR)
        name = desk.write("policy.md", prose)
        with desk.guarded():
            read_prose(Path(name), DISK)
        if not found and not _rarely(data):
            return
        if found:
            desk.write("privacy-trace.json", lock)
        words = ("trace", "shop.privacy", "--text", name)
        code, told = desk.call(*words, "--format", "json")
        json.loads(told)
        desk.call(*words, "--format", "html")
        accepted, _ = desk.call(*words, "--accept", "--as-of", "2026-11-01")
        if (code == 2) != (accepted == 2):
            raise FoundError(f"`trace` ends with {code}, `trace --accept` with {accepted}")
        if code != 2:
            desk.call(*words, "--fail-on", "changed")

    return run


def _git(desk: Desk) -> Run:
    for each in desk.project.iterdir():
        each.unlink()
    repository(desk.project, seeds.PROJECT)
    for each in (desk.project / ".git" / "hooks").glob("*"):
        each.unlink()
    desk.write(".gitattributes", b"*.dat filter=evil diff=evil\n")
    git("add", "--all")
    settings = desk.project / ".git" / "config"
    plain = settings.read_text(encoding="utf-8")

    def run(data: bytes) -> None:
        made = trees.made(data)
        trees.store(made.objects, desk.project)
        if made.settings:
            settings.write_text(
                plain + "".join(made.settings).replace("{program}", str(desk.program)), encoding="utf-8"
            )
        for name, content in made.files:
            if _cleared(desk.project / name):
                (desk.project / name).write_bytes(content)
        for name, target in made.links:
            if target and b"\0" not in target and _cleared(desk.project / name):
                (desk.project / name).symlink_to(os.fsdecode(target))
        before = state(desk.project / ".git")
        desk.call("check", "--since-exact", made.commit or "HEAD")
        if state(desk.project / ".git") != before:
            raise FoundError("the repository has changed")

    return run


def _cleared(file: Path) -> bool:
    """Makes room for a file, in a folder that is made; False if there can be none."""
    try:
        file.unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return file.parent.resolve() == file.parent  # not behind a link


TARGETS = {
    each.name: each
    for each in (
        Target("policy", _policy, seeds.policies),
        Target("lint", _lint, seeds.policies, longest=2048),
        Target("check", _check, seeds.cases, share=1.5),
        Target("manifest-yaml", _manifest("yaml"), seeds.yaml_manifests),
        Target("manifest-json", _manifest("json"), seeds.json_manifests),
        Target("importing", _importing, seeds.of_other_tools, share=1.5),
        Target("observed", _observed, seeds.observations),
        Target("baseline", _baseline, seeds.baselines, share=0.5),
        Target("configuration", _configuration, seeds.configurations),
        Target("tests", _tests, seeds.tests),
        Target("changes", _changes, seeds.change_sets),
        Target("prose", _prose, seeds.proses),
        Target("git", _git, seeds.repositories, share=1.5),
    )
}
