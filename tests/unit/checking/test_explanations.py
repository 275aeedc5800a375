from __future__ import annotations

from privacy_rules.checking.decisive_tests import deciding
from privacy_rules.checking.judgements import Explained, Part
from privacy_rules.checking.logic import Truth
from privacy_rules.vocabulary.values import Transform
from tests.builders import flow
from tests.unit.checking.judging import case, every, manifest

CHAIN = manifest(
    flow("a", "browser", "site", ["email"]),
    flow("b", "site", "post", ["email"], exchange="none", notice=True),
    contracts={"c": {"with": "mailer", "obliges": ["policy_protection"]}, "d": {"with": "broker"}},
)
RULES = """
define safe as under contract (obliges includes policy_protection)
rule contracted { require safe and not exchange is sale on disclosure when safe or notice }
rule ended { applies until 2026-01-01 forbid flow }
rule lifts { permit disclosure when notice despite contracted }
rule stored { require wiped on storage }
"""


def test_a_compliant_subject_is_explained_with_every_test_valued() -> None:
    (found,) = case(RULES, CHAIN).explained("contracted", "b")
    assert found.verdict.word == "compliant"
    nodes = [*every(found.scope), *every(found.requirement)]
    tests = {each.text: each.value.word for each in nodes if each.part is Part.TEST}
    assert tests["notice"] == "true"
    assert tests["exchange is sale"] == "false"
    assert "in force" in tests
    assert [each.text for each in nodes if each.part is Part.PERMIT] == ["lifts"]


def test_a_define_is_written_out_once_and_named_after_that() -> None:
    (found,) = case(RULES, CHAIN).explained("contracted", "b")
    defines = [each for each in (*every(found.scope), *every(found.requirement)) if each.part is Part.DEFINE]
    assert [(each.text, bool(each.children)) for each in defines] == [("safe", True), ("safe", False)]


def test_one_explanation_for_each_judged_pair() -> None:
    rule = "rule none { forbid flow of contact for marketing }"
    data = manifest(flow("a", "site", "crm", ["phone", "clicks"], purposes=["marketing", "delivery"]))
    found = case(rule, data).explained("none", "a")
    assert {(each.judged.data, each.judged.purpose): each.verdict.word for each in found} == {
        ("phone", "marketing"): "violation",
        ("phone", "delivery"): "compliant",
        ("clicks", "marketing"): "compliant",
        ("clicks", "delivery"): "compliant",
    }


def test_what_is_not_judged_has_no_explanation() -> None:
    found = case(RULES, manifest(flow("b", "site", "post"), systems={"crm": {"party": "we", "stores": []}}))
    assert found.explained("ended", "b") == ()
    assert found.explained("lifts", "b") == ()
    assert found.explained("contracted", "no_such_flow") == ()
    assert found.explained("no_such_rule", "b") == ()
    assert found.explained("stored", "crm") == ()


def test_a_storage_is_explained_item_by_item() -> None:
    items = [{"data": "email", "wiped": True}, {"data": "email", "wiped": None}, "clicks"]
    data = manifest(systems={"crm": {"party": "we", "stores": items, "wiped": False}})
    found = case(RULES, data).explained("stored", "crm")
    assert [(each.judged.data, each.verdict.word) for each in found] == [
        ("email", "compliant"),
        ("email", "undetermined"),
        ("clicks", "violation"),
    ]


def test_a_path_that_is_not_there_is_explained_without_one() -> None:
    rule = "rule none { forbid system when reached by health from data_subject }"
    (found,) = case(rule, CHAIN).explained("none", "post")
    (test,) = [each for each in every(found.scope) if "reached" in each.text and each.part is Part.TEST]
    assert (test.value.word, test.path) == ("false", ())


def test_a_path_is_explained_with_what_its_ends_and_stops_are() -> None:
    rule = "rule none { forbid system when reached by email from data_subject avoiding court }"
    (found,) = case(rule, CHAIN).explained("none", "post")
    (test,) = [each for each in every(found.scope) if each.text.startswith("reached") and each.part is Part.TEST]
    assert test.path == ("a", "b")
    assert [each.value.word for each in test.children] == ["true", "false"]
    assert {fact.attribute for fact in test.facts} == {"carries"}


def test_derived_data_is_explained_with_the_transforms_on_its_way() -> None:
    rule = "rule none { forbid system when reached by email from us including derived by encryption }"
    data = manifest(
        flow("b", "crm", "post", ["hashed_email"]),
        systems={"crm": {"party": "we", "transforms": [{"from": "email", "to": ["hashed_email"]}]}},
    )
    (found,) = case(rule, data).explained("none", "post")
    assert found.verdict.word == "undetermined"
    (test,) = [each for each in every(found.scope) if each.text.startswith("reached") and each.part is Part.TEST]
    made = Transform("email", ("hashed_email",))
    assert [(fact.id, fact.attribute, fact.value) for fact in test.facts] == [
        ("crm", "transforms", (made,)),
        ("crm", "method", None),
        ("b", "carries", ("hashed_email",)),
        ("crm", "creates", None),
    ]


def test_a_party_is_reached_where_one_of_its_systems_is() -> None:
    rule = "rule none { forbid party when reached by email from data_subject }"
    data = manifest(flow("a", "browser", "post", ["email"]), flow("b", "browser", "stray", ["email"]))
    found = case(rule, data).all()
    assert (found["none", "mailer"].verdict.word, found["none", "mailer"].path) == ("violation", ("a",))
    assert (found["none", "broker"].verdict.word, found["none", "broker"].path) == ("undetermined", ("b",))
    assert [(each.id, each.attribute) for each in found["none", "broker"].missing] == [("stray", "party")]


def _node(part: Part, value: Truth, *children: Explained) -> Explained:
    return Explained(part, part.value, value, None, children)


def _test(text: str, value: Truth) -> Explained:
    return Explained(Part.TEST, text, value)


def _texts(node: Explained) -> list[str]:
    return [each.text for each in deciding(node)]


def test_one_false_part_makes_an_and_false_and_all_true_ones_make_it_true() -> None:
    yes, no, also = _test("yes", Truth.TRUE), _test("no", Truth.FALSE), _test("also", Truth.TRUE)
    assert _texts(_node(Part.ALL, Truth.FALSE, yes, no, _test("more", Truth.FALSE))) == ["no"]
    assert _texts(_node(Part.ALL, Truth.TRUE, yes, also)) == ["yes", "also"]
    assert _texts(_node(Part.ANY, Truth.TRUE, no, yes, also)) == ["yes"]
    assert _texts(_node(Part.ANY, Truth.FALSE, no)) == ["no"]


def test_the_unknown_parts_make_it_unknown() -> None:
    parts = _test("yes", Truth.TRUE), _test("maybe", Truth.UNKNOWN), _test("perhaps", Truth.UNKNOWN)
    assert _texts(_node(Part.ALL, Truth.UNKNOWN, *parts)) == ["maybe", "perhaps"]


def test_a_part_that_is_false_for_no_part_of_its_own_has_no_reason() -> None:
    assert _texts(_node(Part.ALL, Truth.FALSE, _test("yes", Truth.TRUE))) == []


def test_contracts_are_explained_once_for_flows_between_the_same_parties() -> None:
    flows = [flow(name, "site", "post", ["email"]) for name in ("a", "b")]
    contracts = {f"c{n}": {"with": "mailer"} for n in range(3)}
    rule = "rule contracted { require under contract (obliges includes policy_protection) on flow }"
    parts = [
        part for each in case(rule, manifest(*flows, contracts=contracts)).judged().judgements for part in each.because
    ]
    first, second = (each.children for each in parts)
    assert [each.text for each in first] == ["contract c0", "contract c1", "contract c2"]
    assert all(one is other for one, other in zip(first, second, strict=True))
