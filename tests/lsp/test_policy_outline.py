"""The outline, formatting and quick fixes of policies in an editor, over a real session."""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from tests.lsp.session import Editor, slice_of
from tests.lsp.test_policies import HEAD, POLICY

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_outline_has_rules_and_terms(editor: Editor) -> None:
    place = editor.type("shop.privacy", POLICY)
    found = await editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(place.text_document))
    assert found
    assert [each.name for each in found] == ["shop", "data", "purpose", "opted_in", "bound", "no_selling", "mandated"]
    data = found[1]
    assert isinstance(data, lsp.DocumentSymbol)
    assert [(each.name, [inner.name for inner in each.children or []]) for each in data.children or []] == [
        ("contact", ["name", "email"]),
        ("card", []),
    ]


async def test_the_outline_of_a_long_policy_has_every_rule(editor: Editor) -> None:
    names = [f"rule_{number}" for number in range(500)]
    place = editor.type("shop.privacy", "".join(f"rule {name} {{ forbid flow }}\n" for name in names))
    found = await editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(place.text_document))
    assert [each.name for each in found or []] == names


async def test_the_outline_shows_invisible_characters_as_escapes(editor: Editor) -> None:
    place = editor.type("shop.privacy", 'data { card "seen\u200b" }\n')
    found = await editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(place.text_document))
    assert found
    (data,) = found
    assert isinstance(data, lsp.DocumentSymbol)
    assert [each.detail for each in data.children or []] == ["seen\\u200b"]


async def test_blocks_and_comments_fold_in_broken_text_too(editor: Editor) -> None:
    place = editor.type("shop.privacy", "# one\n# two\nrule a {\n  forbid\n  # x\n}\nrule {\n")
    found = await editor.client.text_document_folding_range_async(lsp.FoldingRangeParams(place.text_document))
    assert [(each.start_line, each.end_line) for each in found or []] == [(2, 4), (0, 1)]


async def test_formatting_lays_the_text_out_and_leaves_a_broken_one(editor: Editor) -> None:
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    place = editor.type("shop.privacy", "rule   a {\nforbid    flow }")
    params = lsp.DocumentFormattingParams(place.text_document, options)
    (edit,) = await editor.client.text_document_formatting_async(params) or []
    assert edit.new_text == "rule a {\n  forbid flow\n}\n"
    assert slice_of(editor.texts["shop.privacy"], edit.range) == editor.texts["shop.privacy"]
    editor.type("shop.privacy", "rule a { forbid")
    assert await editor.client.text_document_formatting_async(params) is None


@pytest.mark.parametrize(
    ("text", "title", "after"),
    [
        ("rule a { forbid flow of contcat }", "Change to `contact`", "rule a { forbid flow of contact }"),
        ("rule a { forbd flow }", "Change to `forbid`", "rule a { forbid flow }"),
        (
            "rule a { forbid flow when country is eea }",
            "Write `recipient.country`",
            "rule a { forbid flow when recipient.country is eea }",
        ),
        (
            "rule a { forbid flow when tags includes x }",
            'Change to `"x"`',
            'rule a { forbid flow when tags includes "x" }',
        ),
    ],
)
async def test_a_quick_fix_does_what_the_help_says(editor: Editor, text: str, title: str, after: str) -> None:
    made = await _fixed(editor, HEAD + text, title)
    assert made == HEAD + after


async def test_a_quick_fix_adds_the_vocabulary_that_is_missing(editor: Editor) -> None:
    text = 'policy p {\n  title "x"\n}\nrule a { forbid flow to court }\n'
    made = await _fixed(editor, text, "Add `use std.core`")
    assert made == text.replace("}\nrule", "}\nuse std.core\nrule")


async def _fixed(editor: Editor, text: str, title: str) -> str:
    from tests.lsp.session import applied

    place = editor.type("shop.privacy", text)
    found = await editor.told("shop.privacy", len)
    context = lsp.CodeActionContext(diagnostics=found)
    params = lsp.CodeActionParams(place.text_document, found[0].range, context)
    actions = await editor.client.text_document_code_action_async(params)
    action = next(each for each in actions or [] if each.title == title)
    assert isinstance(action, lsp.CodeAction)
    assert action.edit
    assert action.edit.changes
    return applied(text, action.edit.changes[editor.uri("shop.privacy")])
