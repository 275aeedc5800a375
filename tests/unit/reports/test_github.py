"""Workflow commands, read back as the runner reads them."""

from __future__ import annotations

import re
from dataclasses import replace

from privacy_rules.findings.changed_settings import CheckContext
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.check.github import render
from privacy_rules.reports.registry import View
from privacy_rules.source.span import Span
from tests.unit.reports.hostile import hostile

_COMMAND = re.compile("::([a-z]+) (.*?)::(.*)")
_UNESCAPED = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Command, properties and message; the runner takes the first `::` after the command as the end of properties."""
    found = _COMMAND.fullmatch(line)
    assert found
    listed = dict(each.split("=", 1) for each in found[2].split(","))
    return found[1], {name: _plain(value) for name, value in listed.items()}, _plain(found[3])


def _plain(text: str) -> str:
    for escaped, plain in _UNESCAPED:
        text = text.replace(escaped, plain)
    return text


def commands(report: Report, **view: object) -> list[tuple[str, dict[str, str], str]]:
    return [read(line) for line in render(report, View(**view)).splitlines()]  # type: ignore[arg-type]


def test_places_titles_and_messages_come_through() -> None:
    command, properties, message = commands(hostile())[4]
    assert command == "error"
    assert properties == {
        "file": "a b/100%,x:y.yaml",
        "line": "8",
        "col": "3",
        "endColumn": "7",
        "title": 'no_selling: Not "sold" | <b>ever</b> ]]>',
    }
    assert message.splitlines()[0] == "email is disclosed to lead_broker (data_broker)"
    assert message.splitlines()[-1].startswith("hint: End it: 100%, <script>")


def test_what_is_undetermined_warns_and_what_is_waived_or_mild_is_a_notice() -> None:
    assert [command for command, _, _ in commands(hostile())] == [
        "notice",
        "notice",
        "notice",
        "warning",
        "error",
        "warning",
    ]
    assert commands(hostile())[1][2].startswith("waived: ")


def test_what_fails_the_check_is_an_error() -> None:
    strict = Threshold("undetermined", "note", frozenset({"W301"}))
    assert [command for command, _, _ in commands(hostile(), threshold=strict)] == ["error", "notice", *["error"] * 4]


def test_old_and_fixed_findings_are_counted_and_a_waived_one_is_still_reported() -> None:
    report = hostile()
    sold, waived = report.findings[-1], next(each for each in report.findings if each.waived)
    found = [replace(sold, state="unchanged"), replace(sold, state="fixed"), replace(waived, state="unchanged")]
    beside = replace(report.only(found), terms=CheckContext(compared_with="main"))
    told = commands(beside)
    assert [each[0] for each in told] == ["notice", "notice", "warning"]
    assert "since main: 0 new, 1 unchanged, 1 fixed" in str(told[1])


def test_an_end_on_another_line_has_no_column() -> None:
    sold = replace(hostile().findings[-1], location=Span("a.yaml", 1, 2, 4, 5))
    properties = commands(hostile().only([sold]))[0][1]
    assert (properties["endLine"], "endColumn" in properties) == ("4", False)
    nowhere = replace(sold, location=None, rule_location=None, title=None)
    assert commands(hostile().only([nowhere]))[0][1] == {"title": "no_selling"}


def test_no_name_can_start_a_command_of_its_own() -> None:
    sold = replace(hostile().findings[-1], message="x\n::stop-commands::y\r::error::z")
    lines = render(hostile().only([sold]), View()).splitlines()
    assert len(lines) == 2
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
