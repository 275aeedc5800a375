"""Manifests in an editor, over a real session."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.cli.calling import HERE
from tests.lsp.session import ROOT, Editor, slice_of
from tests.lsp.test_policies import within

pytestmark = pytest.mark.asyncio(loop_scope="session")

ESTATE = (HERE / "shop" / "estate.yaml").read_text("utf-8")
POLICY = (HERE / "shop" / "shop.privacy").read_text("utf-8")


@pytest.fixture
def shop(editor: Editor) -> Editor:
    """The shop, its manifest under a name that a folder means."""
    editor.write("shop.privacy", POLICY)
    editor.write("privacy.yaml", ESTATE)
    return editor


def of_rule(found: Sequence[lsp.Diagnostic], rule: str, *, surely: bool = True) -> list[lsp.Diagnostic]:
    """The findings of a rule; `surely`: its violations."""
    error = lsp.DiagnosticSeverity.Error
    return [each for each in found if each.code == rule and (each.severity == error) == surely]


# ---- diagnostics


async def test_findings_are_at_their_flows_with_a_severity_by_verdict(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE)
    found = await shop.told("privacy.yaml", len)
    (sold,) = of_rule(found, "no_selling")
    assert sold.message.startswith("email is disclosed to broker (data_broker) in a sale")
    assert (sold.severity, slice_of(ESTATE, sold.range)) == (lsp.DiagnosticSeverity.Error, "leads")
    by_rule = {(each.code, slice_of(ESTATE, each.range)): each.severity for each in found}
    assert by_rule["no_leak", "leads"] == lsp.DiagnosticSeverity.Error
    assert by_rule["not_combined", "crm"] == lsp.DiagnosticSeverity.Hint
    (unsure,) = of_rule(found, "no_selling", surely=False)
    assert (unsure.severity, slice_of(ESTATE, unsure.range)) == (lsp.DiagnosticSeverity.Warning, "ratings")
    assert "missing: declare `exchange` on flow ratings" in unsure.message


async def test_a_finding_leads_to_its_rule_and_its_facts(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE)
    (sold,) = of_rule(await shop.told("privacy.yaml", len), "no_selling")
    related = [(shop.shown(each.location), each.message) for each in sold.related_information or []]
    assert related[0] == (("shop.privacy", "no_selling {"), "Contact information is not sold")
    assert (("privacy.yaml", "sale, owner: growth team}"), "`exchange` of flow leads is sale") in related


async def test_what_is_typed_in_the_policy_changes_the_findings(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE)
    await shop.told("privacy.yaml", lambda found: of_rule(found, "no_selling"))
    shop.type("shop.privacy", POLICY.replace("is (sale, rental)", "is rental"))
    await shop.told("privacy.yaml", lambda found: found and not of_rule(found, "no_selling"))
    shop.type("shop.privacy", POLICY)
    await shop.told("privacy.yaml", lambda found: of_rule(found, "no_selling"))


async def test_what_is_typed_in_the_manifest_changes_the_findings(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE.replace("exchange: sale", "exchange: none"))
    found = await shop.told("privacy.yaml", len)
    assert of_rule(found, "no_selling") == []


async def test_errors_of_a_manifest_are_reported_at_their_places(shop: Editor) -> None:
    text = ESTATE.replace("exchange: sale", "exchange: sael").replace("to: packing,", "to: packin,")
    shop.type("privacy.yaml", text)
    found = await shop.told("privacy.yaml", lambda each: len(each) == 2)
    assert [(each.code, slice_of(text, each.range)) for each in found] == [("E205", "packin"), ("E204", "sael")]
    assert found[1].message.endswith("help: did you mean `sale`?")


async def test_text_that_is_no_yaml_is_reported_and_is_no_end(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE + "  - {id: x")
    (found,) = await shop.told("privacy.yaml", len)
    assert found.code == "E201"
    shop.type("privacy.yaml", ESTATE)
    await shop.told("privacy.yaml", lambda each: of_rule(each, "no_selling"))


async def test_columns_are_utf16_in_manifests_too(shop: Editor) -> None:
    text = ESTATE.replace("name: A shop", "name: A 😀 shop").replace(
        "{id: leads, from: crm", "{owner: 😀𝔘, id: leads, from: crmm"
    )
    text = text.replace(", owner: growth team", "")
    shop.type("privacy.yaml", text)
    (found,) = await shop.told("privacy.yaml", len)
    assert (found.code, slice_of(text, found.range)) == ("E205", "crmm")


async def test_the_whole_configured_estate_is_judged(editor: Editor) -> None:
    editor.write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["services"]\n')
    editor.write("shop.privacy", POLICY)
    flows, rest = ESTATE.index("flows:"), ESTATE.index("waivers:")
    editor.write("services/a/privacy.yaml", ESTATE[:flows].replace("policy: [shop.privacy]\n", ""))
    other = "manifest: 1\ndefaults:\n  flow: {purposes: [orders]}\n" + ESTATE[flows:rest]
    editor.type("services/b/privacy.yaml", other)
    found = await editor.told("services/b/privacy.yaml", len)
    (sold,) = of_rule(found, "no_selling")
    assert slice_of(other, sold.range) == "leads"
    assert of_rule(await editor.told("services/a/privacy.yaml", len), "no_leak")
    editor.type("services/a/privacy.yaml", "manifest: 1\n")
    mistaken = await editor.told("services/b/privacy.yaml", lambda each: each and each[0].code == "E205")
    assert {each.code for each in mistaken} == {"E205"}


async def test_other_yaml_is_left_alone(editor: Editor) -> None:
    place = editor.type("compose.yaml", "services: [\n")
    params = lsp.CompletionParams(place.text_document, place.position)
    assert not await editor.client.text_document_completion_async(params)
    assert editor.uri("compose.yaml") not in editor.client.diagnostics


async def test_a_json_manifest_is_judged_and_completed(editor: Editor) -> None:
    editor.write("shop.privacy", POLICY)
    text = '{"manifest": 1, "policy": ["shop.privacy"], "flows": [{"id": "a", "from": "x", "carries": ["nam"]}]}'
    editor.type("privacy.json", text, "json")
    found = await editor.told("privacy.json", lambda each: len(each) > 1)
    assert '"nam"' in [slice_of(text, each.range) for each in found]
    assert "name" in await editor.offers("privacy.json", text.replace('"nam"', '"na‸"'))
    assert await editor.offers("privacy.json", text.replace('"carries"', "‸")) | {"to": "", "carries": ""}


async def test_a_finding_is_as_grave_as_its_rule_and_less_where_it_is_not_sure(shop: Editor) -> None:
    shop.write("shop.privacy", POLICY.replace("rule no_selling {", "rule no_selling {\n  severity warning"))
    shop.type("privacy.yaml", ESTATE)
    found = await shop.told("privacy.yaml", len)
    grave = {slice_of(ESTATE, each.range): each.severity for each in found if each.code == "no_selling"}
    assert grave == {"leads": lsp.DiagnosticSeverity.Warning, "ratings": lsp.DiagnosticSeverity.Information}


async def test_what_the_baseline_has_is_reported_as_known(shop: Editor) -> None:
    text = ESTATE.replace("exchange: sale", "exchange: rental")
    shop.write(
        "privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["privacy.yaml"]\nbaseline = "known.json"\n'
    )
    shop.write("privacy.yaml", text)
    subprocess.run(
        [sys.executable, "-m", "privacy_rules", "baseline", "--output", "known.json"],
        cwd=shop.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    more = text.replace(
        "waivers:", "  - {id: fresh, from: crm, to: leads, carries: [name], exchange: sale}\n\nwaivers:"
    )
    shop.type("privacy.yaml", more)
    found = await shop.told("privacy.yaml", len)
    by_flow = {slice_of(more, each.range): each for each in found if each.code == "no_selling"}
    assert by_flow["leads"].severity == lsp.DiagnosticSeverity.Information
    assert by_flow["leads"].message.splitlines()[0].endswith("(in the baseline)")
    assert by_flow["fresh"].severity == lsp.DiagnosticSeverity.Error


async def test_a_policy_that_was_never_saved_is_the_one_that_is_named(editor: Editor) -> None:
    editor.type("shop.privacy", POLICY)
    editor.type("privacy.yaml", ESTATE)
    assert of_rule(await editor.told("privacy.yaml", len), "no_selling")


# ---- completion


def flow(typed: str) -> str:
    return ESTATE.replace("  - {id: parcels, from: crm, to: packing, carries: [name]}", f"  - {typed}")


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        (flow("{id: x, from: crm, to: ‸}"), ["crm", "leads"], ["shop", "name"]),
        (flow("{id: x, from: crm, carries: [‸]}"), ["name", "contact"], ["orders", "crm"]),
        (flow("{id: x, from: crm, carries: [name, e‸"), ["email"], ["orders"]),
        (flow("{id: x, from: crm, purposes: [‸]}"), ["orders", "newsletter"], ["name"]),
        (flow("{id: x, from: crm, ‸}"), ["to", "carries", "exchange"], ["from", "id", "stores"]),
        (flow("{id: x, from: crm, exch‸"), ["exchange"], ["stores"]),
        (flow("{id: x, from: crm, retention_from: ‸}"), ["account_closed", "last_use"], ["crm"]),
        (flow("id: x\n    from: crm\n    ‸"), ["to", "carries"], ["from", "stores"]),
        (flow("id: x\n    from: crm\n    notice: ‸"), ["yes", "no"], ["crm"]),
        (flow("id: x\n    carries:\n      - ‸"), ["name", "email"], ["orders"]),
        (ESTATE.replace("packer: {role: service_provider}", "packer: {role: ‸}"), ["court", "us"], ["name"]),
        (ESTATE.replace("packer: {role: service_provider}", "packer: {‸}"), ["role", "country"], ["stores"]),
        (ESTATE.replace("packing: {party: packer}", "packing: {party: ‸}"), ["packer", "shop"], ["crm"]),
        (ESTATE.replace("packing: {party: packer}", "packing:\n    ‸"), ["party", "stores", "role"], ["with"]),
        (ESTATE.replace("packing: {party: packer}", "packing: {stores: [{‸}]}"), ["data", "retention"], ["party"]),
        (ESTATE.replace("packing: {party: packer}", "packing: {uses: [{‸}]}"), ["data", "purposes"], ["party"]),
        (flow("{id: x, carries: [{‸}]}"), ["data", "necessary"], ["purpose", "protocol"]),
        (flow("{id: x, purposes: [{‸}]}"), ["purpose", "choice"], ["data", "protocol"]),
        (ESTATE.replace("covers: {data: [contact]", "covers: {data: [‸]"), ["contact", "card"], ["orders"]),
        (
            ESTATE.replace("covers: {data: [contact], purposes: [orders]}", "covers: {‸}"),
            ["data", "purposes"],
            ["with"],
        ),
        (ESTATE.replace("rule: not_combined", "rule: ‸"), ["no_selling", "deletion"], ["crm"]),
        (ESTATE.replace("subject: crm, until", "subject: ‸, until"), ["crm", "leads", "broker"], ["no_selling"]),
        (ESTATE.replace("rule: not_combined, ", "‸, "), ["rule"], ["subject", "role"]),
        (ESTATE.replace("waivers:", "‸"), ["organisation", "waivers"], ["systems", "role"]),
        (ESTATE.replace("flow: {purposes: [orders]}", "flow: {‸}"), ["purposes", "exchange"], ["id", "from"]),
        (ESTATE + "# of ‸", [], ["flows"]),
    ],
)
async def test_completion_offers_what_fits(shop: Editor, text: str, some: list[str], none: list[str]) -> None:
    offered = await shop.offers("privacy.yaml", text)
    assert [each for each in some if each not in offered] == []
    assert [each for each in none if each in offered] == []


async def test_a_key_comes_with_its_colon_and_a_list_with_its_brackets(shop: Editor) -> None:
    keys = await shop.offers("privacy.yaml", flow("id: x\n    carr‸"))
    assert keys["carries"] == "    carries: "
    values = await shop.offers("privacy.yaml", flow("id: x\n    carries: ‸"))
    assert values["email"] == "    carries: [email]"


async def test_a_term_that_was_just_typed_in_the_policy_is_offered(shop: Editor) -> None:
    shop.type("shop.privacy", POLICY.replace("  card\n", "  card\n  postcard\n"))
    assert "postcard" in await shop.offers("privacy.yaml", flow("{id: x, from: crm, carries: [‸]}"))


# ---- hover


async def test_hover_on_a_flow_explains_its_findings(shop: Editor) -> None:
    shown = await shop.hover("privacy.yaml", within(ESTATE, "id: leads"))
    for told in (
        "**flow `leads`**",
        "**violation** `no_selling`: email is disclosed to broker",
        "because `exchange is (sale, rental)`: true",
        "`exchange` of flow leads is sale",
        "would pass if `exchange is (sale, rental)` were false",
        "clause *#selling*",
        "Remove the flow, or end the sale.",
    ):
        assert told in shown
    unsure = await shop.hover("privacy.yaml", within(ESTATE, "id: ratings"))
    assert "missing: declare `exchange` on flow ratings" in unsure


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("crm: {party", ["**system `crm`**", "waived until 2027-01-01** `not_combined`", "4 flows from or to it"]),
        ("exchange: sale", ["`sale` – exchange"]),
        ("carries: [name, email", ["`email` – data", "is below `contact`"]),
        ("exchange: ", ["`exchange` of a flow: one of exchange", "What is given in exchange for the data"]),
        ("rule: not_combined", ["forbid joining of contact with card"]),
        ("{party: broker", ["**party `broker`**", "role: `(data_broker)`"]),
    ],
)
async def test_hover_says_what_a_name_is(shop: Editor, where: str, told: list[str]) -> None:
    system = where.startswith("crm")
    text = ESTATE.replace(where, f"cr‸{where[2:]}") if system else within(ESTATE, where.rstrip(": "))
    shown = await shop.hover("privacy.yaml", text)
    assert [each for each in told if each not in shown] == []


# ---- from name to name


@pytest.mark.parametrize(
    ("where", "file", "line"),
    [
        ("from: crm", "privacy.yaml", "crm: {party"),
        ("{party: packer", "privacy.yaml", "packer: {role"),
        ("with: packer", "privacy.yaml", "packer: {role"),
        ("exchange: sale", "core.privacy", "sale"),
        ("carries: [name", "shop.privacy", "name  email"),
        ("rule: not_combined", "shop.privacy", "not_combined {"),
        ("policy: [shop.privacy", "shop.privacy", "# What"),
    ],
)
async def test_definition_leads_to_the_declaration(shop: Editor, where: str, file: str, line: str) -> None:
    ((found, rest),) = await shop.definition("privacy.yaml", within(ESTATE, where))
    assert found == file
    assert rest.startswith(line)


async def test_a_term_is_renamed_in_policy_and_manifest_together(shop: Editor) -> None:
    shop.type("privacy.yaml", ESTATE)
    made = await shop.rename("shop.privacy", within(POLICY, "data {\n  contact { name  email"), "mail")
    assert made["privacy.yaml"] == ESTATE.replace("email", "mail")
    assert made["shop.privacy"] == POLICY.replace("email", "mail")


async def test_a_system_is_renamed_wherever_it_appears(shop: Editor) -> None:
    made = await shop.rename("privacy.yaml", within(ESTATE, "from: crm"), "customers")
    assert made == {"privacy.yaml": ESTATE.replace("crm", "customers")}
    with pytest.raises(JsonRpcException, match="is taken"):
        await shop.rename("privacy.yaml", within(ESTATE, "from: crm"), "leads")


async def test_a_party_that_a_policy_names_is_renamed_there_too(shop: Editor) -> None:
    policy = POLICY + "rule named { forbid flow to party broker when exchange is sale }\n"
    shop.type("shop.privacy", policy)
    made = await shop.rename("privacy.yaml", within(ESTATE, "{party: broker"), "lead-broker")
    assert made["privacy.yaml"] == ESTATE.replace("broker: {role", "lead-broker: {role").replace(
        "{party: broker", "{party: lead-broker"
    )
    assert made["shop.privacy"] == policy.replace("party broker", 'party "lead-broker"')


async def test_the_outline_has_the_entities(shop: Editor) -> None:
    place = shop.type("privacy.yaml", ESTATE)
    found = await shop.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(place.text_document))
    names = {each.name: [inner.name for inner in each.children or []] for each in found or []}  # type: ignore[union-attr]
    assert names["flows"] == ["signup", "parcels", "leads", "ratings"]
    assert names["parties"] == ["shop", "visitor", "packer", "broker"]
