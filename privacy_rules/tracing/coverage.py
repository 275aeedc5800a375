"""Compare rules with clauses: which are covered, accounted for, uncovered, removed, or changed since their review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from privacy_rules.language.declarations import Clause as Accounted
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import is_shipped
from privacy_rules.source.span import Span
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose import Clause
from privacy_rules.tracing.reviewed_clauses import Matches, match

State = Literal["covered", "accounted", "uncovered"]
Wording = Literal["same", "changed", "new"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The review of a clause: the fingerprint of its words, its rules, the day, and the fingerprint of its heading (empty if unknown)."""

    fingerprint: str
    rules: tuple[str, ...]
    day: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause with the rules and `clause` lines for it. `was` is its name at the review, if that was another."""

    clause: Clause
    rules: tuple[Rule, ...]
    accounted: tuple[Accounted, ...]
    wording: Wording
    was: str | None = None

    @property
    def state(self) -> State:
        """Whether a rule covers the clause, a `clause` line accounts for it, or neither."""
        return "covered" if self.rules else "accounted" if self.accounted else "uncovered"


@dataclass(frozen=True, slots=True)
class BrokenCitation:
    """A citation that matches no clause (`help` suggests one), or more than one (`candidates`, the first of many)."""

    by: str
    cite: str
    span: Span
    candidates: tuple[str, ...] = ()
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The result of a trace. `uncited` rules cite nothing; `lost` clauses were reviewed and no longer exist."""

    clauses: tuple[Traced, ...]
    astray: tuple[BrokenCitation, ...]
    uncited: tuple[Rule, ...]
    lost: tuple[str, ...]

    def in_state(self, state: State) -> list[Traced]:
        """Return the clauses in a state."""
        return [each for each in self.clauses if each.state == state]

    @property
    def changed(self) -> list[Traced]:
        """The clauses whose words have changed since their review."""
        return [each for each in self.clauses if each.wording == "changed"]


def trace(policy: Policy, clauses: Sequence[Clause], reviewed: Mapping[str, Reviewed]) -> Trace:
    """Compare a policy with the clauses of its prose, which may be in several files. Rules of shipped packs cite laws, not the prose."""
    cited = ClauseIndex(clauses)
    rules: dict[str, list[Rule]] = defaultdict(list)
    accounted: dict[str, list[Accounted]] = defaultdict(list)
    astray: list[BrokenCitation] = []
    own = [each for each in policy.rules if not is_shipped(each.span.file)]
    for rule in own:
        for cite in rule.cites:
            for each in _one(rule.name, cite, rule.span, cited, astray):
                rules[each.id].append(rule)
    for line in policy.clauses:
        for each in _one("clause", line.cited, line.span, cited, astray):
            accounted[each.id].append(line)
    matches = match_reviewed(cited.clauses, reviewed)
    found = tuple(_traced(each, rules[each.id], accounted[each.id], matches, reviewed) for each in cited.clauses)
    uncited = tuple(rule for rule in own if not rule.cites)
    return Trace(found, tuple(astray), uncited, matches.lost)


def match_reviewed(clauses: Iterable[Clause], reviewed: Mapping[str, Reviewed]) -> Matches:
    """Match clauses with reviewed clauses by their words."""
    before = {name: each.fingerprint for name, each in reviewed.items()}
    return match({each.id: each.fingerprint for each in clauses}, before)


def _one(by: str, cite: str, span: Span, cited: ClauseIndex, astray: list[BrokenCitation]) -> Iterable[Clause]:
    found = cited.meant(cite)
    if len(found) != 1:
        help_ = "quote more of its words, or give the clause an anchor" if found else cited.help_for(cite)
        astray.append(BrokenCitation(by, cite, span, tuple(each.id for each in found), help_))
        return ()  # an ambiguous citation covers no clause
    return found


def _traced(
    clause: Clause,
    rules: Sequence[Rule],
    accounted: Sequence[Accounted],
    matches: Matches,
    reviewed: Mapping[str, Reviewed],
) -> Traced:
    reviewed_as = matches.same.get(clause.id, matches.changed.get(clause.id))
    wording: Wording = "new" if reviewed_as is None else "same" if clause.id in matches.same else "changed"
    if reviewed_as is not None and _heading_differs(clause, reviewed[reviewed_as]):
        wording = "changed"
    was = None if reviewed_as == clause.id else reviewed_as
    return Traced(clause, tuple(rules), tuple(accounted), wording, was)


def _heading_differs(clause: Clause, known: Reviewed) -> bool:
    return bool(known.heading and clause.heading) and known.heading != clause.heading
