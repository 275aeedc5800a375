"""Whatever is typed, no feature breaks: neither in this process nor, as an error response, over a session."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp

from privacy_rules.lsp.diagnostics import LAYERS
from privacy_rules.lsp.server import make
from privacy_rules.lsp.session import Server
from tests.builders import write
from tests.lsp.session import Editor, position
from tests.lsp.test_manifests import ESTATE, POLICY

WORDS = [
    *("{", "}", "(", ")", "[", "]", '"', "'", "#", "\n", "\n  ", ": ", ", ", "- ", "\t", "\0", "\ud800", "😀", "\r"),
    *(
        "rule a {",
        "forbid flow",
        "when",
        "is",
        "not",
        "under contract (",
        "data {",
        "use ",
        "use std.core",
        "attribute x on ",
    ),
    *(
        "manifest: 1",
        "flows:",
        "systems: ",
        "id: x",
        "&a",
        "*a",
        "<<: ",
        "!!map",
        "null",
        "policy: [x]",
        "include: ['*']",
    ),
    *("waivers: [{", "covers: ", "defaults: {flow: ", "stores: [{data: ", "from: crm", "0", "%"),
]
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.lists(st.sampled_from(WORDS), max_size=3)), min_size=1, max_size=4
)
AT_A_PLACE = [
    (lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionParams),
    (lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams),
    (lsp.TEXT_DOCUMENT_DEFINITION, lsp.DefinitionParams),
    (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, lsp.DocumentHighlightParams),
    (lsp.TEXT_DOCUMENT_PREPARE_RENAME, lsp.PrepareRenameParams),
]
OF_A_FILE = [
    (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lsp.DocumentSymbolParams),
    (lsp.TEXT_DOCUMENT_FOLDING_RANGE, lsp.FoldingRangeParams),
]


def edited(text: str, edits: list[tuple[float, int, list[str]]]) -> str:
    for where, length, words in edits:
        at = int(where * len(text))
        text = text[:at] + "".join(words) + text[at + length :]
    return text


def requests(uri: str, text: str, places: list[float]) -> Iterator[tuple[str, Any]]:
    folded = text.replace("\r\n", "\n").replace("\r", "\n")
    document = lsp.TextDocumentIdentifier(uri)
    for where in places:
        place = position(folded, int(where * len(folded)))
        for method, params in AT_A_PLACE:
            yield method, params(text_document=document, position=place)
        context = lsp.ReferenceContext(include_declaration=True)
        yield lsp.TEXT_DOCUMENT_REFERENCES, lsp.ReferenceParams(context, document, place)
    for method, params in OF_A_FILE:
        yield method, params(text_document=document)
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    yield lsp.TEXT_DOCUMENT_FORMATTING, lsp.DocumentFormattingParams(document, options)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Path]:
    folder = tmp_path_factory.mktemp("shop").resolve()
    write(folder / "shop.privacy", POLICY)
    write(folder / "privacy.yaml", ESTATE)
    return make(), folder


@pytest.mark.parametrize(("name", "text"), [("shop.privacy", POLICY), ("privacy.yaml", ESTATE)])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS, st.lists(st.floats(0, 1), min_size=2, max_size=3))
def test_no_edit_breaks_a_feature(
    here: tuple[Server, Path],
    caplog: pytest.LogCaptureFixture,
    name: str,
    text: str,
    edits: list[tuple[float, int, list[str]]],
    places: list[float],
) -> None:
    server, folder = here
    uri = (folder / name).as_uri()
    typed = edited(text, edits)
    server.space.texts.put(uri, "", typed)
    with caplog.at_level(logging.ERROR):
        found = [server.diagnose(each) or {} for each in LAYERS]
        for method, params in requests(uri, typed, places):
            server.protocol.fm.features[method](params)
        told = [each for layer in found for every in layer.values() for each in every or ()]
        context = lsp.CodeActionContext(diagnostics=told)
        where = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context)
        asyncio.run(server.protocol.fm.features[lsp.TEXT_DOCUMENT_CODE_ACTION](params))
    assert [each.exc_text or each.getMessage() for each in caplog.records] == []


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("name", "text"), [("shop.privacy", POLICY), ("privacy.yaml", ESTATE)])
async def test_no_edit_makes_an_error_response(editor: Editor, name: str, text: str) -> None:
    dice = random.Random(name)
    editor.write("shop.privacy", POLICY)
    editor.write("privacy.yaml", ESTATE)
    words = [word for word in WORDS if word != "\ud800"]  # the client cannot send half a character
    for _ in range(25):
        edits = [
            (dice.random(), dice.randrange(60), dice.sample(words, dice.randrange(4)))
            for _ in range(dice.randrange(1, 4))
        ]
        typed = edited(text, edits)
        editor.type(name, typed)
        for method, params in requests(editor.uri(name), typed, [dice.random(), dice.random()]):
            await editor.client.protocol.send_request_async(method, params)  # raises where the answer is an error
    editor.type(name, text)
    await editor.told(name, lambda found: not found if name == "shop.privacy" else len(found) > 8)


def test_a_defect_is_logged_and_answers_nothing(
    here: tuple[Server, Path], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, folder = here

    def broken(*_: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr(server.space, "policy", broken)
    document = lsp.TextDocumentIdentifier((folder / "shop.privacy").as_uri())
    params = lsp.HoverParams(document, lsp.Position(0, 0))
    assert server.protocol.fm.features[lsp.TEXT_DOCUMENT_HOVER](params) is None
    assert "internal error in hover" in caplog.text
    assert "it broke" in caplog.text
