"""The comment, read by a Markdown parser and its pictures drawn by Mermaid: no name becomes anything but text."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import pairwise

import mermaidx
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from privacy_rules.findings.finding import Hop
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.check.markdown import render
from privacy_rules.reports.registry import View
from tests.unit.reports.hostile import CRM, LEADS, SCRIPT, SIGNUP, SOLD, hostile

PARSER = MarkdownIt("gfm-like", {"linkify": False})
ALLOWED_BLOCKS = {"<!-- privacy-rules -->", "</details>"}
_SUMMARY = re.compile(r"<details>\n<summary>(?:why|[0-9,]+ (?:waived|fixed|warnings?))</summary>")
ODD = (
    'a"b',
    "x|y",
    "`md`",
    "1. x",
    "- item",
    "end",
    "%%{init: {}}%%",
    "click n0 href",
    "**bold**",
    "#quot;",
    "é名",
    "&lt;",
    "a;b",
    "$$x$$",
)


def parsed(report: Report, **view: object) -> list[Token]:
    """All tokens of the comment, the inner ones too."""
    tokens = PARSER.parse(render(report, View(**view)))  # type: ignore[arg-type]
    return [each for token in tokens for each in (token, *(token.children or ()))]


def plain(report: Report) -> str:
    shown = [each.content for each in parsed(report) if each.type in ("text", "text_special", "code_inline")]
    return "".join(shown).replace("\u200b", "")


def drawn(report: Report) -> list[str]:
    """What stands on the systems and flows of the first picture."""
    picture = next(each.content for each in parsed(report) if each.type == "fence")
    svg = mermaidx.render(picture).svg()
    assert "<script" not in svg
    labels = re.findall(r'<span class="(?:nodeLabel|edgeLabel)">(.*?)</span>', svg, re.DOTALL)
    assert all(re.fullmatch("<p>[^<>]*</p>", each) for each in labels)
    return [html.unescape(each[3:-4]) for each in labels]


def test_no_name_becomes_markup() -> None:
    found = parsed(hostile())
    blocks = [each.content.strip() for each in found if each.type == "html_block"]
    assert [each for each in blocks if each not in ALLOWED_BLOCKS and not _SUMMARY.fullmatch(each)] == []
    kinds = {each.type for each in found}
    assert not kinds & {"html_inline", "link_open", "image", "em_open", "s_open", "code_block", "hr"}
    assert sum(each.type == "strong_open" for each in found) == 5  # the verdicts


def test_every_name_is_there_as_it_is() -> None:
    told = plain(hostile())
    assert f"End it: 100%, {SCRIPT} -->" in told
    assert CRM in told
    assert LEADS in told
    assert 'Not "sold" | <b>ever</b> ]]>' in told
    assert "later <script>" in told
    assert "clause: #4" in told


def test_nobody_is_called_and_no_issue_is_mentioned() -> None:
    text = render(hostile(), View())
    without_pictures = re.sub("```mermaid\n.*?```", "", text, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d", re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", without_pictures))


def test_tables_have_a_row_for_each_rule_with_findings() -> None:
    cells = [each.content for each in parsed(hostile()) if each.type == "inline"]
    start = cells.index("rule")
    assert cells[start + 5 : start + 15] == ["no\\_selling", "error", "1", "1", "0", "mild", "note", "3", "0", "1"]
    bar = replace(hostile().findings[-1], title="a | b")
    assert render(hostile().only([bar]), View()).count("\n| ") == 3


def test_a_path_is_drawn() -> None:
    shown = SIGNUP.replace("\u202e", "\\u202e")
    assert sorted(drawn(hostile())) == sorted([shown, SOLD, "browser", CRM, LEADS])


def test_no_name_can_steer_the_picture() -> None:
    sold = hostile().findings[-1]
    hops = tuple(Hop(name, name, after, None) for name, after in pairwise(ODD))
    assert set(drawn(hostile().only([replace(sold, hops=hops)]))) == set(ODD)


def test_a_long_path_is_drawn_by_its_ends() -> None:
    hops = tuple(Hop(f"f{number}", f"s{number}", f"s{number + 1}", None) for number in range(1100))
    report = hostile().only([replace(hostile().findings[-1], hops=hops)])
    text = render(report, View())
    assert '-.->|"1,070 more flows"|' in text
    assert "`s14` → (1,071 more) → `s1086`" in text
    assert "`s0` -> `s1`" in render(report, View(plain=True))


def test_what_is_waived_fixed_or_warned_of_is_folded() -> None:
    sold = hostile().findings[-1]
    report = hostile().only([*hostile().findings, replace(sold, state="fixed")])
    text = render(report, View())
    folds = re.findall("<summary>([0-9].*)</summary>", text)
    assert folds == ["1 waived", "1 fixed", "1 warning"]
    assert "## Privacy rules: 4 violations and 1 undetermined (1 waived)\n" in text
    assert "- **violation**, new at" in render(hostile().only([replace(sold, state="new")]), View())


def test_a_clean_report_says_so() -> None:
    quiet = render(hostile(), View(Threshold("never"), quiet=True))
    assert quiet.startswith(
        "<!-- privacy-rules -->\n## Privacy rules: 4 violations and 1 undetermined (1 waived)\n\nChecked: 3 rules, "
    )
    assert "|" not in quiet


def test_a_comment_is_never_longer_than_github_takes() -> None:
    many = [replace(hostile().findings[-1], fingerprint=f"{number:032}") for number in range(300)]
    text = render(hostile().only(many), View())
    assert len(text) < 65_536
    assert re.search(r"_[0-9]+ more did not fit into a comment", text)
    assert text.count("```mermaid") == text.count("\n```\n")


def test_a_comment_of_many_rules_and_long_terms_is_not_too_long_either() -> None:
    (one, *_) = hostile().rules
    rules = tuple(replace(one, rule=replace(one.rule, name=f"rule_{number}{'_' * 90}")) for number in range(2_000))
    found = [replace(hostile().findings[-1], rule=each.rule.name) for each in rules]
    changed = tuple(f"services/{number}/*privacy*.yaml" for number in range(5_000))
    terms = replace(hostile().terms, changed=changed)
    text = render(replace(hostile().only(found), rules=rules, terms=terms), View())
    assert len(text) < 65_536
    assert re.search(r"\| 1,[0-9]+ more \| \| \| \| \|", text)
    assert "only findings in which these take part: services/0/" in text


@pytest.mark.parametrize("name", ["`", "``a`", " x ", "a``", "", "a|b"])
def test_any_place_is_code(name: str) -> None:
    found = hostile().findings[-1]
    location = replace(found.location, file=name) if found.location else None
    code = [
        each.content
        for each in parsed(hostile().only([replace(found, location=location)]))
        if each.type == "code_inline"
    ]
    assert f"{name}:8:3" in code
