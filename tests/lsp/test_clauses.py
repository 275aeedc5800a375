"""Clauses of the prose, and what a rule spoke of, where a policy is read in an editor."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from tests.builders import write
from tests.lsp.session import Editor
from tests.lsp.test_manifests import ESTATE
from tests.lsp.test_manifests import POLICY as SHOP
from tests.lsp.test_policies import within

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROSE = """# Shop

## Selling {#selling}

We sell *nothing*,
and rent nothing out.

## Other

Words.
"""
POLICY = """policy shop { title "Shop" text "policy.md" }
data { contact }
rule no_selling {
  cites "#selling"
  forbid flow of contact
}
rule no_renting {
  cites "#selling"
  cites "Nowhere"
  forbid system
}
clause "Other" is prose "it promises nothing"
"""


@pytest.fixture
def shop(editor: Editor) -> Editor:
    editor.write("policy.md", PROSE)
    return editor


async def test_hover_on_a_cite_shows_the_clause_in_its_own_words(shop: Editor) -> None:
    shown = await shop.hover("shop.privacy", within(POLICY, 'cites "#selling'))
    assert "> We sell *nothing*,\n> and rent nothing out." in shown
    assert "Selling" in shown
    assert "cited by `no_selling`, `no_renting`" in shown


async def test_hover_on_a_rule_shows_its_clauses(shop: Editor) -> None:
    shown = await shop.hover("shop.privacy", within(POLICY, "rule no_selling"))
    assert "> We sell *nothing*," in shown
    assert "no clause of `policy.md` matches" in await shop.hover("shop.privacy", within(POLICY, "rule no_renting"))


async def test_hover_on_a_clause_that_no_rule_checks_shows_why(shop: Editor) -> None:
    shown = await shop.hover("shop.privacy", within(POLICY, 'clause "Other'))
    assert "> Words." in shown
    assert "prose: it promises nothing" in shown


async def test_hover_on_a_cite_without_prose_says_who_cites_it(editor: Editor) -> None:
    shown = await editor.hover("shop.privacy", within(POLICY.replace(' text "policy.md"', ""), 'cites "#selling'))
    assert shown == "clause *#selling*\n\ncited by `no_selling`, `no_renting`"


async def test_definition_leads_into_the_prose(shop: Editor) -> None:
    assert await shop.definition("shop.privacy", within(POLICY, 'cites "#selling')) == [
        ("policy.md", "## Selling {#selling}")
    ]
    assert await shop.definition("shop.privacy", within(POLICY, "policy.md")) == [("policy.md", "# Shop")]
    assert await shop.definition("shop.privacy", within(POLICY, 'cites "Nowhere')) == []


async def test_references_of_a_clause_are_its_cites(shop: Editor) -> None:
    found = await shop.references("shop.privacy", within(POLICY, 'cites "#selling'))
    assert found == [("shop.privacy", '"#selling"'), ("shop.privacy", '"#selling"')]


async def test_hover_on_a_rule_shows_what_it_found_in_the_manifests(editor: Editor) -> None:
    editor.write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["privacy.yaml"]\n')
    editor.write("privacy.yaml", ESTATE)
    editor.type("shop.privacy", SHOP)
    await editor.told("privacy.yaml", len)
    place = lsp.Position(SHOP[: SHOP.index("rule no_selling")].count("\n"), 6)
    params = lsp.HoverParams(lsp.TextDocumentIdentifier(editor.uri("shop.privacy")), place)
    found = await editor.client.text_document_hover_async(params)
    assert found
    assert isinstance(found.contents, lsp.MarkupContent)
    told = "considers 4 subjects in the manifests, applies to 2: leads (violation), ratings (undetermined)"
    assert told in found.contents.value


async def test_prose_outside_the_project_is_not_shown(shop: Editor) -> None:
    outside = write(shop.folder.parent / "outside.md", PROSE)
    (shop.folder / "policy.md").unlink()
    (shop.folder / "policy.md").symlink_to(outside)
    shown = await shop.hover("shop.privacy", within(POLICY, 'cites "#selling'))
    assert "nothing" not in shown
    assert "cited by `no_selling`, `no_renting`" in shown
