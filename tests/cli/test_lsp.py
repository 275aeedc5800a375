"""`lsp`: the call itself; what the server does is in `tests/lsp`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.calling import Call

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("there", [None, ModuleType("pygls")], ids=["none", "one of another age"])
def test_without_its_extra_it_names_the_extra(
    call: Call, monkeypatch: pytest.MonkeyPatch, there: ModuleType | None
) -> None:
    for name in [each for each in sys.modules if each.startswith(("pygls", "privacy_rules.lsp"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", there)  # type: ignore[arg-type]
    done = call("lsp")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "error[E320]: the language server needs the extra `lsp`",
        "  help: install it: `pip install 'privacy-rules[lsp]'`",
    ]


def test_nothing_else_imports_what_the_extra_brings() -> None:
    code = (
        "import sys, privacy_rules.cli.main as m\n"
        "try: m.run(['lint', '--help'])\n"
        "except SystemExit: pass\n"
        "import privacy_rules.cli.check, privacy_rules.cli.lsp\n"
        "print([name for name in ('pygls', 'lsprotocol', 'pygments') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def spoken(said: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "privacy_rules", "lsp"],
        cwd=ROOT,
        input=said,
        capture_output=True,
        timeout=60,
        check=False,
    )


def message(content: object) -> bytes:
    body = content if isinstance(content, bytes) else json.dumps({"jsonrpc": "2.0", **content}).encode()  # type: ignore[dict-item]
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_it_ends_quietly_when_the_client_is_gone() -> None:
    done = spoken(b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


HOVER = {"id": 2, "method": "textDocument/hover"}
BAD = [
    b"\xff{nope",
    b"[]",
    {"id": 2, "method": "no/such"},
    HOVER,
    {**HOVER, "params": {"textDocument": {"uri": 1}}},
    {**HOVER, "params": {"textDocument": {"uri": "file:///a.privacy"}, "position": {"line": -1, "character": 0}}},
    {**HOVER, "params": {"textDocument": {"uri": "file:///a%00.privacy"}, "position": {"line": 0, "character": 0}}},
    {"method": "textDocument/didChange", "params": {"textDocument": {"uri": "x", "version": 1}, "contentChanges": []}},
    {"method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///never-opened.privacy"}}},
]


@pytest.mark.parametrize("bad", BAD)
def test_what_a_client_says_wrong_is_no_end_and_no_traceback(bad: object) -> None:
    start = {"id": 1, "method": "initialize", "params": {"capabilities": {}}}
    begun = {"method": "initialized", "params": {}}
    leave = [{"id": 9, "method": "shutdown"}, {"method": "exit"}]
    done = spoken(b"".join(message(each) for each in (start, begun, bad, *leave)))
    assert done.returncode == 0
    assert b'"id": 9, "jsonrpc": "2.0", "result": null' in done.stdout
    assert b"Traceback" not in done.stderr
    assert b"defect" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2
