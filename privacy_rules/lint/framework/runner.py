"""Runs the lints on policy files, and applies `allow` comments and configured severities to their findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from privacy_rules.analysis import solver
from privacy_rules.analysis.search import no_checkpoint
from privacy_rules.analysis.step_budget import Spent
from privacy_rules.language import syntax
from privacy_rules.language.loader import Survey, survey
from privacy_rules.language.policy import Policy, Severity
from privacy_rules.lint.framework.allow_comments import Allow, allows
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.registry import lints, names
from privacy_rules.manifest.file_set import default_root
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, has_errors
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, FileSystem
from privacy_rules.source.span import Span

Level = Severity | Literal["off"]
_WORDS = (syntax.Vocabulary, syntax.Attribute, syntax.Define)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a lint found, with the configured severity; `excerpt` is its first line.

    `solver` names the solver if the finding may depend on its answers.
    """

    lint: Lint
    severity: Severity
    found: Problem
    excerpt: str
    solver: str | None = None


@dataclass(frozen=True, slots=True)
class Linted:
    """The findings in order of place, and those that comments allow.

    `undecided` counts the questions that were too large to answer, and `unproved` names the rules that they are about.
    `unfinished` names the lints that stopped early because their steps were used up. `solved` counts the questions that
    were only answered with the solver, and `solved_of` names the rules that they are about.
    """

    policy: Policy
    findings: tuple[Finding, ...]
    allowed: tuple[tuple[Finding, Allow], ...]
    undecided: int
    unproved: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    solved: int = 0
    solved_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The policy files to examine. `texts` replaces what is on disk; a `use` may not leave the folder `root`."""

    paths: tuple[Path, ...]
    root: Path | None = None
    texts: Mapping[Path, str] | None = None
    disk: FileSystem = DISK

    def survey(self) -> tuple[Survey, tuple[Diagnostic, ...]]:
        """Parse and resolve the files. A file that only declares terms for others needs no rules."""
        made = survey(self.paths, root=self.root or default_root(self.paths), texts=self.texts, disk=self.disk)
        asked = [made.files.get(path.resolve()) for path in self.paths]
        has_words = any(isinstance(each, _WORDS) for tree in asked if tree for each in tree.declarations)
        return made, tuple(each for each in made.found if each.code != codes.NO_RULES or not has_words)


def lint(
    files: Files, day: date, levels: Mapping[str, Level] | None = None
) -> tuple[Linted | None, tuple[Diagnostic, ...]]:
    """Lint the files on a day; None, and diagnostics, if the policy has errors. `levels` sets severities, or `off`, by name or code."""
    made, wrong = files.survey()
    if has_errors(wrong):
        return None, wrong
    lint_input = lint_input_of(made, files, day)
    return run(lint_input, levels or {}), wrong


def lint_input_of(made: Survey, files: Files, day: date, checkpoint: Callable[[], None] = no_checkpoint) -> LintInput:
    """Prepare a policy for the lints. They call `checkpoint` while they run."""
    asked = {path.resolve() for path in files.paths}
    trees = {tree.source.file: tree for tree in made.files.values()}
    paths = {tree.source.file: path for path, tree in made.files.items()}
    looked_at = frozenset(name for name, path in paths.items() if path in asked)
    known = names()
    allowed = tuple(each for name in sorted(looked_at) for each in allows(trees[name].source, known))
    return LintInput(
        made.policy,
        trees,
        looked_at,
        day,
        paths,
        allowed,
        known=known,
        checkpoint=checkpoint,
        disk=files.disk,
        texts=files.texts,
    )


def run(lint_input: LintInput, levels: Mapping[str, Level]) -> Linted:
    """Run each lint that is not off; those that examine the `allow` comments come last."""
    on = [(each, level) for each in lints().values() if (level := level_of(each, levels)) != "off"]
    first = [each for lint, level in on if not lint.last for each in _looked(lint_input, lint, level)]
    kept, allowed = _sorted_out(lint_input, first)
    used = {id(allow) for _, allow in allowed}
    running = {each.name for each, _ in on}
    lint_input.idle = [
        each for each in lint_input.allows if each.reason and each.name in running and id(each) not in used
    ]
    more = [each for lint, level in on if lint.last for each in _looked(lint_input, lint, level)]
    later, also = _sorted_out(lint_input, more)
    findings = sorted([*kept, *later], key=_place)
    ask = lint_input.questions
    return Linted(
        lint_input.policy,
        tuple(findings),
        (*allowed, *also),
        ask.undecided + len(lint_input.unproved),
        tuple(sorted(ask.unproved | lint_input.unproved)),
        tuple(lint_input.unfinished),
        ask.solved,
        tuple(sorted(ask.solved_of)),
    )


def level_of(lint: Lint, levels: Mapping[str, Level]) -> Level:
    """The severity of a lint. `levels` has names or codes as keys."""
    return levels.get(lint.name, levels.get(lint.code, lint.severity if lint.on else "off"))


def _looked(lint_input: LintInput, lint: Lint, severity: Severity) -> Iterator[Finding]:
    lint_input.checkpoint()
    lint_input.effort.begin()
    lint_input.proving = False
    try:
        for found in lint.check(lint_input):
            lint_input.checkpoint()
            excerpt = lint_input.source(found.span).excerpt(found.span.line)
            yield Finding(lint, severity, found, excerpt, solver.NAME if _is_solved(lint_input, found) else None)
    except Spent:
        lint_input.unfinished.append(lint.name)


def _is_solved(lint_input: LintInput, found: Problem) -> bool:
    """Whether the solver decided the last question, or one about a rule that the finding is about."""
    ask = lint_input.questions if lint_input.proving else None
    if ask is None or not ask.solved:
        return False
    return ask.last_aided or not ask.solved_of.isdisjoint(lint_input.rules_at((found.span, *found.also)))


def _sorted_out(
    lint_input: LintInput, findings: Sequence[Finding]
) -> tuple[list[Finding], list[tuple[Finding, Allow]]]:
    """Separate the findings from those that comments with a reason allow."""
    reasons: dict[tuple[str, int, str], list[Allow]] = defaultdict(list)
    for allow in lint_input.allows:
        if allow.reason:
            reasons[allow.file, allow.line, allow.name].append(allow)
    kept: list[Finding] = []
    allowed: list[tuple[Finding, Allow]] = []
    for finding in findings:
        by = reasons.get((finding.found.span.file, finding.found.span.line, finding.lint.name))
        if by:
            allowed += [(finding, each) for each in by]
        else:
            kept.append(finding)
    return kept, allowed


def _place(finding: Finding) -> tuple[Span, str, str]:
    return replace(finding.found.span, end_line=0, end_column=0), finding.lint.code, finding.found.message
