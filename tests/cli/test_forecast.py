"""`forecast`: the days on which a verdict will change, and no other."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest

from tests.builders import edit, write
from tests.cli.calling import Call, on_record


def days(call: Call, *words: str) -> dict[str, list[str]]:
    found = json.loads(call("forecast", "estate.yaml", *words, "--format", "json").out)
    return {each["day"]: [event["message"] for event in each["events"]] for each in found["days"]}


def test_the_forecast_is_on_record(shop: Path, call: Call) -> None:
    done = call("forecast", "estate.yaml", "--as-of", "2026-01-01")
    assert (done.code, done.err) == (0, "")
    on_record("forecast.txt", done.out)


def test_only_days_after_the_start_and_up_to_the_end_are_reported(shop: Path, call: Call) -> None:
    assert days(call, "--as-of", "2026-01-01", "--until", "2026-10-01") == {
        "2026-06-01": ["the waiver of no_selling for leads expires"],
        "2026-10-01": ["contract packing ends"],
    }
    assert days(call, "--as-of", "2026-10-01", "--until", "2026-12-31") == {}
    assert "no verdict changes after" in call("forecast", "estate.yaml", "--until", "2026-11-02").out


def test_a_day_on_which_something_happens_that_changes_nothing_is_not_reported(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    idle = "\ncontracts:\n  idle: {with: broker, until: 2026-12-01}"
    edit(estate, "\ncontracts:", idle)
    assert "2026-12-01" not in days(call)


def test_each_change_has_the_state_before_and_after(shop: Path, call: Call) -> None:
    found = json.loads(call("forecast", "estate.yaml", "--as-of", "2026-09-01", "--format", "json").out)
    ended, lapsed = found["days"]
    assert [(each["rule"], each["before"], each["after"], each["owner"]) for each in ended["changes"]] == [
        ("contracted", "compliant", "violation", "shop team")
    ]
    waived = {each["rule"]: (each["before_waived"], each["after_waived"]) for each in lapsed["changes"]}
    assert waived == {"deletion": (False, False), "not_combined": (True, False)}


def test_the_days_are_those_on_which_checks_differ(shop: Path, call: Call) -> None:
    def state(day: date) -> object:
        done = call("check", "estate.yaml", "--as-of", str(day), "--format", "json")
        return {
            (each["rule"], each["subject"]["id"]): (each["verdict"], each["waived"], json.dumps(each["judged"]))
            for each in json.loads(done.out)["findings"]
        }

    told = days(call, "--as-of", "2026-05-28", "--until", "2026-06-05")
    span = [date(2026, 5, 28) + timedelta(days=number) for number in range(9)]
    states = [state(day) for day in span]
    assert [str(day) for day, was, now in zip(span[1:], states, states[1:], strict=False) if was != now] == list(told)


def test_a_calendar_reads_back_day_by_day(shop: Path, call: Call) -> None:
    done = call("forecast", "estate.yaml", "--as-of", "2026-01-01", "--format", "ical=privacy.ics")
    assert (done.code, done.out) == (0, "")
    content = Path("privacy.ics").read_bytes()
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert [each.decoded("DTSTART") for each in events] == [date(2026, 6, 1), date(2026, 10, 1), date(2027, 1, 1)]
    assert str(events[1]["SUMMARY"]) == "Privacy verdicts change: contract packing ends"
    assert str(events[2]["DESCRIPTION"]).splitlines()[1] == (
        "not_combined on joining in crm: waived violation -> violation"
    )
    assert len({str(each["UID"]) for each in events}) == 3
    call("forecast", "estate.yaml", "--as-of", "2026-01-01", "--format", "ical=again.ics")
    assert Path("again.ics").read_bytes() == content


@pytest.mark.parametrize("words", [("--format", "xml"), ("--format", "ical="), ("--until", "soon")])
def test_a_wrong_call_is_reported(shop: Path, call: Call, words: tuple[str, str]) -> None:
    done = call("forecast", "estate.yaml", *words)
    assert (done.code, done.out) == (2, "")
    assert "error[E306]" in done.err


def test_a_broken_manifest_is_reported_and_nothing_written(shop: Path, call: Call) -> None:
    write("estate.yaml", "manifest: [")
    done = call("forecast", "estate.yaml", "--policy", "shop.privacy", "--format", "ical=privacy.ics")
    assert done.code == 2
    assert not Path("privacy.ics").exists()


@pytest.mark.parametrize("end", ["2020-01-01", "2026-11-01"])
def test_an_end_that_is_not_after_the_start_is_a_wrong_call(shop: Path, call: Call, end: str) -> None:
    done = call("forecast", "estate.yaml", "--until", end)
    assert (done.code, done.out) == (2, "")
    assert f"error[E306]: `--until {end}` is not after the first day, 2026-11-01" in done.err


def test_a_calendar_without_events_has_a_note_that_says_so(shop: Path, call: Call) -> None:
    told = call("forecast", "estate.yaml", "--until", "2026-11-02", "--format", "ical").out
    (note,) = icalendar.Calendar.from_ical(told).subcomponents
    assert (note.name, str(note["summary"])) == (
        "VJOURNAL",
        "No privacy verdict changes after 2026-11-01 and up to 2026-11-02",
    )


def test_what_of_a_finding_is_new_is_reported_in_every_form(shop: Path, call: Call) -> None:
    words = ("forecast", "estate.yaml", "--as-of", "2026-10-01")
    told = "partly waived violation -> violation, no longer waived: name"
    assert f"  {told}  deletion on storage in crm: " in call(*words).out.replace("→", "->")
    (event,) = icalendar.Calendar.from_ical(call(*words, "--format", "ical").out).walk("VEVENT")
    assert f"deletion on storage in crm: {told}" in str(event["DESCRIPTION"]).splitlines()
    (day,) = json.loads(call(*words, "--format", "json").out)["days"]
    differs = {each["rule"]: each["differs"] for each in day["changes"]}
    assert differs["deletion"]["words"] == "no longer waived: name"
    assert [
        (each["data"], each["before"]["waived"], each["after"]["waived"]) for each in differs["deletion"]["pairs"]
    ] == [("name", True, False)]
    assert differs["not_combined"]["words"] == ""
