"""Inputs as large as a file may be, made to hurt: exit code 0, 1 or 2, and never a traceback.

The long run tries them in full: PRIVACY_RULES_EXAMPLES=20000 pytest tests/properties/test_large_inputs.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isqrt

import pytest

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.testing import mutation_run
from tests.properties.desk import HEAD, NO_FINDINGS, Desk
from tests.properties.strategies import EXAMPLES

SIZE = (256 if EXAMPLES > 300 else 16) * 1024
"""The size of a large input in bytes. The promise is for 256 KiB; endless recursion and exponential time show in less, too."""
SIZE_OF_MUTATED = SIZE if EXAMPLES > 300 else SIZE // 8
"""That of a policy of which every change is checked."""
MOST_COMPILED = 100_000
"""At most this many conditions are compiled for the changes of a policy of SIZE // 8; the work is counted and not timed."""


def _fill(size: int, unit: str, head: str = "", tail: str = "") -> str:
    return head + unit * ((size - len(head) - len(tail)) // len(unit)) + tail


def _within(size: int, pieces: Iterator[str], head: str = "", tail: str = "") -> str:
    parts, left = [head], size - len(head) - len(tail)
    for each in pieces:
        left -= len(each)
        if left < 0:
            break
        parts.append(each)
    return "".join([*parts, tail])


def _numbers() -> Iterator[int]:
    return iter(range(10**9))


RULE = HEAD + "rule r { forbid flow when "
DEFINES = HEAD + "define d0 as notice\ndefine d1 as necessary\n"


def _chained(count: int, how: str = "and") -> str:
    return "".join(f"define d{n} as d{n - 1} {how} d{n - 2}\n" for n in range(2, count))


POLICIES: dict[str, Callable[[int], str]] = {
    "round brackets": lambda size: _fill(size, "(", RULE),
    "curly brackets": lambda size: _fill(size, "{", HEAD),
    "square brackets": lambda size: _fill(size, "[", HEAD),
    "angle brackets": lambda size: _fill(size, "<", HEAD),
    "quotes": lambda size: _fill(size, '"', HEAD),
    "balanced round brackets": lambda size: RULE + "(" * (size // 2 - 200) + "notice" + ")" * (size // 2 - 200) + " }",
    "negations": lambda size: _fill(size, "not ", RULE, "notice }"),
    "exceptions": lambda size: _fill(size, "unless notice ", RULE + "notice ", "}"),
    "contracts in contracts": lambda size: _fill(size, "under contract (", RULE),
    "paths from paths": lambda size: _fill(size, "reached by email from (", RULE),
    "collections": lambda size: _fill(size, "collected with (", RULE),
    "nested terms": lambda size: _fill(size, "data { a { ", HEAD),
    "terms below terms": lambda size: _within(size, (f"t{n} {{ " for n in _numbers()), HEAD + "data { "),
    "one huge line": lambda size: _fill(size, "notice and ", RULE, "notice }"),
    "one huge name": lambda size: _fill(size, "a", RULE, " }"),
    "one huge text": lambda size: _fill(size, "a", 'policy p { title "', '" }'),
    "many errors": lambda size: _fill(size, "rule r { forbid flow when nothing }\n", HEAD),
    "many broken rules": lambda size: _fill(size, "rule { forbid }\n", HEAD),
    "many strange letters": lambda size: _fill(size, "§", HEAD)[: size // 2],
    "many numbered rules": lambda size: _within(
        size, (f"rule r{n} {{ forbid flow when notice }}\n" for n in _numbers()), HEAD
    ),
    "many unknown terms": lambda size: (
        RULE + " or ".join(f"(exchange is sale and odd is t{n})" for n in range(min(size // 52, 1000))) + " }"
    ),
    "a long chain of terms": lambda size: (
        HEAD
        + "data { "
        + " ".join(f"t{n} in t{n - 1}" for n in range(1, min(size // 52, 1000)))
        + " t0 } rule r { forbid flow of t0 }"
    ),
    "many true terms": lambda size: RULE + " and ".join(["(notice or necessary)"] * min(size // 52, 1000)) + " }",
    "defines that each use the last two": lambda size: (
        DEFINES + _chained(size // 52) + f"rule r {{ forbid flow when d{(size // 52) - 1} }}"
    ),
    "other defines that each use the last two": lambda size: (
        DEFINES + _chained(size // 52, "or not") + f"rule r {{ forbid flow when d{(size // 52) - 1} }}"
    ),
    "defines of few layers, each wide": lambda size: (
        DEFINES + _chained(40, "or") + "rule r { forbid flow when d39 } rule s { require not d39 on flow }"
    ),
    "a circle of defines": lambda size: (
        HEAD
        + "".join(f"define d{n} as d{(n + 1) % (size // 52)}\n" for n in range(size // 52))
        + "rule r { forbid flow when d0 }"
    ),
    "permits upon permits": lambda size: _within(
        size, (f"rule p{n} {{ permit flow when notice despite r }}\n" for n in _numbers()), RULE + "notice }\n"
    ),
    "a rule of many conditions": lambda size: _fill(
        size, "notice and (odd is sale or exchange is rental) and ", RULE, "notice }"
    ),
    "a rule of many alternatives": lambda size: _fill(
        size, " - of email to third_party for orders when notice", HEAD + "rule r { allow flow of contact only", " }"
    ),
    "a rule of many limits": lambda size: _fill(size, "of email ", HEAD + "rule r { forbid flow ", "}"),
    "one term of many, each listed": lambda size: (
        HEAD
        + "data { "
        + " ".join(f"t{n}" for n in range(size // 20))
        + " } rule r { forbid flow of ("
        + ", ".join(f"t{n}" for n in range(size // 20))
        + ") }"
    ),
    "one term listed again and again": lambda size: _fill(
        size, "email, card, ", HEAD + "rule r { forbid flow of (", "email) }"
    ),
    "comments that allow lints": lambda size: _within(
        size, (f"# allow long-title: x{n}\n" for n in _numbers()), HEAD + "rule r { forbid flow when notice }\n"
    ),
    "cites of clauses": lambda size: _within(
        size, (f'cites "#c{n}" ' for n in _numbers()), HEAD + "rule r { forbid flow when notice ", "}"
    ),
    "clauses that are accounted for": lambda size: _within(
        size, (f'clause "c{n}" is gate "x"\n' for n in _numbers()), HEAD + "rule r { forbid flow when notice }\n"
    ),
}


def _flows(size: int, how: Callable[[int], str]) -> str:
    head = "manifest: 1\nsystems: {a: {party: p}, b: {}}\nparties: {p: {role: us}}\nflows:\n"
    return _within(size, (how(number) for number in _numbers()), head)


def _origins(size: int) -> str:
    """As many forms as flows whose origin names them all, as does that of an item."""
    count = isqrt(size // 14)
    head = "manifest: 1\nparties: {p: {role: data_subject}, q: {role: us}}\nsystems: {a: {party: p}, b: {party: q}, c: {}}\nflows:\n"
    forms = "".join(f"  - {{id: f{n}, from: a, to: b, carries: [contact]}}\n" for n in range(count))
    named = "[" + ", ".join(f"f{n}" for n in range(count)) + "]"
    flow = f"from: b, to: c, carries: [{{data: email, origin: {named}}}, contact], origin: {named}}}\n"
    return _within(size, (f"  - {{id: g{n}, {flow}" for n in _numbers()), head + forms)


MANIFESTS: dict[str, Callable[[int], str]] = {
    "square brackets": lambda size: _fill(size, "[", "manifest: 1\nflows: "),
    "curly brackets": lambda size: _fill(size, "{a: ", "manifest: 1\nflows: "),
    "balanced square brackets": lambda size: "manifest: 1\nflows: " + "[" * (size // 2 - 50) + "]" * (size // 2 - 50),
    "deep dashes": lambda size: _fill(size, "- ", "manifest: 1\nflows:\n  "),
    "one huge line": lambda size: _fill(
        size, "email, ", "manifest: 1\nflows: [{id: a, from: a, to: b, carries: [", "email]}]"
    ),
    "one huge word": lambda size: _fill(size, "a", "manifest: 1\nname: "),
    "many errors": lambda size: _flows(size, lambda n: f"  - {{id: f{n}, from: x, to: y, carries: [z]}}\n"),
    "many of one id": lambda size: _flows(size, lambda n: "  - {id: f, from: a, to: b}\n"),
    "many flows": lambda size: _flows(size, lambda n: f"  - {{id: f{n}, from: a, to: b, carries: [email]}}\n"),
    "many silent flows": lambda size: _flows(size, lambda n: f"  - {{id: f{n}, from: a, to: b}}\n"),
    "origins that name every form": _origins,
    "many aliases": lambda size: _fill(size, "*a, ", "manifest: 1\nflows: [&a {id: a, from: a, to: b}, ", "*a]"),
    "a chain of systems": lambda size: (
        "manifest: 1\nparties: {p: {role: data_broker}, q: {role: data_subject}}\nsystems:\n"
        + "".join(f"  s{n}: {{party: {'p' if n else 'q'}}}\n" for n in range(size // 104))
        + "flows:\n"
        + "".join(f"  - {{id: f{n}, from: s{n}, to: s{n + 1}, carries: [email]}}\n" for n in range(size // 104 - 1))
    ),
    "a circle of silent systems": lambda size: (
        "manifest: 1\nsystems:\n"
        + "".join(f"  s{n}: {{}}\n" for n in range(size // 52))
        + "flows:\n"
        + "".join(f"  - {{id: f{n}, from: s{n}, to: s{(n + 1) % (size // 52)}}}\n" for n in range(size // 52))
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_large_hostile_policy_ends(desk: Desk, name: str) -> None:
    text = POLICIES[name](SIZE)
    assert len(text.encode()) <= 256 * 1024
    desk.check_policy(text)
    desk.call("lint", str(desk.folder / "any.privacy"))
    desk.call("docs", str(desk.folder / "any.privacy"))


@pytest.mark.parametrize(
    "name",
    ["a rule of many conditions", "permits upon permits", "one term of many, each listed", "many numbered rules"],
)
def test_the_mutants_of_a_large_hostile_policy_end(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = 0

    def counted(evaluator: Evaluator, core: CoreRule) -> Ruling:
        nonlocal compiled
        compiled += sum(1 for _ in conditions([core]))
        return Ruling(evaluator, core)

    monkeypatch.setattr(mutation_run, "Ruling", counted)
    policy = desk.write("any.privacy", POLICIES[name](SIZE_OF_MUTATED))
    desk.call("test", desk.write("any.tests.yaml", NO_FINDINGS), "--policy", policy, "--mutate")
    assert compiled <= MOST_COMPILED * (SIZE_OF_MUTATED // 2048) ** 2


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_large_hostile_manifest_ends(desk: Desk, name: str) -> None:
    text = MANIFESTS[name](SIZE)
    assert len(text.encode()) <= 256 * 1024
    desk.check_manifest(text)


@pytest.mark.parametrize("unit", ["[", '{"a": ', '{"flows": [', '"', "1", "-", '\\u0000"'])
def test_a_large_hostile_json_manifest_ends(desk: Desk, unit: str) -> None:
    desk.check_manifest(_fill(SIZE, unit, '{"manifest": 1, "flows": '), "json")
    desk.check_manifest(_fill(SIZE, unit), "json")


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
