"""`docs`: a policy in plain English, as Markdown and as a page, and what is wrong with a call."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.builders import write
from tests.cli.calling import Call, on_record

EVIL = "<script>alert(1)</script> [x](javascript:y) <img src=x onerror=alert(2)> `| **bold** @someone #1 \ue000t\ue001"
HOSTILE = f"""policy evil {{ title "{EVIL}" version "{EVIL}" owner "{EVIL}" }}
use std.core
data {{ card "{EVIL}" }}
purpose {{ orders "{EVIL}" }}
clause "{EVIL}" is scope "{EVIL}"
attribute note on flow: text
rule r {{
  title "{EVIL}"
  cites "{EVIL}"
  hint "{EVIL}"
  applies from 2026-01-01 until 2027-01-01
  forbid disclosure of card to party "{EVIL}" for orders when note != "{EVIL}"
}}
rule lifting {{ title "{EVIL}" permit disclosure despite r }}
"""


@pytest.fixture
def evil(shop: Path) -> Path:
    write("evil.privacy", HOSTILE)
    return shop


def test_the_pages_are_on_record(shop: Path, call: Call) -> None:
    done = call("docs", "shop.privacy", "--as-of", "2026-11-01")
    assert (done.code, done.err) == (0, "")
    on_record("docs.md", done.out)
    assert call("docs", "shop.privacy", "--format", "html=docs.html", "--as-of", "2026-11-01").out == ""
    on_record("docs.html", Path("docs.html").read_text(encoding="utf-8"))


def words(text: str) -> set[str]:
    """The words that a reader sees."""
    bare = re.sub(r"<(style|nav|script)>.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return {each.strip(":.") for each in html.unescape(bare).split()} - {""}


def test_both_pages_say_the_same(shop: Path, call: Call) -> None:
    markdown = MarkdownIt("commonmark").enable("table").render(call("docs", "shop.privacy").out)
    page = call("docs", "shop.privacy", "--format", "html").out
    assert words(page.partition("<header>")[2]) == words(markdown)


def test_no_text_of_the_policy_is_markup_in_markdown(evil: Path, call: Call) -> None:
    told = call("docs", "evil.privacy").out
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(told)
    tags = set(re.findall(r"<([a-z0-9]+)", rendered))
    known = {
        "h1",
        "h2",
        "h3",
        "p",
        "em",
        "strong",
        "code",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "blockquote",
        "br",
    }
    assert tags <= known
    assert "<strong>bold" not in rendered
    assert html.unescape(rendered).count("<script>alert(1)</script>") >= 8
    assert "@someone" not in told
    assert "*t*" not in told


def test_no_text_of_the_policy_is_markup_on_the_page(evil: Path, call: Call) -> None:
    page = call("docs", "evil.privacy", "--format", "html").out
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "javascript:y" in page
    assert 'href="javascript' not in page
    assert "default-src 'none'" in page
    assert '<span class="term">t</span>' not in page


def test_rules_that_come_into_force_are_dated_and_the_matrix_says_of_which_day_it_is(shop: Path, call: Call) -> None:
    policy = Path("shop.privacy")
    dated = """
rule closed {
  applies from 2026-01-01 until 2027-01-01
  forbid disclosure of card for newsletter to third_party
}
rule lifting { permit disclosure to third_party when mandate is law despite closed }
"""
    write(policy, policy.read_text(encoding="utf-8") + dated)
    told = call("docs", "shop.privacy", "--as-of", "2026-03-01").out
    assert "in force: from 2026-01-01 on, until the day before 2027-01-01" in told
    assert "As of 2026-03-01." in told
    assert "lifted by: lifting" in told
    assert told != call("docs", "shop.privacy", "--as-of", "2027-01-01").out.replace("2027-01-01.", "2026-03-01.")


def test_a_policy_without_a_header_and_one_that_names_no_roles_has_a_page(shop: Path, call: Call) -> None:
    write("bare.privacy", "rule r { forbid flow when not necessary }\ndefine idle as necessary\n")
    told = call("docs", "bare.privacy").out
    assert told.startswith("# A policy: the rules in plain English\n")
    assert "Data may not be sent where the flow is not necessary." in told
    assert "“idle” is defined, but no rule uses it." in told
    assert "There is no table" in told


def test_a_permit_has_no_severity_and_rules_are_named_by_number(shop: Path, call: Call) -> None:
    write(
        "small.privacy",
        """use std.core
data { card }
purpose { orders }
rule closed { forbid disclosure of card for orders to third_party }
rule shut { title "Shut" forbid disclosure of card hint "Ask for `mandate`." }
rule lifting { title "A court may ask" permit disclosure to court despite shut }
""",
    )
    told = call("docs", "small.privacy").out
    assert told.count("severity: error") == 2
    assert "severity" not in told[told.index("### 3.") :]
    assert "lifted by: “A court may ask” (lifting)" in told
    assert "if it is broken: Ask for `mandate`.\n" in told
    assert "**forbidden** by rules 1 and 2 |" in told
    page = call("docs", "small.privacy", "--format", "html").out
    assert '<a href="#closed" title="Closed">1</a> and <a href="#shut" title="Shut">2</a>' in page
    assert "Ask for <code>mandate</code>." in page


def test_without_a_policy_the_configured_one_is_read_with_its_severities(shop: Path, call: Call) -> None:
    assert "error[E301]" in call("docs").err
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nseverity = {no_selling = "note"}\n')
    assert "severity: note" in call("docs").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gone.privacy",), "error[E116]"),
        (("shop.privacy", "--format", "pdf"), "error[E306]"),
        (("shop.privacy", "--format", "html="), "error[E306]"),
        (("shop.privacy", "--format", "html=nowhere/docs.html"), "error[E303]"),
    ],
)
def test_what_is_wrong_is_reported(shop: Path, call: Call, words: tuple[str, ...], told: str) -> None:
    done = call("docs", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_the_clauses_own_words_are_beside_each_rule_with_a_place_to_sign(shop: Path, call: Call) -> None:
    write("prose.md", "# Promises\n\n## Selling {#selling}\n\nWe never sell what you give us.\n")
    write(
        "signed.privacy",
        'policy signed { version "3" text "prose.md" }\nuse std.core\ndata { card }\n'
        'rule r { cites "#selling" forbid flow of card when exchange is sale }\n',
    )
    told = call("docs", "signed.privacy", "--as-of", "2026-11-01").out
    assert "> \\#selling says (prose.md:3):  \n> We never sell what you give us.  \n" in told
    assert "| policy signed | 3 |\n| as of | 2026-11-01 |\n| review of the clauses | none is recorded;" in told
    assert call("trace", "signed.privacy", "--accept").code == 0
    assert "| review of the clauses | privacy-trace.json: 1 clause, the last on " in call("docs", "signed.privacy").out
    page = call("docs", "signed.privacy", "--format", "html").out
    assert "We never sell what you give us." in page.partition("<blockquote>")[2].partition("</blockquote>")[0]
    assert "<th>signature</th>" in page
