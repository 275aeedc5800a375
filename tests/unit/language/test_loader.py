from __future__ import annotations

import os
from pathlib import Path

import pytest

from privacy_rules.language.loader import load, load_text
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.language_files import shipped_files
from tests.builders import write

RULE = "rule r { forbid flow }\n"


pytestmark = pytest.mark.usefixtures("here")


def errors_of(*paths: Path, root: Path | None = None) -> list[tuple[str, str]]:
    policy, found = load(paths, root=root)
    assert policy is None
    return [(each.code, str(each.span)) for each in found if each.level is Level.ERROR]


def only(found: tuple[Diagnostic, ...]) -> Diagnostic:
    (one,) = found
    return one


def test_a_file_is_read_from_disk_and_shown_relative_to_the_working_directory() -> None:
    path = write("policies/a.privacy", RULE)
    policy, found = load([path.absolute()])
    assert policy is not None
    assert (found, policy.files, policy.rules[0].span.file) == ((), ("policies/a.privacy",), "policies/a.privacy")


def test_a_file_outside_the_working_directory_is_shown_by_the_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.privacy", RULE).absolute()
    write("sub/x", "")
    monkeypatch.chdir("sub")
    policy, _ = load([path])
    assert policy is not None
    assert policy.files == ("../a.privacy",)


def test_a_file_on_another_drive_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.privacy", RULE).absolute()

    def no_way(_: Path) -> str:
        raise ValueError("path is on another mount")

    monkeypatch.setattr("privacy_rules.language.loader.relpath", no_way)
    policy, _ = load([path])
    assert policy is not None
    assert policy.files == (path.as_posix(),)


def test_texts_are_taken_for_what_files_say() -> None:
    path = write("a.privacy", "this is not read")
    policy, _ = load([path], texts={path.absolute(): 'use "b.privacy"\n' + RULE, Path("b.privacy"): "data { x }"})
    assert policy is not None
    assert policy.files == ("a.privacy", "b.privacy")


def test_a_text_may_replace_a_file() -> None:
    policy, found = load_text(RULE, "here.privacy")
    assert policy is not None
    assert (policy.files, found) == (("here.privacy",), ())
    assert only(load_text("rule")[1]).span == only(load_text("rule", "policy.privacy")[1]).span


def test_several_files_are_one_set_of_rules() -> None:
    first = write("b.privacy", "rule b { permit flow despite a }\npolicy b { }")
    second = write("a.privacy", "rule a { forbid flow of x }\ndata { x }\npolicy a { }")
    policy, _ = load([first, second])
    assert policy is not None
    assert [each.name for each in policy.rules] == ["a", "b"]
    assert [each.name for each in policy.headers] == ["b", "a"]


def test_a_rule_name_used_in_two_files_is_reported_at_both() -> None:
    _, found = load([write("a.privacy", RULE), write("b.privacy", RULE)])
    one = only(found)
    assert (one.code, str(one.span), [str(each) for each in one.also]) == ("E104", "b.privacy:1:6", ["a.privacy:1:6"])
    assert one.excerpt == RULE.strip()


# ---- use

SHIPPED = "the shipped ones are " + ", ".join(f"`{each}`" for each in shipped_files())


def test_what_ships_is_used_by_name() -> None:
    for name in ("std.core", "core"):
        policy, _ = load_text(f"use {name}\nrule r {{ forbid flow to third_party }}")
        assert policy is not None
        assert policy.files == ("policy.privacy", "std/core.privacy", "std/regions.privacy")


def test_a_file_is_used_by_its_path_from_the_one_that_uses_it() -> None:
    path = write("a/main.privacy", 'use "../b/terms.privacy"\nrule r { forbid flow of (x, y) }')
    write("b/terms.privacy", 'use "more.privacy"\ndata { x }')
    write("b/more.privacy", "data { y }")
    policy, _ = load([path])
    assert policy is not None
    assert policy.files == ("a/main.privacy", "b/terms.privacy", "b/more.privacy")


def test_each_file_is_read_once_and_a_circle_is_not_an_error() -> None:
    path = write("a.privacy", 'use "b.privacy"\nuse "./b.privacy"\nuse "a.privacy"\n' + RULE)
    write("b.privacy", 'use "a.privacy"\nuse std.core')
    policy, _ = load([path, path, Path("b.privacy")])
    assert policy is not None
    assert policy.files[:2] == ("a.privacy", "b.privacy")


def test_a_thousand_files_may_use_one_another() -> None:
    for number in range(1000):
        write(f"f{number}.privacy", f'use "f{number + 1}.privacy"')
    write("f1000.privacy", RULE)
    policy, _ = load([Path("f0.privacy")])
    assert policy is not None
    assert len(policy.files) == 1001


def test_a_name_that_is_not_shipped_is_reported_with_the_nearest() -> None:
    for name, help_ in (
        ("std.cor", "did you mean `std.core`?"),
        ("other.core", SHIPPED),
        ("std.nothing", SHIPPED),
        ("pack.gdp", "did you mean `pack.gdpr`?"),
    ):
        found = only(load_text(f"use {name}\n{RULE}")[1])
        assert (found.code, str(found.span), found.help) == ("E112", "policy.privacy:1:5", help_)


def test_a_file_that_is_missing_is_reported_wherever_it_is_used() -> None:
    path = write("a.privacy", 'use "c.privacy"\nuse "b.privacy"\n' + RULE)
    write("b.privacy", '\nuse "c.privacy"')
    assert errors_of(path) == [("E112", "a.privacy:1:5"), ("E112", "b.privacy:2:5")]
    assert load([path])[1][0].message == "cannot read `c.privacy`: there is no such file"


@pytest.mark.parametrize("target", [".", "folder", b"a\\u0000b".decode("unicode_escape"), "x" * 5000])
def test_what_is_not_a_file_cannot_be_used(target: str) -> None:
    write("folder/x", "")
    assert errors_of(write("a.privacy", f'use "{target}"\n{RULE}')) == [("E112", "a.privacy:1:5")]


def test_a_device_is_not_a_file() -> None:
    assert errors_of(write("a.privacy", f'use "{os.devnull}"\n{RULE}')) == [("E112", "a.privacy:1:5")]


@pytest.mark.parametrize("target", ["../out.privacy", "/etc/hosts", "b/../../out.privacy"])
def test_use_does_not_leave_the_root(target: str, tmp_path: Path) -> None:
    path = write("in/a.privacy", f'use "{target}"\n{RULE}')
    write("out.privacy", "data { x }")
    policy, found = load([path], root=tmp_path / "in")
    assert policy is None
    assert (only(found).code, str(only(found).span)) == ("E112", "in/a.privacy:1:5")


def test_a_link_does_not_leave_the_root(tmp_path: Path) -> None:
    path = write("in/a.privacy", f'use "link.privacy"\n{RULE}')
    write("out.privacy", "data { x }")
    (tmp_path / "in/link.privacy").symlink_to(tmp_path / "out.privacy")
    assert errors_of(path, root=tmp_path / "in") == [("E112", "in/a.privacy:1:5")]
    assert load([path], root=tmp_path)[0] is not None


def test_shipped_files_do_not_lead_out_of_the_root(tmp_path: Path) -> None:
    assert load([write("a.privacy", "use std.core\n" + RULE)], root=tmp_path)[0] is not None


def test_names_that_an_unread_file_may_declare_are_not_missed() -> None:
    text = 'use "missing.privacy"\nrule r { permit flow of a to b when c is d and e.f despite g }\nrule s { forbid flow when notice is x }'
    assert errors_of(write("a.privacy", text)) == [("E112", "a.privacy:1:5"), ("E108", "a.privacy:3:27")]


# ---- bytes


def test_a_file_that_is_missing_is_reported() -> None:
    found = only(load([Path("none.privacy")])[1])
    assert (found.code, found.message) == ("E116", "cannot read `none.privacy`: there is no such file")


def test_a_folder_is_not_a_policy() -> None:
    write("folder/x", "")
    assert only(load([Path("folder")])[1]).code == "E116"


def test_bytes_that_are_not_utf_8_are_reported_at_their_place() -> None:
    found = only(load([write("a.privacy", b'# caf\xc3\xa9\r\nrule r { title "caf\xe9" forbid flow }')])[1])
    assert (found.code, str(found.span), found.message) == (
        "E116",
        "a.privacy:2:20",
        "this file is not UTF-8: byte 0xe9",
    )


def test_one_unread_file_hides_no_error_of_another() -> None:
    first, second = write("a.privacy", b"\xff"), write("b.privacy", "rule r { forbid flow when notice is x }")
    assert errors_of(first, second) == [("E116", "a.privacy:1:1"), ("E108", "b.privacy:1:27")]


def test_a_byte_order_mark_and_any_line_ends_are_fine() -> None:
    text = "\ufeffuse std.core\r\nrule r {\r\n  forbid flow when x\r}\n"
    found, warning = load([write("a.privacy", text)])[1]
    assert (str(found.span), found.excerpt) == ("a.privacy:3:20", "  forbid flow when x")
    assert (warning.code, str(warning.span)) == ("W321", "a.privacy:3:21")


def test_every_diagnostic_has_the_line_that_it_is_about() -> None:
    _, found = load_text("rule r { forbid flow of x }\nrule s { forbd flow }\ndefine d as d")
    assert [each.excerpt for each in found] == ["rule r { forbid flow of x }", "rule s { forbd flow }", "define d as d"]


def test_diagnostics_are_in_order_of_place() -> None:
    _, found = load_text("rule r { forbid flow of x }\nrule s { forbd }\ndata { a in b }\nclause")
    assert [each.span.line for each in found if each.span] == [1, 2, 3, 4]


# ---- versions of the language


@pytest.mark.parametrize("version", ["1.1", "1.0", "0.9"])
def test_a_file_for_this_version_or_an_older_one_is_read(version: str) -> None:
    assert load_text(f'policy p {{ title "a" language "{version}" }}\n{RULE}')[0] is not None


@pytest.mark.parametrize("version", ["1.2", "2.0", "1.10"])
def test_a_file_for_a_newer_version_is_one_error(version: str) -> None:
    found = only(
        load_text(f'policy p {{ language "{version}" }}\nrule r {{ assert flow }}\nrule s {{ forbid flow of x }}')[1]
    )
    assert (found.code, str(found.span)) == ("E116", "policy.privacy:1:21")
    assert found.message == f"this file is written for version {version} of the language, and this tool reads 1.1"


@pytest.mark.parametrize("version", ["", "one", "1", "1.0.0", "9" * 5000])
def test_what_is_not_a_version_is_an_error(version: str) -> None:
    found = only(load_text(f'policy p {{ language "{version}" }}\n{RULE}')[1])
    assert (found.code, found.help) == ("E113", "a version is written `1.1`")


def test_a_file_for_1_0_compares_no_facts_of_another_file() -> None:
    own = "attribute level on system: number\nattribute limit on system: number\n"
    write("terms.privacy", own)
    write(
        "old.privacy",
        'policy old { language "1.0" }\nuse "terms.privacy"\nrule r { require level <= limit on system }\n',
    )
    _, found = load([Path("old.privacy")])
    assert [(each.code, each.span and each.span.line) for each in found] == [("E118", 3)]
