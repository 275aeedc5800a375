"""The reference says what holds: its examples run, and it names every message, word and subject of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from privacy_rules import codes, engine
from privacy_rules.language import codes as language_codes
from privacy_rules.language.policy import Kind, Policy
from privacy_rules.manifest import codes as manifest_codes
from privacy_rules.reports.json_document import document
from privacy_rules.testing.loading import load
from privacy_rules.testing.running import run
from privacy_rules.vocabulary.attributes import BUILT_IN

DSL = Path(__file__).parents[2] / "dsl"
TEXT = (DSL / "reference.md").read_text(encoding="utf-8")
GRAMMAR = (DSL / "grammar.lark").read_text(encoding="utf-8")
VERDICTS = ("compliant", "undetermined", "violation")  # the last of a subject's judged pairs is its verdict

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
    "flag": "require notice",
    "under-contract": "under contract",
    "contract-in-force": "under contract",
    "contract-condition": "under contract (",
    "covers": "covers data and covers purpose",
    "with-us-only": "under contract",
    "between": "under contract",
    "hand-over": "recipient under contract",
    "source-under-contract": "source under contract (allows_onward)",
    "system-under-contract": "under contract",
    "reached-by": "reached by",
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
"""Each construct that must have a passing and a failing example: the example's name, and what its policy must say."""
NEVER_UNKNOWN = frozenset({"is-declared", "selector-system"})
"""Those that cannot be unknown; every other construct has an undetermined example, too."""
WITHOUT_EXAMPLE = frozenset({"E103"})
"""Errors of policies and manifests that would take a page to show."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what its first line says, its text."""

    language: str
    flags: frozenset[str]
    said: dict[str, str]
    text: str
    line: int


def _blocks() -> Iterator[Block]:
    for found in re.finditer(r"^```(\w*)([^\n]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        words = found[2].split()
        said = dict(word.split("=", 1) for word in words if "=" in word)
        flags = frozenset(word for word in words if "=" not in word)
        yield Block(found[1], flags, said, found[3], TEXT.count("\n", 0, found.start()) + 1)


BLOCKS = tuple(_blocks())
EXAMPLES = [block for block in BLOCKS if "example" in block.said]
POLICIES = {block.said["example"]: block for block in EXAMPLES if block.language == "privacy"}
MANIFESTS = [block for block in EXAMPLES if block.language == "yaml"]
REFUSED_POLICIES = [block for block in POLICIES.values() if "expect" in block.said]


def _prelude(language: str) -> str:
    (block,) = (block for block in BLOCKS if block.language == language and "prelude" in block.flags)
    return block.text


def _policy(folder: Path, block: Block) -> Path:
    path = folder / "policy.privacy"
    path.write_text(f"{_prelude('privacy')}\n{block.text}", encoding="utf-8")
    return path


def _label(block: Block) -> str:
    return f"{block.said['example']}-{block.said.get('expect')}-{block.line}"


def _codes(diagnostics: engine.Diagnostics) -> set[str]:
    return {each.code for each in diagnostics if each.level == "error"}


@pytest.mark.parametrize("block", MANIFESTS, ids=_label)
def test_example(block: Block, tmp_path: Path) -> None:
    paths = [tmp_path / "prelude.yaml", tmp_path / "example.yaml"]
    paths[0].write_text(_prelude("yaml"), encoding="utf-8")
    paths[1].write_text(f"manifest: 1\n{block.text}", encoding="utf-8")
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


def test_the_tests_of_a_policy_run_as_they_stand(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if "tests" in block.flags)
    policy = tmp_path / "customers.privacy"
    rule = "rule r { forbid disclosure of contact when exchange is sale }\n"
    policy.write_text(f"{_prelude('privacy')}\n{rule}", encoding="utf-8")
    flow = "flows: [{id: list, from: crm, to: ads, carries: [email], purposes: [newsletter], exchange: none}]\n"
    (tmp_path / "estate.yaml").write_text(f"{_prelude('yaml')}{flow}", encoding="utf-8")
    (tmp_path / "customers.tests.yaml").write_text(block.text, encoding="utf-8")
    loaded, wrong, _ = load([tmp_path / "customers.tests.yaml"], root=tmp_path)
    assert loaded is not None, wrong
    results, wrong = run(loaded)
    assert results is not None, wrong
    assert [each.case.name for each in results if not each.passed] == []


def _expected(name: str) -> set[str]:
    return {block.said["expect"] for block in MANIFESTS if block.said["example"] == name}


def test_each_example_has_a_policy_and_each_policy_an_outcome() -> None:
    assert len(POLICIES) == sum(block.language == "privacy" for block in EXAMPLES), "a name is used twice"
    assert {block.said["example"] for block in MANIFESTS} <= POLICIES.keys()
    judged = POLICIES.keys() - {block.said["example"] for block in REFUSED_POLICIES}
    assert {name for name in judged if not _expected(name)} == set()


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_has_a_passing_and_a_failing_example(name: str) -> None:
    assert CONSTRUCTS[name] in POLICIES[name].text
    assert {"compliant", "violation"} <= _expected(name)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_has_an_undecided_example_where_it_can_be_unknown(name: str) -> None:
    assert ("undetermined" in _expected(name)) == (name not in NEVER_UNKNOWN)


def test_each_error_of_a_policy_or_manifest_has_an_example() -> None:
    shown = {block.said["expect"] for block in (*MANIFESTS, *REFUSED_POLICIES)} - set(VERDICTS)
    assert shown == {*language_codes.CODES, *manifest_codes.CODES} - WITHOUT_EXAMPLE


def test_each_kind_of_subject_has_an_example(tmp_path: Path) -> None:
    seen: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for name, block in POLICIES.items():
        if block not in REFUSED_POLICIES:
            seen[_read(tmp_path, block).rules[0].subject.kind] |= _expected(name)
    assert {kind for kind, outcomes in seen.items() if not {"compliant", "violation"} <= outcomes} == set()


def _read(folder: Path, block: Block) -> Policy:
    policy, diagnostics = engine.load_policy([_policy(folder, block)], root=folder)
    assert policy is not None, diagnostics
    return policy


def test_each_code_stands_in_the_reference_with_its_title_and_no_other() -> None:
    known = {**language_codes.CODES, **manifest_codes.CODES, **codes.CALL_ERRORS, **codes.WARNINGS}
    rows = dict(re.findall(r"^\| ([EW]\d{3}) \| ([^|]*) \| [^|]+ \|$", TEXT, re.MULTILINE))
    assert rows == known
    assert set(re.findall(r"\b[EW]\d{3}\b", TEXT)) == set(known)


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
    inline = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL))
    code = "\n".join([*(block.text for block in BLOCKS), *inline])
    missing = {word for word in words if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code)}
    assert missing == set()


def test_each_built_in_attribute_occurs_as_code() -> None:
    missing = {name for _, name in BUILT_IN if not re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", TEXT)}
    assert missing == set()


def test_each_shipped_term_occurs() -> None:
    core = (DSL / "std" / "core.privacy").read_text(encoding="utf-8")
    bare = re.sub(r'#.*|"[^"\n]*"', "", core)
    missing = {word for word in re.findall(r"\w+", bare) if not re.search(rf"\b{word}\b", TEXT)}
    assert missing == set()


def test_each_link_within_the_page_leads_somewhere() -> None:
    outside = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", outside, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", outside)) <= anchors
