"""No text, however wrong, ends in a traceback or takes for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy_rules.manifest import header
from privacy_rules.manifest.loader import Stdin, estate, read
from tests.unit.manifest.given import policy

POLICY = policy()
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SIZE = 64 * 1024  # a quarter of what must take less than ten seconds: what is not linear still shows
KEYS = [*header.KEYS, "id", "from", "to", "with", "between", "covers", "data", "purposes", "carries", "stores", "joins"]
KEYS += ["transforms", "role", "country", "origin", "notice"]
WORDS = [*KEYS, "email", "us", "yes", "no", "2 years", "2026-01-01", "1", "*.yaml", "../x", "null", "<<"]


def judge(content: bytes) -> None:
    documents, found = read([Stdin(content)])
    made = None
    if documents is not None:
        made, more = estate(documents, POLICY)
        found = (*found, *more)
    assert (made is None) == bool(found)
    for each in found:
        assert not UNSEEN.search(each.message)
        assert each.span is None or each.excerpt is not None
        assert each.span is None or each.span.column <= len(each.excerpt or "") + 1


leaves = st.sampled_from([*WORDS, None, True, False, 1, -2.5, ""]) | st.text(max_size=4)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=30,
)
manifests = st.dictionaries(st.sampled_from(KEYS), trees, max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(content: bytes) -> None:
    judge(content)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([*WORDS, *"{}[]:,-#&*!|>'\"%@`? \n\t", "\n  ", ": ", "- ", "&a ", "*a", "---"]), max_size=40
    )
)
def test_any_yaml_is_read_or_reported(parts: list[str]) -> None:
    judge(("manifest: 1\n" + "".join(parts)).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(manifests, st.booleans())
def test_any_tree_is_read_or_reported(tree: dict[str, object], as_yaml: bool) -> None:
    import json

    judge((" " if not as_yaml else "# yaml\n").encode() + json.dumps({"manifest": 1, **tree}).encode())


def large() -> Iterator[tuple[str, str]]:
    head = "manifest: 1\n"
    for name, unit in {
        "lists": "[", "maps": "{a: ", "open keys": "? ", "dashes": "- ", "quotes": "\"", "single quotes": "'", "aliases": "*a ",
        "anchors": "&a ", "tags": "!a ", "bars": "|\n", "colons": ": ", "spaces": " ", "tabs": "\t", "brackets": "[]", "lines": "\n",
        "documents": "---\n", "comments": "# ", "commas": ",", "keys": "a: 1\n", "percent": "%a\n",
    }.items():  # fmt: skip
        yield name, unit * (SIZE // len(unit))
        yield f"{name} below a key", f"{head}flows:\n  - " + unit * (SIZE // len(unit))
    yield (
        "one line of wrong terms",
        head + "systems: {s: {stores: [" + ", ".join(f"t{n}" for n in range(SIZE // 8)) + "]}}",
    )
    yield "wrong keys", head + "systems:\n  s:\n" + "".join(f"    retenton{n}: x\n" for n in range(SIZE // 20))
    yield (
        "dangling ids",
        head + "systems:\n" + "".join(f"  system-{n}: {{party: sistem-{n}}}\n" for n in range(SIZE // 34)),
    )
    yield (
        "dangling ids among many",
        head + "parties:\n" + "".join(f"  p{n}: \n" for n in range(2500)) + "systems:\n"
        + "".join(f"  s{n}: {{party: q{n}}}\n" for n in range(1200)),
    )  # fmt: skip
    yield (
        "one flow many times",
        head + "systems: {s: }\nflows:\n - &f {id: f, from: s, to: s}\n" + " - *f\n" * (SIZE // 6),
    )
    items = ", ".join("{data: email, supports: [access]}" for _ in range(200))
    yield (
        "one large store",
        head
        + f"systems:\n  a: {{stores: &s [{items}]}}\n"
        + "".join(f"  b{n}: {{stores: *s}}\n" for n in range(SIZE // 24)),
    )
    wrong = ", ".join("x" for _ in range(1000))
    yield (
        "one wrong transform",
        head + f"systems:\n  a: {{transforms: [&t {{from: email, to: [{wrong}]}}" + ", *t" * 5_000 + "]}",
    )
    yield (
        "one wrong flow",
        head + "flows:\n - &f {" + ", ".join(f"x{n}: 1" for n in range(60)) + "}\n" + " - *f\n" * 1_000,
    )
    yield "includes", head + "include: [" + ", ".join(f"x{n}/*" for n in range(SIZE // 40)) + "]"
    yield (
        "json of wrong terms",
        '{"manifest": 1, "systems": {"s": {"stores": [' + ", ".join('"x"' for _ in range(SIZE // 5)) + "]}}}",
    )
    yield (
        "json of wrong keys",
        '{"manifest": 1, "flows": [' + ", ".join(f'{{"x{n}": 1}}' for n in range(SIZE // 16)) + "]}",
    )
    yield "json of one key", "{" + ", ".join('"a": 1' for _ in range(SIZE // 8)) + "}"
    yield "json of lists", '{"manifest": 1, "flows": ' + "[" * SIZE
    yield "json of maps", '{"a":' * (SIZE // 5)
    yield "json of one string", '{"a": "' + "\\\\" * (SIZE // 2) + '"}'
    yield "json of one number", '{"manifest": ' + "9" * SIZE + "}"
    yield "json that does not end", '{"a": "' + '\\"' * (SIZE // 2)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in large()])
def test_nothing_takes_for_ever(name: str, text: str) -> None:
    judge(text.encode())
