"""`register --since`: what is new and what is fixed, and recipients that were not there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import commit, edit, git, repository, write
from tests.cli.calling import Call
from tests.cli.registers.given import call_of, tables


def test_what_changed_since_a_commit_or_a_day(acme: Path, call: Call) -> None:
    files = {each.name: each.read_text(encoding="utf-8") for each in acme.iterdir()}
    before = files["estate.yaml"].replace("carries: [email, phone]", "carries: [email]")
    before = before.replace(
        "  - {id: print,   from: mailer, to: labels, carries: [email], purposes: [newsletter]}\n", ""
    )
    repository(acme, {**files, "estate.yaml": before})
    first = git("rev-parse", "HEAD", cwd=acme)
    write("estate.yaml", files["estate.yaml"])
    commit(cwd=acme)
    found = tables(call, "board", "--since", first)
    assert {(*each["change"], *each["where"]) for each in found["changed"]} == {
        ("new", "mailing, from Acme to Mailhouse"),
        ("new", "print, from Mailhouse to Post"),
    }
    assert [each["commit"] for each in found["over-time"]] == [[first[:12]], ["now"]]
    assert [each["new"] for each in found["over-time"]] == [[2], [0]]
    assert [each["recipient"] for each in tables(call, "transfers", "--since", first)["new-recipients"]] == [["Post"]]
    done = call(*call_of("board", "--since", "2001-01-01"))
    assert (done.code, "no commit before 2001-01-01" in done.err) == (2, True)


def test_a_finding_that_gets_worse_is_new_and_not_fixed_as_in_a_check(acme: Path, call: Call) -> None:
    files = {each.name: each.read_text(encoding="utf-8") for each in acme.iterdir()}
    repository(acme, files)
    edit(
        "estate.yaml", "{id: silent,  from: crm, to: mailer}", "{id: silent,  from: crm, to: mailer, carries: [phone]}"
    )
    edit(
        "estate.yaml",
        "carries: [email], purposes: [newsletter]}\n  - {id: scores",
        "carries: [card], purposes: [newsletter]}\n  - {id: scores",
    )
    words = ("estate.yaml", "--policy", "acme.privacy", "--since-exact", "HEAD", "--format", "json")
    checked = json.loads(call("check", *words).out)["findings"]
    states = sorted((each["state"], each["subject"]["id"]) for each in checked if each["state"] != "unchanged")
    found = tables(call, "board", "--since", "HEAD")["changed"]
    listed = sorted((each["change"][0], each["where"][0].partition(",")[0]) for each in found)
    assert listed == states
    assert {each["change"][0] for each in found} == {"new", "fixed"}


def test_recipients_are_new_system_by_system_and_although_the_category_is(acme: Path, call: Call) -> None:
    repository(acme, {each.name: each.read_text(encoding="utf-8") for each in acme.iterdir()})
    edit("estate.yaml", "  desk: ", "  crate: {}\n  desk: ")
    edit("estate.yaml", "  - {id: silent", "  - {id: more, from: crm, to: crate, carries: [hash]}\n  - {id: silent")
    found = tables(call, "transfers", "--since", "HEAD")["new-recipients"]
    assert [each["recipient"] for each in found] == [["not declared: the party of crate"]]
    edit("acme.privacy", "card  hash", "card  hash  token")
    edit("estate.yaml", "to: crate, carries: [hash]", "to: crate, carries: [token]")
    done = json.loads(call(*call_of("transfers", "--since", "HEAD", "--category", "token", "--format", "json")).out)
    assert "the policy had no category `token`" in done["notes"][0]
    assert [
        each["flows"] for each in tables(call, "transfers", "--since", "HEAD", "--category", "token")["new-recipients"]
    ] == [["silent"], ["more"]]
