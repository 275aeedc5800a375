"""Report an alternative, an exception or a permit that makes no difference because other rules forbid all that it lets through.

rule r { allow disclosure only - to service_provider - to marketer when notice }   # found: the second alternative
rule s { forbid disclosure to marketer }

rule r { allow disclosure only - to service_provider - to marketer when notice }
rule s { forbid disclosure to marketer when exchange is sale }                     # passes
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from privacy_rules.language.policy import Rule
from privacy_rules.language.syntax import Rule as Tree
from privacy_rules.lint.framework.implications import at_least_as_severe, implications
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import (
    applies,
    is_idle_exception,
    lifts_nothing,
    needless_alternatives,
    within,
)
from privacy_rules.lint.framework.rule_conflicts import conflicts
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import listed


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a rule, or a permit that lifts it, with the nodes of the rule's verdict without and with that part."""

    name: str
    place: Span
    without: int
    verdict: int
    source: Rule


def _check(lint_input: LintInput) -> Iterable[Problem]:
    silent = {each.rule.name for each in implications(lint_input)} | {each.rule.name for each in conflicts(lint_input)}
    for rule, tree in lint_input.rules:
        if rule.statement != "permit" and rule.name not in silent and applies(lint_input.questions, rule):
            yield from _problems(
                lint_input, rule, [*_alternatives(lint_input, rule, tree), *_exception(lint_input, rule, tree)]
            )
    for permit, rule, place in lint_input.liftings:
        if rule.name not in silent and applies(lint_input.questions, permit):
            yield from _problems(lint_input, rule, _permit(lint_input, permit, rule, place))


def _alternatives(lint_input: LintInput, rule: Rule, tree: Tree) -> Iterator[_Part]:
    ask = lint_input.questions
    needless = set(needless_alternatives(ask, rule))
    nodes = [ask.of(each) for each in rule.alternatives]
    for number, written in enumerate(tree.statement.alternatives):
        if number not in needless:
            fewer = [*nodes[:number], *nodes[number + 1 :]]
            yield _Part("this alternative", written.span, ask.verdict_with(rule, fewer), ask.verdict_of(rule), rule)


def _exception(lint_input: LintInput, rule: Rule, tree: Tree) -> Iterator[_Part]:
    ask = lint_input.questions
    if rule.unless is not None and ask.can_be_true(ask.of(rule.unless)) and not is_idle_exception(ask, rule):
        without = ask.verdict_of(replace(rule, unless=None))
        yield _Part("this exception", tree.statement.unless[0].span, without, ask.verdict_of(rule), rule)


def _permit(lint_input: LintInput, permit: Rule, rule: Rule, place: Span) -> Iterator[_Part]:
    ask = lint_input.questions
    if not lifts_nothing(ask, permit, rule):
        yield _Part(f"`{permit.name}`", place, ask.verdict_of(rule), ask.verdict_of(rule, [permit]), permit)


def _problems(lint_input: LintInput, rule: Rule, parts: Iterable[_Part]) -> Iterator[Problem]:
    family = lint_input.coverings[rule.subject.kind.family]
    for part in parts:
        lint_input.checkpoint()
        by = family.forbidding(rule, part.without, part.verdict, _counting_for(rule, part.source))
        if by:
            yield _problem(part, rule, by)


def _counting_for(rule: Rule, source: Rule) -> Callable[[Rule], bool]:
    """Return whether another rule is at least as severe, and in force whenever the part is."""
    return lambda other: at_least_as_severe(other, rule) and (within(rule, other) or within(source, other))


def _problem(part: _Part, rule: Rule, by: list[Rule]) -> Problem:
    named = listed((f"`{each.name}`" for each in by), "or")
    message = (
        f"{part.name} makes no difference: everything that `{rule.name}` lets through because of it violates {named}"
    )
    others = "the other rule if that forbids" if len(by) == 1 else "the other rules if they forbid"
    also = tuple(each.name_span or each.span for each in by)
    return Problem(part.place, message, f"remove it, or fix {others} too much", also)


LINT = Lint(
    "forbidden-anyway",
    "L150",
    "warning",
    "an alternative, exception or permit that other rules make useless",
    _check,
)
