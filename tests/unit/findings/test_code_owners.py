"""CODEOWNERS files, as GitHub and GitLab read them."""

from __future__ import annotations

import pytest

from privacy_rules.findings.code_owners import CodeOwners


def owners(text: str, path: str, *, gitlab: bool = False) -> list[str]:
    return list(CodeOwners.read(text, gitlab=gitlab).of(path))


@pytest.mark.parametrize(
    ("pattern", "owned", "not_owned"),
    [
        ("*", ["a.yaml", "x/y/a.yaml"], []),
        ("*.yaml", ["a.yaml", "x/y/a.yaml"], ["a.yml", "x.yaml.d.txt"]),
        ("privacy.yaml", ["privacy.yaml", "x/privacy.yaml"], ["my-privacy.yaml"]),
        ("/privacy.yaml", ["privacy.yaml"], ["x/privacy.yaml"]),
        ("services/", ["services/a", "x/services/y/a"], ["services", "my-services/a"]),
        ("/services/", ["services/a", "services/x/a"], ["x/services/a"]),
        ("/services/*", ["services/a"], ["services/x/a"]),
        ("services/shop", ["services/shop/a"], ["x/services/shop/a", "services/shopping/a"]),
        ("**/shop", ["shop/a", "x/y/shop/a", "shop"], ["shopping/a"]),
        ("/services/**/privacy.yaml", ["services/privacy.yaml", "services/x/y/privacy.yaml"], ["privacy.yaml"]),
        ("/services/**", ["services/a", "services/x/a"], ["services"]),
        ("/a?c.yaml", ["abc.yaml"], ["a/c.yaml", "ac.yaml"]),
        ("/my\\ shop/", ["my shop/a"], ["my/a"]),
        ("/a+b(c).yaml", ["a+b(c).yaml"], ["aab(c).yaml"]),
    ],
)
def test_patterns_of_github(pattern: str, owned: list[str], not_owned: list[str]) -> None:
    text = f"{pattern} @acme/shop"
    assert [each for each in [*owned, *not_owned] if owners(text, each)] == owned


def test_the_last_match_wins_and_may_own_nothing() -> None:
    text = "# all\n* @acme/all\n\n/services/ @acme/shop  ops@example.org # both\n/services/free/\n"
    assert owners(text, "a") == ["@acme/all"]
    assert owners(text, "services/a") == ["@acme/shop", "ops@example.org"]
    assert owners(text, "services/free/a") == []


def test_gitlab_matches_a_relative_path_at_any_depth() -> None:
    assert owners("shop/privacy.yaml @s", "x/shop/privacy.yaml") == []
    assert owners("shop/privacy.yaml @s", "x/shop/privacy.yaml", gitlab=True) == ["@s"]


def test_each_section_of_gitlab_has_its_own_last_match_and_default_owners() -> None:
    text = "* @all\n[Privacy][2] @dpo\n*.yaml\n/secret/ @sec @lead\n^[docs]\n*.md @writers\n[PRIVACY] @other\n/more/\n"
    assert owners(text, "a.py") == ["@all"]
    assert owners(text, "a.yaml") == ["@all", "@dpo"]
    assert owners(text, "secret/a.yaml") == ["@all", "@sec", "@lead"]
    assert owners(text, "more/a.yaml") == ["@all", "@other"]
    assert owners(text, "a.md") == ["@all", "@writers"]


def test_gitlab_can_exclude_from_a_section() -> None:
    text = "* @all\n[Privacy]\n*.yaml @dpo\n!/generated/\n"
    assert owners(text, "generated/a.yaml") == ["@all"]
    assert owners(text, "a.yaml") == ["@all", "@dpo"]


def test_all_owners_are_known() -> None:
    assert CodeOwners.read("* @a\nx @b c@d.e\n", gitlab=False).all() == {"@a", "@b", "c@d.e"}


@pytest.mark.parametrize(
    "pattern", ["/" + "*a" * 40 + "b", "/" + "**/" * 40 + "b", "*/" * 40 + "**", "**/" * 200 + "*b"]
)
def test_a_pattern_that_matches_in_very_many_ways_takes_no_time(pattern: str) -> None:
    owners = CodeOwners.read(f"{pattern} @x\n", gitlab=False)
    assert owners.of("/".join(["a" * 120] * 60)) in ((), ("@x",))


def test_a_pattern_of_slashes_matches_nothing() -> None:
    assert CodeOwners.read("* @x\n/ @y\n// @z\n", gitlab=False).of("a.yaml") == ("@x",)
