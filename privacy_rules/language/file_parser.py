"""Reads one policy file: tokens through the parser's tables into a tree, and on after every error.

The tables and the tree are the grammar's (`parser.py`, `tree.py`). The loop that runs them is ours, because it must
read on where Lark's would stop: it drops the broken declaration (in a vocabulary the broken term) from its stacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.language.ast_builder import TreeBuilder
from privacy_rules.language.error_recovery import (
    SURE_WORDS,
    begins_surely,
    declaration_among_terms,
    declared_in,
    next_declaration,
    next_term,
    words_in,
)
from privacy_rules.language.expected_tokens import acceptable, expected, near
from privacy_rules.language.parser import END, defaults, tables
from privacy_rules.language.scanner import (
    BAD_CHARACTER,
    BAD_ESCAPE,
    NAME,
    SEPARATOR,
    STRING,
    UNENDED,
    Token,
    outside_texts,
    tokens,
)
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.syntax import Lost
from privacy_rules.language.syntax_hints import hidden, way_out
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.invisible_characters import SEPARATOR_HELP, separator_words

_VOCABULARIES = ("VOCABULARY_NAME", "VOCABULARY")
_NAMED = ("RULE", "DEFINE", "ATTRIBUTE")
_FAR = 50
_NOT_BEFORE = "`not` stands before the whole test: `not exchange is sale`"
_SAME = ("condition", "conjunction", "same", "name")  # of one child they are that child


class _Inline(list[Any]):
    """Children that belong to the rule above: what the grammar's `*` and `+` gather."""


def read(source: SourceText) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    """The tree of a file, without its broken declarations, and what is wrong with these."""
    reader = _Reader(source)
    declarations = reader.run()
    return syntax.File(source, declarations, reader.lost), (*reader.found, *_separators(source))


def _separators(source: SourceText) -> Iterator[Diagnostic]:
    """Line separators outside texts: a comment goes on behind them, and an editor may show what follows as a line of its own."""
    if not source.text.isascii() and SEPARATOR.search(source.text):
        for at in outside_texts(source.text, SEPARATOR):
            message = separator_words(source.text[at])
            yield Diagnostic(codes.CHARACTER, message, source.span(at, at + 1), SEPARATOR_HELP)


class _Reader:
    """The parser's stacks and what it found. All stacks but `_states`, which has the start below, are one long."""

    def __init__(self, source: SourceText) -> None:
        self.found: list[Diagnostic] = []
        self._source = source
        self._known = tables()
        self._build = TreeBuilder(source).build
        self._defaults = defaults()
        self._states = [self._known.start]
        self._values: list[Any] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._last: Token | None = None  # the token that was taken last
        self._quiet = -1  # where the declaration began that is known to be broken: no more is said of it
        self._mended = -1  # where the term began with which reading went on
        self._wary = False  # a block of terms lacked a brace: others may
        self._searched = 0  # up to where blocks of terms have been searched for other declarations
        self._lost_names: set[str] = set()
        self._lost_anything = False
        self._expected: dict[tuple[int, ...], frozenset[str]] = {}

    @property
    def lost(self) -> Lost:
        """What the broken declarations may declare."""
        return Lost(frozenset(self._lost_names), self._lost_anything)

    def run(self) -> tuple[syntax.Declaration, ...]:
        """The declarations of the file."""
        position = 0
        while (stopped := self._run_from(position)) is not None:
            position = self._read_on(stopped)
        declarations: tuple[syntax.Declaration, ...] = self._values[-1]
        return declarations

    # ---- the parser

    def _run_from(self, position: int) -> Token | None:
        """Reads until the end (None) or a token that cannot stand where it does."""
        for token in tokens(self._source.text, position):
            if token.kind in (UNENDED, BAD_ESCAPE):
                self._tell_string(token)
            if not self._take(token):
                return token
        return None

    def _take(self, token: Token) -> bool:
        states, actions = self._states, self._known.actions
        row = actions[states[-1]]
        if token.kind == NAME:
            token.kind = next((each for each in self._known.words.get(token.text, ()) if each in row), NAME)
            if token.kind == NAME and self._begins_other(token):
                return False
        while True:
            if states[-1] == self._known.end:
                return True
            action = actions[states[-1]].get(token.kind)
            if action is None:
                return False
            if action >= 0:
                self._shift(action, token)
                return True
            self._reduce(~action)

    def _shift(self, state: int, token: Token) -> None:
        """Takes a token, and reduces where that depends on nothing that follows: what is whole is a node at once."""
        self._last = token
        self._states.append(state)
        self._values.append(token)
        self._starts.append(token.start)
        self._ends.append(token.end)
        while (default := self._defaults[self._states[-1]]) is not None:
            self._reduce(default)

    def _reduce(self, number: int) -> None:
        made = self._known.productions[number]
        size = made.size
        if size == 1 and made.name in _SAME:
            self._states[-1] = self._known.gotos[self._states[-2]][made.origin]
            return
        keep = len(self._values) - size
        children: list[Any] = self._values[keep:]
        start, end = (self._starts[keep], self._ends[-1]) if size else (0, 0)
        del self._states[keep + 1 :], self._values[keep:], self._starts[keep:], self._ends[keep:]
        flat = _flat(children)
        self._values.append(flat if made.inline else self._build(made.name, flat, start, end))
        self._states.append(self._known.gotos[self._states[-1]][made.origin])
        self._starts.append(start)
        self._ends.append(end)

    # ---- errors

    def _base(self) -> int:
        """How many values stand below the open declaration: the gathered ones before it."""
        return 1 if self._values and type(self._values[0]) is _Inline else 0

    def _tell_string(self, token: Token) -> None:
        base = self._base()
        self._quiet = self._starts[base] if len(self._values) > base else token.start
        if token.kind == UNENDED:
            message, way_out = "this text does not end on its line", 'end it with `"`'
        else:
            message, way_out = "unknown escape in this text", 'only `\\"`, `\\\\` and `\\n` are known'
        self._tell(codes.CHARACTER, message, token, way_out)
        token.kind = STRING

    def _tell(self, code: str, message: str, token: Token, way_out: str | None = None) -> None:
        self.found.append(Diagnostic(code, message, self._source.span(token.start, token.end), way_out))

    def _tell_refused(self, token: Token, start: int) -> None:
        """Says what is wrong, once for each broken declaration or term."""
        if token.kind == BAD_CHARACTER:
            shown = f"`{token.text}`" if token.text.isprintable() else f"U+{ord(token.text):04X}"
            help_ = near(token, frozenset()) or self._way_out(token)
            self._tell(codes.CHARACTER, f"unexpected character {shown}", token, help_)
            return
        if self._quiet == start or self._is_rest_of_broken_term(token):
            return
        accepted = self._acceptable()
        last = self._last
        token = hidden(self._source.text, last, accepted) or token
        shown = token.text if len(token.text) <= _FAR else token.text[:_FAR] + "…"
        found = "the end of the file" if token.kind == END else f"`{shown}`"
        message = f"expected {expected(accepted, last.kind if last else None)}, found {found}"
        before_not = last is not None and last.text == "not" and last.kind == NAME
        help_ = _NOT_BEFORE if before_not else near(token, accepted) or self._way_out(token)
        self._tell(codes.SYNTAX, message, token, help_)

    def _way_out(self, token: Token) -> str | None:
        among_terms = self._opener() in _VOCABULARIES
        return way_out(self._source.text, self._last, token, self._acceptable(), among_terms=among_terms)

    def _acceptable(self) -> frozenset[str]:
        key = tuple(self._states[-_FAR:])
        if key not in self._expected or len(self._states) > _FAR:
            self._expected[key] = acceptable(self._states)
        return self._expected[key]

    def _is_rest_of_broken_term(self, token: Token) -> bool:
        """Whether this is the token behind the name with which reading went on after a broken term, on one line."""
        if self._mended < 0 or not self._starts or self._starts[-1] != self._mended:
            return False
        return "\n" not in self._source.text[self._mended : token.start]

    # ---- reading on

    def _read_on(self, token: Token) -> int:
        """Says what is wrong, drops what is broken and returns the offset to go on from."""
        base = self._base()
        start = self._starts[base] if len(self._values) > base else token.start
        if self._opener() in _VOCABULARIES:
            return self._read_on_in_terms(token, base, start)
        self._tell_refused(token, start)
        if len(self._values) > base and self._may_end_here(token):
            while self._values[base:]:
                self._reduce(~self._known.actions[self._states[-1]][END])
                base = self._base()
            start = token.start
        position = next_declaration(self._source, start, token.start)
        self._lose(self._hidden(self._opener(), start, token, position))
        self._cut(base)
        return position

    def _opener(self) -> str | None:
        """The keyword of the open declaration."""
        base = self._base()
        return self._values[base].kind if len(self._values) > base else None

    def _lose(self, hidden: Lost) -> None:
        self._lost_names |= hidden.names
        self._lost_anything = self._lost_anything or hidden.anything

    def _may_end_here(self, token: Token) -> bool:
        """Whether the open declaration is whole, and the token begins a line of its own behind it."""
        return END in self._acceptable() and self._source.begins_line(token.start)

    def _hidden(self, opener: str | None, start: int, token: Token, position: int) -> Lost:
        text = self._source.text
        if opener == "USE":
            return Lost(anything=True)
        if opener is None:
            return words_in(text[start:position])
        return declared_in(text[start:position]) if opener in _NAMED else declared_in(text[token.start : position])

    def _begins_other(self, token: Token) -> bool:
        """Whether a name surely begins another declaration; terms may look so, and do not until a block lacked a brace."""
        if token.text not in SURE_WORDS or not begins_surely(self._source, token.start):
            return False
        return self._wary or self._opener() not in _VOCABULARIES

    def _read_on_in_terms(self, token: Token, base: int, start: int) -> int:
        text = self._source.text
        other = self._other_declaration(token, start)
        if other is None:
            self._tell_refused(token, start)
        elif self._quiet != start:
            self._tell_unclosed(other, start)
        term = next_term(self._source, token)
        brace = next((at for at in range(len(self._values) - 1, base, -1) if _is_brace(self._values[at])), None)
        if other is not None or term is None or brace is None:
            position = next_declaration(self._source, start, token.start) if other is None else other
            self._lose(words_in(text[start:position]))
            self._cut(base)
            return position
        keep = brace + 1
        if len(self._values) > keep and type(self._values[keep]) is _Inline:
            keep += 1
        self._lose(words_in(text[self._starts[keep] if len(self._values) > keep else token.start : term]))
        self._cut(keep)
        self._mended = -1 if "\n" in text[token.start : term] else term
        return term

    def _other_declaration(self, token: Token, start: int) -> int | None:
        """Where another declaration surely begins among the terms up to a token; from then on that is looked out for."""
        if self._wary and token.kind == NAME and self._begins_other(token):
            return token.start
        found = declaration_among_terms(self._source, max(start, self._searched), token.start)
        self._searched = token.start
        self._wary = self._wary or found is not None
        return found

    def _tell_unclosed(self, other: int, start: int) -> None:
        word = next(tokens(self._source.text, other))
        line = self._source.span(start, start).line
        way_out = f"the block of terms that begins on line {line} lacks a closing brace"
        self._tell(codes.SYNTAX, f"expected a term or `}}`, found `{word.text}`", word, way_out)

    def _cut(self, keep: int) -> None:
        del self._states[keep + 1 :], self._values[keep:], self._starts[keep:], self._ends[keep:]


def _flat(children: list[Any]) -> _Inline:
    if children and type(children[0]) is _Inline:  # grow the gathered ones in place: copying would be quadratic
        flat: _Inline = children[0]
        rest = children[1:]
    else:
        flat, rest = _Inline(), children
    for each in rest:
        if type(each) is _Inline:
            flat.extend(each)
        else:
            flat.append(each)
    return flat


def _is_brace(value: Any) -> bool:
    return isinstance(value, Token) and value.kind == "LBRACE"
