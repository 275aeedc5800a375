"""A Pygments lexer for policies. Only Pygments imports this.

A word is a keyword only if the parser would accept it as one at that place, so the parser's tables decide: `sharing` is
a subject after `forbid`, and may be a category elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
    _TokenType,
)

from privacy_rules.language.parser_tables import END, defaults, tables
from privacy_rules.language.scanner import BAD_CHARACTER, BAD_ESCAPE, NAME, STRING, UNENDED, Token, kind_in_text, tokens

_OPENERS = frozenset({"RULE", "DEFINE", "POLICY", "ATTRIBUTE", "VOCABULARY", "USE", "CLAUSE", "VOCABULARY_NAME"})
_DECLARING = frozenset({"RULE", "DEFINE", "POLICY", "ATTRIBUTE", "VOCABULARY"})
_KINDS: dict[str, _TokenType] = {
    "KIND": Keyword.Type,
    "ENTITY": Keyword.Type,
    "TYPE": Keyword.Type,
    "VOCABULARY_NAME": Keyword.Declaration,
    "SEVERITY_NAME": Keyword.Constant,
    "CLAUSE_KIND": Keyword.Constant,
    **dict.fromkeys(_DECLARING, Keyword.Declaration),
    **dict.fromkeys(("AND", "OR", "NOT", "IS", "INCLUDES", "WITHIN", "ALL"), Operator.Word),
    NAME: Name,
    STRING: String.Double,
    BAD_ESCAPE: String.Double,
    UNENDED: String.Double,
    BAD_CHARACTER: Text,
    "DATE": Literal.Date,
    "NUMBER": Number,
    "COMPARISON": Operator,
    "SHIFT": Operator,
}


class PrivacyLexer(Lexer):
    """Policies in the rule language."""

    name = "Privacy rules"
    aliases: ClassVar = ["privacy"]
    filenames: ClassVar = ["*.privacy"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """Yield each stretch of the text with its kind, in order, without gaps."""
        parser, behind, before = _Parser(), 0, ""
        for token in tokens(text):
            yield from _between(text[behind : token.start], behind)
            behind = token.end
            if token.kind != END:
                parser.take(text, token)
                kind = _kind(token)
                yield token.start, Name.Class if kind is Name and before in _DECLARING else kind, token.text
                before = token.kind
        yield from _between(text[behind:], behind)


class _Parser:
    """Runs the parser's tables to learn which words are keywords; unexpected tokens are skipped."""

    def __init__(self) -> None:
        self._known = tables()
        self._states = [self._known.start]

    def take(self, text: str, token: Token) -> None:
        """Give a token its kind, depending on what is expected."""
        words = self._known.words.get(token.text, ())
        if token.kind == NAME:
            token.kind = kind_in_text(text, token, self._states)
        if not self._takes(STRING if token.kind in (BAD_ESCAPE, UNENDED) else token.kind):
            opener = next((each for each in words if each in _OPENERS), None)
            if opener in _DECLARING:  # the declaration before it is broken: start again
                self._states = [self._known.start]
                token.kind = opener
                self._takes(opener)

    def _takes(self, kind: str) -> bool:
        states = list(self._states)
        while (action := self._known.actions[states[-1]].get(kind)) is not None and action < 0:
            self._reduce(states, ~action)
        if action is None:
            return False
        states.append(action)
        while (default := defaults()[states[-1]]) is not None:
            self._reduce(states, default)
        self._states = states
        return True

    def _reduce(self, states: list[int], number: int) -> None:
        made = self._known.productions[number]
        del states[len(states) - made.size :]
        states.append(self._known.gotos[states[-1]][made.origin])


def _kind(token: Token) -> _TokenType:
    if token.kind in _KINDS:
        return _KINDS[token.kind]
    return Keyword if token.text[:1].isalpha() else Punctuation


def _between(text: str, at: int) -> Iterator[tuple[int, _TokenType, str]]:
    """Yield white space and comments."""
    for line in text.splitlines(keepends=True):
        comment = line.find("#")
        blank, said = (line, "") if comment < 0 else (line[:comment], line[comment:])
        end = len(said.rstrip("\n"))
        for kind, each in ((Whitespace, blank), (Comment.Single, said[:end]), (Whitespace, said[end:])):
            if each:
                yield at, kind, each
                at += len(each)
