"""The format `text`: for a person at a terminal.

estate.yaml:38:5: violation[no_selling]: email_address is disclosed to lead_broker (data_broker) in a sale
  subject  flow crm-to-broker
  rule     Contact information is not sold or rented (iapmo.privacy:24:1)
  because  `exchange is (sale, rental)` is true: `exchange` of flow crm-to-broker is sale (estate.yaml:41:7)
  clause   Disclosure outside the group
  hint     Remove the flow, or take nothing in exchange.

Findings that one change would resolve are grouped under that change. If there are many others, each shows only what is
needed to act on it, so that a failing check fits on a screen. `verbose` shows everything: each finding by itself, every
test, all facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from privacy_rules.checking.judgements import Assumption, Cause, Fact, JudgedPair, RuleCount
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.reasons import (
    abridged,
    cause_place,
    cause_words,
    grouped,
    path_words,
    reason_lines,
    shared_reasons,
    ways_out,
)
from privacy_rules.findings.report import Report
from privacy_rules.findings.wording import data_words, fact_and_place
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.markup.diagnostics import as_text, lines
from privacy_rules.reports.markup.terminal import COLOURS, Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import counted, first_few, listed
from privacy_rules.vocabulary.values import show

_LABEL = 9
_REASONS = 6  # of one finding; `--verbose` has them all
_MANY = 5  # more findings than these are shown briefly
_BRIEF = 3  # reasons of one finding that is shown briefly
_TOGETHER = 8  # findings of one cause with a headline; of the others only the subject is named
_FACTS = 8  # of one test; the rest is counted, and `json` has them all


def render(report: Report, view: View) -> str:
    """The report; with `quiet`, only what fails, and nothing if nothing does."""
    ink = Ink(view.colour, view.plain)
    if view.quiet:
        return "".join(f"{line}\n" for line in _quiet(report.quiet(view.threshold), ink))
    return "".join(f"{line}\n" for line in _whole(report, view, ink))


def _quiet(report: Report, ink: Ink) -> Iterator[str]:
    brief = len(report.findings) > _MANY
    for found in report.findings:
        yield from _brief(found, report.as_of, ink) if brief else finding_lines(found, report.as_of, ink)
    for warning in report.warnings:
        yield from lines(warning, ink)


def _whole(report: Report, view: View, ink: Ink) -> Iterator[str]:
    shown = [each for each in report.present if each.state != "unchanged" or each.waived]
    groups, alone = ([], shown) if view.verbose else grouped(shown)
    for cause, group in groups:
        yield from _group(cause, group, report.as_of, ink)
        yield ""
    brief = len(alone) > _MANY and not view.verbose
    for found in alone:
        if brief:
            yield from _brief(found, report.as_of, ink)
        else:
            yield from finding_lines(found, report.as_of, ink, verbose=view.verbose)
        if found.explained and not brief:
            yield ""
    if alone and (brief or not alone[-1].explained):
        yield ""
    fixed = report.in_state("fixed")
    if fixed:
        yield from (f"{ink('fixed', 'green')}: {ink(str(each))}" for each in fixed)
        yield ""
    for warning in report.warnings if view.verbose else report.warnings_in_short(view.threshold):
        yield from lines(warning, ink)
    if report.warnings:
        yield ""
    if report.assumptions and view.assumptions:
        yield ink("assumed, because it is not declared:", dim=True)
        yield from (ink(f"  {line}", dim=True) for line in assumption_words(report.assumptions))
        yield ""
    elif report.assumptions:
        count = len(list(assumption_words(report.assumptions)))
        yield ink(f"{counted(count, 'assumption')} for what is not declared; `--assumptions` lists them", dim=True)
    if view.statistics:
        yield from (ink(line) for line in _statistics(report.rules))
        yield ""
    yield from (ink(line, dim=True) for line in report.terms.words())
    yield _summary(report, view, ink)


def finding_lines(found: Finding, day: date, ink: Ink, *, verbose: bool = False) -> Iterator[str]:
    """Yield the lines of one finding."""
    yield _headline(found, ink)
    if found.explained:
        yield from _labelled_lines(_details(found, day, ink, verbose=verbose), ink, dim=found.waived)


def _brief(found: Finding, day: date, ink: Ink) -> Iterator[str]:
    """A finding among many: what is wrong, why, and what to do, without the details that `rule` and `explain` show."""
    yield _headline_about(found, ink, found.owner)
    if found.explained and not found.waived:
        details = [("path", path_words(found, ink.arrow, ink.dots))] if found.hops else []
        details += _labelled("because", list(reason_lines(found, day, _BRIEF, places=True, brief=True)))
        details += _labelled("also", _others(found))
        yield from _labelled_lines([*details, *_ways_out([found])], ink)


def _group(cause: Cause, found: Sequence[Finding], day: date, ink: Ink) -> Iterator[str]:
    """The findings that one change would resolve: the change, a headline for each, and what they share."""
    place = cause_place(cause)
    where = f" ({place})" if place else ""
    yield ink(f"{cause_words(cause)}{where}: {counted(len(found), 'finding')}", bold=True)
    yield from (_headline_about(each, ink) for each in found[:_TOGETHER])
    if len(found) > _TOGETHER:
        others = list(dict.fromkeys(str(each.subject) for each in found[_TOGETHER:]))
        yield ink(f"and {len(found) - _TOGETHER:,} more: {first_few(others, 2 * _TOGETHER)}")
    owners = dict.fromkeys(each.owner for each in found if each.owner)
    open_ = [each for each in found if not each.waived]
    details = _labelled("because", list(shared_reasons(open_, day, _REASONS)))
    details += [("owner", listed(owners))] if owners else []
    yield from _labelled_lines([*details, *_ways_out(open_)], ink)


def _ways_out(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """What to do about findings, without repeating an action or a label."""
    by_label: dict[str, dict[str, None]] = {}
    for label, words in (way for each in findings for way in ways_out(each)):
        by_label.setdefault(label, {})[words] = None
    for label, ways in by_label.items():
        yield from _labelled(label, list(ways))


def _labelled_lines(details: Iterable[tuple[str, str]], ink: Ink, *, dim: bool = False) -> Iterator[str]:
    for label, words in details:
        text = f"  {label.ljust(_LABEL)}{words}"
        yield ink(text, dim=True) if dim else f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(words)}"


def _headline(found: Finding, ink: Ink) -> str:
    kind = f"{found.verdict.word}[{found.rule}]"
    if found.severity != "error":
        kind += f" ({found.severity})"
    if found.waived:
        return ink(f"{found.place}: {kind}: {found.message}", dim=True)
    return f"{ink(found.place, bold=True)}: {ink(kind, COLOURS[found.verdict], bold=True)}: {ink(found.message)}"


def _headline_about(found: Finding, ink: Ink, owner: str | None = None) -> str:
    """The headline with the subject, the owner and the end of the waiver."""
    waived = f"waived until {found.waiver.until}" if found.waiver else None
    about = ", ".join(filter(None, (str(found.subject), owner, waived)))
    return f"{_headline(found, ink)} {ink(f'({about})', dim=True)}"


def _details(found: Finding, day: date, ink: Ink, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """The label and text of each line after the headline."""
    if found.waiver:
        waiver = found.waiver
        yield "subject", str(found.subject)
        yield "waived", f"until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by})"
        return
    yield "subject", str(found.subject)
    yield "rule", f"{found.title} ({found.rule_location})" if found.title else str(found.rule_location)
    if found.hops:
        yield "path", path_words(found, ink.arrow, ink.dots)
        yield "", f"by {abridged([hop.flow for hop in found.hops], ', ', ink.dots)}"
    because = _because(found) if verbose else reason_lines(found, day, _REASONS, places=True)
    yield from _labelled("because", list(because))
    yield from _labelled("also", _others(found))
    yield from _labelled("clause", found.cites)
    if found.owner:
        yield "owner", found.owner
    yield from _ways_out([found])


def _labelled(label: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    return [(label if number == 0 else "", text) for number, text in enumerate(lines)]


def _because(found: Finding) -> Iterator[str]:
    """All tests that decided, each with the facts that were not listed before."""
    shown: set[Fact] = set()
    for test in found.because:
        yield f"{test.text}: {test.value.word}"
        new = [fact for fact in test.facts if fact not in shown]
        shown.update(new)
        for fact in new[:_FACTS]:
            yield f"  {fact_and_place(fact)}"
        if len(new) > _FACTS:
            yield f"  and {len(new) - _FACTS:,} more"


def _others(found: Finding) -> list[str]:
    """Pairs whose verdict differs from that of the headline, and pairs that a waiver covers."""
    notes = []
    other = [pair for pair in found.judged if pair.verdict is not found.verdict]
    if other:
        notes.append(f"{other[0].verdict.word} for {_pairs(other)}")
    waived = [pair for pair in found.judged if pair.waived]
    if waived:
        notes.append(f"waived only for {_pairs(waived)}")
    return notes


def _pairs(pairs: list[JudgedPair]) -> str:
    return "; ".join(dict.fromkeys(_pair(each) for each in pairs))


def _pair(pair: JudgedPair) -> str:
    data = data_words(pair)
    return f"{data} for {pair.purpose}" if pair.purpose else data


def assumption_words(found: Sequence[Assumption]) -> Iterator[str]:
    """A line for each assumed value, with the number of files that declare it."""
    alike: dict[tuple[str, str, str, str], list[Assumption]] = {}
    for each in found:
        value = "empty" if each.value == () else show(each.value)
        alike.setdefault((each.entity.value, each.attribute, value, str(each.source)), []).append(each)
    for (kind, attribute, value, source), group in alike.items():
        subjects = sum(each.subjects for each in group)
        places = [str(each.location) for each in group if each.location]
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        where = f", {places[0]}{more}" if places else ""
        yield f"`{attribute}` of {counted(subjects, kind)} is {value} ({source}{where})"


def _statistics(counts: Sequence[RuleCount]) -> Iterator[str]:
    """A line for each rule: how many subjects there are, to how many it applies, and their verdicts."""
    width = max((len(count.rule.name) for count in counts), default=0)
    columns = ("subjects", "applies", "compliant", "violations", "undetermined")
    yield f"{'':{width}}  {'  '.join(columns)}"
    for count in counts:
        figures = (f"{getattr(count, column):>{len(column)},}" for column in columns)
        yield f"{count.rule.name:{width}}  {'  '.join(figures)}"


def _summary(report: Report, view: View, ink: Ink) -> str:
    figures = report.summary
    counts = [
        counted(figures.violations, "violation") if figures.violations else "",
        f"{figures.undetermined:,} undetermined" if figures.undetermined else "",
    ]
    found = listed(filter(None, counts)) or report.nothing
    aside = [f"{figures.waived:,} waived"] if figures.waived else []
    aside += _states(report)
    fail = len(report.failing_warnings(view.threshold))
    aside += [f"{counted(fail, 'warning')} {'fails' if fail == 1 else 'fail'} the check"] if fail else []
    checked = listed(
        (counted(figures.rules, "rule"), counted(figures.systems, "system"), counted(figures.flows, "flow"))
    )
    day = f"as of {report.as_of} ({report.terms.as_of_words})"
    more = f" ({'; '.join(aside)})" if aside else ""
    return f"{ink(found + more, _mood(report, view), bold=True)}: {ink(f'{checked}, {day}')}"


def _states(report: Report) -> list[str]:
    """`since main: 1 new, 12 unchanged, 2 fixed`, if there is a comparison."""
    counts = ", ".join(f"{count:,} {state}" for state, count in report.states.items())
    return [f"since {report.terms.compared_with}: {counts}"] if counts else []


def _mood(report: Report, view: View) -> Colour:
    if report.fails(view.threshold):
        return "red"
    return "yellow" if len(report.present) > len(report.waived) else "green"


def errors(wrong: Errors) -> str:
    """The errors, as on a terminal without colour."""
    return as_text(wrong.all, Ink())
