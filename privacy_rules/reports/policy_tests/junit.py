"""The results of policy tests as JUnit XML: a suite for each file, a test case for each case."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from privacy_rules.reports.policy_tests import Outcome
from privacy_rules.reports.policy_tests.text import differing, expected_words, found_words
from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible
from privacy_rules.testing.runner import CaseResult, Difference


def render(found: Outcome, view: View) -> str:
    """The document."""
    results = found.cases
    root = _counted("testsuites", "privacy-rules", results)
    for file, group in groupby(results, lambda each: each.suite.file):
        cases = list(group)
        suite = _counted("testsuite", file, cases)
        root.append(suite)
        for each in cases:
            case = SubElement(suite, "testcase", classname=visible(file), name=visible(each.case.name), time="0")
            if each.case.where:
                case.set("file", visible(view.paths.of(each.case.where.file)))
                case.set("line", str(each.case.where.line))
            if not each.passed:
                words = "; ".join(map(_words, each.differences))
                failure = SubElement(case, "failure", message=visible(words), type="difference")
                lines = (f"{label:12}{shown}".rstrip() for label, shown in differing(each.differences))
                failure.text = "\n".join(map(visible, lines))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _words(difference: Difference) -> str:
    expected = f"expected {expected_words(difference.expected)}" if difference.expected else "not expected"
    return f"{expected}: {found_words(difference) if difference.found else 'found nothing'}"


def _counted(name: str, called: str, results: Sequence[CaseResult]) -> Element:
    failed = sum(not each.passed for each in results)
    figures = {"tests": str(len(results)), "failures": str(failed), "errors": "0", "skipped": "0", "time": "0"}
    return Element(name, {"name": visible(called), **figures})
