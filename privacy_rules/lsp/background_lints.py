"""Run lints in the background: cancelled when the policy is edited, cached until an input changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from lsprotocol.types import Diagnostic

from privacy_rules import engine
from privacy_rules.configuration.load import Configuration
from privacy_rules.lint.framework.file_stamp import Stamp
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.runner import Files, Finding, Level, lint_input_of, run
from privacy_rules.lint.framework.sibling_files import stamps
from privacy_rules.lsp.open_documents import Texts
from privacy_rules.lsp.policy_view import PolicyView
from privacy_rules.lsp.readable_files import border
from privacy_rules.lsp.scheduling import Scheduler
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.prose_loader import open_text, prose_files

_Roots = tuple[Path, ...]
ToDiagnostics = Callable[[Iterable[Finding]], list[Diagnostic]]


@dataclass(frozen=True, slots=True)
class State:
    """Everything that lints depend on: the texts of the policy's files, its prose as open in the editor, the severities, the day, and the files beside it."""

    texts: Mapping[Path, str]
    prose: Mapping[Path, str | None]
    levels: Mapping[str, Level]
    day: date
    beside: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class Linted:
    """The findings of lints in a policy, by file, their diagnostics, and the state that they are valid for."""

    state: State
    found: Mapping[Path, tuple[Finding, ...]]
    diagnostics: Mapping[Path, list[Diagnostic]]


class Linting:
    """The latest lint findings of each policy."""

    def __init__(self, texts: Texts, scheduler: Scheduler) -> None:
        self._texts, self._scheduler = texts, scheduler
        self._kept: dict[_Roots, Linted] = {}

    def of(
        self, view: PolicyView, settings: Configuration, to_diagnostics: ToDiagnostics
    ) -> Mapping[Path, list[Diagnostic]]:
        """Return the lint diagnostics of a policy without errors. Raises StaleError once the editor's files have changed."""
        kept = self._kept.get(view.roots)
        lint_input = self._lint_input(view, settings)
        state = State(_texts(view), _open_prose(lint_input), dict(settings.lint), lint_input.day, stamps(lint_input))
        if kept and kept.state == state:
            return kept.diagnostics
        found = _problem(view, lint_input, state.levels)
        made = Linted(state, found, {path: to_diagnostics(each) for path, each in found.items()})
        lint_input.checkpoint()
        self._kept[view.roots] = made
        return made.diagnostics

    def keep_only(self, views: list[PolicyView]) -> None:
        """Forget the policies that are no longer open."""
        roots = {view.roots for view in views}
        self._kept = {each: kept for each, kept in self._kept.items() if each in roots}

    def at(self, view: PolicyView, path: Path) -> tuple[Finding, ...]:
        """Return the findings in a file if the policy has not changed since, so that their places are still right."""
        kept = self._kept.get(view.roots)
        if kept is None or kept.state.texts != _texts(view):
            return ()
        return kept.found.get(path, ())

    def _lint_input(self, view: PolicyView, settings: Configuration) -> LintInput:
        opened = self._texts.open

        def is_stale() -> bool:
            now = self._texts.open
            return now is not opened and any(now.get(each) != opened.get(each) for each in view.survey.files)

        day = settings.as_of or engine.today()
        files = Files(view.roots, texts=opened, disk=border(opened, settings))
        return lint_input_of(view.survey, files, day, self._scheduler.after_others(is_stale))


def _texts(view: PolicyView) -> dict[Path, str]:
    return {path: file.source.text for path, file in view.survey.files.items()}


def _open_prose(lint_input: LintInput) -> dict[Path, str | None]:
    found: dict[Path, str | None] = {}
    for file in prose_files(lint_input.policy):
        with suppress(OSError, ValueError):  # the lint reports it
            found[file] = open_text(file, lint_input.disk, lint_input.texts)
    return found


def _problem(view: PolicyView, lint_input: LintInput, levels: Mapping[str, Level]) -> dict[Path, tuple[Finding, ...]]:
    found: dict[Path, list[Finding]] = {path: [] for path in view.roots if path in view.survey.files}
    for each in run(lint_input, levels).findings:
        found.setdefault(view.paths[each.found.span.file], []).append(each)
    return {path: tuple(each) for path, each in found.items()}
