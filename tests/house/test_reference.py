"""The reference says what holds: its examples run, and it names every message, word, subject and option."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import mermaidx
import pytest
import yaml

from privacy_rules import engine
from privacy_rules.cli.main import VERBS, commands
from privacy_rules.configuration.model import KEYS
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.check.json import document
from privacy_rules.source import codes
from privacy_rules.testing.loader import load
from privacy_rules.testing.runner import run
from privacy_rules.vocabulary.attributes import BUILT_IN
from tests.builders import write
from tests.house.shapes import shape

ROOT = Path(__file__).parents[2]
DSL = ROOT / "dsl"
LANGUAGE, MANIFEST, MESSAGES, COMMAND_LINE = (
    path.read_text(encoding="utf-8")
    for path in (DSL / "language.md", DSL / "manifest.md", DSL / "messages.md", ROOT / "docs" / "command-line.md")
)
GRAMMAR = (DSL / "grammar.lark").read_text(encoding="utf-8")
VERDICTS = ("compliant", "undetermined", "violation")  # the last of a subject's judged pairs is its verdict
FENCED = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

CONSTRUCTS = {
    "whole-policy": "policy acme",
    "vocabulary": "data {",
    "several-parents": " in contact, sensitive",
    "named-again": "role { third_party {",
    "regions": "region {",
    "own-vocabulary": "vocabulary ",
    "attribute": "attribute ",
    "attribute-default": " default ",
    "define": "define ",
    "severity": "severity ",
    "applies": "applies from",
    "applies-ended": "applies until",
    "forbid": "forbid ",
    "require": "require ",
    "allow": " only",
    "permit": " despite ",
    "unless": "unless ",
    **{kind.value: f" {kind.value}" for kind in Kind},
    "judged": "allow flow only",
    "of": " of ",
    "of-storage": "storage of ",
    "of-with": " with ",
    "from": " from ",
    "to": " to ",
    "for": " for ",
    "at": " at ",
    "selector-list": "to (",
    "selector-party": 'to party "',
    "selector-system": 'to system "',
    "selector-condition": "to (role is",
    "selector-reached": "to (reached by",
    "names-of-ends": "recipient.",
    "names-of-a-system": "party.country",
    "roles": "role is",
    "and": " and ",
    "or": " or ",
    "not": "not ",
    "data-is": "data is",
    "is": " is ",
    "includes": " includes ",
    "includes-all": " includes all ",
    "within": " within ",
    "set-of-text": "set of text",
    "is-declared": " is declared",
    "number": ": number",
    "duration": " <= 2 years",
    "date": ": date",
    "text": ": text",
    "two-facts": "recipient.retention <= source.retention",
    "same-country": "source.country = recipient.country",
    "today": "today - 12 months",
    "days-apart": "announced + 30 days",
    "retention-from": "retention_from is account_closed",
    "same-start": "recipient.retention_from = source.retention_from",
    "obligations": "use std.obligations",
    "flag": "require notice",
    "under-contract": "under contract",
    "contract-in-force": "under contract",
    "contract-condition": "under contract (",
    "covers": "covers data and covers purpose",
    "with-us-only": "under contract",
    "between": "under contract",
    "hand-over": "recipient under contract",
    "source-under-contract": "source under contract (allows_onward)",
    "bound-to-us": "bound to us by contracts",
    "owned-by": "owned by (country is us)",
    "dated-parents": "us in trusted from 2016-07-12 until 2020-07-16",
    "includes-only": " includes only ",
    "system-under-contract": "under contract",
    "reached-by": "reached by",
    "holds": "holds hashed_email",
    "reached-from": " from data_subject",
    "avoiding": " avoiding ",
    "reached-flow": "source reached by",
    "including-derived": "including derived",
    "derived-by": "including derived by",
    "collected-with": "collected with (",
    "collected-storage": "collected with (",
    "origin": "collected with (",
    "collected-purposes": "purpose within collected purposes",
    "scalars": "country is",
    "defaults": "exchange is",
    "null": "under contract",
    "empty": "includes",
    "items": "storage",
    "waiver": "forbid",
}
"""Each construct that must have an example: the example's name, and what its policy must say."""
NEVER_UNKNOWN = frozenset({"is-declared", "selector-system"})
"""Those that cannot be unknown; every other construct is shown undetermined, too."""
WITHOUT_EXAMPLE = frozenset({"E103"})
"""Errors of policies and manifests that would take a page to show."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what its first line says, its text."""

    language: str
    flags: frozenset[str]
    said: dict[str, str]
    text: str
    place: str


def _blocks(page: str, text: str) -> Iterator[Block]:
    for found in FENCED.finditer(text):
        words = found[2].split()
        said = dict(word.split("=", 1) for word in words if "=" in word)
        flags = frozenset(word for word in words if "=" not in word)
        yield Block(found[1], flags, said, found[3], f"{page}-{text.count(chr(10), 0, found.start()) + 1}")


PAGES = {"language": LANGUAGE, "manifest": MANIFEST, "messages": MESSAGES, "command-line": COMMAND_LINE}
BLOCKS = tuple(block for page, text in PAGES.items() for block in _blocks(page, text))
EXAMPLES = [block for block in BLOCKS if "example" in block.said]
POLICIES = {block.said["example"]: block for block in EXAMPLES if block.language == "privacy"}
MANIFESTS = [block for block in EXAMPLES if block.language == "yaml"]
REFUSED_POLICIES = [block for block in POLICIES.values() if "expect" in block.said]


def _without_blocks(text: str) -> str:
    return FENCED.sub("", text)


def _prelude(language: str) -> str:
    (block,) = (block for block in BLOCKS if block.language == language and "prelude" in block.flags)
    return block.text


def _policy(folder: Path, block: Block) -> Path:
    return write(folder / "policy.privacy", f"{_prelude('privacy')}\n{block.text}")


def _label(block: Block) -> str:
    return f"{block.said['example']}-{block.said.get('expect')}-{block.place}"


def _codes(diagnostics: engine.Diagnostics) -> set[str]:
    return {each.code for each in diagnostics if each.level == "error"}


# --- Examples --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", MANIFESTS, ids=_label)
def test_example(block: Block, tmp_path: Path) -> None:
    paths = [tmp_path / "prelude.yaml", tmp_path / "example.yaml"]
    write(paths[0], _prelude("yaml"))
    write(paths[1], f"manifest: 1\n{block.text}")
    expected = block.said["expect"]
    inputs, diagnostics = engine.load(paths, [_policy(tmp_path, POLICIES[block.said["example"]])], root=tmp_path)
    if expected not in VERDICTS:
        diagnostics += engine.check(inputs)[1] if inputs else ()
        assert _codes(diagnostics) == {expected}, diagnostics
        return
    assert inputs is not None, diagnostics
    assert block.text.startswith(f"# {expected}"), "the comment says the verdict"
    rule = inputs.policy.rules[0]
    subject = "organisation" if rule.subject.kind is Kind.ORGANISATION else "it"
    explained, why = engine.explain(inputs, rule.name, subject)
    assert explained is not None, why
    assert max((each.verdict.word for each in explained), key=VERDICTS.index) == expected
    report, why = engine.check(inputs)
    assert report is not None, why
    findings = document(report)["findings"]
    found = [each for each in findings if (each["rule"], each["subject"]["id"]) == (rule.name, subject)]
    assert [each["verdict"] for each in found] == ([] if expected == "compliant" else [expected])
    for field in block.said.keys() - {"example", "expect"}:
        value = found[0][field]
        assert block.said[field] == ({True: "yes", False: "no"}[value] if isinstance(value, bool) else value)


@pytest.mark.parametrize("block", REFUSED_POLICIES, ids=_label)
def test_refused_policy(block: Block, tmp_path: Path) -> None:
    policy, diagnostics = engine.load_policy([_policy(tmp_path, block)], root=tmp_path)
    assert policy is None
    assert _codes(diagnostics) == {block.said["expect"]}, diagnostics


def test_the_tests_of_a_policy_run_as_they_are(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if "tests" in block.flags)
    policy = tmp_path / "customers.privacy"
    rule = "rule r { forbid disclosure of contact when exchange is sale }\n"
    write(policy, f"{_prelude('privacy')}\n{rule}")
    flow = "flows: [{id: list, from: crm, to: ads, carries: [email], purposes: [newsletter], exchange: none}]\n"
    write(tmp_path / "estate.yaml", f"{_prelude('yaml')}{flow}")
    write(tmp_path / "customers.tests.yaml", block.text)
    loaded, wrong, _ = load([tmp_path / "customers.tests.yaml"], root=tmp_path)
    assert loaded is not None, wrong
    results, wrong = run(loaded)
    assert results is not None, wrong
    assert [each.case.name for each in results if not each.passed] == []


def test_the_manifest_that_the_page_starts_with_passes_a_policy_with_its_words(tmp_path: Path) -> None:
    first = next(_blocks("manifest", MANIFEST))
    write(tmp_path / "estate.yaml", first.text)
    policy = tmp_path / "policy.privacy"
    rule = "rule r { require under contract (covers data and covers purpose) on disclosure }\n"
    write(policy, f"{_prelude('privacy')}\n{rule}")
    inputs, wrong = engine.load([tmp_path / "estate.yaml"], [policy], root=tmp_path)
    assert inputs is not None, wrong
    report, wrong = engine.check(inputs)
    assert report is not None, wrong
    assert document(report)["findings"] == []


def test_each_example_has_a_policy_and_each_policy_an_outcome() -> None:
    assert len(POLICIES) == sum(block.language == "privacy" for block in EXAMPLES), "a name is used twice"
    shown = {block.said["example"] for block in MANIFESTS}
    assert shown == POLICIES.keys() - {block.said["example"] for block in REFUSED_POLICIES}


def test_each_error_of_a_policy_or_manifest_has_an_example() -> None:
    shown = {block.said["expect"] for block in (*MANIFESTS, *REFUSED_POLICIES)} - set(VERDICTS)
    assert shown == {*codes.POLICY_ERRORS, *codes.DATA_ERRORS} - WITHOUT_EXAMPLE


# --- Constructs ------------------------------------------------------------------------------------------------------


def _read(folder: Path, block: Block) -> Policy:
    policy, diagnostics = engine.load_policy([_policy(folder, block)], root=folder)
    assert policy is not None, diagnostics
    return policy


@cache
def _conformance() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """What the rules of each conformance case are made of, and which verdicts it shows."""
    cases = []
    for path in (DSL / "conformance").glob("*/*/expected.json"):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if "findings" in expected:
            policy, wrong = engine.load_policy([path.with_name("policy.privacy")])
            assert policy is not None, wrong
            verdicts = {each["verdict"] for each in expected["findings"]}
            cases.append((shape(policy), frozenset(verdicts or {"compliant"})))
    return tuple(cases)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_has_an_example(name: str) -> None:
    assert CONSTRUCTS[name] in POLICIES[name].text


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_is_shown_with_each_verdict_here_or_in_a_conformance_case(name: str, tmp_path: Path) -> None:
    made_of = shape(_read(tmp_path, POLICIES[name]))
    shown = {block.said["expect"] for block in MANIFESTS if block.said["example"] == name}
    shown |= {verdict for case, verdicts in _conformance() if made_of <= case for verdict in verdicts}
    assert shown >= set(VERDICTS) - ({"undetermined"} if name in NEVER_UNKNOWN else set())


def test_each_kind_of_subject_has_an_example(tmp_path: Path) -> None:
    judged = [block for block in POLICIES.values() if block not in REFUSED_POLICIES]
    assert {_read(tmp_path, block).rules[0].subject.kind for block in judged} == set(Kind)


# --- Words -----------------------------------------------------------------------------------------------------------


def test_each_code_is_in_the_messages_with_its_title_and_no_other_anywhere() -> None:
    rows = dict(re.findall(r"^\| ([EW]\d{3}) \| ([^|]*) \| [^|]+ \|$", MESSAGES, re.MULTILINE))
    assert rows == codes.ALL
    assert {code for text in PAGES.values() for code in re.findall(r"\b[EW]\d{3}\b", text)} == set(codes.ALL)


def _words_of_the_grammar() -> set[str]:
    """The quoted words of the rules, and those of terminals that are a choice of words."""
    lines = [line for line in GRAMMAR.splitlines() if not line.startswith("//")]
    bare = re.sub(r"//.*", "", "\n".join(lines))
    words = set(re.findall(r'"(\w+)"', bare))
    for choice in re.findall(r"/\(([a-z_|]+)\)\\b/", bare):
        words |= set(choice.split("|"))
    (comparisons,) = re.findall(r"^COMPARISON\S*: /(.*)/$", bare, re.MULTILINE)
    return words | set(comparisons.split("|"))


def test_each_word_of_the_language_occurs_as_code() -> None:
    words = _words_of_the_grammar()
    assert {"policy", "despite", "retention_ground", "joining", "<="} <= words
    inline = re.findall(r"`[^`\n]+`", _without_blocks(LANGUAGE))
    code = "\n".join([*(block.text for block in _blocks("language", LANGUAGE)), *inline])
    missing = {word for word in words if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code)}
    assert missing == set()


def test_each_built_in_attribute_occurs_as_code() -> None:
    missing = {name for _, name in BUILT_IN if not re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", MANIFEST)}
    assert missing == set()


def test_each_shipped_term_occurs() -> None:
    core = (DSL / "std" / "core.privacy").read_text(encoding="utf-8")
    bare = re.sub(r'#.*|"[^"\n]*"', "", core)
    missing = {word for word in re.findall(r"\w+", bare) if not re.search(rf"\b{word}\b", LANGUAGE)}
    assert missing == set()


# --- Pictures --------------------------------------------------------------------------------------------------------

PICTURES = re.findall(
    r"^```mermaid\n(.*?)^```\n```privacy[^\n]*\n.*?^```\n```yaml[^\n]*\n(.*?)^```$", LANGUAGE, re.M | re.S
)


def test_paths_derived_data_collections_and_must_and_may_have_pictures() -> None:
    assert len(PICTURES) == LANGUAGE.count("```mermaid") >= 6
    for section in ("Must and may", "Paths", "Derived data", "Where data was collected"):
        assert "```mermaid" in LANGUAGE.partition(f"# {section}\n")[2].partition("\n##")[0], section


@pytest.mark.parametrize(("picture", "manifest"), PICTURES)
def test_a_picture_can_be_drawn_and_shows_the_flows_of_the_example_below_it(picture: str, manifest: str) -> None:
    svg = mermaidx.render(picture).svg()
    arrows = re.findall(r"^  (\w+)\S* ?(?:\[[^\]]*\])? ?(?:==|--|-\.) \"(.*?)\" (?:==>|-->|\.->) (\w+)", picture, re.M)
    flows = yaml.safe_load(manifest)["flows"]
    assert [(source, to) for source, _, to in arrows] == [(each["from"], each["to"]) for each in flows]
    for (_, label, _), flow in zip(arrows, flows, strict=True):
        said = re.split(r"[:,] ", label)
        assert {*flow["carries"]} <= {*said} <= {*flow["carries"], flow["id"], flow.get("choice")}
        assert all(re.search(rf">\s*{word}|{word}\b", svg) for word in said)


# --- The command line ------------------------------------------------------------------------------------------------

SHARED = COMMAND_LINE[COMMAND_LINE.index("## What the verbs share") : COMMAND_LINE.index("## Configuration")]


def _section(verb: str) -> str:
    return COMMAND_LINE.partition(f"\n## `{verb}`\n")[2].partition("\n## ")[0]


def _options(verb: str) -> set[str]:
    command = commands.get_command(click.Context(commands), verb)  # type: ignore[attr-defined]
    assert command is not None
    return {name for each in command.params if isinstance(each, click.Option) for name in each.opts if name[:2] == "--"}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_a_section_with_its_options(verb: str) -> None:
    section = _section(verb)
    assert section
    named = set(re.findall(r"--[a-z][a-z-]*", section + SHARED))
    assert _options(verb) - {"--help"} <= named
    own = set(re.findall(r"(?<=[`|])(--[a-z][a-z-]*)", "\n".join(re.findall(r"^\| (`--.*?) \|", section, re.M))))
    assert own <= _options(verb), "an option that the verb does not have"


def test_no_option_is_named_that_no_verb_has() -> None:
    known = {option for verb in VERBS for option in _options(verb)} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", _without_blocks(COMMAND_LINE))) <= known


def test_each_key_of_the_configuration_has_a_row() -> None:
    table = COMMAND_LINE.partition("## Configuration\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {key for row in rows for key in re.findall("`(.*?)`", row)} == set(KEYS)
