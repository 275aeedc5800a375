from __future__ import annotations

from dataclasses import replace

from privacy_rules.graph.declared_values import Given, known, says
from privacy_rules.vocabulary.attributes import Entity
from tests.builders import flow
from tests.unit.checking.judging import graph_of, manifest


def test_systems_and_flows_are_numbered_by_id_whatever_the_order_of_declaration() -> None:
    graph = graph_of(manifest(flow("b", "site", "crm"), flow("a", "browser", "site")))
    assert [each.id for each in graph.flows] == ["a", "b"]
    assert [each.id for each in graph.systems] == sorted(graph.estate.systems)
    assert graph.flow_number == {"a": 0, "b": 1}
    site = graph.system_number["site"]
    assert (graph.outgoing[site], graph.incoming[site]) == ([1], [0])


def test_a_system_is_its_own_party_even_where_that_is_not_known() -> None:
    graph = graph_of(manifest())
    number = graph.system_number
    assert graph.same_party(number["stray"], number["stray"]) is True
    assert graph.same_party(number["stray"], number["crm"]) is None
    assert graph.same_party(number["site"], number["crm"]) is True
    assert graph.same_party(number["site"], number["post"]) is False


def test_the_party_of_a_system_is_its_record_or_not_known() -> None:
    graph = graph_of(manifest())
    post = graph.party(graph.system_number["post"])
    assert post is not None
    assert post.id == "mailer"
    assert graph.party(graph.system_number["stray"]) is None


def test_a_system_without_a_country_is_in_its_partys() -> None:
    parties = {"we": {"role": "us", "country": "de"}}
    systems = {"crm": {"party": "we", "country": None}, "post": {"party": "we", "country": "fr"}}
    graph = graph_of(manifest(parties=parties, systems=systems))
    country = graph.policy.attributes[Entity.SYSTEM, "country"]

    def found(system: str) -> tuple[object, Given, str | None]:
        value, given, record = graph.of_system(graph.system_number[system], country)
        return value, given, record and record.id

    assert found("site") == ("de", Given.DECLARED, "we")
    assert found("post") == ("fr", Given.DECLARED, "post")
    assert found("crm") == (None, Given.NULL, "crm")
    assert found("market") == (None, Given.UNDECLARED, "broker")
    assert found("stray") == (None, Given.UNDECLARED, "stray")


def test_what_gave_a_value_is_told_apart() -> None:
    graph = graph_of(
        manifest(
            flow("a", "site", "crm", exchange="sale", notice=None),
            defaults={"flow": {"choice": "opt_in"}},
            contracts={"c": {"with": "mailer"}},
        )
    )
    record = graph.flows[0]
    attributes = graph.policy.attributes
    said = {name: known(record, attributes[Entity.FLOW, name]) for name in ("exchange", "notice", "choice", "lawful")}
    assert said == {
        "exchange": ("sale", Given.DECLARED),
        "notice": (None, Given.NULL),
        "choice": ("opt_in", Given.MANIFEST_DEFAULT),
        "lawful": (False, Given.POLICY_DEFAULT),
    }
    assert known(record, attributes[Entity.FLOW, "mandate"]) == (None, Given.UNDECLARED)
    contract = graph.estate.contracts["c"]
    assert known(contract, attributes[Entity.CONTRACT, "until"])[1] is Given.BUILT_IN_DEFAULT
    assert says(record, "choice")
    assert not says(record, "mandate")


def test_items_of_a_store_are_read_as_the_set_of_their_categories() -> None:
    items = [{"data": "email", "retention": "1 day"}, "email", "clicks"]
    graph = graph_of(manifest(systems={"crm": {"party": "we", "stores": items}}))
    stores = graph.policy.attributes[Entity.SYSTEM, "stores"]
    assert known(graph.estate.systems["crm"], stores) == (("clicks", "email"), Given.DECLARED)


def test_a_what_if_changes_a_copy() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site", ["email"])))
    record = graph.estate.flows["a"]
    other = graph.with_records({(Entity.FLOW, "a"): replace(record, declared={**record.declared, "carries": None})})
    assert (graph.names[0], other.names[0]) == (1 << graph.data.index["email"], 0)
    assert graph.estate.flows["a"] is record
