"""A file or pattern that leads to nothing: every verb, and every file that names others, says what may be meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

NEAR = "help: did you mean `{}`?"
SLASH = "help: write `/` between folders, on every system: `{}`"
ON_WINDOWS = pytest.mark.skipif(os.sep != "/", reason="here `\\` separates folders")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["check", "estat.yaml"], "estate.yaml"),
        (["check", "estate.yaml", "shp.privacy"], "shop.privacy"),
        (["check", "estate.yaml", "--baseline", "privacy-base.json"], "privacy-baseline.json"),
        (["lint", "shp.privacy"], "shop.privacy"),
        (["fmt", "shp.privacy"], "shop.privacy"),
        (["test", "shop.test.yaml"], "shop.tests.yaml"),
        (["trace", "shop.privacy", "--text", "shp.md"], "shop.md"),
        (["what-if", "estate.yaml", "--changes", "pln.yaml"], "plan.yaml"),
    ],
)
def test_a_verb_offers_the_nearest_file(shop: Path, call: Call, words: list[str], meant: str) -> None:
    for name in ("privacy-baseline.json", "shop.tests.yaml", "shop.md", "plan.yaml"):
        write(name, "")
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert NEAR.format(meant) in done.err


@pytest.mark.parametrize(
    ("file", "text", "meant"),
    [
        ("p.privacy", 'use "shp.privacy"', "shop.privacy"),
        ("p.privacy", "use std.cor", "std.core"),
        ("m.yaml", "manifest: 1\npolicy: [shp.privacy]\n", "shop.privacy"),
        ("m.yaml", "manifest: 1\npolicy: [shop.privacy]\ninclude: [estat.yaml]\n", "estate.yaml"),
        ("m.yaml", "manifest: 1\npolicy: [shop.privacy]\ninclude: [team/*.yaml]\n", "teams/*.yaml"),
        ("privacy-rules.toml", 'policy = ["shp.privacy"]\nmanifests = ["estate.yaml"]\n', "shop.privacy"),
        ("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["team/*.yaml"]\n', "teams/*.yaml"),
    ],
)
def test_a_file_that_names_another_gets_the_nearest(shop: Path, call: Call, file: str, text: str, meant: str) -> None:
    write("teams/ads.yaml", "manifest: 1\n")
    write(file, text)
    words = {"p.privacy": ["lint", "p.privacy"], "m.yaml": ["check", "m.yaml"]}.get(file, ["check"])
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert NEAR.format(meant) in done.err
    assert done.err.startswith(f"{file}:")


def test_a_file_that_is_named_like_a_shipped_policy_is_named_in_quotes(shop: Path, call: Call) -> None:
    write("p.privacy", "use shop")
    assert 'help: a file is named in quotes: `use "shop.privacy"`' in call("lint", "p.privacy").err


@ON_WINDOWS
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["check", "teams\\*.yaml"], "teams/*.yaml"),
        (["check", "teams\\estate.yaml"], "teams/estate.yaml"),
        (["lint", "terms\\*.privacy"], "terms/*.privacy"),
        (["test", "tests\\*.yaml"], "tests/*.yaml"),
    ],
)
def test_a_backslash_in_a_call_gets_the_slash(shop: Path, call: Call, words: list[str], meant: str) -> None:
    done = call(*words)
    assert done.code == 2
    assert SLASH.format(meant) in done.err


@ON_WINDOWS
def test_a_backslash_in_a_file_gets_the_slash(shop: Path, call: Call) -> None:
    write("p.privacy", 'use "terms\\shared.privacy"')
    done = call("lint", "p.privacy")
    assert done.err.count("error[") == 1
    assert SLASH.format('"terms/shared.privacy"') in done.err
    write("m.yaml", "manifest: 1\npolicy: [shop.privacy]\ninclude: ['teams\\*.yaml']\n")
    assert SLASH.format("teams/*.yaml") in call("check", "m.yaml").err
    write("privacy-rules.toml", "policy = ['shop.privacy']\nmanifests = ['teams\\*.yaml']\n")
    assert SLASH.format("teams/*.yaml") in call("check").err
    write("privacy-rules.toml", 'manifests = ["teams\\*.yaml"]\n')
    assert "help: write `/` between folders, on every system" in call("check").err
    write("privacy-rules.toml", "policy = ['shop.privacy']\nmanifests = ['estate.yaml']\nexclude = ['old\\*.yaml']\n")
    assert SLASH.format("old/*.yaml") in call("check").out
