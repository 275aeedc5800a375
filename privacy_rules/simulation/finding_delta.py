"""Compare the findings of two worlds: which come, go, change and stay.

found = delta(before, after, most=10_000)
found.changed, found.counts["comes"], found.after.violations

Findings are compared class by class (`checking/outcomes.py`), or one by one if the change can affect only a few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.outcomes import ClassPair, Outcome, Pairing
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.report import Report, Summary
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.simulation.world import State, World
from privacy_rules.source.fast_dataclasses import dataclass

Key = tuple[str, Subject]
"""A rule's name and a subject: there is at most one finding of them."""

Way = Literal["comes", "goes", "changes", "stays"]
WAYS: tuple[Way, ...] = ("comes", "goes", "changes")
MOST_ALONE = 200
"""Up to this many subjects of a rule are compared one by one; of many subjects, up to an eighth."""


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A rule's finding on a subject before and after; None if there is none. The two always differ."""

    rule: str
    subject: Subject
    before: Finding | None
    after: Finding | None

    @property
    def key(self) -> Key:
        """The rule and the subject."""
        return self.rule, self.subject

    @property
    def way(self) -> Way:
        """Whether the finding comes, goes or changes: a verdict, a judged pair or a waived state."""
        return "comes" if self.before is None else "goes" if self.after is None else "changes"

    @property
    def words(self) -> str:
        """`compliant -> violation`, `waived violation -> violation`."""
        return f"{_state(self.before)} -> {_state(self.after)}"

    @property
    def finding(self) -> Finding:
        """The finding after the changes, else the one before."""
        found = self.after or self.before
        assert found is not None
        return found


def by_key(report: Report) -> dict[Key, Finding]:
    """Index a report's findings by rule and subject."""
    return {(each.rule, each.subject): each for each in report.present}


def finding_changes(before: Mapping[Key, Finding], after: Mapping[Key, Finding]) -> Iterator[FindingChange]:
    """Yield every finding that differs, in the order of rule and subject."""
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if essence(was) != essence(now):
            yield FindingChange(*key, was, now)


def essence(found: Finding | State | None) -> object:
    """The parts of a finding that are compared: its verdicts, pair by pair, and which of them are waived."""
    return None if found is None else (found.verdict, found.judged, found.waived)


def _state(finding: Finding | None) -> str:
    if finding is None:
        return "compliant"
    if finding.waived:
        return f"waived {finding.verdict.word}"
    partly = any(part.waived for part in finding.judged)
    return f"partly waived {finding.verdict.word}" if partly else finding.verdict.word


@dataclass(frozen=True, slots=True)
class Delta:
    """The differences between two worlds.

    `changed` and `stays` are in the order of rule and subject, and cut off if there are very many; `counts` has the
    number of all findings that change in each way. `worst` is the worst verdict of a changed finding, as long as it is
    not waived.
    """

    changed: Sequence[tuple[Way, Key]]
    stays: Sequence[Key]
    counts: Mapping[Way, int]
    before: Summary
    after: Summary
    worst: Verdict

    @property
    def omitted(self) -> Mapping[Way, int]:
        """How many findings of each way are only counted; empty if all are listed."""
        listed = Counter(way for way, _ in self.changed)
        listed["stays"] = len(self.stays)
        return {way: count - listed[way] for way, count in self.counts.items() if count > listed[way]}


def delta(before: World, after: World, *, most: int, staying: int = 0) -> Delta:
    """Compare two worlds. At most `most` of the findings that change are listed, and `staying` of those that stay."""
    tally = _Tally(before, after, most, staying)
    difference = after.difference_from(before)
    for name in sorted(before.cores.keys() | after.cores.keys()):
        was, now = before.outcome(name), after.cores.get(name)
        kinds = {each.rule.subject.kind.family for each in (before.cores.get(name), now) if each}
        some = difference.subjects(now) if was and now and difference else None
        if was and some is not None and len(some) <= max(MOST_ALONE, len(was.classes.subjects) // 8):
            tally.compare_some(name, was, some)
        elif len(kinds) == 1:
            tally.compare_all(name, was, after.outcome(name))
        else:  # another policy has a rule of this name that judges something else
            for one, other in sorted(((was, None), (None, after.outcome(name))), key=_kind):
                tally.compare_all(name, one, other)
    return tally.delta()


def _kind(outcomes: tuple[Outcome | None, Outcome | None]) -> str:
    return next(each.ruling.family.value for each in outcomes if each)


@dataclass(slots=True)
class _Tally:
    """The comparison so far. In pairs of figures, the first is for the world before the change."""

    before: World
    after: World
    most: int
    staying: int
    changed: list[tuple[Way, Key]] = field(default_factory=list)
    stays: list[Key] = field(default_factory=list)
    counts: Counter[Way] = field(default_factory=Counter)
    verdicts: tuple[Counter[Verdict], Counter[Verdict]] = field(default_factory=lambda: (Counter(), Counter()))
    waived: Counter[int] = field(default_factory=Counter)
    worst: Verdict = Verdict.COMPLIANT

    def delta(self) -> Delta:
        """Return the result."""
        before, after = (self._summary(side, world) for side, world in enumerate((self.before, self.after)))
        return Delta(self.changed, self.stays, self.counts, before, after, self.worst)

    def _summary(self, side: int, world: World) -> Summary:
        systems, flows, verdicts = len(world.estate.systems), len(world.estate.flows), self.verdicts[side]
        found = verdicts[Verdict.VIOLATION], verdicts[Verdict.UNDETERMINED]
        return Summary(len(world.cores), systems, flows, *found, self.waived[side])

    def compare_some(self, name: str, was: Outcome, some: frozenset[str]) -> None:
        """Compare a rule's results for some subjects; those for all others are the same as before."""
        kind, numbers = was.ruling.family, was.classes.number_of
        alone = {each: self._compare_one(name, kind, each) for each in some | self._named(name)}
        others = Counter(dict(enumerate(was.alike.sizes)))
        others.subtract(was.alike.numbers[numbers[each]] for each in alone if each in numbers)
        bad = {number: verdict for number, verdict in enumerate(was.verdicts) if verdict}
        for number, verdict in bad.items():
            self._count("stays", verdict, verdict, others[number])
        if bad and not self._is_full("stays"):
            ways: dict[str, Way | None] = {
                each: "stays" if was.alike.numbers[number] in bad else None for each, number in numbers.items()
            }
            self._list(name, kind, sorted({**ways, **alone}.items()) if alone else ways.items())
        else:
            self._list(name, kind, sorted(alone.items()))

    def compare_all(self, name: str, was: Outcome | None, now: Outcome | None) -> None:
        """Compare a rule's results for all subjects."""
        pairing, kind = Pairing(was, now), _family(was, now)
        alone = {each: self._compare_one(name, kind, each) for each in self._named(name)}
        apart = Counter(pair for each, pair in pairing.named if each in alone) if alone else {}
        ways: dict[ClassPair, Way] = {}
        for pair, size in pairing.sizes.items():
            one, other = was.verdict_of(pair[0]) if was else None, now.verdict_of(pair[1]) if now else None
            if one or other:
                same = one is other and was and now and was.result(pair[0]) == now.result(pair[1])
                way: Way = "comes" if not one else "goes" if not other else "stays" if same else "changes"
                ways[pair] = way
                self._count(way, one or Verdict.COMPLIANT, other or Verdict.COMPLIANT, size - apart.get(pair, 0))
        if alone or any(not self._is_full(each) for each in set(ways.values())):
            pairs = pairing.named
            self._list(name, kind, ((each, alone[each] if each in alone else ways.get(pair)) for each, pair in pairs))

    def _named(self, rule: str) -> frozenset[str]:
        """The subjects of a rule that waivers name."""
        return self.before.waived.get(rule, frozenset()) | self.after.waived.get(rule, frozenset())

    def _compare_one(self, rule: str, kind: Kind, subject: str) -> Way | None:
        """Compare and count one finding; None if there is none."""
        one, other = (each.state(rule, kind, subject) for each in (self.before, self.after))
        for side, state in enumerate((one, other)):
            self.waived[side] += bool(state and state.waived)
        if one is None and other is None:
            return None
        way: Way = "stays" if one == other else "comes" if one is None else "goes" if other is None else "changes"
        was, now = (each.verdict if each else Verdict.COMPLIANT for each in (one, other))
        self._count(way, was, now, 1, waived=bool(other and other.waived))
        return way

    def _count(self, way: Way, one: Verdict, other: Verdict, size: int, *, waived: bool = False) -> None:
        self.counts[way] += size
        for verdicts, verdict in zip(self.verdicts, (one, other), strict=True):
            verdicts[verdict] += size
        if way != "stays" and size and not waived:
            self.worst = max(self.worst, other)

    def _is_full(self, way: Way) -> bool:
        return len(self.stays) >= self.staying if way == "stays" else len(self.changed) >= self.most

    def _list(self, rule: str, kind: Kind, found: Iterable[tuple[str, Way | None]]) -> None:
        for subject, way in found:
            if way is not None and not self._is_full(way):
                key = rule, Subject(kind, subject)
                if way == "stays":
                    self.stays.append(key)
                else:
                    self.changed.append((way, key))


def _family(was: Outcome | None, now: Outcome | None) -> Kind:
    found = was or now
    assert found is not None
    return found.ruling.family
