"""Describe what the parser expected: "a condition, such as `exchange is sale`"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from privacy_rules.language.parser_tables import END, accepts, tables
from privacy_rules.language.scanner import Token
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import listed

_LISTED = 7
_CONDITION = "a condition, such as `exchange is sale`"
# Terminals that must all be expected, further ones that the phrase covers, and the phrase. They are tried in order, and what one
# covers is left out for those after it. A phrase of None says nothing.
_PHRASES: tuple[tuple[frozenset[str], frozenset[str], str | None], ...] = tuple(
    (frozenset(sure.split()), frozenset((sure + " " + more).split()), phrase)
    for sure, more, phrase in (
        (
            "NOT STRING",
            "NAME LPAR SOURCE RECIPIENT COVERS UNDER COLLECTED REACHED BOUND OWNED HOLDS",
            "a role, or " + _CONDITION,
        ),
        ("NOT", "NAME LPAR SOURCE RECIPIENT COVERS UNDER COLLECTED REACHED BOUND OWNED HOLDS", _CONDITION),
        ("FORBID", "REQUIRE ALLOW PERMIT", "a statement (`forbid`, `require`, `allow` or `permit`)"),
        ("KIND", "", "a subject, such as `flow`"),
        ("IS INCLUDES", "WITHIN COMPARISON DOT", "a test, such as `is`"),
        ("NUMBER", "DATE STRING NAME LPAR", "a value, such as `2 years`"),
        ("DATE", "", "a date, such as `2026-11-01`"),
        ("ENTITY", "", "`party`, `system`, `flow`, `contract` or `organisation`"),
        ("TYPE", "ONE SET", "a type, such as `flag`"),
        ("FIELD", "", "a field, such as `title`"),
        ("CLAUSE_KIND", "", "`definition`, `scope`, `prose` or `gate`"),
        ("SEVERITY_NAME", "", "`error`, `warning` or `note`"),
        ("OF TO", "WITH INTO FROM FOR AT", "a limit, such as `to`"),
        ("NAME PARTY", "STRING LPAR SYSTEM DECLARED ALL COLLECTED", "a selector, such as a role"),
        ("NAME LPAR", "STRING DECLARED ALL COLLECTED", "a term, or several in parentheses"),
        ("NAME LBRACE STRING", "IN RBRACE", "a term, text that describes it, `in`, `{` or `}`"),
        ("NAME RBRACE", "", "a term or `}`"),
        ("NAME STRING", "", "a name, or text in double quotes"),
        ("STRING", "", "text in double quotes"),
        ("RBRACE TITLE", "CITES HINT SEVERITY APPLIES", "`}`"),
        ("TITLE", "CITES HINT SEVERITY APPLIES", None),
    )
)
_OPENERS = {"POLICY", "CLAUSE", "USE", "VOCABULARY_NAME", "VOCABULARY", "ATTRIBUTE", "DEFINE", "RULE", END}
_NAMES = {
    "RULE": "the rule's name",
    "DEFINE": "the define's name",
    "POLICY": "the policy's name",
    "ATTRIBUTE": "the attribute's name",
    "VOCABULARY": "the vocabulary's name",
    "OF": "the name of a vocabulary",
    "COVERS": "`data` or `purpose`",
}
_SIGNS = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "'": "write text in double quotes",
    "“": "write text in straight double quotes",
    ";": "leave it out: no sign ends a line",
    "/": "a comment begins with `#`",
    "[": "write a list in parentheses",
    "*": "to mean all of them, leave out the limit",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "–": "write `-`",
    "‘": "write text in straight double quotes",
    "’": "write text in straight double quotes",
    "”": "write text in straight double quotes",
}


def acceptable(states: Sequence[int]) -> frozenset[str]:
    """Return the terminals that the parser could take after a stack of states."""
    return frozenset(each for each in tables().actions[states[-1]] if accepts(states, each))


@lru_cache(maxsize=1024)
def expected(accepted: frozenset[str], before: str | None) -> str:
    """Return what is expected, in words. `before` is the terminal before it."""
    left = set(accepted)
    phrases: list[str] = []
    if before == "DESPITE" and "STRING" in left:
        left -= {"NAME", "STRING"}
        phrases.append("the name of a rule, or the text of a clause")
    for sure, all_of_it, phrase in _PHRASES:
        if sure <= left:
            left -= all_of_it
            if phrase:
                phrases.append(phrase)
    if "NAME" in left:
        left.remove("NAME")
        phrases.append(_NAMES.get(before or "", "a name"))
    begins = left & _OPENERS
    left -= _OPENERS
    shown = tables().shown
    phrases += sorted(f"`{shown.get(each, each.lower())}`" for each in left)
    if begins - {END} and len(phrases) < _LISTED:
        phrases.append("a declaration, such as `rule`")
    return listed(phrases[:_LISTED], "or")


def near(token: Token, accepted: frozenset[str]) -> str | None:
    """Return the help for an unexpected token: what to write for a sign, or the keyword that it may mean."""
    if token.text == "=" and {"NUMBER", "STRING"} <= accepted:
        return "a comparison has one `=`"
    if token.text in _SIGNS:
        return _SIGNS[token.text]
    return _near_keyword(token.text, accepted) if token.kind == "NAME" else None


@lru_cache(maxsize=1024)
def _near_keyword(text: str, accepted: frozenset[str]) -> str | None:
    return did_you_mean(text, [word for word, kinds in tables().words.items() if accepted.intersection(kinds)])
