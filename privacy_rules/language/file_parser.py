"""Parse one policy file into a syntax tree, recovering from errors.

The parser's tables come from the grammar (`parser.py`). The loop that runs them is our own, because Lark's stops at the first error:
this one drops the broken declaration (in a vocabulary, the broken term) from its stacks and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.language.ast_builder import TreeBuilder
from privacy_rules.language.error_recovery import (
    DECLARATION_WORDS,
    declaration_among_terms,
    declared_in,
    must_begin_declaration,
    next_declaration,
    next_term,
    words_in,
)
from privacy_rules.language.expected_tokens import acceptable, expected, near
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.parser_tables import END, SAME, Inline, defaults, flat, tables
from privacy_rules.language.scanner import (
    BAD_CHARACTER,
    BAD_ESCAPE,
    NAME,
    SEPARATOR,
    STRING,
    UNENDED,
    Token,
    kind_in_text,
    outside_texts,
    tokens,
)
from privacy_rules.language.source_text import SourceText
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.invisible_characters import SEPARATOR_HELP, separator_words

_VOCABULARIES = ("VOCABULARY_NAME", "VOCABULARY")
_NAMED = ("RULE", "DEFINE", "ATTRIBUTE")
_FAR = 50


def read(source: SourceText) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    """Return the tree of a file, without its broken declarations, and the errors."""
    reader = _Reader(source)
    declarations = reader.run()
    return syntax.File(source, declarations, reader.lost), (*reader.found, *_separators(source))


def _separators(source: SourceText) -> Iterator[Diagnostic]:
    """The errors for line separators outside texts: they do not end a comment, but an editor may show what follows as a new line."""
    if not source.text.isascii() and SEPARATOR.search(source.text):
        for at in outside_texts(source.text, SEPARATOR):
            message = separator_words(source.text[at])
            yield Diagnostic(codes.CHARACTER, message, source.span(at, at + 1), SEPARATOR_HELP)


class _Reader:
    """The parser's stacks and the errors. All stacks are equally long, but `_states` has the start state below."""

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
        self._quiet = -1  # the start of a declaration that is known to be broken, of which no more errors are reported
        self._resumed = -1  # the start of the term with which parsing went on after a broken one
        self._wary = False  # whether a block of terms lacked a brace, as others then may
        self._searched = 0  # how far blocks of terms have been searched for other declarations
        self._lost_names: set[str] = set()
        self._lost_anything = False
        self._expected: dict[tuple[int, ...], frozenset[str]] = {}

    @property
    def lost(self) -> Lost:
        """The names that the broken declarations may declare."""
        return Lost(frozenset(self._lost_names), self._lost_anything)

    def run(self) -> tuple[syntax.Declaration, ...]:
        """Parse the file and return its declarations."""
        position = 0
        while (stopped := self._run_from(position)) is not None:
            position = self._recover(stopped)
        declarations: tuple[syntax.Declaration, ...] = self._values[-1]
        return declarations

    # ---- the parser

    def _run_from(self, position: int) -> Token | None:
        """Parse until the end, and return None, or until an unexpected token, and return that."""
        for token in tokens(self._source.text, position):
            if token.kind in (UNENDED, BAD_ESCAPE):
                self._report_string(token)
            if not self._take(token):
                return token
        return None

    def _take(self, token: Token) -> bool:
        states, actions = self._states, self._known.actions
        if token.kind == NAME:
            token.kind = kind_in_text(self._source.text, token, states)
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
        """Shift a token, and reduce at once if the next token makes no difference."""
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
        if size == 1 and made.name in SAME:
            self._states[-1] = self._known.gotos[self._states[-2]][made.origin]
            return
        keep = len(self._values) - size
        children: list[Any] = self._values[keep:]
        start, end = (self._starts[keep], self._ends[-1]) if size else (0, 0)
        del self._states[keep + 1 :], self._values[keep:], self._starts[keep:], self._ends[keep:]
        parts = flat(children)
        self._values.append(parts if made.inline else self._build(made.name, parts, start, end))
        self._states.append(self._known.gotos[self._states[-1]][made.origin])
        self._starts.append(start)
        self._ends.append(end)

    # ---- errors

    def _base(self) -> int:
        """The number of values below the open declaration; finished declarations are combined in one value."""
        return 1 if self._values and type(self._values[0]) is Inline else 0

    def _report_string(self, token: Token) -> None:
        base = self._base()
        self._quiet = self._starts[base] if len(self._values) > base else token.start
        if token.kind == UNENDED:
            message, help_ = "this text does not end on its line", 'end it with `"`'
        else:
            message, help_ = "unknown escape in this text", 'only `\\"`, `\\\\` and `\\n` are known'
            if self._last and self._last.text in ("use", "text"):
                help_ = f"write `/` between folders, on every system: `{token.text.replace(chr(92), '/')}`"
        self._report(codes.CHARACTER, message, token, help_)
        token.kind = STRING

    def _report(self, code: str, message: str, token: Token, help_: str | None = None) -> None:
        self.found.append(Diagnostic(code, message, self._source.span(token.start, token.end), help_))

    def _report_refused(self, token: Token, start: int) -> None:
        """Report an unexpected token, once for each broken declaration or term."""
        from privacy_rules.language.syntax_hints import hidden
        from privacy_rules.language.word_slips import meant
        from privacy_rules.source.merge_conflicts import HAS_MARKERS, MARKERS_HELP, is_marker

        if is_marker(self._source.text, token.start):
            self._report(codes.SYNTAX, HAS_MARKERS, token, MARKERS_HELP)
            return
        if token.kind == BAD_CHARACTER:
            shown = f"`{token.text}`" if token.text.isprintable() else f"U+{ord(token.text):04X}"
            help_ = near(token, frozenset()) or self._help(token)
            self._report(codes.CHARACTER, f"unexpected character {shown}", token, help_)
            return
        if self._quiet == start or self._is_rest_of_broken_term(token):
            return
        accepted = self._acceptable()
        last = self._last
        token = hidden(self._source.text, last, accepted) or token
        shown = token.text if len(token.text) <= _FAR else token.text[:_FAR] + "…"
        found = "the end of the file" if token.kind == END else f"`{shown}`"
        message = f"expected {expected(accepted, last.kind if last else None)}, found {found}"
        help_ = meant(self._source.text, last, token, accepted) or near(token, accepted) or self._help(token)
        self._report(codes.SYNTAX, message, token, help_)

    def _help(self, token: Token) -> str | None:
        from privacy_rules.language.syntax_hints import help_for

        among_terms = self._opener() in _VOCABULARIES
        return help_for(self._source.text, self._last, token, self._acceptable(), among_terms=among_terms)

    def _acceptable(self) -> frozenset[str]:
        key = tuple(self._states[-_FAR:])
        if key not in self._expected or len(self._states) > _FAR:
            self._expected[key] = acceptable(self._states)
        return self._expected[key]

    def _is_rest_of_broken_term(self, token: Token) -> bool:
        """Whether this token is on the line of the term with which parsing continued after a broken one."""
        if self._resumed < 0 or not self._starts or self._starts[-1] != self._resumed:
            return False
        return "\n" not in self._source.text[self._resumed : token.start]

    # ---- recovery

    def _recover(self, token: Token) -> int:
        """Report the error, drop what is broken and return the offset to go on from."""
        base = self._base()
        start = self._starts[base] if len(self._values) > base else token.start
        if self._opener() in _VOCABULARIES:
            return self._recover_in_terms(token, base, start)
        self._report_refused(token, start)
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
        """Whether the open declaration is complete, and the token begins a new line after it."""
        return END in self._acceptable() and self._source.begins_line(token.start)

    def _hidden(self, opener: str | None, start: int, token: Token, position: int) -> Lost:
        text = self._source.text
        if opener == "USE":
            return Lost(anything=True)
        if opener is None:
            return words_in(text[start:position])
        return declared_in(text[start:position]) if opener in _NAMED else declared_in(text[token.start : position])

    def _begins_other(self, token: Token) -> bool:
        """Whether a name must begin another declaration. Among terms it does so only if a block has lacked a brace."""
        if token.text not in DECLARATION_WORDS or not must_begin_declaration(self._source, token.start):
            return False
        return self._wary or self._opener() not in _VOCABULARIES

    def _recover_in_terms(self, token: Token, base: int, start: int) -> int:
        text = self._source.text
        other = self._other_declaration(token, start)
        if other is None:
            self._report_refused(token, start)
        elif self._quiet != start:
            self._report_unclosed(other, start)
        term = next_term(self._source, token)
        brace = next((at for at in range(len(self._values) - 1, base, -1) if _is_brace(self._values[at])), None)
        if other is not None or term is None or brace is None:
            position = next_declaration(self._source, start, token.start) if other is None else other
            self._lose(words_in(text[start:position]))
            self._cut(base)
            return position
        keep = brace + 1
        if len(self._values) > keep and type(self._values[keep]) is Inline:
            keep += 1
        self._lose(words_in(text[self._starts[keep] if len(self._values) > keep else token.start : term]))
        self._cut(keep)
        self._resumed = -1 if "\n" in text[token.start : term] else term
        return term

    def _other_declaration(self, token: Token, start: int) -> int | None:
        """The offset of another declaration among the terms up to a token; after the first one, `_begins_other` looks for more."""
        if self._wary and token.kind == NAME and self._begins_other(token):
            return token.start
        found = declaration_among_terms(self._source, max(start, self._searched), token.start)
        self._searched = token.start
        self._wary = self._wary or found is not None
        return found

    def _report_unclosed(self, other: int, start: int) -> None:
        word = next(tokens(self._source.text, other))
        line = self._source.span(start, start).line
        help_ = f"the block of terms that begins on line {line} lacks a closing brace"
        self._report(codes.SYNTAX, f"expected a term or `}}`, found `{word.text}`", word, help_)

    def _cut(self, keep: int) -> None:
        del self._states[keep + 1 :], self._values[keep:], self._starts[keep:], self._ends[keep:]


def _is_brace(value: Any) -> bool:
    return isinstance(value, Token) and value.kind == "LBRACE"
