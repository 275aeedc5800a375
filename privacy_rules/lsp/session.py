"""A session with an editor: its workspace, and diagnostics that are published, kind by kind, when typing pauses."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from privacy_rules import __version__
from privacy_rules.lsp import navigation
from privacy_rules.lsp.diagnostics import LAYERS, Layer
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.protocol import Protocol
from privacy_rules.lsp.protocol_places import STAYS, ByFile, Diagnostics
from privacy_rules.lsp.shift_diagnostics import carried
from privacy_rules.lsp.workspace import Workspace

_log = logging.getLogger(__name__)
_OUTSIDE = "outside"
_ASKED = {
    _OUTSIDE: lsp.ChangeAnnotation("Changes outside the workspace", True, "These files are not in any open folder.")
}
_Answer = TypeVar("_Answer")


def quiet(feature: Callable[..., _Answer]) -> Callable[..., _Answer | None]:
    """Wrap a feature so that an internal error is logged and answered with nothing."""

    @wraps(feature)
    def guarded(*arguments: Any) -> _Answer | None:
        try:
            return feature(*arguments)
        except JsonRpcException:
            raise
        except Exception:  # the last resort: an internal error
            _log.exception("internal error in %s; please report it", feature.__name__)
            return None

    return guarded


class Server(LanguageServer):
    """The language server with its workspace. The client shows the diagnostics that were published last."""

    def __init__(self) -> None:
        super().__init__(
            "privacy-rules",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
        )
        self.space = Workspace()
        self._by_layer: list[dict[Path, Diagnostics]] = [{} for _ in LAYERS]
        self._then: dict[Path, str] = {}
        self._published: dict[Path, list[lsp.Diagnostic]] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._worker, self._waiting = ThreadPoolExecutor(1), ThreadPoolExecutor(1)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Start the protocol; bytes that are not JSON are answered, as the protocol requires."""
        if source is JsonRpcException and isinstance(error, ValueError | RecursionError):
            cast("Protocol", self.protocol).refuse_unread()
        else:
            super().report_server_error(error, source)

    def shutdown(self) -> None:
        """Shut down, whatever is running."""
        self.space.scheduler.end()
        super().shutdown()  # type: ignore[no-untyped-call]

    # ---- diagnostics

    def refresh(self) -> None:
        """Publish current diagnostics after a pause; a refresh that is running is dropped."""
        if self._refreshing:
            self._refreshing.cancel()
        self._refreshing = asyncio.get_running_loop().create_task(self._refresh())

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        for number, layer in enumerate(LAYERS):
            await asyncio.sleep(layer.pause)
            worker = self._waiting if layer.can_wait else self._worker
            self._publish(number, await loop.run_in_executor(worker, self.diagnose, layer))

    @quiet
    def diagnose(self, layer: Layer) -> ByFile | None:
        """Return the current diagnostics of one kind."""
        if layer.can_wait:
            return layer.look(self.space)
        with self.space.scheduler.first():
            return layer.look(self.space)

    def _publish(self, number: int, found: ByFile | None) -> None:
        """Publish changed diagnostics.

        Files that have none left are cleared, and older diagnostics of other layers are shifted.
        """
        if found is None:
            return
        then, now = self._then, self.space.texts.open  # typing cancels this
        for layer, each in enumerate(self._by_layer):
            for path, diagnostics in each.items() if layer != number or STAYS in found.values() else ():
                each[path] = carried(diagnostics, then.get(path, ""), now.get(path, then.get(path, "")))
        before = self._by_layer[number]
        self._by_layer[number] = {
            path: before.get(path, []) if diagnostics is STAYS else diagnostics for path, diagnostics in found.items()
        }
        self._then = now
        whole: dict[Path, list[lsp.Diagnostic]] = {}
        for each in self._by_layer:
            for path, diagnostics in each.items():
                whole.setdefault(path, []).extend(diagnostics)
        for path in [*whole, *(each for each in self._published if each not in whole)]:
            diagnostics = whole.get(path, [])
            if self._published.get(path) != diagnostics:
                params = lsp.PublishDiagnosticsParams(self.space.texts.uri(path), diagnostics)
                self.text_document_publish_diagnostics(params)
        self._published = whole

    # ---- edits

    def edit(
        self, asked: Path, edits: Mapping[str, Sequence[lsp.TextEdit]], numbers: Mapping[str, int | None]
    ) -> lsp.WorkspaceEdit:
        """Return edits by document. If the client supports it, the edits apply only to the versions in `numbers`.

        `asked` is the file of the request. A file outside the workspace is changed only after the client has asked. Raises RefusedError
        if it cannot ask.
        """
        known = self._can_edit()
        outside = {uri for uri in edits if self._is_outside(uri, asked)}
        if outside and not (known and known.document_changes and known.change_annotation_support):
            names = ", ".join(sorted(f"`{self.space.texts.path(uri)}`" for uri in outside))
            raise navigation.RefusedError(
                f"{names} would change, outside the workspace, and this editor cannot ask first"
            )
        if known is None or not known.document_changes:
            return lsp.WorkspaceEdit(changes=edits)
        changes = [
            lsp.TextDocumentEdit(
                lsp.OptionalVersionedTextDocumentIdentifier(uri, numbers.get(uri)),
                [_to_confirm(each) for each in found] if uri in outside else found,
            )
            for uri, found in edits.items()
        ]
        return lsp.WorkspaceEdit(document_changes=changes, change_annotations=_ASKED if outside else None)

    def _can_edit(self) -> lsp.WorkspaceEditClientCapabilities | None:
        capabilities: lsp.ClientCapabilities | None = getattr(
            self.protocol, "client_capabilities", None
        )  # once initialized
        workspace = capabilities.workspace if capabilities else None
        return workspace.workspace_edit if workspace else None

    def _is_outside(self, uri: str, asked: Path) -> bool:
        """Return whether a document is outside the folders that the editor has open or, if none, the request's folder."""
        folders = self.space.folders or (asked.parent, (self.space.settings(asked).folder or asked.parent).resolve())
        path = self.space.texts.path(uri)
        return uri.startswith("file:") and not any(path.is_relative_to(each) for each in folders)

    # ---- places

    def look_around(self) -> None:
        """Note which folders the editor has open."""
        uris = [*self.workspace.folders, *([self.workspace.root_uri] if self.workspace.root_uri else [])]
        self.space.folders = tuple(dict.fromkeys(self.space.texts.path(each) for each in uris))

    def path(self, document: lsp.TextDocumentIdentifier) -> Path:
        """Return the file of a document."""
        return self.space.texts.path(document.uri)

    def place(self, path: Path, position: lsp.Position) -> tuple[Lines, int]:
        """Return a document's text, and the offset of a place in it."""
        lines = self.space.texts.lines(path)
        return lines, lines.offset(position)

    def target(self, document: lsp.TextDocumentIdentifier, position: lsp.Position) -> navigation.Target | None:
        """Return the symbol that a request is about."""
        path = self.path(document)
        lines, offset = self.place(path, position)
        return navigation.at(self.space, path, *lines.place(offset))


def _to_confirm(edit: lsp.TextEdit) -> lsp.AnnotatedTextEdit:
    return lsp.AnnotatedTextEdit(_OUTSIDE, edit.range, edit.new_text)


class _Brief(logging.Formatter):
    """Logs an internal error with its traceback, and a client's error as one line."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _log.name:
            return super().format(record)
        why = f": {record.exc_info[1]}" if record.exc_info else ""
        return f"{record.levelname}: {record.getMessage()}{why}".partition("\n")[0]


def log_to_standard_error() -> None:
    """Log to standard error, which editors keep; standard output belongs to the protocol."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Brief("%(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.ERROR)
