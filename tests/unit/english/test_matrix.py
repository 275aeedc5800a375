"""The matrix of disclosures: three kinds of cell, each as if it were tried alone."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from privacy_rules.english.matrix import Cell, Matrix, alike, blocks, cells_of, matrix
from tests.builders import policy_of
from tests.unit.language.policies import WORLD

DAY = date(2026, 6, 15)
RULES = """
rule bound {
  allow disclosure of contact only
    - to service_provider for orders when recipient under contract (covers data)
    - to public_authority when mandate is law
}
rule only_marketing { require purpose is (orders, newsletter) on flow of page_views }
rule no_leak { forbid system at data_broker when reached by card from data_subject }
rule free { forbid disclosure of card for orders to court }
"""


def tried(rules: str = RULES, *, day: date = DAY, most: int = 60_000) -> Matrix:
    found = matrix(policy_of(WORLD + rules), day, most)
    assert found is not None
    return found


def test_a_cell_is_allowed_forbidden_or_open() -> None:
    cells = tried().cells
    assert cells["service_provider", "page_views", "orders"] == Cell("allowed")
    assert cells["court", "card", "orders"] == Cell("forbidden", ("free",))
    assert cells["court", "contact", "newsletter"] == Cell("open", ("the mandate of the disclosure",))
    assert cells["data_broker", "contact", "orders"] == Cell("forbidden", ("bound",))


def test_an_open_cell_names_every_fact_that_the_rules_ask_for() -> None:
    found = tried().cells["service_provider", "contact", "orders"]
    assert found == Cell("open", ("the covered data and validity of the contract",))


def test_a_path_to_the_recipient_counts() -> None:
    assert tried().cells["data_broker", "card", "newsletter"] == Cell("forbidden", ("no_leak",))


def test_a_rule_that_the_recipient_breaks_without_the_disclosure_does_not_count() -> None:
    assert tried(RULES + "rule owned { require owner is declared on system }").cells == tried().cells


def test_what_is_broad_is_open_for_what_it_may_be() -> None:
    rules = "rule r { forbid disclosure of (contact, email) to court when data is email }\nrule p { forbid flow for orders to us }"
    assert tried(rules).cells["court", "contact", "orders"] == Cell("open", ("which data exactly",))
    assert tried(rules).cells["court", "email", "orders"] == Cell("forbidden", ("r",))


def test_a_rule_out_of_force_forbids_nothing() -> None:
    rules = RULES.replace("rule free {", "rule free { applies until 2026-06-15")
    assert tried(rules).cells["court", "card", "orders"] == Cell("allowed")
    assert tried(rules, day=date(2026, 6, 14)).cells["court", "card", "orders"].verdict == "forbidden"


def test_many_cells_are_tried_at_once_as_each_alone() -> None:
    found = tried()
    policy = policy_of(WORLD + RULES)
    for key in product(found.roles, found.data, found.purposes):
        assert cells_of(policy, DAY, [key]) == {key: found.cells[key]}


def test_what_there_is_no_room_for_is_said() -> None:
    found = tried(most=6 * RULES.count("rule "))
    assert 0 < len(found.cells) <= 6
    whole = tried()
    assert sorted((*found.roles, *found.data, *found.purposes, *found.left_out)) == sorted(
        (*whole.roles, *whole.data, *whole.purposes)
    )


def test_blocks_and_like_roles_say_each_cell_once() -> None:
    found = tried()
    assert sorted(role for roles in alike(found) for role in roles) == sorted(found.roles)
    for roles in alike(found):
        told = {
            (role, datum, purpose): block.cell
            for role in roles
            for block in blocks(found, roles[0])
            for datum, purpose in product(block.data, block.purposes)
        }
        assert told == {key: cell for key, cell in found.cells.items() if key[0] in roles}


@pytest.mark.parametrize(
    "policy",
    [
        "data { card } purpose { orders } rule r { forbid flow of card for orders }",
        WORLD + "rule r { forbid storage of card }",
        WORLD + "rule r { forbid disclosure }",
    ],
)
def test_without_roles_or_flows_there_is_no_matrix(policy: str) -> None:
    assert matrix(policy_of(policy), DAY) is None
