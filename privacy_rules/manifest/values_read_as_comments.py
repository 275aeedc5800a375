"""Warnings about values of a YAML file that are read as comments: `name: #1 shop`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from privacy_rules.manifest.nodes import quoted, visible
from privacy_rules.manifest.shape_hints import LOST
from privacy_rules.manifest.source_document import Document, KeyedMarks, ListedMarks
from privacy_rules.manifest.yaml_reader import YamlPlaces
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.words import counted

_TEXTS = frozenset({"name", "title", "owner", "reason", "approved_by"})
"""Keys whose values may contain `#`, unlike a term, a number or a day."""
MOST = 20
_HASH = re.compile(r"[ \t]#[^\s#!]")
_AFTER_KEY = re.compile(rf"[ \t]*:{LOST.pattern}")
_QUOTES = ("'", '"')


def lost_in_comments(document: Document) -> Iterator[Diagnostic]:
    """Yield a warning for each value that begins with `#` or contains ` #`, so that the rest of the line is read as a comment.

    A `#` with a space after it begins an intended comment and is not reported. There are at most `MOST` warnings; the last one counts the others.
    """
    found = list(_lost_in(document))
    yield from found[: MOST - 1]
    if len(found) == MOST:
        yield found[-1]
    elif len(found) > MOST:
        more = counted(len(found) - MOST, "more value")
        yield replace(found[MOST - 1], message=f"{found[MOST - 1].message} (and {more} like it)")


def _lost_in(document: Document) -> Iterator[Diagnostic]:
    places, text = document.places, document.text
    if not isinstance(places, YamlPlaces) or "#" not in text or not _HASH.search(text):
        return
    for marks in places.marks.values():
        for key, key_end, at, end in _scalars(marks):
            lost = _AFTER_KEY.match(text, key_end) if at == end and key else LOST.match(text, end)
            if lost and (at == end or (key in _TEXTS and text[at] not in _QUOTES)):
                yield _lost(document, key, text[at:end], lost)


def _scalars(marks: KeyedMarks | ListedMarks) -> Iterator[tuple[str, int, int, int]]:
    """The key (empty in a list) with its end, the start and the end of each value that is not a map or a list."""
    if isinstance(marks, dict):
        yield from ((key, key_end, at, end) for key, (_, key_end, at, end) in marks.items() if end)
    else:
        yield from (("", 0, at, end) for at, end in marks if end)


def _lost(document: Document, key: str, kept: str, lost: re.Match[str]) -> Diagnostic:
    comment = lost[1].rstrip()
    whole = f"{kept} {comment}".strip()
    named = f"`{visible(key)}`" if key else "this item"
    what = f"{named} is only {quoted(kept)}" if kept else f"{named} has no value"
    span = document.span(lost.start(1), lost.start(1) + len(comment))
    written = f'{visible(key)}: "{visible(whole)}"' if key else f'- "{visible(whole)}"'
    quotes = '"' in whole or "\\" in whole
    help_ = "put the value in quotes" if quotes else f"put the value in quotes: `{written}`"
    help_ += "; a comment has a space after its `#`"
    message = f"{quoted(comment)} is read as a comment: {what}"
    return Diagnostic(codes.LOST_IN_COMMENT, message, span, help_, excerpt=document.excerpt(span), level=Level.WARNING)
