"""A file that cannot be read, or is of another kind, is told with the cause, and with a way out that fits it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call
from tests.closed import close_files

TESTS = """tests: 1
policy: shop.privacy
manifest: {manifest}
as_of: 2026-11-01
cases: [{{name: nothing, mode: includes, expect: []}}]
"""


def refuse(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No file of that name may be read from here on; a superuser has to be kept out like this."""
    close_files(monkeypatch, lambda path: path.name == name)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("folder", "`folder` cannot be read: it is a folder\n    manifest: folder\n"),
        ("gone.yaml", "`gone.yaml` cannot be read: no such file\n    manifest: gone.yaml\n"),
        ("estate.yaml/x.yaml", "`estate.yaml/x.yaml` cannot be read: not a directory\n"),
    ],
)
def test_tests_say_why_their_manifest_cannot_be_read(shop: Path, call: Call, manifest: str, told: str) -> None:
    Path("folder").mkdir()
    write("shop.tests.yaml", TESTS.format(manifest=manifest))
    done = call("test", "shop.tests.yaml")
    assert (done.code, f"shop.tests.yaml:3:11: error[E201]: {told}" in done.err) == (2, True), done.err
    assert ("help: name the files in it" in done.err) == (manifest == "folder")


@pytest.mark.parametrize(
    ("name", "reason", "way_out"),
    [
        ("closed.md", "permission denied", "let the file be read"),
        ("gone.md", "no such file or directory", "correct the path, which is relative to this file"),
        ("folder", "is a directory", "name a file in that folder"),
        ("latin.md", "it is not UTF-8", "save it as UTF-8"),
    ],
)
def test_lint_says_why_prose_cannot_be_read_and_fails(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str, reason: str, way_out: str
) -> None:
    Path("folder").mkdir()
    write("closed.md", "# P\n")
    write("latin.md", b"\xe9\n")
    edit("shop.privacy", 'a shop"\n', f'a shop"\n  text "{name}"\n')
    refuse(monkeypatch, "closed.md")
    done = call("lint", "shop.privacy")
    assert done.code == 1
    assert f"warning[L118 unread-prose]: cannot read the prose `{name}`: {reason}\n" in done.out
    assert f"  help: {way_out}\n" in done.out


def test_trace_says_why_its_lock_file_cannot_be_read(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("policy.md", "# P\n")
    Path("folder").mkdir()
    words = ("trace", "shop.privacy", "--text", "policy.md", "--lock")
    assert call(*words, "folder").err == "error[E303]: cannot read the lock file `folder`: is a directory\n"
    write("lock.json", "{}")
    refuse(monkeypatch, "lock.json")
    assert call(*words, "lock.json").err == "error[E303]: cannot read the lock file `lock.json`: permission denied\n"


@pytest.mark.parametrize(
    "text",
    [
        'policy p { title "A shop" }\n\nuse std.core\nrule r { forbid flow }\n',
        'policy p {\n  title "a: b"\n}\ndata { x }\n',
    ],
)
def test_a_policy_that_is_given_as_a_manifest_is_reported_as_one(shop: Path, call: Call, text: str) -> None:
    write("privacy.privacy", text)
    done = call("rule", "no_selling", "--manifest", "privacy.privacy", "--policy", "shop.privacy")
    assert done.code == 2
    assert "  help: this looks like a policy: name it with `--policy`\n" in done.err
    assert "u000a" not in done.err
    assert done.err.startswith("privacy.privacy:")


def test_a_party_where_a_system_is_meant_is_reported_with_its_systems(shop: Path, call: Call) -> None:
    edit("estate.yaml", "{id: leads, from: crm, to: leads", "{id: leads, from: crm, to: broker")
    done = call("check", "estate.yaml")
    assert (done.code, "error[E205]: no system `broker` is declared" in done.err) == (2, True)
    assert "  help: `broker` is a party; its system is `leads`\n" in done.err
    edit("estate.yaml", "from: crm, to: broker", "from: crm, to: leads")
    edit("estate.yaml", "leads: {party: broker}", "leads: {party: crm}")
    assert "  help: `crm` is a system; its party is `shop`\n" in call("check", "estate.yaml").err


def test_a_party_without_a_system_and_one_with_many_are_reported_as_such(shop: Path, call: Call) -> None:
    text = Path("estate.yaml").read_text(encoding="utf-8")
    more = "".join(f"  s{number}: {{party: broker}}\n" for number in range(6))
    text = text.replace("parties:\n", "parties:\n  lone: {role: data_broker}\n", 1)
    text = text.replace("systems:\n", f"systems:\n{more}", 1)
    write("estate.yaml", text.replace("to: leads, carries: [email]", "to: lone, carries: [email]"))
    assert "  help: `lone` is a party, and no system of it is declared\n" in call("check", "estate.yaml").err
    write("estate.yaml", text.replace("to: leads, carries: [email]", "to: broker, carries: [email]"))
    told = "`broker` is a party; its systems are `s0`, `s1`, `s2`, `s3`, `s4`, …"
    assert f"  help: {told}\n" in call("check", "estate.yaml").err


def test_a_change_that_names_a_party_where_a_system_is_meant_is_reported_as_such(shop: Path, call: Call) -> None:
    done = call("what-if", "estate.yaml", "--add", "flow:{id: x, from: broker, to: crm, carries: [email]}")
    assert (done.code, "help: `broker` is a party; its system is `leads`\n" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("verb", "told"),
    [("docs", "matrix of what may be disclosed"), ("lint", "a rule counts as expired"), ("trace", "With --accept")],
)
def test_the_help_says_what_the_day_does_where_no_manifest_is_read(call: Call, verb: str, told: str) -> None:
    words = " ".join(call(verb, "--help").out.split())
    assert told in words
    assert "manifest's" not in words.partition("--as-of")[2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "closed.yaml"), "error[E116]: cannot read `closed/shop.privacy`: permission denied"),
        (("check", "closed/estate.yaml"), "error[E201]: `closed/estate.yaml` cannot be read: permission denied"),
        (
            ("baseline", "estate.yaml", "--output", "closed/b.json"),
            "error[E308]: cannot read the baseline `closed/b.json`: permission denied",
        ),
    ],
)
def test_a_file_in_a_closed_folder_is_reported_and_is_no_defect(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    text = Path("estate.yaml").read_text(encoding="utf-8")
    write("closed.yaml", text.replace("[shop.privacy]", "[closed/shop.privacy]"))

    close_files(monkeypatch, lambda path: "closed" in path.parts[:-1])
    done = call(*words)
    assert (done.code, told in done.err) == (2, True), done.err
