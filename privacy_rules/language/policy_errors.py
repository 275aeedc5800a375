"""Collect the errors of a policy, with the nearest known name for a typo and a bound on that work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.invisible_characters import difference, spelt, twins
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.intended_term import help_for
from privacy_rules.vocabulary.taxonomy import Taxonomy


class Errors:
    """The errors of a policy, in the order in which they are reported."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._suggestions = Suggestions()

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        help: str | None = None,  # noqa: A002 - the diagnostic's own word
        also: tuple[Span, ...] = (),
    ) -> None:
        """Report an error."""
        self.found.append(Diagnostic(code, message, span, help, also))

    def near(self, name: str, known: Collection[str], what: str) -> str | None:
        """Return the help `did you mean `x`?`, or None; `what` is the noun for the known names."""
        return self._suggestions.near(name, known, what)

    def near_term(self, written: str, taxonomy: Taxonomy) -> str | None:
        """Return the help for words that are not a term of the taxonomy but mean or nearly spell one, or None."""
        return help_for(written, taxonomy, self._suggestions)

    def report_twins(self, what: str, declared: Mapping[str, Span]) -> None:
        """Report each name that a reader cannot tell apart from one declared before it; `what` says what both are."""
        for name, first in twins(declared):
            message = f"{what} `{name}` differs from another {what} {difference(name, first)}"
            help_ = f"write both the same, or rename one: `{spelt(name)}` here, `{spelt(first)}` there"
            self.report(codes.DUPLICATE, message, declared[name], help_, (declared[first],))

    @contextmanager
    def apart(self) -> Iterator[list[Diagnostic]]:
        """Collect the errors reported within the block in a list of their own."""
        others, self.found = self.found, []
        try:
            yield self.found
        finally:
            self.found = others
