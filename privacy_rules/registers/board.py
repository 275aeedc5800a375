"""The page for a board: what is broken, what expires within 90 days, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.comparison import new_and_fixed
from privacy_rules.findings.finding import Finding
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.registers.facts import facts, left_out
from privacy_rules.registers.material import MARKS, SOON, Material, by_day
from privacy_rules.registers.model import Cell, Column, Entry, Mark, Register, Row, Table, once, row
from privacy_rules.simulation.finding_delta import FindingChange
from privacy_rules.simulation.forecast import forecast
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, listed

BROKEN = (
    Column("promise", "What is promised"),
    Column("violations", "Broken", "number"),
    Column("undetermined", "Not decided", "number"),
    Column("waived", "Waived", "number"),
    Column("where", "Where"),
    Column("owners", "Owners"),
    Column("clauses", "Clauses"),
)
EXPIRES = (
    Column("day", "Day", "date"),
    Column("what", "What expires"),
    Column("who", "Who"),
    Column("then", "What happens then"),
)
CHANGED = (
    Column("change", "Change", "text"),
    Column("promise", "What is promised"),
    Column("verdict", "Verdict", "text"),
    Column("where", "Where"),
    Column("owner", "Owner", "text"),
)
OVER_TIME = (
    Column("day", "Day", "date"),
    Column("commit", "Commit", "text"),
    Column("violations", "Broken", "number"),
    Column("undetermined", "Not decided", "number"),
    Column("new", "New since then", "number"),
    Column("fixed", "Fixed since then", "number"),
)
_THEN = {"undetermined": "more undetermined", "resolved": "resolved"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What was found at a commit, judged on the day of the register. `day` is that of the commit."""

    day: date
    commit: str
    findings: Sequence[Finding]


def board(material: Material, moments: Sequence[Moment] = (), since: str = "", notes: Sequence[str] = ()) -> Register:
    """Return the page. `moments` are those to compare with, the earliest first, which is what `since` names."""
    found = [each for each in material.found if not each.waived]
    broken, undecided = (sum(each.verdict is verdict for each in found) for verdict in MARKS)
    expiring = _expiring(material)
    last = _last_day(material)
    ends = sum(material.day < day <= last for day, *_ in _ends(material))
    head: list[tuple[str, Cell]] = [
        ("Broken", (Entry(counted(broken, "violation"), mark="bad" if broken else "good"),)),
        ("Not decided", (Entry(f"{undecided:,} undetermined", mark="open" if undecided else "good"),)),
        ("Waived", (Entry(len(material.found) - len(found)),)),
        ("Expires within 90 days", (Entry(ends, mark="open" if ends else "good"),)),
    ]
    tables = [_broken(material), expiring]
    if moments:
        tables += [_changed(material, moments[0], since), _over_time(material, moments)]
    return Register(
        "board", "Privacy at a glance", (*head, *facts(material)), tuple(tables), (*left_out(material), *notes)
    )


# ---- what is broken


def _broken(material: Material) -> Table:
    by_rule: dict[str, list[Finding]] = {}
    for each in material.found:
        by_rule.setdefault(each.rule, []).append(each)
    ordered = sorted(by_rule.values(), key=lambda each: (-_count(each, Verdict.VIOLATION), -len(each), each[0].rule))
    rows = tuple(_promise(material, each) for each in ordered)
    return Table("broken", "What is broken", BROKEN, rows, empty="every promise is kept")


def _count(found: Iterable[Finding], verdict: Verdict) -> int:
    return sum(each.verdict is verdict and not each.waived for each in found)


def _promise(material: Material, found: Sequence[Finding]) -> Row:
    first = found[0]
    counts = [(_count(found, verdict), mark) for verdict, mark in MARKS.items()]
    return row(
        BROKEN,
        first.location,
        promise=(Entry(first.title or first.rule, first.rule_location, id=first.rule),),
        violations=(Entry(counts[0][0], mark="bad" if counts[0][0] else ""),),
        undetermined=(Entry(counts[1][0], mark="open" if counts[1][0] else ""),),
        waived=(Entry(sum(each.waived for each in found)),),
        where=once(_where(material, each) for each in found),
        owners=once(Entry(each) for each in sorted({each.owner for each in found if each.owner})),
        clauses=tuple(material.of_rule(first.rule, first.cites, first.rule_location)),
    )


def _where(material: Material, found: Finding) -> Entry:
    """What a finding is about, with the names of the parties."""
    mark: Mark = "" if found.waived else MARKS[found.verdict]
    state = "waived: " if found.waived else ""
    return Entry(
        f"{state}{_subject(material, found.subject.kind, found.subject.id)}", found.location, mark, id=found.subject.id
    )


def _subject(material: Material, kind: Kind, name: str) -> str:
    graph = material.graph
    if kind is Kind.FLOW and name in graph.flow_number:
        number = graph.flow_number[name]
        ends = [_named(material.party_at(each)) for each in (graph.source[number], graph.target[number])]
        return f"{name}, from {ends[0]} to {ends[1]}"
    if kind.at_system and name in graph.system_number:
        return f"{name}, of {_named(material.party_at(graph.system_number[name]))}"
    if kind is Kind.CONTRACT and name in graph.estate.contracts:
        return f"{name}, with {_others(material, name)}"
    if kind is Kind.PARTY and name in graph.estate.parties:
        return str(material.party(graph.estate.parties[name]).value)
    return "the organisation" if kind is Kind.ORGANISATION else name


def _named(party: Entry) -> str:
    return "an unknown party" if party.mark else str(party.value)


def _others(material: Material, contract: str) -> str:
    estate = material.graph.estate
    return listed(str(material.party(estate.parties[each]).value) for each in estate.contracts[contract].parties)


# ---- what expires


def _expiring(material: Material) -> Table:
    """Contracts and waivers that end soon, and what else changes a verdict by then."""
    last = _last_day(material)
    days = {each.day: each for each in forecast(material.policy, material.graph.estate, material.day, last)}
    events: dict[date, list[tuple[Entry, str]]] = {}
    for day, what, who in _ends(material):
        if material.day < day <= last:
            events.setdefault(day, []).append((what, who))
    for day, found in days.items():
        known = {what.place for what, _ in events.get(day, ())}
        others = [(Entry(each.words, each.location), "") for each in found.events if each.location not in known]
        events[day] = [*events.get(day, ()), *others]
    rows = [
        row(
            EXPIRES,
            events[day][0][0].place,
            day=(Entry(day),),
            what=tuple(what for what, _ in events[day]),
            who=once(Entry(who) for _, who in events[day] if who),
            then=tuple(_then(days[day].finding_changes)) if day in days else (),
        )
        for day in sorted(events)
    ]
    notes = tuple(f"From {day} on, not all verdicts that change are counted." for day in days if days[day].more)
    title = f"What expires by {last}"
    return Table("expires", title, EXPIRES, tuple(rows), notes, empty="nothing expires, and no verdict changes")


def _last_day(material: Material) -> date:
    return min(material.day, date.max - SOON) + SOON


def _ends(material: Material) -> Iterator[tuple[date, Entry, str]]:
    for contract in material.graph.estate.contracts.values():
        day = by_day(material.value(contract, "until")[0])
        if day is not None:
            yield day, Entry(f"contract {contract.id}", contract.location("until")), _others(material, contract.id)
    for waiver in material.graph.estate.waivers:
        words = f"waiver of {waiver.rule} for {waiver.subject}"
        yield waiver.until, Entry(words, waiver.location), f"approved by {waiver.approved_by}"


def _then(changes: Iterable[FindingChange]) -> Iterator[Entry]:
    """Count the verdicts that change on a day."""
    counts = Counter[tuple[str, Mark]]()
    for each in changes:
        after = each.after if each.after and not each.after.waived else None
        counts[(after.verdict.word, MARKS[after.verdict]) if after else ("resolved", "good")] += 1
    for (word, mark), number in sorted(counts.items()):
        yield Entry(
            f"{counted(number, 'more violation') if word == 'violation' else f'{number:,} {_THEN[word]}'}", mark=mark
        )


# ---- what has changed


def _changed(material: Material, before: Moment, since: str) -> Table:
    new, fixed = (sorted(each, key=_order) for each in new_and_fixed(material.found, before.findings))
    marks: dict[str, Mark] = {"new": "bad", "fixed": "good"}
    rows = [
        row(
            CHANGED,
            each.location if change == "new" else None,
            change=(Entry(change, mark=marks[change]),),
            promise=(Entry(each.title or each.rule, each.rule_location if change == "new" else None),),
            verdict=(Entry(each.verdict.word),),
            where=(Entry(_subject(material, each.subject.kind, each.subject.id), _line_now(each, change)),),
            owner=(Entry(each.owner),) if each.owner else (),
        )
        for change, each in [*(("new", each) for each in new), *(("fixed", each) for each in fixed)]
    ]
    return Table("changed", f"What changed since {since}", CHANGED, tuple(rows), empty="no finding is new or fixed")


def _line_now(found: Finding, change: str) -> Span | None:
    return found.location if change == "new" else None


def _order(found: Finding) -> tuple[int, str, str]:
    return -found.verdict, found.rule, found.subject.id


def _over_time(material: Material, moments: Sequence[Moment]) -> Table:
    rows = list[Row]()
    for each in (*moments, Moment(material.day, "", material.found)):
        new, fixed = new_and_fixed(material.found, each.findings)
        figures = [_count(each.findings, verdict) for verdict in MARKS]
        rows.append(
            row(
                OVER_TIME,
                None,
                day=(Entry(each.day),),
                commit=(Entry(each.commit[:12] or "now"),),
                violations=(Entry(figures[0]),),
                undetermined=(Entry(figures[1]),),
                new=(Entry(len(new)),),
                fixed=(Entry(len(fixed)),),
            )
        )
    notes = (f"Each row checks the manifests of its commit against the policy of that commit, as of {material.day}.",)
    return Table("over-time", "Findings over time", OVER_TIME, tuple(rows), notes)
