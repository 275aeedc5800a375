"""A trace as a table.

covered    #no-selling         policy.md:71   no_selling, no_selling_through_others
accounted  #not-personal       policy.md:45   definition: the data vocabulary
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.language.policy import Rule
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.reports.trace import Traces
from privacy_rules.source.words import counted
from privacy_rules.tracing.coverage import BrokenCitation, State, Trace, Traced
from privacy_rules.tracing.lock import Accepted

STATES: tuple[State, ...] = ("covered", "accounted", "uncovered")


LABELS = {"changed": "changed since reviewed"}


LEGEND = {
    "covered": "a rule cites the clause",
    "accounted": "no rule checks the clause, and a `clause` line of the policy says why",
    "uncovered": "no rule cites the clause, and nothing says why",
    "changed": "the words of the clause are not those that somebody accepted with `trace --accept`",
    "astray": "a rule cites a clause that does not exist, or several",
    "lost": "somebody accepted the clause, but the prose no longer has it",
    "uncited": "the rule cites no clause",
}


_COLOURS: dict[str, Colour] = {"covered": "green", "accounted": "cyan", "uncovered": "red"}


def render(found: Traces, view: View) -> str:
    """The table, the citations that mean no clause, and a summary."""
    return "".join(f"{line}\n" for line in _lines(found.trace, view.ink))


def _lines(found: Trace, ink: Ink) -> Iterator[str]:
    ids = max((len(each.clause.id) for each in found.clauses), default=0)
    places = max((len(place_words(each)) for each in found.clauses), default=0)
    for each in found.clauses:
        state = ink(f"{each.state:9}", _COLOURS[each.state])
        columns = f"{state}  {ink(each.clause.id.ljust(ids))}  {ink(place_words(each).ljust(places), dim=True)}  {ink(_stands_for(each))}"
        yield f"{columns}{ink(change_words(each), 'yellow')}".rstrip()
    for stray in found.astray:
        yield f"{ink('astray', 'red')}     {ink(f'{stray.span}: {astray_words(stray)}')}"
        if stray.help:
            yield f"           {ink('help:', 'cyan')} {ink(stray.help)}"
    for name in found.lost:
        yield f"{ink('lost', 'red')}       {ink(lost_words(name, found))}"
    for rule in found.uncited:
        yield f"{ink('uncited', 'yellow')}    {ink(f'{rule.span}: {uncited_words(rule)}')}"
    counts = [f"{len(found.in_state(state)):,} {state}" for state in STATES]
    more = [f"{count:,} {LABELS.get(word, word)}" for word, count in problems(found).items() if count]
    yield from (ink(f"{word}: {meaning}", dim=True) for word, meaning in legend(found))
    yield ink(f"{counted(len(found.clauses), 'clause')}: {', '.join([*counts, *more])}", bold=True)


def legend(found: Trace) -> list[tuple[str, str]]:
    """The meanings of the words in a trace."""
    used = {each.state for each in found.clauses} | {word for word, some in problems(found).items() if some}
    return [(LABELS.get(word, word), meaning) for word, meaning in LEGEND.items() if word in used]


def problems(found: Trace) -> dict[str, int]:
    """How many problems of each kind there are, besides uncovered clauses."""
    several = {"changed": found.changed, "astray": found.astray, "lost": found.lost, "uncited": found.uncited}
    return {word: len(each) for word, each in several.items()}


def uncited_words(rule: Rule) -> str:
    """Say that a rule cites no clause."""
    return f"rule {rule.name} cites no clause"


def place_words(each: Traced) -> str:
    """Where a clause is in the prose."""
    return f"{each.clause.file}:{each.clause.line}"


def _stands_for(each: Traced) -> str:
    rules = ", ".join(rule.name for rule in each.rules)
    return "; ".join(filter(None, (rules, *(f"{line.kind}: {line.reason}" for line in each.accounted))))


def change_words(each: Traced) -> str:
    """What has changed about a clause since it was reviewed."""
    was = f"  (was {each.was})" if each.was else ""
    return f"{was}  (its words have changed since they were reviewed)" if each.wording == "changed" else was


def lost_words(name: str, found: Trace) -> str:
    """Say that a clause no longer exists, or that its name now belongs to another one."""
    if any(each.clause.id == name for each in found.clauses):
        return f"{name} was reviewed with words that are no longer in the prose: {name} is now another clause"
    return f"{name} was reviewed, and is no longer in the prose"


def astray_words(stray: BrokenCitation) -> str:
    """What a citation could mean instead."""
    by = f"rule {stray.by}" if stray.by != "clause" else "a `clause` line"
    if not stray.candidates:
        return f"{by} cites `{stray.cite}`, which is not the name of any clause"
    return f"{by} cites `{stray.cite}`, which may be {' or '.join(stray.candidates)}"


def acceptance_lines(done: Accepted, file: str) -> list[str]:
    """The lines about what `--accept` wrote."""
    lines = [f"added    {name}" for name in done.added]
    lines += [f"changed  {name}" for name in done.changed]
    lines += [f"moved    {name} (was {was})" for name, was in done.moved]
    lines += [f"dropped  {name}" for name in done.dropped]
    several = (("added", len(done.added)), ("changed", len(done.changed)), ("moved", len(done.moved)))
    counts = [f"{count:,} {word}" for word, count in (*several, ("dropped", len(done.dropped))) if count]
    lines.append(
        f"accepted {counted(done.count, 'clause')} in {file}: {', '.join(counts) or 'all were reviewed before'}"
    )
    return lines
