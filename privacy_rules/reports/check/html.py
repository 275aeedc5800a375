"""The format `html`: one file that a browser opens from the disk, with reasons, clauses and drawn paths.

It lists all findings by rule, including waived and fixed ones. If scripts may run, it has a filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from privacy_rules.checking.judgements import Fact, JudgedPair, RuleCount
from privacy_rules.findings.finding import Finding, Hop
from privacy_rules.findings.reasons import cause_place, cause_words, grouped, reason_lines, ways_out
from privacy_rules.findings.report import Report
from privacy_rules.findings.wording import data_words, fact_words
from privacy_rules.reports.check.text import assumption_words
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.markup.html import (
    NEWLINE,
    Html,
    bullets,
    definitions,
    element,
    filter_script,
    joined,
    page,
    table,
    words,
)
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, listed, plural

_STATES = ("new", None, "unchanged", "fixed")
_HOPS = 16  # of one drawing; of a longer path the two ends
_REASONS = 8  # of one finding
_FACTS = 40  # of one test; the rest is counted


def render(report: Report, view: View) -> str:
    """The page; with `quiet`, only what fails."""
    shown = report.quiet(view.threshold) if view.quiet else report
    return page(f"Privacy rules: {_headline(shown)}", _body(shown, view), script=filter_script())


def _body(report: Report, view: View) -> Iterator[Html]:
    title = element("h1", _headline(report))
    yield element("header", NEWLINE, title, NEWLINE, _about(report), NEWLINE, _figures(report), NEWLINE)
    yield Html("\n<main>\n")
    if report.findings:
        yield _filter(report.findings)
        yield from _findings(report)
    yield _section("Warnings", [_warning(each) for each in report.warnings])
    if not view.quiet:
        yield _section(
            "Assumed, because it is not declared", [words(each) for each in assumption_words(report.assumptions)]
        )
        yield _rules(report.rules)
    yield Html("</main>\n")


def _headline(report: Report) -> str:
    figures = report.summary
    counts = []
    if figures.violations:
        counts.append(counted(figures.violations, "violation"))
    if figures.undetermined:
        counts.append(f"{figures.undetermined:,} undetermined")
    waived = f" ({figures.waived:,} waived)" if figures.waived else ""
    return f"{' and '.join(counts) or report.nothing}{waived}"


def _about(report: Report) -> Html:
    policies = listed(report.policies) if report.policies else "a policy without a name"
    day = f"as of {report.as_of} ({report.terms.as_of_words})"
    lines = [joined(element("strong", policies), ", ", day), *map(words, report.terms.words())]
    return joined(*(element("p", each, class_="dim") for each in lines))


def _figures(report: Report) -> Html:
    figures = report.summary
    rows = [
        ("violation", figures.violations, plural("violation", figures.violations)),
        ("undetermined", figures.undetermined, "undetermined"),
        ("waived", figures.waived, "waived"),
        *((state, count, f"{state} since {report.terms.compared_with}") for state, count in report.states.items()),
        ("", figures.rules, plural("rule", figures.rules)),
        ("", figures.systems, plural("system", figures.systems)),
        ("", figures.flows, plural("flow", figures.flows)),
    ]
    items = (
        element("li", element("strong", f"{count:,}", class_="verdict"), f" {words}", class_=kind)
        for kind, count, words in rows
    )
    return element("ul", *items, class_="figures")


def _filter(findings: Sequence[Finding]) -> Html:
    kinds = dict.fromkeys(_kind(each) for each in findings)
    boxes = "".join(
        f'<label><input type="checkbox" name="kind" value="{kind}" checked> {kind}</label>\n' for kind in sorted(kinds)
    )
    # A form's `kind` is a list only where there are two of them.
    return Html(
        '<form id="filter" role="search">\n<label for="words">Filter</label>\n'
        f'<input type="search" id="words" name="words" placeholder="words: a rule, system, owner, file ...">\n{boxes}'
        '<input type="hidden" name="kind" value="" disabled>\n<output id="told"></output>\n</form>\n'
    )


def _kind(found: Finding) -> str:
    """The kind by which the filter selects findings."""
    if found.state == "fixed":
        return "fixed"
    return "waived" if found.waived else found.verdict.word


def _findings(report: Report) -> Iterator[Html]:
    titles = {count.rule.name: count.rule.title for count in report.rules}
    together, alone = grouped(each for each in report.findings if each.state != "fixed")
    for cause, shared in together:
        title = element(
            "h2", words(cause_words(cause)), f": {counted(len(shared), 'finding')}", _place(cause_place(cause))
        )
        yield joined(
            element(
                "section", NEWLINE, title, NEWLINE, *(_article(each, report.as_of) for each in shared), class_="rule"
            ),
            NEWLINE,
        )
    groups: dict[str, list[Finding]] = defaultdict(list)
    for found in (*alone, *report.in_state("fixed")):
        groups[found.rule].append(found)
    for rule in [*(name for name in titles if name in groups), *(name for name in groups if name not in titles)]:
        title = element("h2", element("code", rule), f" {titles.get(rule) or ''}")
        shown = sorted(groups[rule], key=lambda each: _STATES.index(each.state))
        articles = (_article(each, report.as_of) for each in shown)
        yield joined(element("section", NEWLINE, title, NEWLINE, *articles, class_="rule"), NEWLINE)


def _article(found: Finding, day: date) -> Html:
    kind = _kind(found)
    tags = [found.severity, *([found.state] if found.state else []), *(["waived"] if found.waived else [])]
    about = [element("span", found.verdict.word, class_="verdict")]
    about += [joined(" ", element("span", tag, class_="tag")) for tag in tags]
    head = element("p", *about, " ", element("span", found.place, class_="place"))
    body = [_path(found.hops), _details(found, day), _because(found)] if found.explained else []
    state = f" {found.state}" if found.state else ""
    title = element("h3", words(found.message))
    return joined(element("article", title, head, *body, class_=f"{kind}{state}", data_kind=kind), NEWLINE)


def _details(found: Finding, day: date) -> Html:
    rows: list[tuple[str, str]] = [("subject", str(found.subject))]
    if found.waiver:
        waiver = found.waiver
        why = f"until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by})"
        rows.append(("waived", why))
    because = [] if found.waiver else list(reason_lines(found, day, _REASONS))
    rows += [("because", bullets(map(words, because)))] if because else []
    ways: dict[str, list[str]] = defaultdict(list)
    for label, way in ways_out(found):
        ways[label].append(words(way))
    rows += [(label, bullets(texts) if texts[1:] else texts[0]) for label, texts in ways.items()]
    rows += [("data", _judged(found.judged))] if any(pair.data or pair.pair for pair in found.judged) else []
    rows += [("clause", ", ".join(found.cites))] if found.cites else []
    rows += [("owner", found.owner)] if found.owner else []
    title = f" {found.title}" if found.title else ""
    rows.append(("rule", joined(element("code", found.rule), title, _place(found.rule_location))))
    rows.append(("fingerprint", element("code", found.fingerprint)))
    return definitions(rows)


def _judged(pairs: Sequence[JudgedPair]) -> str:
    """`email and name for support: violation`: the data of one purpose and verdict together."""
    alike: dict[str, dict[str, None]] = {}
    for pair in pairs:
        data = data_words(pair)
        fate = (
            f"{f' for {pair.purpose}' if pair.purpose else ''}: {'waived ' if pair.waived else ''}{pair.verdict.word}"
        )
        alike.setdefault(fate, {})[data] = None
    return "; ".join(f"{listed(data)}{fate}" for fate, data in alike.items())


def _because(found: Finding) -> Html:
    if not found.because:
        return joined()
    tests = (
        joined(element("code", test.text), f" is {test.value.word}", bullets(_facts(test.facts)) if test.facts else "")
        for test in found.because
    )
    return element("details", element("summary", "every test"), bullets(tests))


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts[:_FACTS]:
        yield joined(words(fact_words(fact)), _place(fact.location))
    if len(facts) > _FACTS:
        yield f"and {len(facts) - _FACTS:,} more"


def _path(hops: Sequence[Hop]) -> Html:
    """The path from system to system, with the flow on each arrow."""
    if not hops:
        return joined()
    half = _HOPS // 2
    shown = list(hops) if len(hops) <= _HOPS else [*hops[:half], *hops[-half:]]
    items = [_arrow(hop) for hop in shown]
    if len(shown) < len(hops):
        items.insert(half, element("i", f"{len(hops) - len(shown):,} more flows"))
    items.append(element("b", hops[-1].target))
    return element("ol", *(element("li", each) for each in items), class_="path", aria_label="path")


def _arrow(hop: Hop) -> Html:
    return joined(element("b", hop.source), element("i", hop.flow, title=str(hop.location or hop.flow)))


def _place(span: Span | None) -> Html:
    return joined(" ", element("span", str(span), class_="place")) if span else joined()


def _section(title: str, items: Sequence[Html]) -> Html:
    return joined(element("section", element("h2", title), bullets(items)), NEWLINE) if items else joined()


def _warning(found: Diagnostic) -> Html:
    help_ = joined(" ", element("span", words(found.help), class_="dim")) if found.help else ""
    return joined(element("code", found.code), " ", words(found.message), _place(found.span), help_)


def _rules(counts: Sequence[RuleCount]) -> Html:
    columns = ("subjects", "applies", "compliant", "violations", "undetermined")
    head = [element("th", each, scope="col") for each in ("rule", "severity")]
    head += [element("th", each, scope="col", class_="number") for each in columns]
    rules = table(head, (_row(each, columns) for each in counts))
    return joined(element("section", element("h2", "Rules"), rules), NEWLINE)


def _row(count: RuleCount, columns: Iterable[str]) -> Html:
    rule = count.rule
    title = element("th", element("code", rule.name), f" {rule.title}" if rule.title else "", scope="row")
    numbers = (element("td", f"{getattr(count, each):,}", class_="number") for each in columns)
    return element("tr", title, element("td", rule.severity), *numbers)


def errors(wrong: Errors) -> str:
    """The errors as a page."""
    head = element(
        "header",
        element("h1", wrong.headline),
        element("p", wrong.next_step, class_="dim"),
    )
    articles = [joined(_error(each), NEWLINE) for each in wrong.listed]
    more = [element("p", each) for each in wrong.left_out]
    section = element("section", NEWLINE, *articles, *more, class_="rule")
    return page(f"Privacy rules: {wrong.headline}", [head, joined(NEWLINE, element("main", NEWLINE, section), NEWLINE)])


def _error(found: Diagnostic) -> Html:
    head = [element("span", f"error {found.code}", class_="verdict")]
    head += [joined(" ", element("span", str(found.span), class_="place"))] if found.span else []
    rows: list[tuple[str, str]] = [("line", element("code", found.excerpt.strip()))] if found.excerpt else []
    rows += [("also", element("span", str(each), class_="place")) for each in found.also]
    rows += [("help", words(found.help))] if found.help else []
    inner = [element("h3", words(found.message)), element("p", *head), *([definitions(rows)] if rows else [])]
    return element("article", *inner, class_="violation")
