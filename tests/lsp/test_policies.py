"""Policies in an editor, over a real session."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.session import CURSOR, Editor, slice_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = """policy shop { title "Shop" }
use std.core
data { contact "how to reach people" { name email } card }
purpose { orders newsletter }
"""
POLICY = (
    HEAD
    + """attribute opted_in on flow: flag
define bound as under contract (covers data)
rule no_selling {
  title "Contact information is not sold"
  cites "Selling"
  forbid disclosure of contact to third_party when exchange is (sale, rental) unless bound
}
rule mandated {
  permit disclosure to court despite no_selling
}
"""
)


def within(text: str, what: str, at: int = 0) -> str:
    """The text with the cursor just inside the last word of `what`."""
    offset = text.index(what, at) + len(what) - 1
    return text[:offset] + CURSOR + text[offset:]


# ---- diagnostics


async def test_errors_are_reported_as_they_are_typed_and_go_when_they_are_fixed(editor: Editor) -> None:
    editor.type("shop.privacy", POLICY.replace("is (sale, rental)", "is (sal, rental)"))
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, found.severity) == ("E105", lsp.DiagnosticSeverity.Error)
    assert found.message == "unknown exchange `sal`\nhelp: did you mean `sale`?"
    assert slice_of(editor.texts["shop.privacy"], found.range) == "sal"
    editor.type("shop.privacy", POLICY)
    await editor.told("shop.privacy", lambda each: not each)


async def test_each_broken_rule_is_reported_once(editor: Editor) -> None:
    broken = POLICY + "rule a { forbid flw }\nrule b { forbid flow whn exchange is sale }\nrule c { forbid flow }\n"
    editor.type("shop.privacy", broken)
    found = await editor.told("shop.privacy", lambda each: len(each) == 2)
    assert [slice_of(broken, each.range) for each in found] == ["flw", "whn"]


async def test_columns_are_utf16_where_characters_are_astral(editor: Editor) -> None:
    text = HEAD + 'rule a { title "😀 𝔘𝔫𝔦" forbid flow of contcat }\n'
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    assert slice_of(text, found.range) == "contcat"
    assert found.range.start.character == len('rule a { title "😀 𝔘𝔫𝔦" forbid flow of ') + 4


async def test_a_duplicate_leads_to_the_first(editor: Editor) -> None:
    text = HEAD + "rule a { forbid flow }\nrule a { forbid flow }\n"
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    (other,) = found.related_information or []
    assert (found.range.start.line, other.location.range.start.line) == (5, 4)


async def test_a_used_file_counts_as_it_is_typed_and_not_as_it_is_saved(editor: Editor) -> None:
    editor.write("terms.privacy", "data { letter }\n")
    editor.type("shop.privacy", 'use "terms.privacy"\nrule a { forbid flow of postcard }\n')
    (found,) = await editor.told("shop.privacy", len)
    assert found.code == "E105"
    editor.type("terms.privacy", "data { postcard }\n")
    await editor.told("shop.privacy", lambda each: not each)
    assert await editor.told("terms.privacy") == []


async def test_a_closed_file_counts_as_it_is_saved(editor: Editor) -> None:
    editor.write("terms.privacy", "data { letter }\n")
    editor.type("terms.privacy", "data { postcard }\n")
    editor.type("shop.privacy", 'use "terms.privacy"\nrule a { forbid flow of letter }\n')
    await editor.told("shop.privacy", len)
    del editor.texts["terms.privacy"]
    document = lsp.TextDocumentIdentifier(editor.uri("terms.privacy"))
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    await editor.told("shop.privacy", lambda each: not each)


async def test_a_policy_that_is_nowhere_yet_is_read_too(editor: Editor) -> None:
    item = lsp.TextDocumentItem("untitled:Untitled-1", "privacy", 1, "rule a { forbid flow of nothing }\n")
    editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    for _ in range(200):
        if editor.client.diagnostics.get("untitled:Untitled-1"):
            break
        await editor.client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier("untitled:Untitled-1"), lsp.Position(0, 0))
        )
    document = lsp.TextDocumentIdentifier("untitled:Untitled-1")
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    assert [each.code for each in editor.client.diagnostics["untitled:Untitled-1"]] == ["E105"]


# ---- hover


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("disclosure of contact", ["`contact` – data", "how to reach people", "covers `email`, `name`"]),
        ("to third_party", ["`third_party` – role", "is below `outside`", "`data_broker`"]),
        (
            "when exchange",
            ["`exchange` of a flow: one of exchange", "`rental`", "What is given in exchange for the data"],
        ),
        ("unless bound", ["define bound as under contract (covers data)"]),
        ("despite no_selling", ["Contact information is not sold", "forbid disclosure of contact", "*Selling*"]),
        ("attribute opted_in", ["`opted_in` of a flow: flag"]),
    ],
)
async def test_hover_says_what_a_name_is(editor: Editor, where: str, told: list[str]) -> None:
    shown = await editor.hover("shop.privacy", within(POLICY, where))
    assert [each for each in told if each not in shown] == []


async def test_a_rule_is_read_aloud_where_its_policy_is_whole(editor: Editor) -> None:
    aloud = "*Contact* may not be disclosed to *third parties* where "
    shown = await editor.hover("shop.privacy", within(POLICY, "despite no_selling"))
    assert aloud in shown
    assert not any("\ue000" <= each <= "\uf8ff" for each in shown)
    broken = POLICY + "rule a { forbid flow of nothing }\n"
    assert aloud not in await editor.hover("shop.privacy", within(broken, "despite no_selling"))


async def test_hover_says_nothing_of_a_keyword(editor: Editor) -> None:
    assert await editor.hover("shop.privacy", within(POLICY, "  forbid")) == ""


# ---- completion


@pytest.mark.parametrize(
    ("typed", "some", "none"),
    [
        ("rule a { ‸", ["forbid", "title", "applies"], ["policy", "contact", "when"]),
        ("‸", ["rule", "define", "data", "use"], ["forbid"]),
        ("rule a { forbid ‸", ["flow", "disclosure", "organisation"], ["contact", "forbid"]),
        ("rule a { forbid disclosure of ‸", ["contact", "email", "card"], ["orders", "court", "sale"]),
        ("rule a { forbid disclosure of (email, ‸", ["contact", "card"], ["orders", "when"]),
        ("rule a { forbid disclosure for ‸", ["orders"], ["contact"]),
        ("rule a { forbid use for ‸", ["orders"], ["contact"]),
        ("rule a { forbid derivation of card into ‸", ["contact", "email"], ["orders"]),
        ("rule a { forbid derivation when ‸", ["method", "retention"], ["data", "purpose"]),
        ("rule a { forbid disclosure to ‸", ["third_party", "court", "party", "system"], ["contact"]),
        ("rule a { forbid disclosure to (‸", ["third_party", "role", "country", "not"], ["contact", "exchange"]),
        (
            "rule a { forbid disclosure when ‸",
            ["exchange", "recipient.country", "bound", "data"],
            ["retained_for", "sale"],
        ),
        ("rule a { forbid disclosure when exchange ‸", ["is"], ["includes", "<", "forbid"]),
        ("rule a { forbid disclosure when retention ‸", ["<=", "is"], ["includes"]),
        (
            "rule a { forbid disclosure when recipient.retention <= ‸",
            ["source.retention", "retention", "today", "unlimited"],
            ["contact", "sale", "yes"],
        ),
        ("rule a { forbid disclosure when exchange is ‸", ["sale", "rental", "declared"], ["contact", "and"]),
        ("rule a { forbid disclosure when retention_from is ‸", ["account_closed", "declared"], ["sale"]),
        ("rule a { forbid disclosure when exchange is (sale, ‸", ["rental"], ["declared", "contact"]),
        ("rule a { forbid disclosure when recipient.country is ‸", ["declared"], ["sale"]),
        ("rule a { forbid disclosure when under contract (‸", ["obliges", "covers", "until"], ["exchange", "data"]),
        ("rule a { forbid disclosure when under contract (obliges includes ‸", ["policy_protection"], ["contact"]),
        ("rule a { forbid disclosure when collected with (‸", ["notice", "choice"], ["stores", "data"]),
        ("rule a { forbid disclosure when owned by ‸", ["third_party", "court", "party"], ["contact"]),
        ("rule a { forbid disclosure when owned by (‸", ["court", "country", "not"], ["contact", "exchange", "stores"]),
        ("rule a { forbid disclosure when owned by (not ‸", ["role", "country", "parent"], ["exchange", "stores"]),
        ("rule a { forbid system when reached by ‸", ["contact"], ["court"]),
        ("rule a { forbid system when reached by card including derived by ‸", ["encryption"], ["contact"]),
        ("rule a { require ‸ on storage", ["supports", "retention", "data"], ["exchange"]),
        ("rule a { permit disclosure despite ‸", ["no_selling"], ["mandated", "bound"]),
        ("rule a { severity ‸", ["error", "warning", "note"], ["forbid"]),
        ("attribute a on flow: ‸", ["flag", "one", "set"], ["forbid"]),
        ("attribute a on flow: one of ‸", ["data", "exchange"], ["contact"]),
        ("attribute a on flow: one of exchange default ‸", ["sale"], ["contact"]),
        ("data { postcard in ‸", ["contact"], ["orders", "rule"]),
        ("use std.‸", ["std.core"], ["contact"]),
        ("use pack.‸", ["pack.gdpr", "std.core"], ["contact"]),
        ("use pack.coppa { without ‸", ["coppa_notice"], ["contact", "marketing"]),
        ("use pack.coppa { severity note for ‸", ["coppa_notice"], ["contact", "marketing"]),
        ('rule a { title "of ‸', [], ["contact"]),
        ("# of ‸", [], ["contact"]),
    ],
)
async def test_completion_offers_what_fits(editor: Editor, typed: str, some: list[str], none: list[str]) -> None:
    offered = await editor.offers("shop.privacy", POLICY + typed)
    assert [each for each in some if each not in offered] == []
    assert [each for each in none if each in offered] == []


async def test_completion_replaces_the_whole_word_between_other_rules(editor: Editor) -> None:
    text = POLICY.replace("exchange is (sale", "recipient.cou‸n is (sale")
    offered = await editor.offers("shop.privacy", text)
    assert (
        offered["recipient.country"]
        .strip()
        .startswith("forbid disclosure of contact to third_party when recipient.country is (sale, rental)")
    )


async def test_an_error_before_the_cursor_does_not_end_completion(editor: Editor) -> None:
    text = HEAD + "rule broken { forbid forbid\nrule a { forbid flow flow of ‸ }\n"
    assert "contact" in await editor.offers("shop.privacy", text)


# ---- from name to name


@pytest.mark.parametrize(
    ("where", "file", "line"),
    [
        ("disclosure of contact", "shop.privacy", "contact "),
        ("unless bound", "shop.privacy", "bound as"),
        ("despite no_selling", "shop.privacy", "no_selling {"),
        ("to third_party", "core.privacy", "third_party"),
        ("use std.core", "core.privacy", ""),
    ],
)
async def test_definition_leads_to_the_declaration(editor: Editor, where: str, file: str, line: str) -> None:
    ((found, rest),) = await editor.definition("shop.privacy", within(POLICY, where))
    assert found == file
    assert rest.startswith(line)


async def test_definition_leads_from_a_rule_that_is_left_out_into_the_pack(editor: Editor) -> None:
    text = 'use pack.coppa { without coppa_notice "why" }\nrule a { forbid flow }\n'
    ((file, rest),) = await editor.definition("shop.privacy", within(text, "without coppa_notice"))
    assert (file, rest.startswith("coppa_notice {")) == ("coppa.privacy", True)
    ((file, _),) = await editor.definition("shop.privacy", within(text, "use pack.coppa"))
    assert file == "coppa.privacy"


async def test_definition_leads_into_a_used_file(editor: Editor) -> None:
    editor.write("terms.privacy", "# terms\ndata { letter }\n")
    text = 'use "terms.privacy"\nrule a { forbid flow of letter }\n'
    assert await editor.definition("shop.privacy", within(text, "of letter")) == [("terms.privacy", "letter }")]
    assert await editor.definition("shop.privacy", within(text, "terms.privacy")) == [("terms.privacy", "# terms")]


async def test_references_are_all_places_in_all_files(editor: Editor) -> None:
    editor.write("terms.privacy", "data { letter }\n")
    text = 'use "terms.privacy"\nrule a { forbid flow of letter when data is letter }\n'
    found = await editor.references("shop.privacy", within(text, "of letter"))
    assert sorted(file for file, _ in found) == ["shop.privacy", "shop.privacy", "terms.privacy"]
    assert all(line.startswith("letter") for _, line in found)


# ---- rename


async def test_rename_changes_every_file_open_or_not(editor: Editor) -> None:
    editor.write("terms.privacy", "data { letter { envelope in letter } }\n".replace(" in letter", ""))
    text = 'use "terms.privacy"\nrule a { forbid flow of letter when not data is (letter, envelope) }\n'
    made = await editor.rename("shop.privacy", within(text, "of letter"), "post")
    assert made == {
        "shop.privacy": text.replace("letter", "post"),
        "terms.privacy": "data { post { envelope } }\n",
    }


@pytest.mark.parametrize(
    ("where", "new", "others"),
    [("unless bound", "safe", 2), ("despite no_selling", "never_sold", 2), ("attribute opted_in", "consented", 1)],
)
async def test_rename_of_defines_rules_and_attributes(editor: Editor, where: str, new: str, others: int) -> None:
    old = where.rsplit(maxsplit=1)[-1]
    made = await editor.rename("shop.privacy", within(POLICY, where), new)
    assert POLICY.count(old) == others
    assert made == {"shop.privacy": POLICY.replace(old, new)}


async def test_rename_changes_only_the_last_word_of_a_dotted_name(editor: Editor) -> None:
    text = HEAD + "attribute zone_of on system: flag\nrule a { forbid flow when recipient.zone_of }\n"
    made = await editor.rename("shop.privacy", within(text, "recipient.zone_of"), "in_zone")
    assert made == {"shop.privacy": text.replace("zone_of", "in_zone")}


async def test_rename_changes_the_fact_that_another_is_compared_with(editor: Editor) -> None:
    text = HEAD + "attribute seen on system: date\nrule a { forbid flow when source.seen < recipient.seen - 2 days }\n"
    made = await editor.rename("shop.privacy", within(text, "source.seen"), "visited")
    assert made == {"shop.privacy": text.replace("seen", "visited")}


async def test_rename_behind_astral_characters(editor: Editor) -> None:
    text = HEAD + 'rule a { title "😀😀" forbid flow of card }\n'
    made = await editor.rename("shop.privacy", within(text, "of card"), "payment")
    assert made == {"shop.privacy": text.replace("card", "payment")}


@pytest.mark.parametrize(
    ("where", "new", "why"),
    [
        ("disclosure of contact", "email", "is taken"),
        ("despite no_selling", "mandated", "is taken"),
        ("unless bound", "opted_in", "change what a name refers to"),
        ("unless bound", "exchange", "change what a name refers to"),
        ("unless bound", "not", "change what a name refers to"),
        ("disclosure of contact", "con tact", "is not a name"),
        ("disclosure of contact", "1st", "is not a name"),
        ("to third_party", "others", "ships with"),
        ("when exchange", "deal", "is not declared here"),
    ],
)
async def test_rename_refuses_what_cannot_be(editor: Editor, where: str, new: str, why: str) -> None:
    with pytest.raises(JsonRpcException, match=why):
        await editor.rename("shop.privacy", within(POLICY, where), new)


async def test_only_what_can_be_renamed_is_prepared(editor: Editor) -> None:
    own = editor.type("shop.privacy", within(POLICY, "unless bound"))
    prepared = await editor.client.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(own.text_document, own.position)
    )
    assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
    assert (prepared.placeholder, slice_of(POLICY, prepared.range)) == ("bound", "bound")
    shipped = editor.type("shop.privacy", within(POLICY, "to third_party"))
    params = lsp.PrepareRenameParams(shipped.text_document, shipped.position)
    assert await editor.client.text_document_prepare_rename_async(params) is None
