"""What a lint is: its name, what it looks for, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from privacy_rules.analysis.checked_examples import CheckedExample
from privacy_rules.language.policy import Severity
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement in a file: from offset `start` to `end` of its text, each line end counted as one character."""

    file: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One likely error. `edits` together fix it without changing what the policy means; empty if no safe fix is known.

    `example` is a manifest that shows it.
    """

    span: Span
    message: str
    help: str | None = None
    also: tuple[Span, ...] = ()
    edits: tuple[Edit, ...] = ()
    example: CheckedExample | None = None


Check = Callable[[LintInput], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Lint:
    """A check. Configuration and comments use `name`; `code` never changes.

    `on`: the lint runs unless the configuration turns it off; otherwise it runs only if the configuration gives it a
    severity. `last`: the lint examines the `allow` comments, and runs after all others. `fixes` says what the edits of
    its findings do; empty if they have none.
    """

    name: str
    code: str
    severity: Severity
    title: str
    check: Check
    last: bool = False
    fixes: str = ""
    on: bool = True
