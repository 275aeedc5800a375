"""Terms and values as English words: `service_provider` is `service providers`, `eea` the European Economic Area.

>>> unmarked(holders("public_authority")), unmarked(with_article("advertiser"))
('public authorities', 'an advertiser')

A term is between two marks, by which a page recognises it. The marks are private-use characters, which are removed from
text that others wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from privacy_rules.source.words import plural
from privacy_rules.vocabulary.taxonomy import Taxonomy

_WHOLE = {"us": "us", "organisation": "the organisation", "outside": "parties outside the organisation"}
_ONE = {"us": "us", "organisation": "part of the organisation", "outside": "outside the organisation"}
_OWNING = {"us": "ours"}
BEGIN, END = "\ue000", "\ue001"
_MARKS = re.compile(f"[{BEGIN}{END}]")
_MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
_CODE = 3
"""The longest name of a region that is a code."""


def words(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ").strip() or name


def quoted(text: str) -> str:
    """Text that others wrote, in quotation marks."""
    return f"“{unmarked(text)}”"


def term(name: str, vocabulary: Taxonomy | None = None) -> str:
    """A term as words; a code of a region by its name, as in `Germany (DE)`."""
    if vocabulary is not None and _is_code(name, vocabulary):
        description = unmarked(vocabulary.descriptions.get(name, ""))
        whole = f"{description} ({name.upper()})" if description else name.upper()
        return f"the {_marked(whole)}" if description and vocabulary.children(name) else _marked(whole)
    return _marked(words(name))


def is_called_by_description(name: str, vocabulary: Taxonomy) -> bool:
    """Whether a term is shown by its description, so that there is nothing to add."""
    return _is_code(name, vocabulary) and bool(vocabulary.descriptions.get(name))


def _is_code(name: str, vocabulary: Taxonomy) -> bool:
    return vocabulary.name == "region" and len(name) <= _CODE


def holders(role: str) -> str:
    """The parties with a role: `data subjects`."""
    return _marked(_WHOLE.get(role) or plural(words(role)))


def owning(role: str) -> str:
    """The same after `of`: `systems of ours`."""
    return _marked(_OWNING[role]) if role in _OWNING else holders(role)


def with_article(role: str) -> str:
    """A party with a role: `a data subject`."""
    noun = words(role)
    if role in _ONE:
        return _marked(_ONE[role])
    if noun.endswith("s") and not noun.endswith(("ss", "us")):
        return _marked(noun)
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {_marked(noun)}"


def capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    at = 1 if sentence.startswith(BEGIN) else 0
    return sentence[:at] + sentence[at : at + 1].upper() + sentence[at + 1 :]


def _marked(phrase: str) -> str:
    return f"{BEGIN}{phrase}{END}"


def unmarked(text: str) -> str:
    """The text without the marks of terms."""
    return _MARKS.sub("", text)


def shown(text: str, of_term: Callable[[str], str], of_text: Callable[[str], str]) -> str:
    """The text with its terms and the text between them, each as a page writes it."""
    parts = _MARKED.split(text)
    return "".join(of_term(each) if number % 2 else of_text(unmarked(each)) for number, each in enumerate(parts))
