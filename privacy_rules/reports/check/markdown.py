"""The format `markdown`: a comment for a pull request, with a Mermaid picture of each path.

Its first line is a marker by which a job finds its own comment again. No name in it can become markup, a link, a mention
or a reference to an issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate

from privacy_rules.findings.finding import Finding, Hop
from privacy_rules.findings.reasons import cause_words, grouped, reason_lines, shared_reasons, ways_out
from privacy_rules.findings.report import Report
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.markup.markdown import MARK, code, escaped, mermaid_label, words
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.words import counted, listed, plural

_REASONS = 8  # of one finding


_LONGEST = 60_000  # GitHub takes comments of up to 65,536 characters


_HOPS = 30  # of one picture; of a longer path the two ends


_TABLE, _TERMS, _SENTENCE = 20_000, 10_000, 1_000  # characters of the table, of the terms, and of one of these


def render(report: Report, view: View) -> str:
    """The comment; with `quiet`, only what fails."""
    shown = report.quiet(view.threshold) if view.quiet else report
    arrow = Ink(plain=view.plain).arrow
    head = f"{MARK}\n## {_headline(shown)}\n\n{_summary(shown)}"
    return head + "".join(f"\n{block}" for block in _fitting(_blocks(shown, arrow), _LONGEST - len(head)))


def _fitting(blocks: Iterable[str], room: int) -> Iterator[str]:
    """The blocks that fit, and a line about those that do not."""
    left_out = 0
    for block in blocks:
        if left_out or len(block) >= room:
            left_out += 1
        else:
            room -= len(block) + 1
            yield block
    if left_out:
        yield f"_{left_out:,} more did not fit into a comment; the formats `text` and `json` have them._\n"


def _blocks(report: Report, arrow: str) -> Iterator[str]:
    """The blocks below the table. Each can be left out without breaking the others."""
    titles = {count.rule.name: count.rule.title for count in report.rules}
    open_ = [each for each in report.findings if _is_open(each)]
    groups, alone = grouped(open_)
    for cause, together in groups:
        heading = f"### {words(cause_words(cause))}: {counted(len(together), 'finding')}\n\n"
        for number, found in enumerate(together):
            yield ("" if number else heading) + _line(found, in_group=True)
        owners = listed(dict.fromkeys(escaped(each.owner) for each in together if each.owner))
        notes = [f"- owner: {owners}\n"] if owners else []
        notes += dict.fromkeys(_way_out(*way) for each in together for way in ways_out(each))
        why = "".join(f"- {words(each)}\n" for each in shared_reasons(together, report.as_of, _REASONS))
        yield f"{''.join(notes)}\n<details>\n<summary>why</summary>\n\n{why}\n</details>\n"
    for rule in dict.fromkeys([*titles, *(each.rule for each in alone)]):
        group = [each for each in alone if each.rule == rule]
        for number, found in enumerate(group):
            yield ("" if number else _heading(rule, titles.get(rule))) + _finding(found, report.as_of, arrow)
    for name, fold in (
        ("waived", [_waived(each) for each in report.findings if each.waived and each.state != "fixed"]),
        ("unchanged", [_line(each) for each in report.findings if each.state == "unchanged" and not each.waived]),
        ("fixed", [_line(each) for each in report.findings if each.state == "fixed"]),
        (plural("warning", len(report.warnings)), [_warning(each) for each in report.warnings]),
    ):
        if fold:
            yield _folded(f"{len(fold):,} {name}", fold)


def _is_open(found: Finding) -> bool:
    return not found.waived and found.state not in ("unchanged", "fixed")


def _headline(report: Report) -> str:
    """All findings, as in every other format; compared with a baseline or commit, those that are new and not waived."""
    figures, beside = report.summary, report.terms.compared_with
    if beside is None:
        counts = {"violation": figures.violations, "undetermined": figures.undetermined}
    else:
        open_ = [each.verdict.word for each in report.findings if _is_open(each)]
        counts = {word: open_.count(word) for word in ("violation", "undetermined")}
    new = "" if beside is None else "new "
    words_of = {"violation": plural("violation", counts["violation"]), "undetermined": "undetermined"}
    parts = [f"{count:,} {new}{words_of[word]}" for word, count in counts.items() if count]
    nothing = report.nothing if beside is None else f"nothing new since {escaped(beside)}"
    waived = f" ({figures.waived:,} waived)" if figures.waived else ""
    return f"Privacy rules: {' and '.join(parts) or nothing}{waived}"


def _summary(report: Report) -> str:
    """A table of the rules with findings, and what was checked."""
    rows = [row for count in report.rules if (row := _row(count.rule.name, count.rule.severity, report.findings))]
    whole, rows = len(rows), _within(rows, _TABLE)
    rows += [f"| {whole - len(rows):,} more | | | | |\n"] if len(rows) < whole else []
    table = ""
    if rows:
        head = "| rule | severity | violations | undetermined | of these waived |\n| --- | --- | ---: | ---: | ---: |\n"
        table = f"{head}{''.join(rows)}\n"
    figures = report.summary
    checked_of = (("rule", figures.rules), ("system", figures.systems), ("flow", figures.flows))
    checked = ", ".join(counted(count, word) for word, count in checked_of)
    settings = [each if len(each) <= _SENTENCE else f"{each[:_SENTENCE]}…" for each in report.terms.words()]
    terms = "".join(_within([f"\n{words(each)}.\n" for each in settings], _TERMS))
    return f"{table}Checked: {checked}, as of {report.as_of} ({report.terms.as_of_words}).\n{terms}"


def _within(texts: Sequence[str], room: int) -> list[str]:
    """The first texts, as many as fit."""
    ends = accumulate(map(len, texts))
    return [text for text, end in zip(texts, ends, strict=True) if end <= room]


def _row(rule: str, severity: str, findings: Sequence[Finding]) -> str:
    found = [each for each in findings if each.rule == rule and each.state != "fixed"]
    if not found:
        return ""
    verdicts = [each.verdict.word for each in found]
    figures = (verdicts.count("violation"), verdicts.count("undetermined"), sum(each.waived for each in found))
    return f"| {escaped(rule)} | {severity} | {' | '.join(f'{figure:,}' for figure in figures)} |\n"


def _heading(rule: str, title: str | None) -> str:
    return f"### {code(rule)}{f': {escaped(title)}' if title else ''}\n\n"


def _finding(found: Finding, day: date, arrow: str) -> str:
    lines = [_line(found), f"  - subject: {_subject(found)}\n"]
    lines += [f"  - owner: {escaped(found.owner)}\n"] if found.owner else []
    lines += [f"  {_way_out(*way)}" for way in ways_out(found)]
    why = [f"  - {words(each)}\n" for each in reason_lines(found, day, _REASONS)]
    why += [f"  - clause: {escaped(cite)}\n" for cite in found.cites]
    if found.hops:
        systems = _ends_only([code(found.hops[0].source), *(code(hop.target) for hop in found.hops)], _HOPS)
        lines.append(f"  - path: {f' {arrow} '.join(systems)}\n")
    if why:
        lines.append(f"\n  <details>\n  <summary>why</summary>\n\n{''.join(why)}\n  </details>\n")
    if found.hops:
        lines += ["\n", _picture(found.hops)]
    return "".join(lines)


def _way_out(label: str, way: str) -> str:
    return f"- {label}: {words(way)}\n"


def _subject(found: Finding) -> str:
    """The subject, as a waiver and `explain` name it."""
    words = str(found.subject).removesuffix(found.subject.id)
    return f"{escaped(words)}{code(found.subject.id)}"


def _line(found: Finding, *, in_group: bool = False) -> str:
    """The headline; in a group with findings of several rules, also the rule and the subject."""
    severity = f" ({found.severity})" if found.severity != "error" else ""
    state = f", {found.state}" if found.state else ""
    rule, subject = (f" {code(found.rule)}", f" ({_subject(found)})") if in_group else ("", "")
    verdict = f"**{found.verdict.word}**{rule}{severity}{state}"
    return f"- {verdict} at {code(found.place)}: {words(found.message)}{subject}\n"


def _waived(found: Finding) -> str:
    waiver = found.waiver
    assert waiver is not None
    why = f"{escaped(waiver.reason)} (approved by {escaped(waiver.approved_by)})"
    return f"{_line(found)}  - rule {code(found.rule)}, waived until {waiver.until}: {why}\n"


def _warning(found: Diagnostic) -> str:
    place = f" at {code(str(found.span))}" if found.span else ""
    return f"- {found.code}{place}: {words(found.message)}{f' ({words(found.help)})' if found.help else ''}\n"


def _folded(summary: str, lines: list[str]) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{''.join(lines)}\n</details>\n"


def _picture(hops: Sequence[Hop]) -> str:
    """The path as a flowchart: systems in order, flows on the arrows."""
    names: dict[str, str] = {}
    drawn = ["```mermaid\n", "flowchart LR\n"]
    shown = hops if len(hops) <= _HOPS else (*hops[: _HOPS // 2], *hops[-_HOPS // 2 :])
    for hop in shown:
        for system in (hop.source, hop.target):
            if system not in names:
                names[system] = f"n{len(names)}"
                drawn.append(f'  {names[system]}["{mermaid_label(system)}"]\n')
    for number, hop in enumerate(shown):
        if len(shown) < len(hops) and number == _HOPS // 2:
            between = f"{len(hops) - len(shown):,} more flows"
            drawn.append(f'  {names[shown[number - 1].target]} -.->|"{between}"| {names[hop.source]}\n')
        drawn.append(f'  {names[hop.source]} -->|"{mermaid_label(hop.flow)}"| {names[hop.target]}\n')
    return "".join([*drawn, "```\n"])


def _ends_only(names: list[str], most: int) -> list[str]:
    if len(names) <= most + 1:
        return names
    half = most // 2
    return [*names[:half], f"({len(names) - 2 * half:,} more)", *names[-half:]]


def errors(wrong: Errors) -> str:
    """The errors as a list. Only those of a check have the mark by which a job finds its own comment again."""
    lines = [MARK] if wrong.document == "check" else []
    lines += [
        f"## Privacy rules: {wrong.headline}",
        "",
        wrong.next_step,
        "",
        *map(_error, wrong.listed),
        *wrong.left_out,
    ]
    return "".join(f"{line}\n" for line in lines)


def _error(found: Diagnostic) -> str:
    where = f" at {code(str(found.span))}" if found.span else ""
    lines = [f"- **error** {found.code}{where}: {words(found.message)}"]
    lines += [f"  - line: {code(found.excerpt.strip()[:200])}"] if found.excerpt and found.excerpt.strip() else []
    lines += [f"  - also: {code(str(each))}" for each in found.also]
    lines += [f"  - help: {words(found.help)}"] if found.help else []
    return "\n".join(lines)
