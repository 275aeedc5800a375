"""`origin` in an editor: fixes that declare what a finding asks for, and the ids of flows in items."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from tests.lsp.session import Editor, slice_of
from tests.lsp.test_lints import actions, edited

pytestmark = pytest.mark.asyncio(loop_scope="session")

POLICY = """use std.core
data { email phone }
purpose { orders newsletter }
rule asked { require collected with (choice is opt_in) on disclosure of email }
rule kept { require collected with (choice is opt_in) on storage of email }
"""
ESTATE = """manifest: 1
policy: [shop.privacy]
parties:
  person: {role: data_subject}
  acme: {role: us}
  vendor: {role: service_provider}
systems:
  app: {party: person, stores: []}
  crm: {party: acme, stores: []}
  mailer: {party: vendor, stores: []}
flows:
  - {id: order, from: app, to: crm, carries: [email], purposes: [orders], choice: none}
  - {id: sign-up, from: app, to: crm, carries: [email], purposes: [newsletter], choice: opt_in}
  # the list of subscribers
  - {id: mailing, from: crm, to: mailer, carries: [email], purposes: [newsletter]}
"""
KEEPING = ESTATE.replace("crm: {party: acme, stores: []}", "crm: {party: acme, stores: [phone, email]}")
OF_NOBODY_KNOWS = ESTATE.replace(
    "to: mailer, carries: [email]", "to: mailer, carries: [phone, {data: email, origin: null}]"
)


async def offered(editor: Editor, text: str, rule: str) -> tuple[lsp.Diagnostic, dict[str, lsp.CodeAction]]:
    editor.write("shop.privacy", POLICY)
    editor.type("privacy.yaml", text)
    found = await editor.told("privacy.yaml", lambda each: any(one.code == rule for one in each))
    finding = next(each for each in found if each.code == rule)
    return finding, await actions(editor, "privacy.yaml", finding)


@pytest.mark.parametrize(
    ("text", "rule", "where", "before", "after"),
    [
        (
            ESTATE,
            "asked",
            " on flow mailing",
            "carries: [email], purposes: [newsletter]}",
            "carries: [email], purposes: [newsletter], origin: [NAMED]}",
        ),
        (
            KEEPING,
            "kept",
            " of email in `stores` on system crm",
            "[phone, email]",
            "[phone, {data: email, origin: [NAMED]}]",
        ),
        (
            OF_NOBODY_KNOWS,
            "asked",
            " of email in `carries` on flow mailing",
            "{data: email, origin: null}",
            "{data: email, origin: [NAMED]}",
        ),
    ],
)
async def test_a_missing_origin_is_declared_for_its_flow_or_item(
    editor: Editor, text: str, rule: str, where: str, before: str, after: str
) -> None:
    finding, fixes = await offered(editor, text, rule)
    assert slice_of(text, finding.range) in ("mailing", "crm")
    names = ["order", "sign-up", "order, sign-up"]
    assert {each for each in fixes if "origin" in each} == {f"Declare `origin: [{each}]`{where}" for each in names}
    for each in names:
        made = edited(editor, "privacy.yaml", fixes[f"Declare `origin: [{each}]`{where}"])
        start = text.rindex(before)
        assert made == text[:start] + after.replace("NAMED", each) + text[start + len(before) :]


async def test_a_declared_origin_decides_the_finding(editor: Editor) -> None:
    _, fixes = await offered(editor, ESTATE, "asked")
    editor.type("privacy.yaml", edited(editor, "privacy.yaml", fixes["Declare `origin: [sign-up]` on flow mailing"]))
    await editor.told("privacy.yaml", lambda found: not any(each.code == "asked" for each in found))


async def test_of_many_collections_only_all_together_are_offered(editor: Editor) -> None:
    line = next(each for each in ESTATE.split("\n") if "order," in each)
    forms = "\n".join(line.replace("order,", f"order-{number},") for number in range(5))
    _, fixes = await offered(editor, ESTATE.replace(line, forms), "asked")
    (title,) = [each for each in fixes if "origin" in each]
    assert title.startswith("Declare `origin: [order-0, order-1, order-2, order-3, order-4, sign-up]`")


async def test_line_ends_of_windows_stay(editor: Editor) -> None:
    text = KEEPING.replace("\n", "\r\n")
    _, fixes = await offered(editor, text, "kept")
    made = edited(editor, "privacy.yaml", fixes["Declare `origin: [order]` of email in `stores` on system crm"])
    assert made == text.replace("[phone, email]", "[phone, {data: email, origin: [order]}]")


@pytest.mark.parametrize("listed", ["stores: [{data: email, origin: [‸]}]", "carries: [{data: email, origin: [‸]}]"])
async def test_flows_are_offered_in_the_origin_of_an_item(editor: Editor, listed: str) -> None:
    editor.write("shop.privacy", POLICY)
    place = "crm: {party: acme, stores: []}" if "stores" in listed else "to: mailer, carries: [email]"
    head = place[: place.index(listed.partition(":")[0])]
    offers = await editor.offers(
        "privacy.yaml", ESTATE.replace(place, head + listed + ("}" if "stores" in listed else ""))
    )
    assert {"order", "sign-up"} <= offers.keys()


async def test_a_renamed_flow_is_renamed_in_the_origins_of_items(editor: Editor) -> None:
    editor.write("shop.privacy", POLICY)
    text = KEEPING.replace("email]}", "{data: email, origin: [sign-up]}]}")
    text = text.replace("to: mailer, carries: [email]", "to: mailer, carries: [{data: email, origin: [sign-up]}]")
    after = await editor.rename("privacy.yaml", text.replace("id: sign-up", "id: sign‸-up"), "joined")
    assert after["privacy.yaml"] == text.replace("sign-up", "joined")
