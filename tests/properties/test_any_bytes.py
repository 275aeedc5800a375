"""Any bytes as policy or manifest: exit code 0, 1 or 2, and never a traceback.

The long run: PRIVACY_RULES_EXAMPLES=20000 pytest tests/properties/test_any_bytes.py
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark
from lark.lexer import PatternStr

from tests.builders import write
from tests.properties.desk import EXAMPLE, HEAD, LISTED, NO_FINDINGS, ROOT, SHOP, TESTS, Desk
from tests.properties.strategies import EXAMPLES

some = settings(
    max_examples=max(10, EXAMPLES // 5), deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
"""A fifth of what other properties try: each of these goes all the way through the command line."""


# Bytes.

raw = st.binary(max_size=300) | st.text(max_size=120).map(lambda text: text.encode("utf-8", "surrogatepass"))


@some
@given(raw)
def test_any_bytes_as_a_policy(desk: Desk, content: bytes) -> None:
    assert desk.check_policy(content) == 2
    desk.lint(content)


@some
@given(raw, st.sampled_from(["yaml", "json"]))
def test_any_bytes_as_a_manifest(desk: Desk, content: bytes, kind: str) -> None:
    desk.check_manifest(content, kind)


@some
@given(raw)
def test_any_bytes_after_a_good_beginning(desk: Desk, content: bytes) -> None:
    desk.check_policy((SHOP / "shop.privacy").read_bytes() + content)
    desk.check_manifest((SHOP / "estate.yaml").read_bytes() + content)


# What was valid once.

Mutation = Callable[[bytes], bytes]


def _at(content: bytes, where: float) -> int:
    return int(where * len(content))


def _bytes_changed(content: bytes, where: float, length: int, other: bytes) -> bytes:
    start = _at(content, where)
    return content[:start] + other + content[start + length :]


def _lines_changed(content: bytes, one: float, other: float, how: str) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    first, second = (int(each * (len(lines) - 1)) for each in (one, other))
    match how:
        case "swap":
            lines[first], lines[second] = lines[second], lines[first]
        case "copy":
            lines.insert(second, lines[first])
        case "drop":
            del lines[first]
        case _:
            lines[first] = lines[first].lstrip() if second % 2 else b"  " + lines[first]
    return b"".join(lines)


places = st.floats(0, 1)
WHOLE = [
    b" not ",
    b" and ",
    b" or ",
    b" unless ",
    b" only ",
    b"&a ",
    b"*a ",
    b"null",
    b"-1",
    b"9" * 30,
    b"\xe2\x80\xa8",
]
bits = st.binary(max_size=3) | st.sampled_from([*WHOLE, *(bytes([each]) for each in b'(){}[]"#-:0\n\r\t\x00\xff')])
mutations: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(
        lambda where, length, other: lambda content: _bytes_changed(content, where, length, other),
        places,
        st.integers(0, 12),
        bits,
    ),
    st.builds(
        lambda one, other, how: lambda content: _lines_changed(content, one, other, how),
        places,
        places,
        st.sampled_from(["swap", "copy", "drop", "indent"]),
    ),
)


def _mutated(content: bytes, several: list[Mutation]) -> bytes:
    for each in several:
        content = each(content)
    return content


@some
@given(st.lists(mutations, min_size=1, max_size=4))
def test_a_policy_that_was_valid_once(desk: Desk, several: list[Mutation]) -> None:
    desk.check_policy(_mutated((SHOP / "shop.privacy").read_bytes(), several))
    desk.lint(_mutated((EXAMPLE / "iapmo.privacy").read_bytes(), several))


@some
@given(st.lists(mutations, min_size=1, max_size=4))
def test_an_estate_that_was_valid_once(desk: Desk, several: list[Mutation]) -> None:
    desk.check_manifest(_mutated((SHOP / "estate.yaml").read_bytes(), several))


@some
@given(raw, st.sampled_from(["yaml", "json"]))
def test_any_bytes_as_tests(desk: Desk, content: bytes, kind: str) -> None:
    assert desk.call("test", desk.write(f"any.tests.{kind}", content)) == 2
    desk.call("test", desk.write(f"any.tests.{kind}", TESTS + content))


@some
@given(st.lists(mutations, min_size=1, max_size=4), st.booleans())
def test_tests_that_were_valid_once(desk: Desk, several: list[Mutation], coverage: bool) -> None:
    words = ["--coverage"] if coverage else []
    desk.call("test", desk.write("any.tests.yaml", _mutated(TESTS.replace(b"shop/", b""), several)), *words)


@some
@given(st.lists(mutations, min_size=1, max_size=2), st.lists(mutations, min_size=0, max_size=2))
def test_a_policy_and_survivors_that_were_valid_once(
    desk: Desk, several: list[Mutation], others: list[Mutation]
) -> None:
    policy = desk.write("any.privacy", _mutated((SHOP / "shop.privacy").read_bytes(), several))
    survivors = desk.write("survivors.yaml", _mutated(LISTED, others))
    tests = desk.write("any.tests.yaml", NO_FINDINGS)
    desk.call("test", tests, "--policy", policy, "--survivors", survivors)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("example") / "iapmo")


PARTS = sorted(each.name for each in (EXAMPLE / "estate").glob("*.yaml"))


@settings(some, max_examples=max(4, EXAMPLES // 20))
@given(st.sampled_from(PARTS), st.lists(mutations, min_size=1, max_size=3))
def test_a_part_of_the_example_that_was_valid_once(
    desk: Desk, example: Path, part: str, several: list[Mutation]
) -> None:
    file, kept = example / "estate" / part, (EXAMPLE / "estate" / part).read_bytes()
    write(file, _mutated(kept, several))
    try:
        desk.call("check", str(example / "estate.yaml"))
    finally:
        write(file, kept)


# Text from the grammar.

GRAMMAR = (ROOT / "dsl" / "grammar.lark").read_text(encoding="utf-8")
WORDS = {
    "NAME": "contact email card orders newsletter us third_party broker sale exchange notice necessary data purpose "
    "carries purposes stores supports deletion retention retention_from country retained_for role kind obliges covers until joins odd",
    "STRING": '"crm" "broker" "visitor" "#selling" "a\\n" ""',
    "DATE": "2026-11-01 2026-02-30 0000-00-00",
    "NUMBER": "0 2 -1.5 99999999999999999999",
    "COMPARISON": "< <= = != >= >",
    "SHIFT": "+ -",
    "CLAUSE_KIND": "definition scope prose gate",
    "FIELD": "title text version owner effective language",
    "VOCABULARY_NAME": "data purpose role kind safeguard exchange region",
    "ENTITY": "party system flow contract organisation",
    "TYPE": "flag number duration date text",
    "SEVERITY_NAME": "error warning note",
    "KIND": "flow collection sharing disclosure system storage joining party contract organisation",
}


def _text_of(start: str) -> st.SearchStrategy[str]:
    """Text of the grammar, a space after each word; names are such as the policy or the shop has."""
    grammar = Lark(GRAMMAR, parser="lalr", start=start)
    explicit: dict[str, st.SearchStrategy[str]] = {
        each.name: st.just(f"{each.pattern.value} ")
        if isinstance(each.pattern, PatternStr)
        else st.sampled_from([f"{word} " for word in WORDS[each.name].split()])
        for each in grammar.terminals
        if each.name not in ("COMMENT", "WHITE_SPACE")
    }
    explicit |= {"COMMENT": st.just("# said\n"), "WHITE_SPACE": st.sampled_from([" ", "\n"])}
    used = {each.name for each in grammar.grammar.compile([start], ())[0]}
    return from_lark(grammar, start=start, explicit={name: each for name, each in explicit.items() if name in used})


files = _text_of("file")
rules = st.lists(_text_of("rule"), min_size=1, max_size=3)


def _renamed(several: list[str]) -> str:
    """The rules with names of their own, below vocabularies that they may use."""
    return HEAD + "\n".join(f"rule r{number} {{" + each.partition("{")[2] for number, each in enumerate(several))


@some
@given(files)
def test_any_text_of_the_grammar_as_a_policy(desk: Desk, text: str) -> None:
    desk.lint(text)


@some
@given(rules)
def test_any_rules_of_the_grammar_are_judged_or_reported(desk: Desk, several: list[str]) -> None:
    desk.check_policy(_renamed(several))
