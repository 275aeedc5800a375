"""Rules and clauses, held against each other: what is covered, accounted for, uncovered, gone, changed since it was reviewed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from privacy_rules.language.policy import Clause as Accounted
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.span import Span
from privacy_rules.tracing.near import way_out
from privacy_rules.tracing.prose import Clause, meant

State = Literal["covered", "accounted", "uncovered"]
Wording = Literal["same", "changed", "new"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was reviewed of a clause: the fingerprint of its words, the rules on it, and the day."""

    fingerprint: str
    rules: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause with what the policy has for it. `was` is what a clause of the same words was called when it was reviewed."""

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
    """A cite that means no clause (`help` says what may be meant), or (`candidates`) more than one."""

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
    """Holds a policy against the clauses of its prose."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    accounted: dict[str, list[Accounted]] = defaultdict(list)
    astray: list[Astray] = []
    for rule in policy.rules:
        for cite in rule.cites:
            for each in _one(rule.name, cite, rule.span, clauses, astray):
                rules[each.id].append(rule)
    for line in policy.clauses:
        for each in _one("clause", line.cited, line.span, clauses, astray):
            accounted[each.id].append(line)
    words = _Words({each.id: each.fingerprint for each in clauses}, reviewed)
    found = tuple(_traced(each, rules[each.id], accounted[each.id], words) for each in clauses)
    uncited = tuple(rule for rule in policy.rules if not rule.cites)
    changed = {each.clause.id for each in found if each.wording == "changed"}
    return Trace(found, tuple(astray), uncited, tuple(sorted(words.vanished - changed)))


class _Words:
    """The words of clauses as they are, against those that were reviewed.

    Words are known again wherever they stand: where a clause is put in, all that follow have another number and the same words.
    """

    def __init__(self, now: Mapping[str, str], reviewed: Mapping[str, Reviewed]) -> None:
        self._reviewed = reviewed
        elsewhere = {name: each.fingerprint for name, each in reviewed.items() if now.get(name) != each.fingerprint}
        standing = set(now.values())
        self.vanished = {name for name, words in elsewhere.items() if words not in standing}
        self._moved = {words: name for name, words in sorted(elsewhere.items(), reverse=True)}

    def of(self, clause: Clause) -> tuple[Wording, str | None]:
        """How a clause's words stand, and under which other name they were reviewed."""
        known, was = self._reviewed.get(clause.id), self._moved.get(clause.fingerprint)
        if known is not None and known.fingerprint == clause.fingerprint:
            return "same", None
        if was is not None:
            return "same", was
        return ("changed" if clause.id in self.vanished else "new"), None


def _one(by: str, cite: str, span: Span, clauses: Sequence[Clause], astray: list[Astray]) -> Iterable[Clause]:
    found = meant(cite, clauses)
    if len(found) != 1:
        help_ = "quote more of its words, or give the clause an anchor" if found else way_out(cite, clauses)
        astray.append(Astray(by, cite, span, tuple(each.id for each in found), help_))
        return ()  # what may mean several clauses covers none of them
    return found


def _traced(clause: Clause, rules: Sequence[Rule], accounted: Sequence[Accounted], words: _Words) -> Traced:
    return Traced(clause, tuple(rules), tuple(accounted), *words.of(clause))
