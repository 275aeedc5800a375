"""The protocol with an editor: every request gets an answer, and malformed ones get an error."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, cast

from cattrs import transform_error
from lsprotocol import types as lsp
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from privacy_rules.lsp.session import Server

_MOST_REASONS = 3
"""At most this number of errors of a request is reported."""


class Protocol(LanguageServerProtocol):
    """Columns are always counted in UTF-16 code units, which every client supports."""

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Return the capabilities without negotiating an encoding."""
        if params.capabilities.general:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Leave each object as it is while a message is read: one inside may look like a message, too."""
        return data

    def handle_message(self, message: Any) -> None:
        """Answer a message before any low-priority work. A message that cannot be answered gets an error."""
        with cast("Server", self._server).space.scheduler.first():
            try:
                self._refuse_unexpected(message)
                made = super().structure_message(message)
            except JsonRpcException as error:
                self._refuse(message, error)
            else:
                super().handle_message(made)

    def refuse_unread(self) -> None:
        """Answer bytes that are not JSON."""
        self._refuse(None, JsonRpcParseError())

    def _refuse_unexpected(self, message: Any) -> None:
        """Raise an error for a malformed message, or one that comes at the wrong time."""
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            raise JsonRpcInvalidRequest(f"a message must be an object with `jsonrpc`: `{self.VERSION}`")
        method = message.get("method")
        if method is None or method == lsp.EXIT:
            return
        if self._shutdown:
            raise JsonRpcInvalidRequest("the server has been shut down")
        if (self._workspace is not None) is (method == lsp.INITIALIZE):
            raise (
                JsonRpcInvalidRequest("the server has been initialized already")
                if self._workspace
                else JsonRpcServerNotInitialized
            )
        params = message.get("params")
        if method == lsp.WORKSPACE_EXECUTE_COMMAND and isinstance(params, dict):
            raise JsonRpcInvalidParams(f"there is no command `{params.get('command')}`")

    def _refuse(self, message: Any, error: JsonRpcException) -> None:
        """Send an error for a request. A notification or a response is not answered."""
        asked = message if isinstance(message, dict) else {"id": None, "method": None}
        if "id" not in asked or "method" not in asked:
            return
        key = asked["id"]
        if error.__cause__ is not None:  # the errors of the protocol's types in the parameters
            reasons = "; ".join(transform_error(error.__cause__, path="message")[:_MOST_REASONS])
            error = JsonRpcInvalidParams(f"{JsonRpcInvalidParams.MESSAGE}: {reasons}")
        response = lsp.ResponseErrorMessage(key if isinstance(key, int | str) else None, error.to_response_error())
        self._send_data(response)
