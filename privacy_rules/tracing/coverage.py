"""Rules and clauses, held against each other: what is covered, accounted for, uncovered, gone, changed since it was reviewed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from privacy_rules.language.policy import Clause as Accounted
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.span import Span
from privacy_rules.tracing.clause_index import Cited
from privacy_rules.tracing.clause_matching import Matches, matched
from privacy_rules.tracing.prose import Clause, told_apart

State = Literal["covered", "accounted", "uncovered"]
Wording = Literal["same", "changed", "new"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was reviewed of a clause: the fingerprint of its words, the rules on it, the day, and its heading's (none: not known)."""

    fingerprint: str
    rules: tuple[str, ...]
    day: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause with what the policy has for it. `was` is what it was called when it was reviewed, where that is another name."""

    clause: Clause
    rules: tuple[Rule, ...]
    accounted: tuple[Accounted, ...]
    wording: Wording
    was: str | None = None

    @property
    def state(self) -> State:
        """Whether a rule, a `clause` line, or nothing stands for it."""
        return "covered" if self.rules else "accounted" if self.accounted else "uncovered"


@dataclass(frozen=True, slots=True)
class Astray:
    """A cite that means no clause (`help` says what may be meant), or (`candidates`) more than one: of many, the first."""

    by: str
    cite: str
    span: Span
    candidates: tuple[str, ...] = ()
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole. `uncited` are rules that cite nothing; `lost` are clauses that were reviewed and are no more."""

    clauses: tuple[Traced, ...]
    astray: tuple[Astray, ...]
    uncited: tuple[Rule, ...]
    lost: tuple[str, ...]

    def in_state(self, state: State) -> list[Traced]:
        """The clauses in a state."""
        return [each for each in self.clauses if each.state == state]

    @property
    def changed(self) -> list[Traced]:
        """The clauses whose words are others than were reviewed."""
        return [each for each in self.clauses if each.wording == "changed"]


def trace(policy: Policy, clauses: Sequence[Clause], reviewed: Mapping[str, Reviewed]) -> Trace:
    """Holds a policy against the clauses of its prose, of which no two are called the same, in however many files."""
    clauses = told_apart(clauses)
    cited = Cited(clauses)
    rules: dict[str, list[Rule]] = defaultdict(list)
    accounted: dict[str, list[Accounted]] = defaultdict(list)
    astray: list[Astray] = []
    for rule in policy.rules:
        for cite in rule.cites:
            for each in _one(rule.name, cite, rule.span, cited, astray):
                rules[each.id].append(rule)
    for line in policy.clauses:
        for each in _one("clause", line.cited, line.span, cited, astray):
            accounted[each.id].append(line)
    matches = against(clauses, reviewed)
    found = tuple(_traced(each, rules[each.id], accounted[each.id], matches, reviewed) for each in clauses)
    uncited = tuple(rule for rule in policy.rules if not rule.cites)
    return Trace(found, tuple(astray), uncited, matches.lost)


def against(clauses: Iterable[Clause], reviewed: Mapping[str, Reviewed]) -> Matches:
    """Clauses, by their words, matched with those that were reviewed."""
    before = {name: each.fingerprint for name, each in reviewed.items()}
    return matched({each.id: each.fingerprint for each in clauses}, before)


def _one(by: str, cite: str, span: Span, cited: Cited, astray: list[Astray]) -> Iterable[Clause]:
    found = cited.meant(cite)
    if len(found) != 1:
        help_ = "quote more of its words, or give the clause an anchor" if found else cited.way_out(cite)
        astray.append(Astray(by, cite, span, tuple(each.id for each in found), help_))
        return ()  # what may mean several clauses covers none of them
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
