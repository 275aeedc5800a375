"""`--timeout`: the run ends with E310, says what it was doing, and leaves nothing half-written."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from privacy_rules.cli.main import VERBS
from privacy_rules.reports.registry import DOCUMENTS
from privacy_rules.source import time_limit as limits
from privacy_rules.source.file_system import LIMIT, Disk
from privacy_rules.source.time_limit import OutOfTimeError, begin, end, time_limit
from tests.builders import write
from tests.cli import test_errors_in_formats as formats
from tests.cli.calling import Call

CALLS = {
    "ask": ["ask", "does no_selling imply no_selling", "--policy", "shop.privacy"],
    "baseline": ["baseline", "estate.yaml"],
    "check": ["check", "estate.yaml"],
    "diff": ["diff", "shop.privacy", "shop.privacy"],
    "docs": ["docs", "shop.privacy"],
    "drift": ["drift", "estate.yaml", "--observed", "seen.csv"],
    "explain": ["explain", "no_selling", "leads", "--manifest", "estate.yaml"],
    "export": ["export", "otm", "estate.yaml"],
    "fmt": ["fmt", "--check", "shop.privacy"],
    "forecast": ["forecast", "estate.yaml"],
    "graph": ["graph", "estate.yaml"],
    "hook": ["hook", "estate.yaml"],
    "import": ["import", "csv", "seen.csv"],
    "impact": ["impact", "party:shop", "--manifest", "estate.yaml"],
    "lint": ["lint", "shop.privacy"],
    "register": ["register", "vendors", "--manifest", "estate.yaml"],
    "rule": ["rule", "no_selling", "--manifest", "estate.yaml"],
    "site": ["site", "site", "--manifest", "estate.yaml"],
    "test": ["test", "shop.tests.yaml"],
    "trace": ["trace", "shop.privacy", "--text", "prose.md"],
    "what-if": ["what-if", "estate.yaml", "--remove", "flow:leads"],
}
OWN_LIMIT = {"repair"}
"""It stops searching in time, and reports what it has found."""
WITHOUT_LIMIT = {"completion", "explore", "init", "lsp", "schema"}
"""What serves until it is stopped, and what judges and reads no policy."""
WORK = {
    "ask": "privacy_rules.analysis.asking.Asking",
    "baseline": "privacy_rules.engine.check",
    "check": "privacy_rules.engine.check",
    "diff": "privacy_rules.analysis.policy_comparison.compare",
    "export": "privacy_rules.manifest.exporting.registry.Format.write",
    "docs": "privacy_rules.english.document.document",
    "drift": "privacy_rules.drift.comparison.compare",
    "explain": "privacy_rules.engine.explain",
    "fmt": "privacy_rules.language.formatter.formatted",
    "forecast": "privacy_rules.simulation.forecast.forecast",
    "graph": "privacy_rules.drawing.pictures.Painter",
    "hook": "privacy_rules.engine.check",
    "import": "privacy_rules.manifest.importing.result.import_files",
    "impact": "privacy_rules.simulation.impact.impact",
    "lint": "privacy_rules.lint.framework.runner.lint",
    "register": "privacy_rules.registers.material.judge",
    "rule": "privacy_rules.engine.subjects_of",
    "site": "privacy_rules.reports.site.pages.pages",
    "test": "privacy_rules.testing.runner.run",
    "trace": "privacy_rules.tracing.coverage.trace",
    "what-if": "privacy_rules.simulation.compare.Simulation.run",
}


def endless(*_: object, **__: object) -> None:
    while True:
        time.sleep(0.001)


@pytest.fixture
def files(shop: Path) -> None:
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n')
    write("shop.tests.yaml", "tests: 1\npolicy: shop.privacy\nmanifest: estate.yaml\ncases: [{name: a, expect: []}]\n")
    write("seen.csv", "source,destination\ncrm,shop\n")
    write("prose.md", "# Selling\n\nNothing is sold.\n")


def test_every_other_verb_is_called_here() -> None:
    assert CALLS.keys() == WORK.keys() == VERBS.keys() - OWN_LIMIT - WITHOUT_LIMIT


@pytest.mark.parametrize("verb", CALLS)
def test_a_verb_whose_work_does_not_end_gives_up(
    files: None, call: Call, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(WORK[verb], endless)
    done = call(*CALLS[verb], "--timeout", "1")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[E310]: gave up after 1 s while ")
    assert "help: allow more time with `--timeout`" in done.err


@pytest.mark.parametrize("verb", CALLS)
def test_with_time_enough_nothing_differs(files: None, call: Call, verb: str) -> None:
    assert call(*CALLS[verb], "--timeout", "1000") == call(*CALLS[verb])


def test_no_file_is_written_when_time_is_over(files: None, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORK["forecast"], endless)
    done = call("forecast", "estate.yaml", "--format", "ical=out.ics", "--timeout", "0.5")
    assert done.code == 2
    assert not Path("out.ics").exists()


def test_no_baseline_is_written_when_time_is_over(files: None, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORK["baseline"], endless)
    assert call("baseline", "estate.yaml", "--timeout", "0.5").code == 2
    assert not Path("privacy-baseline.json").exists()


def test_what_has_begun_to_be_written_is_written(files: None, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: str, **__: bool) -> None:
        time.sleep(3.5)

    monkeypatch.setattr("privacy_rules.cli.report_output.print_lines", slow)
    done = call("trace", "shop.privacy", "--text", "prose.md", "--accept", "--fail-on", "never", "--timeout", "3")
    assert (done.code, done.err) == (0, "")
    assert Path("privacy-trace.json").exists()


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_a_time_that_is_none_is_a_wrong_call(shop: Path, call: Call, value: str) -> None:
    done = call("check", "estate.yaml", f"--timeout={value}")
    assert done.code == 2
    assert "E306" in done.err


def test_json_has_the_error_too(files: None, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORK["check"], endless)
    done = call("check", "estate.yaml", "--format", "json", "--timeout", "0.5")
    assert '"E310"' in done.out
    assert "gave up after 0.5 s while " in done.out  # which stage it is, depends on the machine


OF_EACH = [
    (verb, name) for verb in formats.CALLS if verb != "repair" for name in DOCUMENTS[verb] if name in formats.READ
]


@pytest.fixture
def endless_policy(files: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A policy that takes forever to read until the time is over; what is written then may read it again."""
    read = Disk.read

    def slow(disk: Disk, path: Path, limit: int = LIMIT) -> bytes:
        if path.suffix == ".privacy" and getattr(limits._limits, "own", None) is not None:
            endless()
        return read(disk, path, limit)

    with monkeypatch.context() as patched:
        patched.setattr(Disk, "read", slow)
        yield


@pytest.mark.usefixtures("endless_policy")
@pytest.mark.parametrize(("document", "name"), OF_EACH)
def test_every_format_of_every_verb_has_the_error(document: str, name: str, call: Call) -> None:
    words = (*formats.CALLS[document], "--timeout", "0.2")
    here = call(*words, "--format", name)
    assert here.code == 2
    assert formats.says(name, here.out, "gave up after 0.2 s while")
    assert here.err.startswith("error[E310]: gave up after 0.2 s while")
    write("report", "of an earlier run")
    in_file = call(*words, "--format", f"{name}=report")
    assert (in_file.code, in_file.out) == (2, "")
    assert formats.says(name, Path("report").read_text("utf-8"), "gave up after 0.2 s while")


@pytest.mark.usefixtures("endless_policy")
def test_configured_formats_have_the_error(call: Call) -> None:
    listed = ", ".join(f'"{name}=o.{name}"' for name in formats.READ)
    write("privacy-rules.toml", f"format = [{listed}]\n")
    assert call("check", "estate.yaml", "--timeout", "0.2").code == 2
    for name in formats.READ:
        assert formats.says(name, Path(f"o.{name}").read_text("utf-8"), "gave up after 0.2 s while")


def work() -> str:
    """Work that would take ten seconds, in short steps as any work has."""
    try:
        with time_limit(0.2):
            start = time.monotonic()
            while time.monotonic() < start + 10:
                time.sleep(0.001)
    except OutOfTimeError:
        return "given up"
    return "done"


def test_a_limit_holds_in_any_thread() -> None:
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(work())) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(9)
    assert told == ["given up"] * 2


def test_where_there_are_no_alarms_another_thread_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_has_alarms", lambda: False)
    assert work() == "given up"


def test_a_limit_that_has_been_lifted_interrupts_nobody() -> None:
    begin(0.05)
    begin(0.01)  # the first one holds
    end()
    time.sleep(0.1)
    with time_limit(10), time_limit(0.01):
        time.sleep(0.05)


def loses_the_first() -> None:
    with time_limit(0.05):
        with suppress(OutOfTimeError):
            time.sleep(5)
        time.sleep(5)


def test_an_error_that_python_cannot_pass_on_is_raised_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_AGAIN", 0.05)
    with pytest.raises(OutOfTimeError):
        loses_the_first()
