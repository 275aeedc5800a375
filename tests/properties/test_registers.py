"""Registers against the estate: each disclosure is in one row, and none is invented, whatever is declared or not."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.registers.data_map import data_map
from privacy_rules.registers.material import Material
from privacy_rules.registers.model import Register
from privacy_rules.registers.processing import controller
from privacy_rules.registers.transfers import transfers_table
from privacy_rules.registers.vendors import vendors
from privacy_rules.simulation.world import World
from privacy_rules.tracing.clause_index import ClauseIndex
from tests.builders import estate_of, flow, policy_of
from tests.properties.checking import TODAY
from tests.properties.strategies import some

POLICY = policy_of("""
policy registers {}
use std.core
data { contact { email  phone }  card }
purpose { orders { delivery }  adverts }
rule r { forbid disclosure of card }
""")
PARTIES = {
    "us": {"role": "us", "country": "DE"},
    "sister": {"role": "group_member", "country": "AT"},
    "people": {"role": "data_subject"},
    "mail": {"role": "service_provider", "country": "US", "name": "Mail"},
    "ads": {"role": "advertiser", "name": "Mail"},
    "maybe": {},
}
OUTSIDE, INSIDE = {"mail", "ads"}, {"us", "sister"}


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Estates in which parties, roles, categories, purposes and countries may be undeclared."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    systems = {
        name: {} if (party := draw(st.sampled_from([*PARTIES, None]))) is None else {"party": party} for name in names
    }
    flows = []
    for number in range(draw(st.integers(0, 9))):
        more = (
            {}
            if draw(st.integers(0, 4)) == 0
            else {
                "purposes": draw(st.lists(st.sampled_from(["orders", "delivery", "adverts"]), min_size=1, unique=True))
            }
        )
        carries = draw(
            st.none() | st.lists(st.sampled_from(["contact", "email", "phone", "card"]), min_size=1, unique=True)
        )
        flows.append(flow(f"f{number}", draw(st.sampled_from(names)), draw(st.sampled_from(names)), carries, **more))
    contracts = {"terms": {"with": "mail", "covers": {"data": ["email"]}}} if draw(st.booleans()) else {}
    return {"manifest": 1, "parties": PARTIES, "contracts": contracts, "systems": systems, "flows": flows}


def party_of(manifest: dict[str, Any], system: str) -> str | None:
    return manifest["systems"][system].get("party")


def between_two(manifest: dict[str, Any], one: dict[str, Any]) -> bool:
    """Whether a flow is, or may be, between two parties."""
    first, second = (party_of(manifest, one[end]) for end in ("from", "to"))
    return one["from"] != one["to"] and (first is None or second is None or first != second)


def goes_outside(manifest: dict[str, Any], one: dict[str, Any]) -> bool:
    """Whether a flow is, or may be, a disclosure: to a party outside, or to one of which that is not known."""
    return between_two(manifest, one) and (party_of(manifest, one["to"]) or "maybe") in {*OUTSIDE, "maybe"}


def is_shared(manifest: dict[str, Any], one: dict[str, Any]) -> bool:
    """Whether a flow is, or may be, between two companies of the organisation."""
    ends = [party_of(manifest, one[end]) or "maybe" for end in ("from", "to")]
    return between_two(manifest, one) and all(each in {*INSIDE, "maybe"} for each in ends)


def listed(register: Register, table: str, *keys: str) -> Counter[tuple[object, ...]]:
    """How many times each flow is in a table, with the first values of the cells of its row."""
    (found,) = [each for each in register.tables if each.name == table]
    at = [[each.key for each in found.columns].index(key) for key in (*keys, "flows")]
    rows = ([row.cells[each] for each in at] for row in found.rows)
    return Counter(
        (*(cell[0].id or cell[0].value for cell in cells[:-1]), each.value) for cells in rows for each in cells[-1]
    )


@some
@given(manifests())
def test_each_disclosure_is_in_one_row_and_none_is_invented(manifest: dict[str, Any]) -> None:
    material = Material(World(POLICY, estate_of(manifest, POLICY), TODAY), ClauseIndex(()))
    disclosed = [each for each in manifest["flows"] if goes_outside(manifest, each)]
    assert listed(vendors(material), "vendors") == Counter((each["id"],) for each in disclosed)

    shared = [each["id"] for each in manifest["flows"] if is_shared(manifest, each)]
    sent = {*(each["id"] for each in disclosed), *shared}
    register = Register("transfers", "", (), (transfers_table(material),))
    assert listed(register, "transfers") == Counter((each,) for each in sent)

    whole = data_map(material)
    pairs = Counter((datum, each["id"]) for each in disclosed for datum in each.get("carries", ["not declared"]))
    assert listed(whole, "disclosures", "category") == pairs
    matrix = whole.tables[0]
    counted = Counter(
        {row.cells[0][0].value: sum(int(e.value) for cell in row.cells[1:] for e in cell) for row in matrix.rows}
    )  # type: ignore[call-overload]
    assert counted == Counter(datum for datum, _ in pairs.elements())


@some
@given(manifests())
def test_each_flow_is_in_one_row_for_each_of_its_purposes(manifest: dict[str, Any]) -> None:
    material = Material(World(POLICY, estate_of(manifest, POLICY), TODAY), ClauseIndex(()))
    expected = Counter(
        (purpose, each["id"]) for each in manifest["flows"] for purpose in each.get("purposes", ["not declared"])
    )
    assert listed(controller(material), "processing", "purpose") == expected


@some
@given(manifests())
def test_a_register_of_one_category_has_what_may_be_that(manifest: dict[str, Any]) -> None:
    material = Material(World(POLICY, estate_of(manifest, POLICY), TODAY), ClauseIndex(()), "email")
    meant = [
        each["id"]
        for each in manifest["flows"]
        if goes_outside(manifest, each) and {"contact", "email"} & set(each.get("carries", ["email"]))
    ]
    assert listed(vendors(material), "vendors") == Counter((each,) for each in meant)
