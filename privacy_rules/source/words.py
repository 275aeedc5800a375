"""Words for messages: plurals, counts, lists, and a lower-case first letter.

>>> counted(1, "system"), counted(1200, "party"), listed(["a", "b", "c"], "or"), lower_first("No such file")
('1 system', '1,200 parties', 'a, b or c', 'no such file')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from keyword import iskeyword


def plural(noun: str, count: int = 2) -> str:
    """The noun as it follows a count: in the plural, unless the count is 1."""
    if count == 1 or (noun.endswith("s") and not noun.endswith(("ss", "us", "sis"))):
        return noun
    if noun.endswith("sis"):
        return f"{noun[:-2]}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def with_article(noun: str) -> str:
    """`a system`, `an attribute`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def counted(count: int, noun: str) -> str:
    """`1 system`, `2 systems`, `1,200 systems`."""
    return f"{count:,} {plural(noun, count)}"


def listed(words: Iterable[str], joined_by: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; empty if there are no words."""
    *first, last = tuple(words) or ("",)
    return f"{', '.join(first)} {joined_by} {last}" if first else last


def first_few(names: Sequence[str], limit: int) -> str:
    """At most `limit` names, and how many more there are: `a, b and 3 more`."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more:,} more" if more > 0 else "")


def lower_first(text: str) -> str:
    """The text with its first letter in lower case, to follow a colon."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The text with its first letter in upper case, to begin a sentence."""
    return text[:1].upper() + text[1:]


def python_name(name: str) -> str:
    """The name of a module or function for a verb or a document: `what-if` is `what_if`, and `import` is `import_`."""
    found = name.replace("-", "_")
    return f"{found}_" if iskeyword(found) else found
