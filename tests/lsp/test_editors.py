"""What editors are like: each with its capabilities, its kinds of documents and line ends; files that come and go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tests.lsp.session import CONFIG, Editor, applied, slice_of
from tests.lsp.test_manifests import ESTATE
from tests.lsp.test_manifests import POLICY as SHOP
from tests.lsp.test_policies import HEAD, POLICY, within

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASTRAL = HEAD + 'rule a { title "😀 𝔘" forbid flow of contcat }\n'


@dataclass(frozen=True)
class Session:
    """An editor, what its server said it can do, and what that asked to be told of."""

    editor: Editor
    said: lsp.InitializeResult
    wanted: list[Any]


@contextlib.asynccontextmanager
async def session(folder: Path, capabilities: lsp.ClientCapabilities) -> AsyncIterator[Session]:
    """An editor with a server of its own."""
    client = make_test_lsp_client()
    wanted: list[Any] = []

    @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def registered(params: lsp.RegistrationParams) -> None:
        wanted.extend(params.registrations)

    await client.start_io(*CONFIG.server_command)
    folders = [lsp.WorkspaceFolder(folder.as_uri(), folder.name)]
    params = lsp.InitializeParams(capabilities=capabilities, workspace_folders=folders, root_uri=folder.as_uri())
    said = await client.initialize_session(params)
    try:
        yield Session(Editor(client, folder), said, wanted)
    finally:
        await client.shutdown_session()
        await client.stop()


# ---- what clients can do


BYTES = lsp.ClientCapabilities(
    general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind.Utf8])
)
CLIENTS = [client_capabilities(each) for each in ("neovim@v0.11.0", "emacs@v29.1", "visual-studio-code@v1.65.2")]


@pytest.mark.parametrize("capabilities", [*CLIENTS, BYTES], ids=["neovim", "emacs", "vscode", "bytes alone"])
async def test_columns_are_utf16_whatever_a_client_would_rather_have(
    tmp_path: Path, capabilities: lsp.ClientCapabilities
) -> None:
    async with session(tmp_path.resolve(), capabilities) as here:
        assert here.said.capabilities.position_encoding == lsp.PositionEncodingKind.Utf16
        here.editor.type("shop.privacy", ASTRAL)
        (found,) = await here.editor.told("shop.privacy", len)
        assert slice_of(ASTRAL, found.range) == "contcat"


async def test_a_client_that_can_watch_is_asked_to(tmp_path: Path) -> None:
    watching = lsp.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    capabilities = lsp.ClientCapabilities(workspace=lsp.WorkspaceClientCapabilities(did_change_watched_files=watching))
    async with session(tmp_path.resolve(), capabilities) as here:
        here.editor.type("shop.privacy", POLICY)
        assert await here.editor.told("shop.privacy") == []
        wanted = here.wanted
        assert [each.method for each in wanted] == [lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        globs = [each["globPattern"] for each in _plain(wanted[0].register_options)["watchers"]]
        assert any("privacy" in each for each in globs)


def _plain(options: Any) -> Any:
    """What was sent, whether the client made an object of it or not."""
    if isinstance(options, dict):
        return options
    return {"watchers": [{"globPattern": getattr(each, "globPattern", None)} for each in options.watchers]}


async def test_fixes_are_not_sent_to_who_asks_for_something_else(editor: Editor) -> None:
    place = editor.type("shop.privacy", ASTRAL)
    found = await editor.told("shop.privacy", len)
    offered = []
    for only in (None, [lsp.CodeActionKind.QuickFix], [lsp.CodeActionKind.SourceOrganizeImports]):
        context = lsp.CodeActionContext(diagnostics=found, only=only)
        params = lsp.CodeActionParams(place.text_document, found[0].range, context)
        offered.append(bool(await editor.client.text_document_code_action_async(params)))
    assert offered == [True, True, False]


# ---- kinds of documents


async def _open(client: LanguageClient, uri: str, text: str, language: str = "privacy") -> None:
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, language, 1, text)))


async def test_a_file_as_it_was_at_a_commit_is_not_taken_for_the_file(editor: Editor) -> None:
    editor.type("shop.privacy", POLICY)
    assert await editor.told("shop.privacy") == []
    old = editor.uri("shop.privacy").replace("file:", "git:") + "?%7B%22ref%22%3A%22HEAD%22%7D"
    await _open(editor.client, old, "rule broken { forbid flow of nothing }\n")
    place = lsp.Position(0, 26)
    assert (
        await editor.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(old), place)) is None
    )
    editor.type("shop.privacy", POLICY + "rule more { forbid flow of nowhere }\n")
    (found,) = await editor.told("shop.privacy", len)
    assert "nowhere" in found.message
    assert old not in editor.client.diagnostics
    document = lsp.TextDocumentIdentifier(old)
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    assert "contact" in await editor.hover("shop.privacy", within(POLICY, "disclosure of contact"))


async def test_what_an_editor_calls_a_policy_is_one_whatever_its_ending(editor: Editor) -> None:
    editor.type("rules.txt", POLICY + "rule x { forbid flow of nothing }\n", "privacy")
    (found,) = await editor.told("rules.txt", len)
    assert found.code == "E105"
    made = await editor.rename("rules.txt", within(POLICY, "despite no_selling"), "never_sold")
    assert made == {"rules.txt": POLICY.replace("no_selling", "never_sold")}


@pytest.mark.parametrize("uri", ["file:///a%00b.privacy", "untitled:%00", "x:", "file:", "http://[/shop.privacy", ""])
async def test_no_name_of_a_document_breaks_a_feature(editor: Editor, uri: str) -> None:
    await _open(editor.client, uri, POLICY)
    document = lsp.TextDocumentIdentifier(uri)
    await editor.client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(0, 8)))
    found = await editor.client.text_document_folding_range_async(lsp.FoldingRangeParams(document))
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    assert not found
    assert "contact" in await editor.hover("shop.privacy", within(POLICY, "disclosure of contact"))


# ---- line ends


async def test_windows_line_ends_move_no_place_and_stay(editor: Editor) -> None:
    text = (POLICY + "rule   x {\nforbid flow of contcat }\n").replace("\n", "\r\n")
    place = editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    assert slice_of(text, found.range) == "contcat"
    context = lsp.CodeActionContext(diagnostics=[found])
    (action,) = await editor.client.text_document_code_action_async(  # type: ignore[misc]
        lsp.CodeActionParams(place.text_document, found.range, context)
    )
    assert isinstance(action, lsp.CodeAction)
    assert action.edit
    assert action.edit.changes
    mended = applied(text, action.edit.changes[editor.uri("shop.privacy")])
    assert mended == text.replace("contcat", "contact")
    editor.type("shop.privacy", mended)
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    params = lsp.DocumentFormattingParams(place.text_document, options)
    (edit,) = await editor.client.text_document_formatting_async(params) or []
    assert edit.new_text.count("\r\n") == edit.new_text.count("\n") > 10
    editor.type("shop.privacy", edit.new_text)
    assert await editor.client.text_document_formatting_async(params) is None
    made = await editor.rename("shop.privacy", within(edit.new_text, "despite no_selling"), "never_sold")
    assert made == {"shop.privacy": edit.new_text.replace("no_selling", "never_sold")}


async def test_windows_line_ends_in_a_manifest_move_no_place(editor: Editor) -> None:
    editor.write("shop.privacy", SHOP)
    text = ESTATE.replace("to: packing,", "to: packin,").replace("\n", "\r\n")
    editor.type("privacy.yaml", text)
    (found,) = await editor.told("privacy.yaml", len)
    assert slice_of(text, found.range) == "packin"
    offered = await editor.offers("privacy.yaml", text.replace("carries: [name]}\r\n", "carries: [‸]}\r\n", 1))
    assert "email" in offered


# ---- files that come and go


async def _watched(editor: Editor, name: str, kind: lsp.FileChangeType) -> None:
    event = lsp.FileEvent(editor.uri(name), kind)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))


async def test_a_used_file_that_is_deleted_is_missed_until_it_is_back(editor: Editor) -> None:
    editor.write("terms.privacy", "data { letter }\n")
    text = 'use "terms.privacy"\nrule a { forbid flow of letter }\n'
    editor.type("shop.privacy", text)
    await editor.told("shop.privacy", lambda each: not each)
    (editor.folder / "terms.privacy").unlink()
    await _watched(editor, "terms.privacy", lsp.FileChangeType.Deleted)
    found = await editor.told("shop.privacy", len)
    assert slice_of(text, found[0].range) == '"terms.privacy"'
    assert await editor.definition("shop.privacy", within(text, '"terms.privacy')) == []
    editor.write("terms.privacy", "data { letter }\n")
    await _watched(editor, "terms.privacy", lsp.FileChangeType.Created)
    await editor.told("shop.privacy", lambda each: not each)


async def test_an_open_file_that_is_deleted_is_still_what_is_shown(editor: Editor) -> None:
    editor.write("shop.privacy", POLICY)
    editor.type("shop.privacy", POLICY)
    (editor.folder / "shop.privacy").unlink()
    await _watched(editor, "shop.privacy", lsp.FileChangeType.Deleted)
    assert "contact" in await editor.hover("shop.privacy", within(POLICY, "disclosure of contact"))
    editor.type("shop.privacy", POLICY + "rule x { forbid flow of nothing }\n")
    (found,) = await editor.told("shop.privacy", len)
    assert found.code == "E105"


async def test_the_policy_of_a_manifest_that_is_deleted_is_missed(editor: Editor) -> None:
    editor.write("shop.privacy", SHOP)
    editor.type("privacy.yaml", ESTATE)
    await editor.told("privacy.yaml", lambda each: len(each) > 1)
    (editor.folder / "shop.privacy").unlink()
    await _watched(editor, "shop.privacy", lsp.FileChangeType.Deleted)
    (found,) = await editor.told("privacy.yaml", lambda each: len(each) == 1)
    assert found.code == "E303"


async def test_a_file_that_is_closed_is_no_longer_reported(editor: Editor) -> None:
    editor.type("shop.privacy", ASTRAL)
    await editor.told("shop.privacy", len)
    del editor.texts["shop.privacy"]
    document = lsp.TextDocumentIdentifier(editor.uri("shop.privacy"))
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    await editor.told("shop.privacy", lambda each: not each)


# ---- what belongs together


async def test_two_policies_that_have_nothing_to_do_with_each_other_share_no_names(editor: Editor) -> None:
    editor.type("a.privacy", POLICY)
    editor.type("b.privacy", POLICY.replace("contact", "postal"))
    assert await editor.told("a.privacy") == []
    assert await editor.told("b.privacy") == []
    found = await editor.references("a.privacy", within(POLICY, "despite no_selling"))
    assert {file for file, _ in found} == {"a.privacy"}
    assert "postal" not in await editor.offers("a.privacy", POLICY + "rule x { forbid flow of ‸")


async def test_two_policies_of_one_configuration_are_one(editor: Editor) -> None:
    editor.write("privacy-rules.toml", 'policy = ["a.privacy", "b.privacy"]\n')
    editor.write("b.privacy", "rule no_storing { forbid storage of letter }\n")
    editor.type("a.privacy", "data { letter parcel }\nrule no_storing { forbid flow }\n")
    (found,) = await editor.told("b.privacy", len)
    assert "no_storing" in found.message
    text = "data { letter parcel }\nrule no_posting { forbid flow }\n"
    editor.type("a.privacy", text)
    await editor.told("a.privacy", lambda each: not each)
    made = await editor.rename("a.privacy", within(text, "{ letter"), "post")
    assert set(made) == {"a.privacy", "b.privacy"}


async def test_a_wrong_configuration_is_reported_where_it_is_wrong(editor: Editor) -> None:
    text = 'policy = ["shop.privacy"]\nmanifest = ["x"]\n'
    editor.write("privacy-rules.toml", text)
    editor.type("shop.privacy", POLICY)
    (found,) = await editor.told("privacy-rules.toml", len)
    assert (found.code, slice_of(text, found.range)) == ("E305", "manifest")
    editor.write("privacy-rules.toml", text.replace("manifest =", "manifests ="))
    await _watched(editor, "privacy-rules.toml", lsp.FileChangeType.Changed)
    await editor.told("privacy-rules.toml", lambda each: not each)


async def test_rename_reaches_files_that_nobody_has_open(tmp_path: Path) -> None:
    async with session(tmp_path.resolve(), lsp.ClientCapabilities()) as here:
        editor = here.editor
        terms, shop = "data { letter }\n", 'use "../terms.privacy"\nrule a { forbid flow of letter }\n'
        other = "data { letter }\nrule a { forbid flow of letter }\n"
        estate = "manifest: 1\npolicy: [shop.privacy]\nparties: {us: {role: us}}\nsystems: {a: {party: us, stores: [letter]}}\n"
        editor.write("policy/shop.privacy", shop)
        editor.write("policy/other.privacy", other)
        editor.write("policy/privacy.yaml", estate)
        editor.write(".git/privacy.yaml", estate)
        editor.write("terms.privacy", terms)
        made = await editor.rename("terms.privacy", within(terms, "letter"), "post")
        assert made == {
            "terms.privacy": terms.replace("letter", "post"),
            "policy/shop.privacy": shop.replace("letter", "post"),
            "policy/privacy.yaml": estate.replace("letter", "post"),
        }
        found = await editor.references("terms.privacy", within(terms, "letter"))
        assert sorted(file for file, _ in found) == ["policy/privacy.yaml", "policy/shop.privacy", "terms.privacy"]


# ---- size


async def test_a_very_long_policy_is_served(editor: Editor) -> None:
    rules = "".join(f"rule r{number} {{ forbid disclosure of contact }}\n" for number in range(5_000))
    text = HEAD + rules + "rule last { forbid flow of contcat }\n"
    place = editor.type("long.privacy", text)
    (found,) = await asyncio.wait_for(editor.told("long.privacy", len), 60)
    assert slice_of(text, found.range) == "contcat"
    assert "contact" in await editor.offers("long.privacy", text.replace("of contcat", "of ‸"))
    symbols = await editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(place.text_document))
    assert len(symbols or []) > 5_000


async def test_a_policy_that_is_one_long_line_is_served(editor: Editor) -> None:
    text = HEAD + "rule a { forbid flow when " + " or ".join(["exchange is sale"] * 2_000) + " and contcat }\n"
    editor.type("wide.privacy", text)
    (found,) = await editor.told("wide.privacy", len)
    assert slice_of(text, found.range) == "contcat"
