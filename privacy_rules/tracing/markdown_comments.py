"""Remove comments and front matter from Markdown, and keep line numbers."""

from __future__ import annotations

import re

FENCE = re.compile(r"[^\S\n]*+(`{3,}+(?=[^`\n]*$)|~{3,}+)", re.MULTILINE)
"""Opens a code block. A line with more backticks later is text with inline code."""
_FRONT = re.compile(
    r"---[^\S\n]*\n(?:[^\S\n]*[\w-]++[^\S\n]*:.*\n|[^\S\n]+\S.*\n|#.*\n|-\s.*\n)++(?:---|\.\.\.)[^\S\n]*(?=\n|\Z)"
)
_OPENS = re.compile(r"<!--|`++|^[^\S\n]*+~{3,}+", re.MULTILINE)
_LONGEST_CODE = 2_000
_CODE_ENDS = re.compile(r"`++|\n[^\S\n]*+(?=\n)")


def closes(line: str, fence: str) -> bool:
    """Return whether a line closes the code block that a fence opened."""
    bare = line.strip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def without_comments(text: str) -> str:
    """Return the text without comments and front matter. Comment marks in code are ignored."""
    kept: list[str] = []
    start = 0
    front = _FRONT.match(text)
    if front:
        kept.append("\n" * front[0].count("\n"))
        start = front.end()
    at = start
    while found := _OPENS.search(text, at):
        if found[0] != "<!--":
            at = _code_end(text, found)
            continue
        closed = text.find("-->", found.start() + 4)
        line = text.rfind("\n", 0, found.start()) + 1
        if closed < 0 and (text[line : found.start()].strip() or found.start() - line > 3):
            at = found.end()  # never closed, and not at the start of a line: it is text
            continue
        at = closed + 3 if closed >= 0 else len(text)
        kept += [text[start : found.start()], "\n" * text.count("\n", found.start(), at)]
        start = at
    return "".join([*kept, text[start:]])


def _code_end(text: str, found: re.Match[str]) -> int:
    """Return the end of the code block or inline code that starts here, or the end of the mark if it opens neither."""
    line = text.rfind("\n", 0, found.start()) + 1
    fence = FENCE.match(text, line)
    if fence and fence.end() == found.end():
        at = text.find("\n", found.end())
        while at >= 0:
            end = text.find("\n", at + 1)
            if closes(text[at + 1 : end if end >= 0 else len(text)], fence[1]):
                return end if end >= 0 else len(text)
            at = end
        return len(text)
    for mark in _CODE_ENDS.finditer(text, found.end(), found.end() + _LONGEST_CODE):
        if not mark[0].startswith("`"):
            break
        if len(mark[0]) == len(found[0]):
            return mark.end()
    return found.end()
