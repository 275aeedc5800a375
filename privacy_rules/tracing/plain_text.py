"""Remove Markdown's marks from text: emphasis, code, links, bullets, quotes."""

from __future__ import annotations

import re

ANCHOR = re.compile(
    r"""(?:(?<!\s)\s+)?\{#([\w.:-]+)\}|(?:(?<!\s)\s+)?<a\s+(?:id|name)=["']([\w.:-]+)["']\s*/?>(?:\s*</a>)?"""
)
"""Long runs of blanks are matched once, or only from their start, so that no line is slow to read."""
_BULLET = re.compile(r"^([^\S\n]*+)[-*+][^\S\n]++(?=\S)", re.MULTILINE)
_QUOTED = re.compile(r"^[^\S\n]*+>[^\S\n]?", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,500}(?:\s\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,200}\])")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,500})\1(?!`)")
_STRONG = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,500}(?<=\S)(?:\n[^*\n]{1,500}(?<=\S)){0,5})\1(?![*\w])")
_LOW = re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_\n]{1,300})(?<=\S)\1(?![\w_])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>-])")


def plain(text: str) -> str:
    """Return the text without marks and anchors; bullets become `•`, links become their words."""
    found = _QUOTED.sub("", _BULLET.sub(r"\1• ", ANCHOR.sub("", text)))
    found = _CODE.sub(r"\2", _LINK.sub(r"\1", found))
    return _ESCAPED.sub(r"\1", _LOW.sub(r"\2", _STRONG.sub(r"\2", found)))
