"""The TextMate grammar and the extension around it, held equal to the language. (`npm test` there runs real tokenisation.)"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from privacy_rules import __version__
from privacy_rules.language.loader import load_text
from privacy_rules.language.parser_tables import tables
from privacy_rules.source.language_files import language_version

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "dsl" / "editors" / "vscode"
GRAMMAR = json.loads((EXTENSION / "syntaxes" / "privacy.tmLanguage.json").read_text("utf-8"))
PACKAGE = json.loads((EXTENSION / "package.json").read_text("utf-8"))
VALUES = {"yes", "no", "unlimited", "today", "hours", "days", "weeks", "months", "years"}  # no keywords, and coloured


def patterns(node: Any) -> Iterator[str]:
    """Every regular expression of the grammar."""
    if isinstance(node, dict):
        yield from (node[key] for key in ("match", "begin", "end") if key in node)
        for each in node.values():
            yield from patterns(each)
    elif isinstance(node, list):
        for each in node:
            yield from patterns(each)


def words(pattern: str) -> set[str]:
    """The words that a pattern has, escapes and classes aside."""
    bare = re.sub(r"\\[a-zA-Z]|\[[^\]]*\]", " ", pattern)
    return set(re.findall(r"[a-z_]{2,}", bare))


def test_the_grammar_has_the_keywords_of_the_language_and_no_others() -> None:
    found = {word for pattern in patterns(GRAMMAR) for word in words(pattern)}
    assert found - VALUES == set(tables().words)


def test_every_include_names_something_that_there_is() -> None:
    named = re.findall(r'"include": "#(\w+)"', json.dumps(GRAMMAR))
    assert named
    assert set(named) == set(GRAMMAR["repository"])


def test_the_extension_names_files_that_there_are() -> None:
    contributes = PACKAGE["contributes"]
    paths = [each["path"] for each in [*contributes["grammars"], *contributes["snippets"]]]
    paths += [each["configuration"] for each in contributes["languages"]]
    assert len(paths) == 4
    assert [path for path in paths if not (EXTENSION / path).is_file()] == []
    assert contributes["grammars"][0]["scopeName"] == GRAMMAR["scopeName"]


def test_the_extension_is_of_the_version_of_the_tool_and_locks_what_it_is_built_with() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))
    assert PACKAGE["version"] == lock["version"] == __version__
    asked = {**PACKAGE["dependencies"], **PACKAGE["devDependencies"]}
    own = lock["packages"][""]
    assert {**own["dependencies"], **own["devDependencies"]} == asked
    elsewhere = [each["resolved"] for each in lock["packages"].values() if "resolved" in each]
    assert [each for each in elsewhere if not each.startswith("https://registry.npmjs.org/")] == []


def test_the_extension_starts_a_verb_that_there_is() -> None:
    from privacy_rules.cli.main import VERBS

    command = PACKAGE["contributes"]["configuration"]["properties"]["privacyRules.command"]["default"]
    assert command == ["privacy-rules", "lsp"]
    assert command[1] in VERBS


def test_every_snippet_of_a_policy_is_one_of_the_language() -> None:
    snippets = json.loads((EXTENSION / "snippets" / "privacy.json").read_text("utf-8"))
    assert len(snippets) == 8
    head = "use std.core\nuse std.regions\nrule rule { forbid flow }\n".replace("rule rule", "rule other")
    for name, snippet in snippets.items():
        text = "\n".join(snippet["body"])
        text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\}", r"\1", text)  # the first of a choice
        while (plain := re.sub(r"\$\{\d+:([^${}]*)\}", r"\1", text)) != text:
            text = plain
        text = re.sub(r"\$\d+", "", text).replace("despite rule", "despite other")
        data = "" if name == "data" else "data { data }\n"
        _, found = load_text(f"{text}\n{data}{head if 'use std.core' not in text else head[13:]}")
        assert [(name, each.message) for each in found] == []


def test_the_sample_of_the_snapshot_is_a_policy_without_a_syntax_error() -> None:
    _, found = load_text((EXTENSION / "test" / "rule.privacy").read_text("utf-8"))
    assert [each.message for each in found if each.code in ("E101", "E102")] == []
    assert language_version() == "1.1"  # where this changes, look at the grammar
