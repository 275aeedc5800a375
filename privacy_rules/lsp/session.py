"""A session with an editor: its workspace, and what is told of files, each kind in its turn once nothing is typed."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from privacy_rules import __version__
from privacy_rules.lsp import navigation
from privacy_rules.lsp.carrying import carried
from privacy_rules.lsp.diagnostics import LAYERS, Layer
from privacy_rules.lsp.places import STAYS, Found, Told
from privacy_rules.lsp.positions import Lines
from privacy_rules.lsp.workspace import Workspace

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


def quiet(feature: Callable[..., _Answer]) -> Callable[..., _Answer | None]:
    """A feature that, where it breaks, logs the defect and answers nothing."""

    @wraps(feature)
    def guarded(*arguments: Any) -> _Answer | None:
        try:
            return feature(*arguments)
        except JsonRpcException:
            raise
        except Exception:  # the last resort: a defect of ours
            _log.exception("a defect of ours in %s; please report it", feature.__name__)
            return None

    return guarded


class Protocol(LanguageServerProtocol):
    """Columns are always counted in UTF-16 code units, which every client can do whatever else it would rather have."""

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """As it is, without a choice."""
        if params.capabilities.general:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))

    def handle_message(self, message: Any) -> None:
        """As it is, before whatever can wait."""
        with cast("Server", self._server).space.turns.first():
            super().handle_message(message)


class Server(LanguageServer):
    """The language server with its workspace; what is published last is what the client shows."""

    def __init__(self) -> None:
        super().__init__(
            "privacy-rules",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
        )
        self.space = Workspace()
        self._told: list[dict[Path, Told]] = [{} for _ in LAYERS]
        self._then: dict[Path, str] = {}
        self._published: dict[Path, list[lsp.Diagnostic]] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._worker, self._waiting = ThreadPoolExecutor(1), ThreadPoolExecutor(1)

    def shutdown(self) -> None:
        """Ends, whatever is under way."""
        self.space.turns.end()
        super().shutdown()  # type: ignore[no-untyped-call]

    # ---- diagnostics

    def refresh(self) -> None:
        """Tells, after a pause, what is wrong now; a refresh that is under way is dropped."""
        if self._refreshing:
            self._refreshing.cancel()
        self._refreshing = asyncio.get_running_loop().create_task(self._refresh())

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        for number, layer in enumerate(LAYERS):
            await asyncio.sleep(layer.pause)
            worker = self._waiting if layer.can_wait else self._worker
            self._publish(number, await loop.run_in_executor(worker, self.told, layer))

    @quiet
    def told(self, layer: Layer) -> Found | None:
        """What is wrong now, of one kind."""
        if layer.can_wait:
            return layer.look(self.space)
        with self.space.turns.first():
            return layer.look(self.space)

    def _publish(self, number: int, found: Found | None) -> None:
        """Sends what changed; a file that is told of no more is sent empty. What other layers told of older texts is carried along."""
        if found is None:
            return
        then, now = self._then, self.space.texts.open  # the latter was looked at: whoever types on cancels this
        for layer, each in enumerate(self._told):
            for path, told in each.items() if layer != number or STAYS in found.values() else ():
                each[path] = carried(told, then.get(path, ""), now.get(path, then.get(path, "")))
        before = self._told[number]
        self._told[number] = {path: before.get(path, []) if told is STAYS else told for path, told in found.items()}
        self._then = now
        whole: dict[Path, list[lsp.Diagnostic]] = {}
        for each in self._told:
            for path, told in each.items():
                whole.setdefault(path, []).extend(told)
        for path in [*whole, *(each for each in self._published if each not in whole)]:
            told = whole.get(path, [])
            if self._published.get(path) != told:
                params = lsp.PublishDiagnosticsParams(self.space.texts.uri(path), told)
                self.text_document_publish_diagnostics(params)
        self._published = whole

    # ---- edits

    def edit(self, uri: str, number: int | None, edits: Sequence[lsp.TextEdit]) -> lsp.WorkspaceEdit:
        """Edits of one document in its version of that number: a client that can is told, and makes them in no other."""
        capabilities: lsp.ClientCapabilities | None = getattr(
            self.protocol, "client_capabilities", None
        )  # once initialized
        workspace = capabilities.workspace if capabilities else None
        known = workspace.workspace_edit if workspace else None
        if known is None or not known.document_changes:
            return lsp.WorkspaceEdit(changes={uri: edits})
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri, number)
        return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(document, edits)])

    # ---- places

    def look_around(self) -> None:
        """Learns which folders the editor has open."""
        uris = [*self.workspace.folders, *([self.workspace.root_uri] if self.workspace.root_uri else [])]
        self.space.folders = tuple(dict.fromkeys(self.space.texts.path(each) for each in uris))

    def path(self, document: lsp.TextDocumentIdentifier) -> Path:
        """The file of a document."""
        return self.space.texts.path(document.uri)

    def place(self, path: Path, position: lsp.Position) -> tuple[Lines, int]:
        """A document's text, and the offset of a place in it."""
        lines = self.space.texts.lines(path)
        return lines, lines.offset(position)

    def target(self, document: lsp.TextDocumentIdentifier, position: lsp.Position) -> navigation.Target | None:
        """The symbol that a request is about."""
        path = self.path(document)
        lines, offset = self.place(path, position)
        return navigation.at(self.space, path, *lines.place(offset))


class _Brief(logging.Formatter):
    """A defect of ours is logged with where it happened; what a client did wrong is one line."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _log.name:
            return super().format(record)
        why = f": {record.exc_info[1]}" if record.exc_info else ""
        return f"{record.levelname}: {record.getMessage()}{why}".partition("\n")[0]


def log_to_standard_error() -> None:
    """What goes wrong is told there, where editors keep it in a log; standard output is the protocol's."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Brief("%(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.ERROR)
