"""What a lint is: its name, what it looks for, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from privacy_rules.language.policy import Severity
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.source.span import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of a file to be replaced: from offset `start` up to `end` of its text, line ends folded."""

    file: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One mistake. `edits` mend it, all together, without a change of what the policy means; empty where nothing safe does."""

    span: Span
    message: str
    help: str | None = None
    also: tuple[Span, ...] = ()
    edits: tuple[Edit, ...] = ()


Check = Callable[[Reading], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Lint:
    """A check. `name` is how configuration and comments call it; `code` is stable.

    `last`: it looks at comments that allow lints, once all others have looked; `fixes` says what the edits of its findings do; empty if it has none.
    """

    name: str
    code: str
    severity: Severity
    title: str
    check: Check
    last: bool = False
    fixes: str = ""
