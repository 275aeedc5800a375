"""What `test` takes, the schema of tests takes; what it refuses for its shape, in one place, the schema refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from privacy_rules.schemas.tests import schema_of_tests
from privacy_rules.testing.loader import load
from tests.builders import policy_of, write, write_all

POLICY = """
use std.core
data { contact { email } card }
purpose { orders news }
attribute level on party: number
rule a { forbid flow of contact for news }
rule s { forbid storage of card }
rule p { permit flow of email despite a }
"""
MANIFEST = {
    "manifest": 1,
    "parties": {"us": {"role": "organisation"}, "x": {"role": "third_party", "level": 1}},
    "systems": {"crm": {"party": "us"}, "ads": {"party": "x"}},
    "flows": [{"id": "f", "from": "crm", "to": "ads", "carries": ["email"], "purposes": ["news"], "exchange": "sale"}],
}
TESTS: dict[str, Any] = {
    "tests": 1,
    "policy": ["p.privacy"],
    "manifest": ["m.yaml"],
    "as_of": "2026-11-01",
    "cases": [{"name": "c", "expect": [{"rule": "a", "subject": "f", "verdict": "violation"}]}],
}
CASE: list[str | int] = ["cases", 0]
EXPECTED: list[str | int] = [*CASE, "expect", 0]
ANYTHING: list[Any] = [None, "", " ", [], {}, 0, 1, True, 1.5, "x", [None], ["x"], [[]], [{}], {"a": 1}, "2026-11-01"]
ELSEWHERE = {"E201", "E205", "E301", "E331"}
"""What other places or files have to do with: no such file, id or policy."""

Shape = tuple[list[str | int], Any]
PLACES: list[list[str | int]] = [
    *([key] for key in ("tests", "policy", "manifest", "as_of", "mode", "cases", "extra")),
    *([*CASE, key] for key in ("name", "manifest", "as_of", "mode", "changes", "expect", "extra")),
    *([*EXPECTED, key] for key in ("rule", "subject", "verdict", "judged", "waived", "extra")),
    CASE,
    EXPECTED,
]
JUDGED: list[Any] = [
    [{"data": "email", "purpose": "news", "verdict": "violation"}],
    [{"data": None}],
    [{"data": "nope"}],
    [{"data": ["email"]}],
    [{"verdict": None}],
    [{"verdict": "bad"}],
    [{"pair": ["email", "card"]}],
    [{"pair": ["email"]}],
    [{"pair": ["email", "card", "email"]}],
    [{"pair": ["email", None]}],
    [{"pair": None}],
    [{"extra": 1}],
]
SUBJECTS: list[Any] = [
    {"kind": "flow", "id": "f"},
    {"id": "f"},
    {"kind": None, "id": "f"},
    {"kind": "system", "id": "f"},
    {"kind": "nope", "id": "f"},
    {"kind": ["flow"], "id": "f"},
    {"kind": "flow"},
    {"id": None},
    {"id": "f", "extra": 1},
]
FLOW = {"id": "n", "from": "crm", "to": "ads"}
WAIVER = {"rule": "a", "subject": "f", "until": "2027-01-01", "reason": "r", "approved_by": "me"}
CHANGES: list[Any] = [
    *({"remove": each} for each in ({"flow": "n"}, {"flow": "f", "system": "crm"}, {}, None, {"waiver": "w"}, "f")),
    *({"remove": {"flow": each}} for each in (None, ["f"], {"id": "f"})),
    *({"set": each} for each in ({}, None, "x", {"level": 3}, {"party": "x"}, {"flow": "f"}, {"organisation": {}})),
    *({"set": {"party": "x", "level": each}} for each in (3, None, "high", [3])),
    *({"set": {"party": "x", "unset": each}} for each in (["level"], [], "level", None, ["nope"], ["id"], [None])),
    *({"set": {"organisation": each}} for each in (None, "organisation", "us", True)),
    *({"set": {"organisation": each, "trains_employees": True}} for each in (None, "organisation", "us", True, {})),
    {"set": {"flow": "f", "id": "g"}},
    {"set": {"flow": "f", "from": "ads"}},
    {"set": {"flow": "f", "from": None}},
    {"set": {"flow": "f", "unset": ["from"]}},
    {"set": {"flow": "f", "unset": ["exchange"]}},
    {"set": {"flow": "f", "exchange": "nope"}},
    {"set": {"flow": None, "exchange": "sale"}},
    {"set": {"system": "crm", "party": "x"}},
    {"set": {"system": "crm", "party": None}},
    {"set": {"party": "x", "extra": 3}},
    *({"add": each} for each in ({"flow": FLOW}, {}, None, {"organisation": {}}, {"party": {"id": "y"}, "flow": FLOW})),
    *({"add": {"flow": each}} for each in ({**FLOW, "id": None}, {"id": "n", "to": "ads"}, {}, None, "n")),
    *({"add": {"party": each}} for each in ({"id": "y"}, {"id": "y", "role": "third_party"}, {}, None, "y")),
    *(
        {"add": {"contract": {"id": "k", **each}}}
        for each in ({"with": "x"}, {}, {"with": "x", "between": ["us", "x"]})
    ),
    *({"add": {"waiver": each}} for each in (WAIVER, {**WAIVER, "id": "w"}, {"rule": "a"})),
    *({"as_of": each} for each in ("2027-01-01", None, "x", "2026-13-01")),
    {"as_of": "2027-01-01", "remove": {"flow": "f"}},
    {"remove": None, "as_of": "2027-01-01"},
    {"extra": 1},
    {},
    None,
    "x",
]
MANIFESTS: list[Any] = [
    MANIFEST,
    [MANIFEST],
    [{}, "m.yaml"],
    *({"manifest": each} for each in (1, 2, "x", None)),
    *({key: None} for key in ("name", "parties", "flows", "defaults")),
    {"systems": {"crm": None}},
    {"policy": ["p.privacy"]},
    {"include": ["m.yaml"]},
    {"as_of": "2026-01-01"},
    {"extra": 1},
]


def shapes() -> Iterator[Shape]:
    yield from ((place, value) for place in PLACES for value in ANYTHING)
    yield from (([*EXPECTED, "judged"], value) for value in JUDGED)
    yield from (([*EXPECTED, "subject"], value) for value in SUBJECTS)
    yield from (([*CASE, "changes"], [value]) for value in CHANGES)
    yield from ((place, value) for place in (["manifest"], [*CASE, "manifest"]) for value in MANIFESTS)


def shaped(place: list[str | int], value: Any) -> dict[str, Any]:
    made: Any = deepcopy(TESTS)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return dict(made)


def without(place: list[str | int]) -> dict[str, Any]:
    made = shaped(place, None)
    inner: Any = made
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]
    return made


CLOSED, OPEN = (Draft202012Validator(schema_of_tests(each)) for each in (policy_of(POLICY), None))


@pytest.fixture
def folder(here: Path) -> Path:
    return write_all(here, {"p.privacy": POLICY, "m.yaml": json.dumps(MANIFEST)})


def held(folder: Path, tests: dict[str, Any]) -> str | None:
    """In what `test` and the schemas disagree; None where they agree, or where other places are to blame."""
    write(folder / "t.yaml", json.dumps(tests))
    loaded, wrong, _ = load([Path("t.yaml")])
    closed, open_ = CLOSED.is_valid(tests), OPEN.is_valid(tests)
    if loaded is not None:
        return None if closed and open_ else f"taken by `test`, refused by the schema: {tests}"
    here = [each for each in wrong if each.code not in ELSEWHERE and "no day" not in each.message]
    return f"{here[0].message}: taken by the schema: {tests}" if here and closed else None


def test_test_and_schema_agree_on_shapes(folder: Path) -> None:
    every = list(shapes())
    assert len(every) > 400
    assert [found for place, value in every if (found := held(folder, shaped(place, value)))] == []


@pytest.mark.parametrize(
    "place", [["tests"], ["manifest"], ["cases"], *([*CASE, key] for key in ("name", "expect")), [*EXPECTED, "rule"]]
)
def test_what_is_needed_is_needed_by_both(folder: Path, place: list[str | int]) -> None:
    tests = without(place)
    assert held(folder, tests) is None
    assert not CLOSED.is_valid(tests)


def test_the_shape_that_all_others_are_made_of_is_taken_by_both(folder: Path) -> None:
    assert held(folder, TESTS) is None
    assert CLOSED.is_valid(TESTS)
    assert load([Path("t.yaml")])[0] is not None
