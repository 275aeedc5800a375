"""From bytes to plain data: what is no manifest file at all."""

from __future__ import annotations

from privacy_rules.manifest.read_file import read_document
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.spelling import Suggestions


def refused(content: bytes, *, json: bool = False, limit: int = 1000) -> Diagnostic:
    read, sink = read_document("a", content, json=json, limit=limit, suggestions=Suggestions())
    assert read is None
    (found,) = sink.found
    return found


def test_an_empty_file_is_an_error_that_says_so() -> None:
    for content in (b"", b" \n", b"# nothing\n", b"---\n", b"null"):
        found = refused(content)
        assert (found.code, found.message) == ("E201", "the file is empty")
    assert refused(b"", json=True).message == "the file is empty"
    assert refused(b"null", json=True).message == "the file is empty"


def test_a_byte_order_mark_is_fine() -> None:
    for json in (False, True):
        read, sink = read_document("a", b'\xef\xbb\xbf{"a": "b"}', json=json, limit=1000, suggestions=Suggestions())
        assert read is not None
        assert read.data == {"a": "b"}
        span = sink.document.place(("a",), True)
        assert span is not None
        assert span.column == 2


def test_what_is_not_utf_8_is_reported_at_its_place() -> None:
    found = refused("ä: ö\nb: ü".encode() + b"\xff")
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == ("E201", 2, 5)
    assert found.message.startswith("not UTF-8")


def test_utf_16_is_not_utf_8() -> None:
    assert refused("a: b".encode("utf-16")).message.startswith("not UTF-8")


def test_a_file_of_the_limit_is_read_and_a_larger_one_is_not() -> None:
    assert "larger" in refused(b"a: bcd", limit=5).message
    read, _ = read_document("a", b"a: bc", json=False, limit=5, suggestions=Suggestions())
    assert read is not None


def test_a_key_given_twice_is_reported_at_the_second_with_the_first_beside_it() -> None:
    for content, json in ((b"{a: 1,\n a: 2}", False), (b'{"a": 1,\n "a": 2}', True)):
        _, sink = read_document("a", content, json=json, limit=1000, suggestions=Suggestions())
        (found,) = sink.found
        assert found.code == "E207"
        assert found.span is not None
        assert (found.span.line, found.span.column) == (2, 2)
        assert [(each.line, each.column) for each in found.also] == [(1, 2)]
        assert found.excerpt == content.decode().splitlines()[1]
