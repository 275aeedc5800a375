"""Coverage counts a value where it can matter, and asks for no value that cannot be."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.testing.coverage import Coverage, coverage
from tests.unit.testing.building import loaded

CLEAN = "  - {name: clean, mode: includes, expect: []}\n"


def covered(folder: Path, cases: str = CLEAN, **more: str) -> Coverage:
    return coverage(loaded(folder, cases, **more).cases)


def seen(found: Coverage, rule: str) -> dict[str, tuple[int, int, int]]:
    """Of each item of a rule how often it was false, unknown, true."""
    (each,) = (each for each in found.rules if each.rule.name == rule)
    return {item.item.text: item.seen for item in each.items}


def unseen(found: Coverage, rule: str) -> set[str]:
    (each,) = (each for each in found.rules if each.rule.name == rule)
    return {
        *(f"{verdict.word}" for verdict in each.unseen),
        *(f"{item.item.text}: {value.word}" for item in each.items for value in item.unseen),
    }


def test_limits_count_on_what_is_of_the_kind(tmp_path: Path) -> None:
    assert seen(covered(tmp_path), "no_sale")["of contact"] == (0, 0, 3)


def test_a_when_counts_where_no_limit_is_false(tmp_path: Path) -> None:
    case = "  - {name: a, mode: includes, changes: [{set: {flow: list, carries: [card]}}], expect: []}\n"
    assert seen(covered(tmp_path, case), "no_sale")["exchange is (sale, rental)"] == (2, 0, 0)


def test_an_exception_and_what_it_holds_count_where_the_scope_is_not_false(tmp_path: Path) -> None:
    clean = seen(covered(tmp_path), "no_sale")
    assert (clean["told"], clean["notice"]) == ((0, 0, 0), (0, 0, 0))
    change = "{set: {flow: list, exchange: sale, notice: no}}"
    sold = seen(covered(tmp_path, f"  - {{name: a, mode: includes, changes: [{change}], expect: []}}\n"), "no_sale")
    assert (sold["told"], sold["notice"], sold["choice is (opt_in, opt_out)"]) == ((1, 0, 0), (1, 0, 0), (0, 1, 0))


def test_a_define_that_is_used_twice_in_a_rule_counts_once(tmp_path: Path) -> None:
    policy = "use std.core\ndata { a }\ndefine d as notice\nrule r { forbid flow when d and (d or necessary) }\n"
    estate = "manifest: 1\nas_of: 2026-06-15\nsystems: {s: {}, t: {}}\nflows: [{id: f, from: s, to: t, notice: yes}]\n"
    assert seen(covered(tmp_path, policy=policy, estate=estate), "r")["notice"] == (0, 0, 1)


def test_what_is_asked_of_a_contract_counts_once_for_each(tmp_path: Path) -> None:
    found = seen(covered(tmp_path), "bound")
    assert found["to service_provider when under contract (covers data and obliges includes policy_protection)"] == (
        1,
        0,
        1,
    )
    assert found["covers data"] == (0, 0, 1)
    assert found["obliges includes policy_protection"] == (0, 0, 1)


def test_a_contract_that_is_not_in_force_is_not_asked(tmp_path: Path) -> None:
    case = "  - {name: a, mode: includes, changes: [{set: {contract: terms, until: 2026-01-01}}], expect: []}\n"
    found = seen(covered(tmp_path, case), "bound")
    assert found["covers data"] == (0, 0, 0)


def test_a_permit_is_seen_on_what_it_may_lift(tmp_path: Path) -> None:
    found = seen(covered(tmp_path), "by_law")
    assert found["lifts bound"] == (1, 0, 1)
    assert found["mandate is law"] == (0, 0, 1)


def test_a_path_asks_every_system_where_it_may_start(tmp_path: Path) -> None:
    policy = "use std.core\ndata { contact { email } }\npurpose { newsletter orders }\nrule r { forbid system when reached by email from us }\n"
    assert seen(covered(tmp_path, policy=policy), "r")["us"] == (3, 0, 1)


def test_what_cannot_be_is_not_asked_for(tmp_path: Path) -> None:
    found = covered(tmp_path)
    assert unseen(found, "contact_named") == {"violation", "privacy_contact is declared: false"}
    assert "compliant" not in unseen(found, "apart")
    assert "undetermined" in unseen(found, "no_sale")


def test_the_share_is_of_all_that_is_asked_for(tmp_path: Path) -> None:
    found = covered(tmp_path)
    assert found.goals == sum(each.goals for each in found.rules)
    assert 0 < found.met < found.goals
    assert found.percent == 100 * found.met / found.goals


def test_cases_add_up(tmp_path: Path) -> None:
    one = covered(tmp_path)
    two = covered(tmp_path, CLEAN + "  - {name: again, mode: includes, expect: []}\n")
    assert seen(two, "no_sale")["of contact"] == (0, 0, 6)
    assert one.met == two.met


def test_a_rule_that_is_not_in_force_is_not_seen(tmp_path: Path) -> None:
    case = "  - {name: a, mode: includes, expect: []}\n"
    policy = "use std.core\ndata { email }\npurpose { newsletter orders }\nrule r {\n  applies from 2030-01-01\n  forbid flow of email\n}\n"
    estate = (
        "manifest: 1\nas_of: 2026-06-15\nsystems: {s: {}, t: {}}\nflows: [{id: f, from: s, to: t, carries: [email]}]\n"
    )
    assert covered(tmp_path, case, policy=policy, estate=estate).met == 0
