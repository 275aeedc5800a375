"""Whatever a file says, loading it ends, without a traceback. No test here depends on a clock."""

from __future__ import annotations

import random

import pytest

from privacy_rules.language.cycles import in_order
from privacy_rules.language.loader import load_text
from privacy_rules.source.spelling import Suggestions
from tests.long_run import LONG

# The bound that users rely on is for 256 KiB.
SIZE = (256 if LONG else 8) * 1024


def full_of(text: str) -> str:
    return (text * (SIZE // len(text) + 1))[:SIZE]


TEXTS = {
    "open parentheses": "rule r { forbid flow when " + full_of("("),
    "closed parentheses": "rule r { forbid flow when " + "(" * 120_000 + "notice" + ")" * 120_000 + " }",
    "negations": "rule r { forbid flow when " + full_of("not "),
    "conjunctions": "rule r { forbid flow when " + full_of("notice and ") + " and notice }",
    "exceptions": "rule r { forbid flow " + full_of("unless notice ") + " }",
    "rules that do not end": full_of("rule r {\n"),
    "broken rules": full_of("rule r { forbd flow }\n"),
    "broken defines": full_of("define x as y z\n"),
    "unknown names": full_of("define x as y\n"),
    "rules of one name": full_of("rule r { forbid flow }\n"),
    "nested terms": "data " + full_of("{a"),
    "nested terms of many names": "data {" + "".join(f"a{n} {{" for n in range(28_000)) + "}" * 28_001,
    "many terms": "data {" + " ".join(f"a{n}" for n in range(36_000)) + "}",
    "blocks that do not end": full_of("data {\nrule r {\n"),
    "broken terms": "data {" + full_of("a = \n"),
    "broken terms on a line": "data {" + full_of("a = "),
    "quotes": full_of('"\n'),
    "bad characters": full_of("@ "),
    "dots": full_of("a."),
    "braces": full_of("{}"),
    "unknown terms": "use std.core\nrule r { forbid flow of (" + ", ".join(f"t{n}" for n in range(25_000)) + ") }",
    "typos among many terms": "data {"
    + " ".join(f"abcd{n}" for n in range(15_000))
    + "}\nrule r { forbid flow of ("
    + ", ".join(f"abce{n}" for n in range(12_000))
    + ") }",
    "nested values": "rule r { forbid system when retention < " + full_of("("),
    "nested selectors": "rule r { forbid flow to " + full_of("(reached by x from "),
    "a chain of defines": "".join(f"define d{n} as d{n - 1}\n" for n in range(1, 11_000)),
    "doubling defines": "define d0 as notice\n"
    + "".join(f"define d{n} as d{n - 1} and d{n - 1}\n" for n in range(1, 8_000)),
    "a circle of defines": "".join(f"define d{n} as d{(n + 1) % 9_000}\n" for n in range(9_000)),
    "defines that use each other": "".join(
        f"define d{n} as {' and '.join(f'd{m}' for m in range(150))}\n" for n in range(150)
    ),
    "a define that fits nowhere": "define x as " + " and ".join(["kind is person", "notice"] * 7_000),
    "a long word": "rule " + "a" * SIZE,
    "white space": "rule" + " " * SIZE,
    "a long number": "rule r { forbid system when retention < " + "1" * SIZE,
    "uses of nothing": full_of("use std.c\n"),
    "unknown rules": "rule r { permit flow despite " + full_of("b, ") + " b }",
    "wrong attributes": "".join(f"attribute a{n} on flow: one of x\n" for n in range(7_000)),
    "wrong limits": "rule r { forbid flow " + full_of("at us ") + " }",
    "control characters": full_of("\x00\x01"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_loading_gives_a_policy_or_errors(text: str) -> None:
    policy, found = load_text(text[:SIZE])
    assert (policy is None) == bool(found)


WORDS = [
    "rule",
    "r",
    "{",
    "}",
    "(",
    ")",
    "forbid",
    "require",
    "allow",
    "permit",
    "flow",
    "storage",
    "system",
    "joining",
    "when",
    "unless",
    "on",
    "only",
    "-",
    ",",
    ".",
    ":",
    "despite",
    "in",
    "is",
    "includes",
    "within",
    "all",
    "declared",
    "a",
    "b",
    "c",
    "data",
    "purpose",
    "kind",
    "role",
    "us",
    "of",
    "with",
    "from",
    "to",
    "for",
    "at",
    "not",
    "and",
    "or",
    "under",
    "contract",
    "covers",
    "collected",
    "reached",
    "by",
    "avoiding",
    "including",
    "derived",
    "purposes",
    "define",
    "as",
    "attribute",
    '"x"',
    '"y',
    "@",
    "#",
    "5",
    "2026-01-01",
    "2",
    "years",
    "<=",
    "=",
    "use",
    "std.core",
    "clause",
    "prose",
    "policy",
    "title",
    "severity",
    "error",
    "applies",
    "until",
    "default",
    "flag",
    "one",
    "set",
    "text",
    "source",
    "recipient",
    "party",
    "vocabulary",
]


@pytest.mark.parametrize("seed", range(150))
def test_words_in_any_order_are_read_without_a_traceback(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(WORDS) + chance.choice((" ", " ", " ", "\n", "")) for _ in range(300))
    policy, found = load_text(text)
    assert policy is None or not found
    assert found or policy is not None
    assert all(each.span is not None and each.excerpt is not None for each in found)


@pytest.mark.parametrize("seed", range(100))
def test_a_good_policy_with_something_cut_out_is_read_without_a_traceback(seed: int) -> None:
    chance = random.Random(seed)
    begin = chance.randrange(len(GOOD))
    text = GOOD[:begin] + GOOD[begin + chance.randrange(1, 12) :]
    policy, found = load_text(text)
    assert (policy is None) == bool(found)
    # What is left of a broken declaration may be three errors; never a flood of those that are none.
    assert len(found) <= 5, found


GOOD = """use std.core
data { contact { email  phone } card }
purpose { orders }
attribute vetted on flow: flag default no
define strict as under contract (covers data and obliges includes audit)
clause "a" is prose "b"
rule one { title "One" forbid disclosure of contact to third_party when exchange is (sale, rental) unless vetted }
rule two { cites "#a" require strict on disclosure for orders }
rule three { allow flow only - to us when vetted - of card to party "bank" }
rule four { permit disclosure when strict despite one, two applies from 2026-01-01 }
"""


def test_suggestions_have_a_bound_on_their_work() -> None:
    suggestions = Suggestions(comparisons=1)
    assert suggestions.near("emial", ["email"], "data") == "did you mean `email`?"
    assert suggestions.near("phnoe", ["phone"], "data") is None
    assert suggestions.near("emial", ["email"], "data") == "did you mean `email`?"


def test_circles_are_found_without_recursion() -> None:
    graph = {str(n): [str(n + 1)] for n in range(50_000)} | {"50000": ["0"]}
    order, closing = in_order(graph)
    assert (order[0], order[-1], closing) == ("50000", "0", [("50000", "0")])
