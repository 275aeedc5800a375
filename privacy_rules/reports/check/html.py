"""The format `html`: one file that a browser opens from the disk, with reasons, clauses and drawn paths.

It has all findings, waived and fixed ones too, by rule, and a filter where scripts may run; without them all is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from privacy_rules.checking.judgements import Fact, RuleCount
from privacy_rules.findings.finding import Finding, Hop, Part
from privacy_rules.findings.report import Report
from privacy_rules.findings.wording import fact_words, missing_words
from privacy_rules.reports.check.text import assumption_words
from privacy_rules.reports.markup.html import bullets, element, page, text, words
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.words import counted, listed

_STATES = ("new", None, "unchanged", "fixed")
_HOPS = 16  # of one drawing; of a longer path the two ends
_FACTS = 40  # of one test; the rest is counted


def render(report: Report, view: View) -> str:
    """The page; with `quiet` of what fails only."""
    shown = report.quiet(view.threshold) if view.quiet else report
    return page(f"Privacy rules: {_headline(shown)}", _body(shown, view))


def _body(report: Report, view: View) -> Iterator[str]:
    yield f"<header>\n{element('h1', text(_headline(report)))}\n{_about(report)}\n{_figures(report)}\n</header>\n<main>\n"
    if report.findings:
        yield _filter(report.findings)
        yield from _findings(report)
    yield _section("Warnings", [_warning(each) for each in report.warnings])
    if not view.quiet:
        yield _section(
            "Assumed, for what nobody declared", [words(each) for each in assumption_words(report.assumptions)]
        )
        yield _rules(report.rules)
    yield "</main>\n"


def _headline(report: Report) -> str:
    figures = report.summary
    told = []
    if figures.violations:
        told.append(counted(figures.violations, "violation"))
    if figures.undetermined:
        told.append(f"{figures.undetermined:,} undetermined")
    waived = f" ({figures.waived:,} waived)" if figures.waived else ""
    return f"{' and '.join(told) or 'no findings'}{waived}"


def _about(report: Report) -> str:
    policies = listed(report.policies) if report.policies else "a policy without a name"
    day = f"as of {report.as_of} ({report.terms.as_of_words})"
    lines = [f"{element('strong', text(policies))}, {text(day)}", *map(words, report.terms.words())]
    return "".join(element("p", each, class_="dim") for each in lines)


def _figures(report: Report) -> str:
    figures = report.summary
    told = [
        ("violation", figures.violations, "violations"),
        ("undetermined", figures.undetermined, "undetermined"),
        ("waived", figures.waived, "waived"),
        *((state, count, f"{state} since {report.terms.compared_with}") for state, count in report.states.items()),
        ("", figures.rules, "rules"),
        ("", figures.systems, "systems"),
        ("", figures.flows, "flows"),
    ]
    items = (
        element("li", f"{element('strong', f'{count:,}', class_='verdict')} {text(words)}", class_=kind)
        for kind, count, words in told
    )
    return element("ul", "".join(items), class_="figures")


def _filter(findings: Sequence[Finding]) -> str:
    kinds = dict.fromkeys(_kind(each) for each in findings)
    boxes = "".join(
        f'<label><input type="checkbox" name="kind" value="{kind}" checked> {kind}</label>\n' for kind in sorted(kinds)
    )
    # A form's `kind` is a list only where there are two of them.
    return (
        '<form id="filter" role="search">\n<label for="words">Filter</label>\n'
        f'<input type="search" id="words" name="words" placeholder="words: a rule, system, owner, file ...">\n{boxes}'
        '<input type="hidden" name="kind" value="" disabled>\n<output id="told"></output>\n</form>\n'
    )


def _kind(found: Finding) -> str:
    """What the filter tells findings apart by."""
    if found.state == "fixed":
        return "fixed"
    return "waived" if found.waived else found.verdict.word


def _findings(report: Report) -> Iterator[str]:
    titles = {count.rule.name: count.rule.title for count in report.rules}
    groups: dict[str, list[Finding]] = defaultdict(list)
    for found in report.findings:
        groups[found.rule].append(found)
    for rule in [*(name for name in titles if name in groups), *(name for name in groups if name not in titles)]:
        title = f"{element('code', text(rule))} {text(titles.get(rule) or '')}"
        yield f'<section class="rule">\n{element("h2", title)}\n'
        yield from map(_article, sorted(groups[rule], key=lambda each: _STATES.index(each.state)))
        yield "</section>\n"


def _article(found: Finding) -> str:
    kind = _kind(found)
    tags = [found.severity, *([found.state] if found.state else []), *(["waived"] if found.waived else [])]
    head = "".join(
        (
            element("h3", words(found.message)),
            "<p>",
            element("span", found.verdict.word, class_="verdict"),
            "".join(f" {element('span', text(tag), class_='tag')}" for tag in tags),
            f" {element('span', text(found.place), class_='place')}</p>",
        )
    )
    body = _path(found.hops) + _details(found) + _because(found) if found.explained else ""
    state = f" {found.state}" if found.state else ""
    return f"{element('article', head + body, class_=f'{kind}{state}', data_kind=kind)}\n"


def _details(found: Finding) -> str:
    rows = [("subject", text(str(found.subject)))]
    if found.waiver:
        waiver = found.waiver
        why = f"until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by})"
        rows.append(("waived", text(why)))
    rows += [("missing", bullets(words(missing_words(each)) for each in found.missing))] if found.missing else []
    rows += [("data", _judged(found.judged))] if any(part.data or part.pair for part in found.judged) else []
    rows += [("clause", text(", ".join(found.cites)))] if found.cites else []
    rows += [("hint", words(found.hint))] if found.hint else []
    rows += [("owner", text(found.owner))] if found.owner else []
    rows += [("rule", element("span", text(str(found.rule_location)), class_="place"))] if found.rule_location else []
    rows.append(("fingerprint", element("code", text(found.fingerprint))))
    return element("dl", "".join(element("dt", name) + element("dd", inner) for name, inner in rows))


def _judged(parts: Sequence[Part]) -> str:
    return text("; ".join(dict.fromkeys(map(_part, parts))))


def _part(part: Part) -> str:
    data = listed(part.pair, "with") if part.pair else part.data or "data of an unknown category"
    return (
        f"{data}{f' for {part.purpose}' if part.purpose else ''}: {'waived ' if part.waived else ''}{part.verdict.word}"
    )


def _because(found: Finding) -> str:
    if not found.because:
        return ""
    tests = (
        f"{element('code', text(test.text))} is {test.value.word}{bullets(_facts(test.facts)) if test.facts else ''}"
        for test in found.because
    )
    return element("details", element("summary", "because") + bullets(tests), open="")


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts[:_FACTS]:
        where = f" {element('span', text(str(fact.location)), class_='place')}" if fact.location else ""
        yield words(fact_words(fact)) + where
    if len(facts) > _FACTS:
        yield f"and {len(facts) - _FACTS:,} more"


def _path(hops: Sequence[Hop]) -> str:
    """The path, system by system, with the flow that leads from one to the next on its arrow."""
    if not hops:
        return ""
    half = _HOPS // 2
    shown = list(hops) if len(hops) <= _HOPS else [*hops[:half], *hops[-half:]]
    items = [_arrow(hop) for hop in shown]
    if len(shown) < len(hops):
        items.insert(half, element("i", f"{len(hops) - len(shown):,} more flows"))
    items.append(element("b", text(hops[-1].target)))
    return element("ol", "".join(element("li", each) for each in items), class_="path", aria_label="path")


def _arrow(hop: Hop) -> str:
    return element("b", text(hop.source)) + element("i", text(hop.flow), title=str(hop.location or hop.flow))


def _section(title: str, items: Sequence[str]) -> str:
    return f"{element('section', element('h2', title) + bullets(items))}\n" if items else ""


def _warning(found: Diagnostic) -> str:
    where = f" {element('span', text(str(found.span)), class_='place')}" if found.span else ""
    help_ = f" {element('span', words(found.help), class_='dim')}" if found.help else ""
    return f"{element('code', found.code)} {words(found.message)}{where}{help_}"


def _rules(counts: Sequence[RuleCount]) -> str:
    columns = ("subjects", "applies", "compliant", "violations", "undetermined")
    numbers = "".join(f'<th scope="col" class="number">{each}</th>' for each in columns)
    head = f'<tr><th scope="col">rule</th><th scope="col">severity</th>{numbers}</tr>'
    table = element("table", element("thead", head) + element("tbody", "".join(_row(each, columns) for each in counts)))
    return f"{element('section', element('h2', 'Rules') + element('div', table, class_='wide'))}\n"


def _row(count: RuleCount, columns: Iterable[str]) -> str:
    rule = count.rule
    title = f" {text(rule.title)}" if rule.title else ""
    numbers = "".join(element("td", f"{getattr(count, each):,}", class_="number") for each in columns)
    return element(
        "tr", f'<th scope="row">{element("code", text(rule.name))}{title}</th><td>{rule.severity}</td>{numbers}'
    )
