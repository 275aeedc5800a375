"""Clean an organisation's name, and escape it for the languages that it is written in.

as_string('The "Acme" company')   -> The \\"Acme\\" company
"""

from __future__ import annotations

import json
import re

from privacy_rules.source.invisible_characters import invisible_in

_JOINERS = "\u200c\u200d"  # zero-width, and part of how some scripts are spelt
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#!|&~$])")


def tidy(name: str) -> str:
    """The name on one line, without invisible characters; empty if nothing is left."""
    printed = "".join(each if each.isprintable() or each in _JOINERS else " " for each in name)
    hidden = {at for at, _ in invisible_in(printed)}
    seen = "".join(" " if at in hidden else each for at, each in enumerate(printed))
    return " ".join(seen.split())


def as_string(name: str) -> str:
    """A tidy name between the double quotes of a policy, of YAML or of JSON."""
    return json.dumps(name, ensure_ascii=False)[1:-1]


def as_markdown(name: str) -> str:
    """A tidy name as plain text in Markdown."""
    return _MARKUP.sub(r"\\\1", name)
