"""The words of a policy with their comments: each comment belongs to the word before it on its line, else to the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy_rules.language.parser_tables import END
from privacy_rules.language.scanner import tokens
from privacy_rules.source.fast_dataclasses import dataclass

_BANNER = re.compile(r"#\s*([-=*~_#])\1\1")
_CLOSING = (")", "}")
_OPENING = ("(", "{")
_BEFORE_A_COMMENT = (",", ")", ".", ":")


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """A comment on a line of its own; `blanks` is the number of blank lines to keep before it."""

    text: str
    blanks: int


@dataclass(slots=True, eq=False)
class Word:
    """A token with the comments and blank lines around it. The parser changes the kind of a NAME that is a keyword.

    `before`: the comments on lines of their own before it. `after`: the comment after it on its line.
    `blanks`: the number of blank lines to keep before it, after the last of `before`. `line` counts from 1.
    """

    kind: str
    text: str
    line: int
    before: tuple[Comment, ...] = ()
    after: str | None = None
    blanks: int = 0


def words(text: str) -> list[Word]:
    """Return the words of a text without syntax errors; the last is the end, which has the comments before it."""
    found: list[Word] = []
    behind, depth, line = 0, 0, 1
    for token in tokens(text):
        gap = text[behind : token.start if token.kind != END else len(text)]
        trailing, *lines = gap.split("\n")
        if found and trailing.strip():
            found[-1].after = trailing.strip()
        line += len(lines)
        lines = lines if found else [trailing, *lines]
        opened = not found or found[-1].text in _OPENING
        found.append(_word(token.kind, token.text, line, _Gap(lines, opened, top=not depth)))
        behind = token.end
        depth += (token.text == "{") - (token.text == "}")
    _pass_on(found)
    return found


def comments(found: list[Word]) -> Iterator[str]:
    """Yield the comments, in order."""
    for word in found:
        yield from (each.text for each in word.before)
        if word.after is not None:
            yield word.after


@dataclass(frozen=True, slots=True)
class _Gap:
    """The lines before a word, its own included. `opened`: a bracket is before it; `top`: no braces are open."""

    lines: list[str]
    opened: bool
    top: bool


def _word(kind: str, text: str, line: int, gap: _Gap) -> Word:
    """A word with the comments before it; blank lines at the edges of brackets are not kept."""
    before: list[Comment] = []
    blanks = 0
    for number, each in enumerate(gap.lines):
        said = each.strip()
        if said:
            most = 2 if gap.top and _BANNER.match(said) else 1
            before.append(Comment(said, 0 if gap.opened and not before else min(blanks, most)))
            blanks = 0
        elif number < len(gap.lines) - 1:
            blanks += 1
    edge = text in _CLOSING or (gap.opened and not before)
    return Word(kind, text, line, tuple(before), None, 0 if edge else min(blanks, 1))


def _pass_on(found: list[Word]) -> None:
    """Move commas and closing brackets at the start of a line before the comment at the end of the line above.

    Words are processed from last to first, so that formatting the result again changes nothing.
    """
    free = len(found) - 1
    for at in range(len(found) - 2, -1, -1):
        word = found[at]
        if not _goes_before_a_comment(word, found[at + 1]):
            free = at
        if word.after is not None:
            word.after, found[free].after = None, word.after
            free -= 1


def _goes_before_a_comment(word: Word, following: Word) -> bool:
    return not following.before and (word.text == "." or following.text in _BEFORE_A_COMMENT)
