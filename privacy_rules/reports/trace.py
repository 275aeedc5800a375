"""A trace as a table, as JSON, and as a page with the prose on the left and its rules on the right.

covered    #no-selling         policy.md:71   no_selling, no_selling_through_others
accounted  #not-personal       policy.md:45   definition: the data vocabulary
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from privacy_rules.english.document import meaning
from privacy_rules.english.sentences import read_aloud
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.reports.html_page import STYLE, bullets, element, page, text
from privacy_rules.reports.json_document import Json, dumps, place
from privacy_rules.reports.paragraphs import html
from privacy_rules.reports.terminal import Colour, Ink
from privacy_rules.source.words import counted
from privacy_rules.tracing.coverage import BrokenCitation, State, Trace, Traced
from privacy_rules.tracing.lock import Accepted
from privacy_rules.tracing.plain_text import plain

_STATES: tuple[State, ...] = ("covered", "accounted", "uncovered")
_TOLD = {"changed": "changed since reviewed"}
_COLOURS: dict[str, Colour] = {"covered": "green", "accounted": "cyan", "uncovered": "red"}
_STYLE = (
    STYLE
    + """
.clause { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 1.5rem; border-left: .35rem solid var(--edge);
  padding: .6rem .9rem; margin: .7rem 0; background: var(--box); border-radius: .4rem; break-inside: avoid; }
.clause h2, .clause h3 { margin-top: 0; } .clause p { margin-top: 0; } .covered { --edge: var(--good); } .accounted { --edge: var(--link); }
.clause ul { margin: .2rem 0 .5rem; padding-left: 1.2rem; } .rule { font-size: .92rem; margin-bottom: .8rem; } .term { font-style: italic; }
.uncovered { --edge: var(--bad); } .changed, .uncited { --edge: var(--open); }
.astray, .lost { --edge: var(--bad); }
@media (max-width: 40rem) { .clause { grid-template-columns: 1fr; } }
"""
)


def as_text(found: Trace, ink: Ink) -> str:
    """The table for a terminal, what is astray, and a summary."""
    return "".join(f"{line}\n" for line in _lines(found, ink))


def _lines(found: Trace, ink: Ink) -> Iterator[str]:
    ids = max((len(each.clause.id) for each in found.clauses), default=0)
    places = max((len(_place(each)) for each in found.clauses), default=0)
    for each in found.clauses:
        state = ink(f"{each.state:9}", _COLOURS[each.state])
        told = f"{state}  {ink(each.clause.id.ljust(ids))}  {ink(_place(each).ljust(places), dim=True)}  {ink(_stands_for(each))}"
        yield f"{told}{ink(_wording(each), 'yellow')}".rstrip()
    for stray in found.astray:
        yield f"{ink('astray', 'red')}     {ink(f'{stray.span}: {_astray(stray)}')}"
        if stray.help:
            yield f"           {ink('help:', 'cyan')} {ink(stray.help)}"
    for name in found.lost:
        yield f"{ink('lost', 'red')}       {ink(_lost(name, found))}"
    for rule in found.uncited:
        yield f"{ink('uncited', 'yellow')}    {ink(f'{rule.span}: {_uncited(rule)}')}"
    counts = [f"{len(found.in_state(state)):,} {state}" for state in _STATES]
    more = [f"{count:,} {_TOLD.get(word, word)}" for word, count in _troubles(found).items() if count]
    yield ink(f"{counted(len(found.clauses), 'clause')}: {', '.join([*counts, *more])}", bold=True)


def _troubles(found: Trace) -> dict[str, int]:
    """What may fail beside clauses that are uncovered, and rules that cite nothing; every form counts them."""
    several = {"changed": found.changed, "astray": found.astray, "lost": found.lost, "uncited": found.uncited}
    return {word: len(each) for word, each in several.items()}


def _uncited(rule: Rule) -> str:
    return f"rule {rule.name} cites no clause"


def _place(each: Traced) -> str:
    return f"{each.clause.file}:{each.clause.line}"


def _stands_for(each: Traced) -> str:
    rules = ", ".join(rule.name for rule in each.rules)
    return "; ".join(filter(None, (rules, *(f"{line.kind}: {line.reason}" for line in each.accounted))))


def _wording(each: Traced) -> str:
    was = f"  (was {each.was})" if each.was else ""
    return f"{was}  (its words have changed since they were reviewed)" if each.wording == "changed" else was


def _lost(name: str, found: Trace) -> str:
    """That a clause is no more; where another bears its name, it is its words that are no more."""
    if any(each.clause.id == name for each in found.clauses):
        return f"{name} was reviewed with words that stand in the prose no more: what is {name} now is another clause"
    return f"{name} was reviewed, and stands in the prose no more"


def _astray(stray: BrokenCitation) -> str:
    by = f"rule {stray.by}" if stray.by != "clause" else "a `clause` line"
    if not stray.candidates:
        return f"{by} cites `{stray.cite}`, which no clause is called"
    return f"{by} cites `{stray.cite}`, which may be {' or '.join(stray.candidates)}"


def as_json(found: Trace, accepted: Accepted | None = None) -> str:
    """The same as a JSON document, with what was accepted before."""
    return dumps(
        {
            "version": 1,
            "summary": {
                **{state: len(found.in_state(state)) for state in _STATES},
                **_troubles(found),
            },
            "accepted": None if accepted is None else _accepted(accepted),
            "clauses": [_clause(each) for each in found.clauses],
            "astray": [
                {
                    "by": each.by,
                    "cite": each.cite,
                    "location": place(each.span),
                    "candidates": list(each.candidates),
                    "help": each.help,
                }
                for each in found.astray
            ],
            "lost": list(found.lost),
            "uncited": [{"rule": each.name, "location": place(each.span)} for each in found.uncited],
        }
    )


def _accepted(done: Accepted) -> Json:
    return {
        "clauses": done.count,
        "added": list(done.added),
        "changed": list(done.changed),
        "moved": [{"id": name, "was": was} for name, was in done.moved],
        "dropped": list(done.dropped),
    }


def told_of_acceptance(done: Accepted, file: str) -> list[str]:
    """What an acceptance wrote down, for whoever asked for it: lines."""
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


def _clause(each: Traced) -> Json:
    return {
        "id": each.clause.id,
        "title": each.clause.title,
        "state": each.state,
        "wording": each.wording,
        "was": each.was,
        "rules": [rule.name for rule in each.rules],
        "accounted": [{"kind": line.kind, "reason": line.reason} for line in each.accounted],
        "fingerprint": each.clause.fingerprint,
        "location": {"file": each.clause.file, "line": each.clause.line, "column": 1},
    }


def as_html(found: Trace, policy: Policy) -> str:
    """A page that stands by itself: each clause beside what the policy has for it, in plain English."""
    header = policy.headers[0] if policy.headers else None
    title = (header.fields.get("title") or header.name) if header else "A policy"
    figures = dict[str, int]((state, len(found.in_state(state))) for state in _STATES) | _troubles(found)
    counts = "".join(_figure(count, word) for word, count in figures.items())
    clauses = "".join(_article(each, policy) for each in found.clauses)
    strays = [_astray(each) + (f" ({each.help})" if each.help else "") + f" – {each.span}" for each in found.astray]
    rest = (
        _listing("Cites that mean no clause, or several", strays)
        + _listing("Clauses that are lost", [_lost(name, found) for name in found.lost])
        + _listing("Rules that cite no clause", [f"{_uncited(rule)} – {rule.span}" for rule in found.uncited])
    )
    head = element("h1", text(f"{title}: prose and rules")) + element("ul", counts, class_="figures")
    return page(f"{title}: prose and rules", [f"<header>{head}</header>\n<main>{clauses}{rest}</main>\n"], _STYLE, "")


def _figure(count: int, word: str) -> str:
    told = f"{element('strong', f'{count:,}', class_='verdict')} {_TOLD.get(word, word)}"
    return element("li", told, class_=word if word in _STATES or count else "")


def _listing(title: str, lines: Sequence[str]) -> str:
    return element("section", element("h2", title) + bullets(map(text, lines))) if lines else ""


def _article(each: Traced, policy: Policy) -> str:
    title = f"{element('code', text(each.clause.id))} {text(plain(each.clause.title))}"
    left = (
        element("h2", title)
        + element("p", text_of_lines(plain(each.clause.text)))
        + element("span", text(_place(each)), class_="place")
    )
    lines = [f"{element('strong', text(line.kind))}: {text(line.reason)}" for line in each.accounted]
    right = "".join(_rule(rule, policy) for rule in each.rules) + (bullets(lines) if lines else "")
    right = right or element("p", "no rule, and no reason why there is none", class_="verdict")
    wording = element("p", text(_wording(each).strip()), class_="tag") if _wording(each) else ""
    kind = "changed" if each.wording == "changed" else each.state
    return element("section", element("div", left) + element("div", right + wording), class_=f"clause {kind}") + "\n"


def text_of_lines(told: str) -> str:
    """Text of several lines, each made visible by itself; paragraphs stay apart, and items of a list on lines of their own."""
    return "<br>".join(
        "\n".join(map(text, piece.splitlines())) for piece in re.split(r"\n\n(?=[ \t]{0,20}• )", told)
    ).replace("\n\n", "<br><br>")


def _rule(rule: Rule, policy: Policy) -> str:
    """A rule with what it says, and where its own words stand."""
    reading = read_aloud(rule, policy)
    notes = (meaning(each, among=reading.notes) for each in reading.notes)
    said = "".join(map(html, (*reading.passages, *notes)))
    place_ = f"{element('code', text(rule.name))} {element('span', text(str(rule.span)), class_='place')}"
    return element("div", element("h3", text(rule.title or rule.name)) + said + element("p", place_), class_="rule")
