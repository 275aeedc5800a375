"""Requests with odd parameters: an error or null, never a crash and never silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import write
from tests.lsp.raw import Raw, server

TEXT = 'use std.core\ndata { letter }\nrule r { title "t" forbid disclosure of lettr }\n'
INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, NOT_INITIALIZED = -32602, -32600, -32700, -32002
REFUSED = -32803


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd").resolve()
    write(folder / "a.privacy", TEXT)
    return folder


@pytest.fixture(scope="module")
def raw(here: Path) -> Iterator[Raw]:
    with server(here) as found:
        found.begin(here)
        found.open((here / "a.privacy").as_uri(), TEXT)
        yield found
        assert found.is_alive()


PLACED = ["completion", "hover", "definition", "references", "documentHighlight", "prepareRename", "rename"]
WHOLE = ["documentSymbol", "foldingRange", "formatting", "codeAction"]


def params(uri: object, place: object = None) -> dict[str, Any]:
    """Parameters that suit every method."""
    position = {"line": 1, "character": 8} if place is None else place
    return {
        "textDocument": {"uri": uri},
        "position": position,
        "newName": "post",
        "context": {"includeDeclaration": True, "diagnostics": [], "triggerKind": 1},
        "options": {"tabSize": 2, "insertSpaces": True},
        "range": {"start": position, "end": {"line": 0, "character": 0}},  # reversed
    }


@pytest.mark.parametrize("method", [*PLACED, *WHOLE])
def test_the_parameters_suit_every_method(raw: Raw, here: Path, method: str) -> None:
    assert "result" in raw.ask(f"textDocument/{method}", params((here / "a.privacy").as_uri()))


WRONG = {
    "no parameters": None,
    "a list": [],
    "a text": "a.privacy",
    "a number": 7,
    "nothing in it": {},
    "no document": {"position": {"line": 0, "character": 0}},
    "a document that is a text": params("a") | {"textDocument": "a.privacy"},
    "an address that is a number": params(7),
    "an address that is null": params(None),
    "an address that is a list": params([]),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("method", [*PLACED, *WHOLE])
def test_wrong_parameters_are_an_error(raw: Raw, method: str, wrong: str) -> None:
    answer = raw.ask(f"textDocument/{method}", WRONG[wrong])
    assert "error" in answer or answer["result"] in (None, [])
    if wrong in ("nothing in it", "no document", "no parameters"):
        assert answer["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize(
    "place",
    [
        {"line": -1, "character": 0},
        {"line": 0, "character": -5},
        {"line": 2**31, "character": 0},
        {"line": 2**63, "character": 2**63},
        {"line": "0", "character": []},
        {"line": 0.5, "character": 0},
        {"line": None, "character": None},
        {"line": 1},
        [0, 0],
        "0:0",
    ],
    ids=str,
)
@pytest.mark.parametrize("method", PLACED)
def test_places_that_are_none_are_answered(raw: Raw, here: Path, method: str, place: object) -> None:
    answer = raw.ask(f"textDocument/{method}", params((here / "a.privacy").as_uri(), place))
    assert "error" in answer or "result" in answer


@pytest.mark.parametrize("method", PLACED)
def test_places_behind_the_text_have_nothing(raw: Raw, here: Path, method: str) -> None:
    answer = raw.ask(
        f"textDocument/{method}", params((here / "a.privacy").as_uri(), {"line": 2**31 - 1, "character": 9})
    )
    assert "result" in answer


ADDRESSES = [
    "",
    " ",
    "a.privacy",
    "file:",
    "file://",
    "file:///",
    "file:///no/such/file.privacy",
    "file:///no/such/privacy.yaml",
    "file:///%00.privacy",
    "file:///%FF%FE.privacy",
    "file:///" + "a" * 5000 + ".privacy",
    "file:///" + "a/" * 5000 + "privacy.yaml",
    "file://host/share/a.privacy",
    "file://[::1/a.privacy",
    "http://example.org/a.privacy",
    "untitled:Untitled-1",
    "untitled:%00.privacy",
    "git:/a.privacy?%7B%7D",
    "data:text/plain,rule",
    "\ud800",
    "file:///dev/null",
    "file:///proc/self/mem",
]


@pytest.mark.parametrize("uri", ADDRESSES, ids=lambda uri: ascii(uri[:30]))
def test_documents_of_any_address_are_answered(raw: Raw, uri: str) -> None:
    for method in [*PLACED, *WHOLE]:
        answer = raw.ask(f"textDocument/{method}", params(uri))
        assert "error" in answer or "result" in answer


@pytest.mark.parametrize("uri", ADDRESSES, ids=lambda uri: ascii(uri[:30]))
def test_an_odd_document_that_is_open_spoils_no_other(raw: Raw, here: Path, uri: str) -> None:
    raw.open(uri, TEXT)
    for method in [*PLACED, *WHOLE]:
        answer = raw.ask(f"textDocument/{method}", params(uri))
        assert "error" in answer or "result" in answer
    found = raw.ask("textDocument/documentSymbol", params((here / "a.privacy").as_uri()))
    assert [each["name"] for each in found["result"]] == ["data", "r"]
    raw.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


@pytest.mark.parametrize("command", ["", "no.such.command", 7, None, ["a"]])
def test_unknown_commands_are_refused(raw: Raw, command: object) -> None:
    answer = raw.ask("workspace/executeCommand", {"command": command, "arguments": [1]})
    assert answer["error"]["code"] == INVALID_PARAMS


def test_what_is_wrong_with_parameters_is_said(raw: Raw, here: Path) -> None:
    answer = raw.ask("textDocument/hover", {"textDocument": {"uri": (here / "a.privacy").as_uri()}})
    assert "position" in answer["error"]["message"]


NOTIFIED = [
    (
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///never/opened.privacy", "version": 1}, "contentChanges": []},
    ),
    (
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///never/opened.privacy", "version": 1}, "contentChanges": [{"text": "rule"}]},
    ),
    ("textDocument/didChange", {}),
    ("textDocument/didClose", {"textDocument": {"uri": "file:///never/opened.privacy"}}),
    ("textDocument/didOpen", {"textDocument": {}}),
    ("textDocument/didOpen", None),
    ("textDocument/didSave", {"textDocument": {"uri": 7}}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "", "type": 99}]}),
    ("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": "\0", "name": ""}], "removed": []}}),
    ("workspace/didChangeConfiguration", {"settings": 7}),
    ("$/cancelRequest", {"id": 999_999}),
    ("$/cancelRequest", {"id": []}),
    ("$/cancelRequest", None),
    ("$/setTrace", {"value": "loud"}),
    ("no/such/notification", {}),
]


@pytest.mark.parametrize(("method", "told"), NOTIFIED)
def test_odd_notifications_are_survived(raw: Raw, method: str, told: object) -> None:
    raw.tell(method, told)
    assert raw.is_alive()


def test_an_odd_change_of_ranges_is_survived(raw: Raw, here: Path) -> None:
    uri = (here / "b.privacy").as_uri()
    raw.open(uri, TEXT)
    for start, end in (((9, 9), (0, 0)), ((2**31 - 1, 0), (2**31 - 1, 0)), ((0, 0), (0, 2**31 - 1))):
        place = {name: {"line": at[0], "character": at[1]} for name, at in (("start", start), ("end", end))}
        change = {"range": place, "text": "x"}
        raw.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": 8}, "contentChanges": [change]})
    assert "result" in raw.ask("textDocument/documentSymbol", params(uri))
    raw.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


# ---- messages that are none


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'"', b"[" * 100_000, b'{"jsonrpc": "2.0", "id": 1,}', b"nonsense"],
    ids=lambda body: ascii(body[:20]),
)
def test_bytes_that_are_no_json_are_answered(raw: Raw, body: bytes) -> None:
    raw.send(body)
    assert raw.answer(None)["error"]["code"] == PARSE_ERROR


@pytest.mark.parametrize(
    "message", [[], 7, None, "hover", [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]], ids=str
)
def test_what_is_no_message_is_answered(raw: Raw, message: object) -> None:
    raw.send(message)
    assert raw.answer(None)["error"]["code"] == INVALID_REQUEST


def test_another_version_of_the_protocol_is_refused(raw: Raw) -> None:
    raw.send({"jsonrpc": "1.0", "id": "old", "method": "textDocument/hover", "params": {}})
    assert raw.answer("old")["error"]["code"] == INVALID_REQUEST
    raw.send({"id": "none", "method": "textDocument/hover", "params": {}})
    assert raw.answer("none")["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize("key", [None, [], {}, 1.5])
def test_a_request_whose_id_is_none_is_answered(raw: Raw, key: object) -> None:
    raw.send({"jsonrpc": "2.0", "id": key, "method": "textDocument/hover", "params": {}})
    assert "error" in raw.answer(None)


@pytest.mark.parametrize("method", [7, [], {}, ""])
def test_a_method_that_is_none_is_an_error(raw: Raw, method: object) -> None:
    raw.send({"jsonrpc": "2.0", "id": "m", "method": method, "params": {}})
    assert "error" in raw.answer("m")


def test_an_object_like_a_message_inside_a_request_is_only_wrong_there(raw: Raw, here: Path) -> None:
    inside = {"jsonrpc": "2.0", "id": 5, "method": "shutdown"}
    answer = raw.ask("textDocument/hover", params((here / "a.privacy").as_uri()) | {"workDoneToken": inside})
    assert "error" in answer or "result" in answer
    raw.send({"jsonrpc": "2.0", "id": "r", "result": inside})
    assert raw.is_alive()


def test_nothing_is_answered_before_the_session_begins_or_after_it_has_ended(tmp_path: Path) -> None:
    with server(tmp_path) as raw:
        raw.tell("textDocument/didSave", {"textDocument": {"uri": "file:///a.privacy"}})
        assert raw.ask("textDocument/hover", params("file:///a.privacy"))["error"]["code"] == NOT_INITIALIZED
        raw.begin(tmp_path)
        assert (
            raw.ask("initialize", {"capabilities": {}, "processId": 1, "rootUri": None})["error"]["code"]
            == INVALID_REQUEST
        )
        assert raw.ask("shutdown", None)["result"] is None
        assert raw.ask("textDocument/hover", params("file:///a.privacy"))["error"]["code"] == INVALID_REQUEST
        raw.tell("exit", None)
        assert raw.process.wait(60) == 0


BEGUN_WRONGLY = [
    {},
    {"capabilities": 7},
    {"capabilities": {}, "processId": "x", "rootUri": 7},
    {"capabilities": {}, "workspaceFolders": [{}]},
    {"capabilities": {"workspace": {"workspaceEdit": 1}}, "processId": None, "rootUri": None},
]


def test_a_session_that_begins_wrongly_can_begin_again(tmp_path: Path) -> None:
    with server(tmp_path) as raw:
        for wrong in BEGUN_WRONGLY:
            assert "error" in raw.ask("initialize", wrong)
        raw.begin(tmp_path)
        assert raw.is_alive()


@pytest.mark.parametrize("root", ["http://example.org", "", "file:///%00"])
def test_a_root_that_is_no_folder_is_survived(tmp_path: Path, root: str) -> None:
    with server(tmp_path) as raw:
        folders = [{"uri": root, "name": "x"}]
        answer = raw.ask(
            "initialize", {"capabilities": {}, "processId": None, "rootUri": root, "workspaceFolders": folders}
        )
        assert "result" in answer
        raw.tell("initialized", {})
        raw.open("untitled:a", TEXT)
        assert "result" in raw.ask("textDocument/documentSymbol", params("untitled:a"))


# ---- edits outside the workspace

CAN_ASK = {"documentChanges": True, "changeAnnotationSupport": {}}
WORDS = "use std.core\ndata { letter }\n"
RULES = 'use "../words.privacy"\nrule r { forbid disclosure of letter }\n'


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """A workspace whose policy uses a file beside it."""
    write(tmp_path / "words.privacy", WORDS)
    folder = tmp_path.resolve() / "inside"
    write(folder / "rules.privacy", RULES)
    write(tmp_path / "privacy-rules.toml", 'policy = ["inside/rules.privacy"]\n')
    return folder


def renaming(
    folder: Path, workspace: Path, edit: object, name: str = "rules.privacy", place: tuple[int, int] = (1, 31)
) -> Any:
    with server(folder) as raw:
        raw.begin(workspace, edit=edit)
        uri = (folder / name).resolve().as_uri()
        raw.open(uri, (folder / name).read_text("utf-8"))
        return raw.ask("textDocument/rename", params(uri, {"line": place[0], "character": place[1]}))


def test_a_rename_outside_the_workspace_is_confirmed_first(apart: Path) -> None:
    edit = renaming(apart, apart, CAN_ASK)["result"]
    (label,) = edit["changeAnnotations"]
    assert edit["changeAnnotations"][label]["needsConfirmation"] is True
    marked = {
        Path(each["textDocument"]["uri"]).name: {change.get("annotationId") for change in each["edits"]}
        for each in edit["documentChanges"]
    }
    assert marked == {"rules.privacy": {None}, "words.privacy": {label}}
    versions = {
        Path(each["textDocument"]["uri"]).name: each["textDocument"]["version"] for each in edit["documentChanges"]
    }
    assert versions == {"rules.privacy": 7, "words.privacy": None}


@pytest.mark.parametrize("edit", [None, {"documentChanges": True}, {"changeAnnotationSupport": {}}])
def test_a_rename_outside_the_workspace_is_refused_where_nobody_can_be_asked(apart: Path, edit: object) -> None:
    error = renaming(apart, apart, edit)["error"]
    assert error["code"] == REFUSED
    assert "words.privacy` would change, outside the workspace" in error["message"]


@pytest.mark.parametrize("edit", [None, CAN_ASK])
def test_a_rename_inside_the_workspace_asks_nobody(apart: Path, edit: object) -> None:
    found = renaming(apart, apart.parent, edit)["result"]
    assert "changeAnnotations" not in found
    assert len(found.get("changes") or found["documentChanges"]) == 2


def test_a_link_that_leads_outside_is_outside(apart: Path, tmp_path: Path) -> None:
    (apart / "words.privacy").symlink_to(tmp_path / "words.privacy")
    write(apart / "rules.privacy", RULES.replace("../", ""))
    assert renaming(apart, apart, None)["error"]["code"] == REFUSED


FIXED = "use std.core\ndata { letter }\nrule r { forbid disclosure of lettr }\n"


@pytest.mark.parametrize(("edit", "offered"), [(None, False), (CAN_ASK, True)])
def test_a_fix_of_a_file_outside_is_confirmed_or_not_offered(tmp_path: Path, edit: object, offered: bool) -> None:
    folder = tmp_path.resolve() / "inside"
    folder.mkdir()
    outside = write(tmp_path.resolve() / "other.privacy", FIXED)
    with server(folder) as raw:
        raw.begin(folder, edit=edit)
        raw.open(outside.as_uri(), FIXED)
        told = raw.diagnostics(outside.as_uri())
        context = {"diagnostics": told}
        asked = {"textDocument": {"uri": outside.as_uri()}, "range": told[0]["range"], "context": context}
        found = raw.ask("textDocument/codeAction", asked)["result"]
    assert bool(found) is offered
    for each in found:
        assert all(
            each["edit"]["changeAnnotations"][key]["needsConfirmation"] for key in each["edit"]["changeAnnotations"]
        )


def test_with_no_folder_open_the_documents_own_is_the_workspace(apart: Path) -> None:
    with server(apart) as raw:
        raw.begin()
        uri = (apart / "rules.privacy").as_uri()
        raw.open(uri, RULES)
        found = raw.ask("textDocument/rename", params(uri, {"line": 1, "character": 31}))
    assert len(found["result"]["changes"]) == 2  # the configuration above both says that they belong together
