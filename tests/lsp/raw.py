"""A session with a real server in which whatever bytes are sent, also such as no client library lets through."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

_PATIENCE = 60


class Raw:
    """The server's process. What it sends is read as it comes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._came: Queue[dict[str, Any]] = Queue()
        self._number = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            size = int(header.partition(b":")[2])
            while self.process.stdout.readline().strip():
                pass
            self._came.put(json.loads(self.process.stdout.read(size)))

    def send(self, message: object) -> None:
        """Send a message, or bytes as they are."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def answer(self, key: object) -> dict[str, Any]:
        """The response to a request."""
        while True:
            found = self._came.get(timeout=_PATIENCE)
            if "method" not in found and found.get("id") == key:
                return found

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """What is published of a document as soon as there is something wrong with it. Drops what comes before."""
        while True:
            found = self._came.get(timeout=_PATIENCE)
            if found.get("method") == "textDocument/publishDiagnostics" and found["params"]["uri"] == uri:
                told: list[dict[str, Any]] = found["params"]["diagnostics"]
                if told:
                    return told

    def ask(self, method: str, params: object) -> dict[str, Any]:
        """The response to a request, whatever its parameters are."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self.answer(self._number)

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def is_alive(self) -> bool:
        """Whether the server still answers as it should."""
        unknown = self.ask("no/such/method", {})
        return unknown["error"]["code"] == -32601 and self.process.poll() is None

    def begin(self, *folders: Path, edit: object = None) -> None:
        """Open the session, with a client that has these folders open and can do these edits."""
        workspace = {"workspaceEdit": edit} if edit else {}
        params = {
            "processId": None,
            "rootUri": None,
            "capabilities": {"workspace": workspace},
            "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in folders],
        }
        assert "result" in self.ask("initialize", params)
        self.tell("initialized", {})

    def open(self, uri: str, text: str, language: str = "privacy") -> None:
        """Open a document."""
        self.tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 7, "text": text}}
        )


@contextmanager
def server(folder: Path) -> Iterator[Raw]:
    """A server that works in a folder."""
    command = [sys.executable, "-m", "privacy_rules", "lsp"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        raw = Raw(process)
        try:
            yield raw
        finally:
            process.kill()
            raw.reader.join(_PATIENCE)
