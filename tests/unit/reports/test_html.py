"""The page stands by itself, says all that the report has, and no name in it is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from privacy_rules.findings.comparison import compared
from privacy_rules.findings.finding import Hop
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.check.html import render
from privacy_rules.reports.registry import View
from tests.unit.findings.building import reported
from tests.unit.reports.hostile import CRM, LEADS, RULES, SCRIPT, SOLD, estate, hostile, judgements

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """What a browser makes of it: elements, balanced, with their attributes and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag]


def page(report: Report | None = None, **view: object) -> Page:
    return Page(render(report or hostile(), View(**view)))  # type: ignore[arg-type]


def test_no_name_is_markup_and_every_element_is_closed() -> None:
    found = page()
    assert len(found.named("script")) == 1
    assert not {tag for tag, _ in found.elements} & {"img", "iframe", "object", "a", "link", "base", "svg"}
    assert not [key for _, attributes in found.elements for key in attributes if key.startswith("on")]
    assert f"End it: 100%, {SCRIPT} -->" in found.text
    assert CRM in found.text
    assert LEADS.replace("`", "") in found.text.replace("`", "")


def test_it_reaches_for_nothing_and_lets_no_other_script_run() -> None:
    text = render(hostile(), View())
    found = Page(text)
    assert not [value for _, each in found.elements for key, value in each.items() if key in ("src", "href", "srcset")]
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [each["content"] for each in found.named("meta") if "http-equiv" in each]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in str(policy)


def test_the_finding_is_reported_from_its_place_to_its_fingerprint() -> None:
    report = hostile()
    text = page(report).text
    for finding in report.findings:
        assert finding.fingerprint in text
        assert finding.place in text
        assert all(cite in text for cite in finding.cites)
    assert "exchange is (sale, rental) is true" in text
    assert "declare exchange on flow" in text


def test_a_waived_finding_is_shown_with_its_reason() -> None:
    found = page()
    waived = [each for each in found.named("article") if each["data-kind"] == "waived"]
    assert len(waived) == 1
    assert f"later {SCRIPT} ]]> --> | @boss (approved by a, b: `c`)" in found.text


def test_the_path_is_drawn_system_by_system() -> None:
    found = page()
    assert len([each for each in found.named("ol") if each.get("class") == "path"]) == 1
    drawn = render(hostile(), View()).partition('class="path"')[2].partition("</ol>")[0]
    assert re.findall("<(b|i)[ >]", drawn) == ["b", "i", "b", "i", "b"]
    assert Page(drawn.partition(">")[2].join(["<ol>", "</ol>"])).text.endswith(f"{SOLD}{LEADS}")


def test_of_a_long_path_the_two_ends_are_drawn() -> None:
    hops = tuple(Hop(f"f{number}", f"s{number}", f"s{number + 1}", None) for number in range(100))
    report = hostile()
    long = replace(report, findings=(replace(report.findings[-1], hops=hops, explained=True),))
    text = page(long).text
    assert "84 more flows" in text
    assert "s99" in text
    assert "s50" not in text


def test_states_are_reported_and_counted() -> None:
    before = reported(*judgements()[:2], estate=estate(), rules=RULES).findings
    now = compared(reported(*judgements()[1:], estate=estate(), rules=RULES), before, "ma<i>n")
    found = page(now)
    kinds = [str(each["class"]) for each in found.named("article")]
    assert sorted(kinds) == sorted(
        ["fixed fixed", "undetermined unchanged", "violation new", "violation new", "waived new"]
    )
    assert "1 fixed since ma<i>n" in found.text


def test_quiet_shows_what_fails_only() -> None:
    found = page(quiet=True)
    assert [each["data-kind"] for each in found.named("article")] == ["violation"]
    assert "Rules" not in found.text
    assert len(page(quiet=True, threshold=Threshold("undetermined", "note")).named("article")) > 1


def test_a_finding_without_reasons_has_its_headline() -> None:
    report = hostile()
    bare = replace(report, findings=tuple(replace(each, explained=False) for each in report.findings))
    found = page(bare)
    assert len(found.named("article")) == len(report.findings)
    assert found.named("dl") == []


def test_a_clean_report_says_so_and_has_no_filter() -> None:
    found = page(reported(rules=RULES[:1]))
    assert "no findings" in found.text
    assert found.named("form") == []


@pytest.mark.parametrize("name", ["\ud800", "\x00\x1b[31m", "\u202e", "\ufffe", "&lt;b&gt;", "'\"><b>"])
def test_what_no_page_can_hold_is_escaped(name: str) -> None:
    report = hostile()
    odd = replace(report, findings=tuple(replace(each, message=name, owner=name) for each in report.findings))
    text = render(odd, View())
    assert text.encode("utf-8").decode("utf-8") == text
    found = Page(text)
    assert found.named("b") == page(report).named("b")
    assert not re.search("[\x00\x1b\u202e\ud800\ufffe]", text)
