"""Format policy files: one layout, with comments kept and no word changed. `dsl/language.md` describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.language.column_alignment import aligned
from privacy_rules.language.comments import Word, comments, words
from privacy_rules.language.file_parser import read
from privacy_rules.language.formatter_rules import lay_out, whole
from privacy_rules.language.parser_tables import SAME, defaults, flat, tables
from privacy_rules.language.pretty_doc import Seq
from privacy_rules.language.pretty_printer import rows
from privacy_rules.language.scanner import NAME, kind_of_word
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.versions import newer_language
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span

_BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile("\r?\n")


def formatted(text: str, file: str = "policy.privacy") -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return a policy file's text in the one layout, or None and its errors.

    A byte-order mark stays, and lines end as the first one does. Raises AssertionError, an internal error, if the result would have
    another meaning.
    """
    source = SourceText(file, text)
    tree, found = read(source)
    if newer := newer_language(tree):
        return None, (newer,)
    if found:
        return None, found
    before = words(source.text)
    made = aligned(rows(_layout(before)))
    _prove(tree, before, SourceText(file, made))
    end = _LINE_END.search(text)
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    return mark + (made.replace("\n", "\r\n") if end and end[0] == "\r\n" else made), ()


# ---- text → layout


def _layout(found: list[Word]) -> Seq:
    """The layout of a file without syntax errors: the parser's tables are run as in `file_parser.py`, to lay out."""
    known, reduces = tables(), defaults()
    states, values = [known.start], list[Any]()

    def reduce(number: int) -> None:
        made = known.productions[number]
        keep = len(values) - made.size
        parts = flat(values[keep:])
        del states[keep + 1 :], values[keep:]
        same = made.size == 1 and made.name in SAME
        values.append(parts if made.inline else parts[0] if same else lay_out(made.name, parts))
        states.append(known.gotos[states[-1]][made.origin])

    for number, word in enumerate(found[:-1]):
        if word.kind == NAME:
            word.kind = kind_of_word(word.text, states, (found[each].text for each in range(number + 1, len(found))))
        while (action := known.actions[states[-1]][word.kind]) < 0:
            reduce(~action)
        states.append(action)
        values.append(word)
        while (default := reduces[states[-1]]) is not None:
            reduce(default)
    while states[-1] != known.end:
        reduce(~known.actions[states[-1]][found[-1].kind])
    return whole(values[-1], found[-1])


# ---- the proof


def _prove(tree: syntax.File, before: list[Word], result: SourceText) -> None:
    """Check that the result has the same words, the same comments in the same order, and the same tree."""
    again, found = read(result)
    after = words(result.text)
    same = (
        not found
        and [each.text for each in before] == [each.text for each in after]
        and list(comments(before)) == list(comments(after))
        and all(one == other for one, other in _pairs(_said(tree), _said(again)))
    )
    if not same:
        raise AssertionError(f"formatting `{result.file}` would change its meaning")


def _pairs(one: Iterator[Any], other: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    ended = object()
    for each in chain(one, [ended]):
        yield each, next(other, ended)
        if each is ended:
            return


def _said(tree: syntax.File) -> Iterator[Any]:
    """The nodes of a tree without their places; equal only for equal trees."""
    waiting: list[Any] = [tree.declarations]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            yield len(node)
            waiting += node
        elif isinstance(node, Span):
            continue
        elif is_dataclass(node):
            yield type(node)
            waiting += [getattr(node, each.name) for each in fields(node)]
        else:
            yield node
