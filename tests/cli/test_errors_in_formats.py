"""The errors of a call that judged nothing are in every format that the call asks for, and in every file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from privacy_rules.reports.registry import DOCUMENTS
from tests.cli.calling import Call

BROKEN = "manifest: 1\nexchnage: sale\n"
CHECK = ("check", "estate.yaml", "--policy", "shop.privacy")


def github(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.startswith("::error "))


def gitlab(text: str) -> Iterator[str]:
    for each in json.loads(text):
        assert each["severity"] == "blocker"
        assert each["location"]["path"]
        yield each["description"]


def junit(text: str) -> Iterator[str]:
    root = ElementTree.fromstring(text)
    assert root.get("errors") == str(len(list(root.iter("error")))) == root.get("tests")
    return ("".join([*each.attrib.values(), *each.itertext()]) for each in root.iter("error"))


def sarif(text: str) -> Iterator[str]:
    (run,) = json.loads(text)["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    return (each["message"]["text"] for each in invocation["toolExecutionNotifications"])


def as_json(text: str) -> Iterator[str]:
    return (each["message"] for each in json.loads(text)["errors"])


def page(text: str) -> Iterator[str]:
    assert "nothing was judged" in text
    yield text


READ: dict[str, Callable[[str], Iterator[str]]] = {
    "github": github,
    "gitlab": gitlab,
    "html": page,
    "json": as_json,
    "junit": junit,
    "markdown": page,
    "sarif": sarif,
}


def says(name: str, text: str, word: str) -> bool:
    return any(word in each for each in READ[name](text))


@pytest.mark.parametrize("name", READ)
def test_an_unknown_key_is_on_standard_output(name: str, shop: Path, call: Call) -> None:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    outcome = call(*CHECK, "--format", name)
    assert outcome.code == 2
    assert says(name, outcome.out, "exchnage")
    assert "exchnage" in outcome.err


def broken_manifest(shop: Path) -> tuple[str, ...]:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    return ("exchnage",)


def broken_policy(shop: Path) -> tuple[str, ...]:
    (shop / "shop.privacy").write_text("use std.core\nrule one { forbit system }\n", encoding="utf-8")
    return ("forbit",)


def unreadable(shop: Path) -> tuple[str, ...]:
    (shop / "estate.yaml").write_bytes(b"manifest: 1\nname: \xff\n")
    return ("0xFF",)


def no_manifest(_: Path) -> tuple[str, ...]:
    return ("gone.yaml", "gone.yaml")


def broken_configuration(shop: Path) -> tuple[str, ...]:
    (shop / "privacy-rules.toml").write_text('colour = "red"\n', encoding="utf-8")
    return ("colour",)


def broken_baseline(shop: Path) -> tuple[str, ...]:
    (shop / "known.json").write_text("[1]", encoding="utf-8")
    return ("known.json", "--baseline", "known.json")


def unknown_option(_: Path) -> tuple[str, ...]:
    return ("--colour", "--colour")


def wrong_value(_: Path) -> tuple[str, ...]:
    return ("--fail-on", "--fail-on", "anything")


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "spoil",
    [
        broken_manifest,
        broken_policy,
        unreadable,
        no_manifest,
        broken_configuration,
        broken_baseline,
        unknown_option,
        wrong_value,
    ],
    ids=lambda each: each.__name__,
)
def test_every_kind_of_error_is_in_the_file(
    name: str, spoil: Callable[[Path], tuple[str, ...]], shop: Path, call: Call
) -> None:
    word, *more = spoil(shop)
    (shop / "report").write_text("of an earlier run", encoding="utf-8")
    outcome = call(*CHECK, "--format", f"{name}=report", *more)
    assert (outcome.code, outcome.out) == (2, "")
    assert says(name, (shop / "report").read_text("utf-8"), word)


def test_each_of_several_outputs_has_the_errors(shop: Path, call: Call) -> None:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    outcome = call(
        *CHECK, *(word for name in READ for word in ("--format", f"{name}=o.{name}")), "--format", "text=o.txt"
    )
    assert (outcome.code, outcome.out) == (2, "")
    assert all(says(name, (shop / f"o.{name}").read_text("utf-8"), "exchnage") for name in READ)
    assert (shop / "o.txt").read_text("utf-8") == outcome.err


def test_formats_of_the_configuration_have_the_errors_too(shop: Path, call: Call) -> None:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    (shop / "privacy-rules.toml").write_text('format = ["github", "junit=o.xml"]\n', encoding="utf-8")
    outcome = call(*CHECK)
    assert outcome.code == 2
    assert says("github", outcome.out, "exchnage")
    assert says("junit", (shop / "o.xml").read_text("utf-8"), "exchnage")


@pytest.mark.parametrize("more", [("--fail-on", "anything"), ("--colour",), ()])
def test_formats_of_a_configuration_have_the_errors_of_a_wrong_call_and_of_itself(
    shop: Path, call: Call, more: tuple[str, ...]
) -> None:
    wrong = "" if more else 'colour = "red"\n'
    outside = shop.parent / "outside.xml"
    formats = f'format = ["github", "gitlab=o.json", "junit={outside.as_posix()}", "none"]\n'
    (shop / "privacy-rules.toml").write_text(
        formats.replace(', "none"', "" if more else ', "none"') + wrong, encoding="utf-8"
    )
    outcome = call(*CHECK, *more)
    word = more[0] if more else "colour"
    assert outcome.code == 2
    assert says("github", outcome.out, word)
    assert says("gitlab", (shop / "o.json").read_text("utf-8"), word)
    assert not outside.exists()


CALLS = {
    "check": CHECK,
    "explanation": ("explain", "no_selling", "leads", "--manifest", "estate.yaml", "--policy", "shop.privacy"),
    "forecast": ("forecast", "estate.yaml", "--policy", "shop.privacy"),
    "impact": ("impact", "party:broker", "--manifest", "estate.yaml", "--policy", "shop.privacy"),
    "lint": ("lint", "shop.privacy"),
    "policy_tests": ("test", "shop.tests.yaml", "--policy", "shop.privacy"),
    "repair": ("repair", "estate.yaml", "--policy", "shop.privacy"),
    "rule": ("rule", "no_selling", "--manifest", "estate.yaml", "--policy", "shop.privacy"),
    "what_if": ("what-if", "estate.yaml", "--policy", "shop.privacy", "--remove", "party:broker"),
}


@pytest.mark.parametrize(
    ("document", "name"), [(each, name) for each in CALLS for name in DOCUMENTS[each] if name in READ]
)
def test_every_verb_reports_errors_in_its_formats(document: str, name: str, shop: Path, call: Call) -> None:
    (shop / "shop.privacy").write_text("use std.core\nrule one { forbit system }\n", encoding="utf-8")
    (shop / "shop.tests.yaml").write_text("tests: 1\ncases: []\n", encoding="utf-8")
    outcome = call(*CALLS[document], "--format", f"{name}=report")
    assert outcome.code == 2, outcome.err
    assert says(name, (shop / "report").read_text("utf-8"), "forbit")
    outcome = call(*CALLS[document], "--format", name, "--colour")
    assert outcome.code == 2
    assert says(name, outcome.out, "--colour")


def test_an_error_in_a_folder_is_annotated_from_the_top(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(shop.parent))
    annotation = call(*CHECK, "--format", "github").out
    assert annotation.startswith(f"::error file={shop.name}/estate.yaml,line=2,col=1,")
    (issue,) = json.loads(call(*CHECK, "--format", "gitlab").out)
    assert issue["location"] == {"path": f"{shop.name}/estate.yaml", "lines": {"begin": 2}}


def test_what_others_read_keeps_its_last_good_state(shop: Path, call: Call) -> None:
    (shop / "shop.privacy").write_text("use std.core\nrule one { forbit system }\n", encoding="utf-8")
    (shop / "page.html").write_text("the policy, as published", encoding="utf-8")
    for words in (("docs", "shop.privacy"), ("graph", "estate.yaml", "--policy", "shop.privacy")):
        for more in ((), ("--colour",)):
            outcome = call(*words, "--format", "html=page.html", *more)
            assert (outcome.code, outcome.out) == (2, "")
            assert (shop / "page.html").read_text("utf-8") == "the policy, as published"


def test_only_the_comment_of_a_check_has_the_mark_of_one(shop: Path, call: Call) -> None:
    (shop / "estate.yaml").write_text(BROKEN, encoding="utf-8")
    assert call(*CHECK, "--format", "markdown").out.startswith("<!-- privacy-rules -->\n")
    assert call(*CALLS["what_if"], "--format", "markdown").out.startswith("## Privacy rules: nothing was judged (")


def test_names_in_errors_cannot_become_markup(shop: Path, call: Call) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    (shop / "estate.yaml").write_text(f'manifest: 1\n"{hostile}": 1\n', encoding="utf-8")
    for name in READ:
        told = call(*CHECK, "--format", name).out
        assert "\u202e" not in told
        assert "<script>alert" not in told or name in ("github", "gitlab", "json", "sarif", "markdown")
    assert "`<script>alert" in call(*CHECK, "--format", "markdown").out
