"""The format `junit`: a test suite for each rule, for tools that show test results.

A finding that fails the check is a failed test, so that the build is red whenever the exit code is 1. Any other finding
(below the threshold, or waived) is a skipped test with its message. A rule without findings has one test that passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from privacy_rules.checking.judgements import RuleCount
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import Report
from privacy_rules.reports.check.text import finding_lines
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.markup import diagnostics
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted


def render(report: Report, view: View) -> str:
    """The suites; with `quiet`, without the skipped tests."""
    root, terms = Element("testsuites", name="privacy-rules"), _terms(report)
    for count in report.rules:
        found = [each for each in report.findings if each.rule == count.rule.name]
        _add_suite(root, count.rule.name, _cases(report, count, found, view), terms)
    _add_suite(root, "owners", _of_others(report, view), terms)
    _add_suite(root, "warnings", _warnings(report, view), terms)
    _count(root)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_suite(root: Element, name: str, cases: Iterable[Element], terms: Iterable[tuple[str, str]]) -> None:
    """Add a suite with its figures, unless it has no cases."""
    found = list(cases)
    if found:
        suite = SubElement(root, "testsuite", name=visible(name))
        properties = SubElement(suite, "properties")
        for key, value in terms:
            SubElement(properties, "property", name=key, value=visible(value))
        suite.extend(found)
        _count(suite)


def _terms(report: Report) -> list[tuple[str, str]]:
    day = f"{report.as_of} ({report.terms.as_of_words})"
    return [("as_of", day), *((f"terms.{number}", setting) for number, setting in enumerate(report.terms.words(), 1))]


def _count(parent: Element) -> None:
    parent.set("tests", str(len(list(parent.iter("testcase")))))
    parent.set("failures", str(len(list(parent.iter("failure")))))
    parent.set("errors", "0")
    parent.set("skipped", str(len(list(parent.iter("skipped")))))
    parent.set("time", "0")


def _cases(report: Report, count: RuleCount, found: list[Finding], view: View) -> Iterator[Element]:
    if count.violations == count.undetermined == 0:
        yield _case(count.rule.name, f"every {count.rule.subject.kind}")
    for each in found:
        case = _case(each.rule, str(each.subject))
        if each.state == "fixed":
            yield case
        elif view.threshold.fails(each):
            failure = SubElement(case, "failure", message=visible(each.message), type=each.verdict.word)
            failure.text = _as_text(each, report, view)
            yield case
        elif not view.quiet:
            skipped = SubElement(case, "skipped", message=visible(_why_skipped(each)))
            skipped.text = _as_text(each, report, view)
            yield case


def _as_text(found: Finding, report: Report, view: View) -> str:
    return "".join(f"{line}\n" for line in finding_lines(found, report.as_of, Ink(plain=view.plain)))


def _why_skipped(found: Finding) -> str:
    if found.waiver:
        waiver = found.waiver
        return f"waived until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by}): {found}"
    old = "unchanged, " if found.state == "unchanged" else ""
    return f"{old}{found.severity}: {found}"


def _of_others(report: Report, view: View) -> Iterator[Element]:
    """One test for all findings of other owners, which fails if one of them fails the check."""
    failing, count = len(report.failing_others(view.threshold)), report.terms.of_others
    if failing or (count and not view.quiet):
        case = _case("owners", "findings of other owners")
        fail = f", {failing:,} of which {'fails' if failing == 1 else 'fail'} the check" if failing else ""
        words = f"not listed: {counted(count, 'finding')} of other owners{fail}"
        outcome = SubElement(case, "failure" if failing else "skipped", message=words)
        if failing:
            outcome.set("type", "owners")
        yield case


def _warnings(report: Report, view: View) -> Iterator[Element]:
    for warning in report.warnings:
        case = _case(warning.code, f"{warning.span}: {warning.message}" if warning.span else warning.message)
        if warning.code in view.threshold.warnings:
            SubElement(case, "failure", message=visible(warning.message), type="warning")
            yield case
        elif not view.quiet:
            SubElement(case, "skipped", message=visible(warning.message))
            yield case


def _case(group: str, name: str) -> Element:
    return Element("testcase", classname=visible(group), name=visible(name), time="0")


def errors(wrong: Errors) -> str:
    """A test with an error for each of them."""
    count = str(len(wrong.all))
    figures = {"tests": count, "failures": "0", "errors": count, "skipped": "0", "time": "0"}
    root = Element("testsuites", {"name": "privacy-rules", **figures})
    suite = SubElement(root, "testsuite", {"name": "errors", **figures})
    for each in wrong.all:
        name = f"{each.span}: {each.message}" if each.span else each.message
        case = SubElement(suite, "testcase", classname=each.code, name=visible(name), time="0")
        if each.span:
            case.set("file", visible(wrong.paths.of(each.span.file)))
            case.set("line", str(each.span.line))
        error = SubElement(case, "error", message=visible(f"nothing was judged: {each.message}"), type=each.code)
        error.text = diagnostics.as_text([each], Ink())
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
