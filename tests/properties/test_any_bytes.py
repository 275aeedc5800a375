"""Any bytes as policy or manifest: exit code 0, 1 or 2, and never a traceback.

The long run: PRIVACY_RULES_EXAMPLES=20000 pytest tests/properties/test_any_bytes.py
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark
from lark.lexer import PatternStr

from privacy_rules.cli.main import run
from tests.builders import write
from tests.properties.strategies import EXAMPLES

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "iapmo"
SHOP = ROOT / "tests" / "cli" / "shop"
SIZE = (256 if EXAMPLES > 300 else 24) * 1024
"""The size of a large input in bytes. The promise is for 256 KiB; endless recursion and exponential time show in less, too."""

some = settings(
    max_examples=max(10, EXAMPLES // 5), deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
"""A fifth of what other properties try: each of these goes all the way through the command line."""


class Desk:
    """A folder with one policy and one estate, and the command line on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(SHOP, folder, dirs_exist_ok=True)

    def call(self, *words: str) -> int:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            run(words)
        told = ""
        for stream in (out, err):
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            told += stream.buffer.getvalue().decode("utf-8", "replace")
        assert "Traceback" not in told, told
        code = ended.value.code
        assert code in (0, 1, 2), told
        return int(code or 0)

    def write(self, name: str, content: bytes | str) -> str:
        file = self.folder / name
        write(file, content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return str(file)

    def lint(self, content: bytes | str) -> int:
        file = self.write("any.privacy", content)
        code = self.call("lint", file)
        before = (self.folder / "any.privacy").read_bytes()
        assert self.call("lint", file, "--fix", "--fail-severity", "never") == (2 if code == 2 else 0)
        assert code != 2 or (self.folder / "any.privacy").read_bytes() == before
        return code

    def check_policy(self, content: bytes | str) -> int:
        policy = self.write("any.privacy", content)
        return self.call("check", str(self.folder / "estate.yaml"), "--policy", policy)

    def check_manifest(self, content: bytes | str, kind: str = "yaml") -> int:
        manifest = self.write(f"any.{kind}", content)
        return self.call("check", manifest, "--policy", str(self.folder / "shop.privacy"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("PRIVACY_RULES_DEBUG", "1")
        folder = tmp_path_factory.mktemp("any")
        changed.chdir(folder)
        yield Desk(folder / "shop")


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


TESTS = b"""tests: 1
policy: shop/shop.privacy
manifest: [shop/estate.yaml, {systems: {spare: {party: shop}}}]
mode: includes
as_of: 2026-11-01
cases:
  - name: a sale
    changes:
      - set: {flow: leads, exchange: sale, unset: [owner]}
      - add: {flow: {id: more, from: crm, to: leads, carries: [name]}}
      - remove: {contract: packing}
    expect:
      - {rule: no_selling, subject: leads, verdict: violation, judged: [{data: email, purpose: orders}], waived: no}
      - {rule: not_combined, subject: {kind: joining, id: crm}, verdict: violation, judged: [{pair: [card, email]}]}
"""
LISTED = b"survivors: 1\nmutants:\n  - {mutant: 'no_selling: gone', reason: it is so}\n"


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
    tests = desk.write(
        "any.tests.yaml", TESTS.replace(b"shop/", b"").partition(b"    changes")[0] + b"    expect: []\n"
    )
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
    "carries purposes stores supports deletion retention country retained_for role kind obliges covers until joins odd",
    "STRING": '"crm" "broker" "visitor" "#selling" "a\\n" ""',
    "DATE": "2026-11-01 2026-02-30 0000-00-00",
    "NUMBER": "0 2 -1.5 99999999999999999999",
    "COMPARISON": "< <= = != >= >",
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


HEAD = """
use std.core
data { contact { name email } card }
purpose { orders newsletter }
attribute odd on flow, system: one of exchange default none
"""
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
def test_any_rules_of_the_grammar_are_judged_or_told_of(desk: Desk, several: list[str]) -> None:
    desk.check_policy(_renamed(several))


# As much as a file may hold, made to hurt.


def _fill(unit: str, head: str = "", tail: str = "") -> str:
    return head + unit * ((SIZE - len(head) - len(tail)) // len(unit)) + tail


def _within(pieces: Iterator[str], head: str = "", tail: str = "") -> str:
    parts, size = [head], len(head) + len(tail)
    for each in pieces:
        size += len(each)
        if size > SIZE:
            break
        parts.append(each)
    return "".join([*parts, tail])


def _numbers() -> Iterator[int]:
    return iter(range(10**9))


RULE = HEAD + "rule r { forbid flow when "
DEFINES = HEAD + "define d0 as notice\ndefine d1 as necessary\n"


MANY = SIZE // 52
FEWER = min(MANY, 1000)


def _chained(count: int, how: str = "and") -> str:
    return "".join(f"define d{n} as d{n - 1} {how} d{n - 2}\n" for n in range(2, count))


POLICIES: dict[str, Callable[[], str]] = {
    "round brackets": lambda: _fill("(", RULE),
    "curly brackets": lambda: _fill("{", HEAD),
    "square brackets": lambda: _fill("[", HEAD),
    "angle brackets": lambda: _fill("<", HEAD),
    "quotes": lambda: _fill('"', HEAD),
    "balanced round brackets": lambda: RULE + "(" * (SIZE // 2 - 200) + "notice" + ")" * (SIZE // 2 - 200) + " }",
    "negations": lambda: _fill("not ", RULE, "notice }"),
    "exceptions": lambda: _fill("unless notice ", RULE + "notice ", "}"),
    "contracts in contracts": lambda: _fill("under contract (", RULE),
    "paths from paths": lambda: _fill("reached by email from (", RULE),
    "collections": lambda: _fill("collected with (", RULE),
    "nested terms": lambda: _fill("data { a { ", HEAD),
    "terms below terms": lambda: _within((f"t{n} {{ " for n in _numbers()), HEAD + "data { "),
    "one huge line": lambda: _fill("notice and ", RULE, "notice }"),
    "one huge name": lambda: _fill("a", RULE, " }"),
    "one huge text": lambda: _fill("a", 'policy p { title "', '" }'),
    "many errors": lambda: _fill("rule r { forbid flow when nothing }\n", HEAD),
    "many broken rules": lambda: _fill("rule { forbid }\n", HEAD),
    "many strange letters": lambda: _fill("§", HEAD)[: SIZE // 2],
    "many numbered rules": lambda: _within((f"rule r{n} {{ forbid flow when notice }}\n" for n in _numbers()), HEAD),
    "many unknown terms": lambda: (
        RULE + " or ".join(f"(exchange is sale and odd is t{n})" for n in range(FEWER)) + " }"
    ),
    "a long chain of terms": lambda: (
        HEAD + "data { " + " ".join(f"t{n} in t{n - 1}" for n in range(1, FEWER)) + " t0 } rule r { forbid flow of t0 }"
    ),
    "many true terms": lambda: RULE + " and ".join(["(notice or necessary)"] * FEWER) + " }",
    "defines that each use the last two": lambda: (
        DEFINES + _chained(MANY) + f"rule r {{ forbid flow when d{MANY - 1} }}"
    ),
    "other defines that each use the last two": lambda: (
        DEFINES + _chained(MANY, "or not") + f"rule r {{ forbid flow when d{MANY - 1} }}"
    ),
    "defines of few layers, each wide": lambda: (
        DEFINES + _chained(40, "or") + "rule r { forbid flow when d39 } rule s { require not d39 on flow }"
    ),
    "a circle of defines": lambda: (
        HEAD + "".join(f"define d{n} as d{(n + 1) % MANY}\n" for n in range(MANY)) + "rule r { forbid flow when d0 }"
    ),
    "permits upon permits": lambda: _within(
        (f"rule p{n} {{ permit flow when notice despite r }}\n" for n in _numbers()), RULE + "notice }\n"
    ),
    "a rule of many conditions": lambda: _fill("notice and (odd is sale or exchange is rental) and ", RULE, "notice }"),
    "a rule of many alternatives": lambda: _fill(
        " - of email to third_party for orders when notice", HEAD + "rule r { allow flow of contact only", " }"
    ),
    "a rule of many limits": lambda: _fill("of email ", HEAD + "rule r { forbid flow ", "}"),
    "one term of many, each listed": lambda: (
        HEAD
        + "data { "
        + " ".join(f"t{n}" for n in range(SIZE // 20))
        + " } rule r { forbid flow of ("
        + ", ".join(f"t{n}" for n in range(SIZE // 20))
        + ") }"
    ),
    "one term listed again and again": lambda: _fill("email, card, ", HEAD + "rule r { forbid flow of (", "email) }"),
    "comments that allow lints": lambda: _within(
        (f"# allow long-title: x{n}\n" for n in _numbers()), HEAD + "rule r { forbid flow when notice }\n"
    ),
    "cites of clauses": lambda: _within(
        (f'cites "#c{n}" ' for n in _numbers()), HEAD + "rule r { forbid flow when notice ", "}"
    ),
    "clauses that are accounted for": lambda: _within(
        (f'clause "c{n}" is gate "x"\n' for n in _numbers()), HEAD + "rule r { forbid flow when notice }\n"
    ),
}


def _flows(how: Callable[[int], str]) -> str:
    head = "manifest: 1\nsystems: {a: {party: p}, b: {}}\nparties: {p: {role: us}}\nflows:\n"
    return _within((how(number) for number in _numbers()), head)


MANIFESTS: dict[str, Callable[[], str]] = {
    "square brackets": lambda: _fill("[", "manifest: 1\nflows: "),
    "curly brackets": lambda: _fill("{a: ", "manifest: 1\nflows: "),
    "balanced square brackets": lambda: "manifest: 1\nflows: " + "[" * (SIZE // 2 - 50) + "]" * (SIZE // 2 - 50),
    "deep dashes": lambda: _fill("- ", "manifest: 1\nflows:\n  "),
    "one huge line": lambda: _fill("email, ", "manifest: 1\nflows: [{id: a, from: a, to: b, carries: [", "email]}]"),
    "one huge word": lambda: _fill("a", "manifest: 1\nname: "),
    "many errors": lambda: _flows(lambda n: f"  - {{id: f{n}, from: x, to: y, carries: [z]}}\n"),
    "many of one id": lambda: _flows(lambda n: "  - {id: f, from: a, to: b}\n"),
    "many flows": lambda: _flows(lambda n: f"  - {{id: f{n}, from: a, to: b, carries: [email]}}\n"),
    "many silent flows": lambda: _flows(lambda n: f"  - {{id: f{n}, from: a, to: b}}\n"),
    "many aliases": lambda: _fill("*a, ", "manifest: 1\nflows: [&a {id: a, from: a, to: b}, ", "*a]"),
    "a chain of systems": lambda: (
        "manifest: 1\nparties: {p: {role: data_broker}, q: {role: data_subject}}\nsystems:\n"
        + "".join(f"  s{n}: {{party: {'p' if n else 'q'}}}\n" for n in range(MANY // 2))
        + "flows:\n"
        + "".join(f"  - {{id: f{n}, from: s{n}, to: s{n + 1}, carries: [email]}}\n" for n in range(MANY // 2 - 1))
    ),
    "a circle of silent systems": lambda: (
        "manifest: 1\nsystems:\n"
        + "".join(f"  s{n}: {{}}\n" for n in range(MANY))
        + "flows:\n"
        + "".join(f"  - {{id: f{n}, from: s{n}, to: s{(n + 1) % MANY}}}\n" for n in range(MANY))
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_large_hostile_policy_ends(desk: Desk, name: str) -> None:
    text = POLICIES[name]()
    assert len(text.encode()) <= 256 * 1024
    desk.check_policy(text)
    desk.call("lint", str(desk.folder / "any.privacy"))
    desk.call("docs", str(desk.folder / "any.privacy"))


@pytest.mark.parametrize(
    "name",
    ["a rule of many conditions", "permits upon permits", "one term of many, each listed", "many numbered rules"],
)
def test_the_mutants_of_a_large_hostile_policy_end(desk: Desk, name: str) -> None:
    policy = desk.write("any.privacy", POLICIES[name]())
    tests = TESTS.replace(b"shop/", b"").partition(b"    changes")[0] + b"    expect: []\n"
    desk.call("test", desk.write("any.tests.yaml", tests), "--policy", policy, "--mutate")


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_large_hostile_manifest_ends(desk: Desk, name: str) -> None:
    text = MANIFESTS[name]()
    assert len(text.encode()) <= 256 * 1024
    desk.check_manifest(text)


@pytest.mark.parametrize("unit", ["[", '{"a": ', '{"flows": [', '"', "1", "-", '\\u0000"'])
def test_a_large_hostile_json_manifest_ends(desk: Desk, unit: str) -> None:
    desk.check_manifest(_fill(unit, '{"manifest": 1, "flows": '), "json")
    desk.check_manifest(_fill(unit), "json")


def _contracts_between(parties: int, more: str = "") -> str:
    """An estate of as many contracts between few parties as flows between them."""
    named = [f"p{n}" for n in range(parties)]
    head = "manifest: 1\nas_of: 2026-11-01\nparties:\n" + "".join(f"  {p}: {{role: service_provider}}\n" for p in named)
    head += "systems:\n" + "".join(f"  s{p}: {{party: {p}}}\n" for p in named)
    pairs = ((named[n % parties], named[(n + 1 + n // parties % (parties - 1)) % parties]) for n in _numbers())
    contracts = (f"  c{n}: {{between: [{one}, {other}]{more}}}\n" for n, (one, other) in enumerate(pairs))
    flows = (f"  - {{id: f{n}, from: s{named[n % parties]}, to: sp0, carries: [email]}}\n" for n in _numbers())
    return head + _section(contracts, "contracts:\n") + _section(flows, "flows:\n")


def _section(pieces: Iterator[str], head: str) -> str:
    parts, size = [head], 0
    for each in pieces:
        size += len(each)
        if size > SIZE // 8:
            break
        parts.append(each)
    return "".join(parts)


@pytest.mark.parametrize("parties", [2, 20])
def test_many_contracts_between_few_parties_end(desk: Desk, parties: int) -> None:
    policy = desk.write(
        "contracts.privacy",
        "use std.core\ndata { email }\npurpose { orders }\n"
        "rule some { require under contract (allows_onward) on flow }\n"
        "rule all { require under contract (covers data) on flow }\n",
    )
    silent = desk.write("silent.yaml", _contracts_between(parties))
    ending = desk.write("ending.yaml", _contracts_between(parties, ", until: 2026-12-01, allows_onward: yes"))
    for contracts in (silent, ending):
        assert desk.call("what-if", contracts, "--as-of", "2027-01-01", "--policy", policy) == 0
        assert desk.call("forecast", contracts, "--policy", policy) == 0
        assert desk.call("impact", "party:p1", "--manifest", contracts, "--policy", policy) == 0
