"""Text in Markdown and in Mermaid, in which no name can become markup."""

from __future__ import annotations

import re

from privacy_rules.source.invisible_characters import visible

MARK = "<!-- privacy-rules -->"
"""The first line of a comment of `check`, by which a job finds its own comment again."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#]|:(?=//)|(?<=www)\.", re.IGNORECASE)


_CALL = re.compile(r"@|[#!](?=\d)|\bGH-(?=\d)", re.IGNORECASE)


_APART = "\u200b"  # has no width; a mention or reference with it is none, as Dependabot does it


def mermaid_label(text: str) -> str:
    """A label of Mermaid. All characters except letters, digits and spaces are given by number, so that nothing is markup."""
    return "".join(each if each.isalnum() or each in " _" else f"#{ord(each)};" for each in visible(text))


def code(text: str) -> str:
    """The text as code, between more backticks than it contains."""
    shown = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def words(text: str) -> str:
    """One of our messages: text between backticks as code, the rest as text."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "" in parts[1::2]:
        return escaped(text)
    return "".join(code(part) if number % 2 else escaped(part) for number, part in enumerate(parts))


def escaped(text: str) -> str:
    """The text on one line, escaped so that nothing is markup."""
    shown = _SPECIAL.sub(lambda found: f"\\{found[0]}", visible(text))
    return _CALL.sub(lambda found: f"{found[0]}{_APART}", shown)
