"""Compare observed connections with declared flows, and judge the undeclared ones by the rules.

found, diagnostics = compare(observed, world, TermMap())
found.undeclared[0].is_new_recipient, found.undeclared[0].findings
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime

from privacy_rules.drift.observed_files import Connection, Observed
from privacy_rules.findings.finding import Finding
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.importing.term_map import TermMap
from privacy_rules.manifest.model import Declaration, Estate, Record
from privacy_rules.manifest.nodes import quoted
from privacy_rules.simulation.finding_delta import delta
from privacy_rules.simulation.overlay import ChangedEstate
from privacy_rules.simulation.world import World
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Value

MOST_JUDGED = 2_000
"""How many undeclared flows are judged; the others are only listed."""
MOST_FINDINGS = 20_000
_INSIDE = ("organisation", "data_subject")


@dataclass(frozen=True, slots=True)
class Undeclared:
    """An observed flow that no manifest declares. `id` is the id to declare it with.

    `is_new_recipient`: the target is not known to be inside the organisation, and no declared flow leads to its party.
    `findings` are those that the flow would add, with its data undeclared.
    """

    id: str
    source: str
    target: str
    count: int
    last_seen: str | None
    place: Span | None
    is_new_recipient: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """An observed name that matches no system."""

    name: str
    count: int
    place: Span | None


@dataclass(frozen=True, slots=True)
class Drift:
    """How what was observed differs from what is declared.

    `undeclared` has new recipients first; `unobserved` are declared flows; `elsewhere` are findings on other subjects,
    such as systems, that the undeclared flows would add; `unjudged` is the number of undeclared flows that were not
    judged. `estate` includes the undeclared flows.
    """

    undeclared: tuple[Undeclared, ...]
    unobserved: tuple[Record, ...]
    unknown: tuple[Unknown, ...]
    observed: int
    estate: Estate
    elsewhere: tuple[Finding, ...] = ()
    unjudged: int = 0

    @property
    def new_recipients(self) -> tuple[Undeclared, ...]:
        """The undeclared flows to new recipients."""
        return tuple(each for each in self.undeclared if each.is_new_recipient)


def compare(observed: Observed, world: World, terms: TermMap) -> tuple[Drift | None, tuple[Diagnostic, ...]]:
    """Compare observations with a world; None if two systems have the same alias."""
    names, wrong = _names(world.estate)
    if wrong:
        return None, wrong
    comparison = _Comparison(world.estate, world.policy, names, terms)
    for each in observed.connections.values():
        comparison.add(each)
    undeclared = sorted(
        comparison.undeclared.values(), key=lambda each: (not each.is_new_recipient, -each.count, each.id)
    )
    estate, judged = _with(world.estate, undeclared[:MOST_JUDGED], comparison.places)
    found = Drift(
        tuple(undeclared),
        tuple(comparison.unobserved()),
        tuple(sorted(comparison.unknown.values(), key=lambda each: (-each.count, each.name))),
        len(observed.connections),
        estate,
        unjudged=len(undeclared) - judged,
    )
    return (_judged(found, world, estate) if undeclared else found), ()


def _names(estate: Estate) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The system of each name: its id or one of its aliases. Reports an alias that two systems have (E211)."""
    found = {name: name for name in estate.systems}
    wrong = []
    for name, system in estate.systems.items():
        aliases = system.stated("aliases")
        for alias in aliases if isinstance(aliases, tuple) else ():
            other = found.setdefault(str(alias), name)
            if other != name:
                message = f"the alias {quoted(str(alias))} of system {quoted(name)} also names system {quoted(other)}"
                place = system.location("aliases")
                wrong.append(Diagnostic(codes.CONTRADICTION, message, place, "give an alias to one system only"))
    return found, tuple(wrong)


@dataclass(slots=True, eq=False)
class _Comparison:
    estate: Estate
    policy: Policy
    names: Mapping[str, str]
    terms: TermMap
    undeclared: dict[tuple[str, str], Undeclared] = field(default_factory=dict)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    places: dict[str, Connection] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _known: dict[tuple[str, str], list[Record]] = field(default_factory=lambda: defaultdict(list))
    _received: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for flow in self.estate.flows.values():
            source, target = str(flow.declared["from"]), str(flow.declared["to"])
            self._known[source, target].append(flow)
            self._received.add(self._recipient(target))

    def add(self, found: Connection) -> None:
        """Sort a connection: it is declared, an undeclared flow, or between unknown services."""
        ends = [self._system(each) for each in (found.source, found.target)]
        source, target = (each or name for each, name in zip(ends, (found.source, found.target), strict=True))
        for system, name in zip(ends, (found.source, found.target), strict=True):
            if system is None:
                before = self.unknown.get(name)
                count = found.count + (before.count if before else 0)
                self.unknown[name] = Unknown(name, count, before.place if before else found.place)
        if source == target or ends == [None, None]:
            return
        ways = [(source, target), (target, source)] if found.is_call else [(source, target)]
        self._seen.update(ways)
        if not any(way in self._known for way in ways):
            self._undeclared(found, source, target)

    def _undeclared(self, found: Connection, source: str, target: str) -> None:
        before = self.undeclared.get((source, target))
        if before is not None:
            latest = max(filter(None, (before.last_seen, _moment(found.last_seen))), default=None)
            self.undeclared[source, target] = replace(before, count=before.count + found.count, last_seen=latest)
            return
        name = base = f"{source} -> {target}"
        number = 2
        while name in self.estate.flows:
            name, number = f"{base} {number}", number + 1
        is_new = not self._is_inside(target) and self._recipient(target) not in self._received
        self.places[name] = found
        self.undeclared[source, target] = Undeclared(
            name, source, target, found.count, _moment(found.last_seen), found.place, is_new
        )

    def _system(self, name: str) -> str | None:
        meant = self.terms.service(name)
        return self.names.get(name if meant is None else meant)

    def _recipient(self, system: str) -> str:
        """The party of a system; the system itself if its party is not declared."""
        record = self.estate.systems.get(system)
        party = record.stated("party") if record else None
        return f"party {party}" if party is not None else f"system {system}"

    def _is_inside(self, system: str) -> bool:
        """Whether all roles at a system are known, and all are inside the organisation."""
        record = self.estate.systems.get(system)
        if record is None:
            return False
        roles = record.stated("role")
        party = self.estate.parties.get(str(record.stated("party")))
        if roles is None and party is not None:
            roles = party.stated("role")
        taxonomy = self.policy.taxonomy("role")
        inside = [each for each in _INSIDE if each in taxonomy]
        listed = roles if isinstance(roles, tuple) else ()
        return bool(listed) and all(any(taxonomy.is_a(str(role), each) for each in inside) for role in listed)

    def unobserved(self) -> Iterator[Record]:
        """The declared flows whose ends were never observed together."""
        for ends, flows in self._known.items():
            if ends not in self._seen and ends[0] != ends[1]:
                yield from flows


def _moment(text: str | None) -> str | None:
    """A time as text: nanoseconds since 1970 become a date and time; anything else stays as it is."""
    if text is None or not (text.isdecimal() and len(text) == 20):
        return text
    try:
        return datetime.fromtimestamp(int(text) // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return None


def _with(estate: Estate, undeclared: Iterable[Undeclared], places: Mapping[str, Connection]) -> tuple[Estate, int]:
    """The estate with undeclared flows, and with systems for their unknown ends; and how many flows were added.

    Attributes for which manifests have a default are `null`, because nothing is known about these flows.
    """
    systems, flows = dict(estate.systems), dict(estate.flows)
    of_systems, of_flows = (_unknown(each.values()) for each in (systems, flows))
    for each in undeclared:
        where = Declaration(places[each.id].document, places[each.id].path)
        for name in (each.source, each.target):
            systems.setdefault(name, Record(Entity.SYSTEM, name, of_systems, where=where))
        declared = {"from": each.source, "to": each.target, **of_flows}
        flows[each.id] = Record(Entity.FLOW, each.id, declared, where=where)
    return replace(estate, systems=systems, flows=flows), len(flows) - len(estate.flows)


def _unknown(records: Iterable[Record]) -> dict[str, Value | None]:
    return dict.fromkeys(sorted({name for each in records for name in each.defaults}))


def _judged(found: Drift, world: World, estate: Estate) -> Drift:
    """Add the findings that the undeclared flows would cause."""
    after, wrong = world.beside(ChangedEstate(estate))
    assert after is not None, wrong
    by_flow: dict[str, list[Finding]] = defaultdict(list)
    elsewhere = []
    for way, (rule, subject) in delta(world, after, most=MOST_FINDINGS).changed:
        finding = after.finding(rule, subject.kind, subject.id) if way != "goes" else None
        if finding is None:
            continue
        if subject.id in estate.flows and subject.id not in world.estate.flows:
            by_flow[subject.id].append(finding)
        else:
            elsewhere.append(finding)
    undeclared = tuple(replace(each, findings=tuple(by_flow.get(each.id, ()))) for each in found.undeclared)
    return replace(found, undeclared=undeclared, elsewhere=tuple(elsewhere))
