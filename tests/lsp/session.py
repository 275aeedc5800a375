"""A session with a real server over standard input and output, in few words: `‸` in a text is where the cursor is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.builders import write

ROOT = Path(__file__).parents[2]
CONFIG = ClientServerConfig(server_command=[sys.executable, "-m", "privacy_rules", "lsp"])
CURSOR = "‸"
_PATIENCE = 60.0


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def position(text: str, offset: int) -> lsp.Position:
    """An offset as an editor counts it; written apart from the server's own way of counting."""
    before = text[:offset]
    line = before.count("\n")
    return lsp.Position(line, units(before[before.rfind("\n") + 1 :]))


def slice_of(text: str, place: lsp.Range) -> str:
    """What a range covers, one line at a time."""
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    start, end = place.start, place.end
    if start.line == end.line:
        return lines[start.line][2 * start.character : 2 * end.character].decode("utf-16-le")
    first = lines[start.line][2 * start.character :].decode("utf-16-le")
    last = lines[end.line][: 2 * end.character].decode("utf-16-le")
    middle = [line.decode("utf-16-le") for line in lines[start.line + 1 : end.line]]
    return "\n".join([first, *middle, last])


def applied(text: str, edits: Sequence[lsp.TextEdit]) -> str:
    """A text with edits made, last first."""
    lines = text.split("\n")

    def offset(place: lsp.Position) -> int:
        line = lines[place.line].encode("utf-16-le")[: 2 * place.character].decode("utf-16-le")
        return sum(len(each) + 1 for each in lines[: place.line]) + len(line)

    for edit in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


@dataclass
class Editor:
    """An editor in a folder of its own."""

    client: LanguageClient
    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    _version: int = 1

    def uri(self, name: str) -> str:
        return (self.folder / name).resolve().as_uri()

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        write(file, text)

    def type(self, name: str, text: str, language: str | None = None) -> lsp.TextDocumentPositionParams:
        """Opens a file, or changes it, to a text that is not saved; returns the place of the cursor in it."""
        offset = text.find(CURSOR)
        text = text.replace(CURSOR, "")
        self._version += 1
        if name in self.texts:
            change = lsp.TextDocumentContentChangeWholeDocument(text)
            document = lsp.VersionedTextDocumentIdentifier(self._version, self.uri(name))
            self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))
        else:
            language = language or ("privacy" if name.endswith(".privacy") else "yaml")
            item = lsp.TextDocumentItem(self.uri(name), language, self._version, text)
            self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        self.texts[name] = text
        return lsp.TextDocumentPositionParams(
            lsp.TextDocumentIdentifier(self.uri(name)), position(text, max(offset, 0))
        )

    def close(self) -> None:
        for name in self.texts:
            document = lsp.TextDocumentIdentifier(self.uri(name))
            self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))

    async def told(
        self, name: str, ready: Callable[[Sequence[lsp.Diagnostic]], object] = lambda found: True
    ) -> list[lsp.Diagnostic]:
        """What is told of a file, as soon as it is as wanted; fails with what it is where it does not become so."""
        for _ in range(int(_PATIENCE / 0.02)):
            found = self.client.diagnostics.get(self.uri(name))
            if found is not None and ready(found):
                return list(found)
            await asyncio.sleep(0.02)
        raise AssertionError(self.client.diagnostics.get(self.uri(name)))

    async def offers(self, name: str, text: str) -> dict[str, str]:
        """What completion offers at the cursor: label → the line with it taken."""
        place = self.type(name, text)
        params = lsp.CompletionParams(place.text_document, place.position)
        found: Any = await self.client.text_document_completion_async(params)
        offered = {}
        for each in found or []:
            after = applied(self.texts[name], [each.text_edit])
            offered[each.label] = after.split("\n")[place.position.line]
        return offered

    async def hover(self, name: str, text: str) -> str:
        place = self.type(name, text)
        found = await self.client.text_document_hover_async(lsp.HoverParams(place.text_document, place.position))
        return found.contents.value if found else ""  # type: ignore[union-attr]

    async def definition(self, name: str, text: str) -> list[tuple[str, str]]:
        place = self.type(name, text)
        params = lsp.DefinitionParams(place.text_document, place.position)
        found: Any = await self.client.text_document_definition_async(params)
        return [self.shown(each) for each in found or []]

    async def references(self, name: str, text: str) -> list[tuple[str, str]]:
        place = self.type(name, text)
        context = lsp.ReferenceContext(include_declaration=True)
        params = lsp.ReferenceParams(context, place.text_document, place.position)
        return [self.shown(each) for each in await self.client.text_document_references_async(params) or []]

    async def rename(self, name: str, text: str, new: str) -> dict[str, str]:
        """The texts of the files that a rename changes."""
        place = self.type(name, text)
        edit: Any = await self.client.text_document_rename_async(
            lsp.RenameParams(text_document=place.text_document, position=place.position, new_name=new)
        )
        made = {}
        for uri, edits in (edit.changes or {}).items():
            file = next(each for each in [*self.texts, *self.files()] if self.uri(each) == uri)
            made[file] = applied(self.texts.get(file) or (self.folder / file).read_text("utf-8"), edits)
        return made

    def files(self) -> list[str]:
        return [each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*") if each.is_file()]

    def shown(self, found: lsp.Location) -> tuple[str, str]:
        """The name of a place's file, and its line from the place on."""
        path = Path(lsp_path(found.uri))
        text = self.texts.get(path.name) or path.read_text("utf-8")
        name = path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name
        line = text.split("\n")[found.range.start.line]
        return name, line.encode("utf-16-le")[2 * found.range.start.character :].decode("utf-16-le")


def lsp_path(uri: str) -> str:
    from pygls.uris import to_fs_path

    found = to_fs_path(uri)
    assert found
    return found
