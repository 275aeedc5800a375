"""Find the term that other words mean: a country's name or three-letter code, a description, a term after its parents.

>>> data = Taxonomy("data", {"contact": (), "email": ("contact",)}, {"email": "E-mail address"})
>>> meant("contact.email", data), meant("e-mail address", data), meant("USA", Taxonomy("region", {"us": ()}))
('write `email`: a term is named without those above it', 'write `email` (E-mail address)', 'write `us` (United States of America)')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from privacy_rules.source.diagnostic import Help
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.spelling import Suggestions, did_you_mean, nearest
from privacy_rules.vocabulary.taxonomy import Taxonomy, spelling

_SEPARATORS = re.compile(r"\s*(?:[./\\>|]|::?)\s*")
_LONGEST = 200
_LONGEST_CODE = 4
_ALSO = {
    "america": "us",
    "britain": "gb",
    "bul": "bg",
    "burma": "mm",
    "capeverde": "cv",
    "cro": "hr",
    "czechrepublic": "cz",
    "den": "dk",
    "easttimor": "tl",
    "el": "gr",  # as the European Union writes it
    "eng": "gb",
    "england": "gb",
    "ger": "de",
    "gre": "gr",
    "greatbritain": "gb",
    "holland": "nl",
    "ivorycoast": "ci",
    "ksa": "sa",
    "macedonia": "mk",
    "ned": "nl",
    "northernireland": "gb",
    "por": "pt",
    "prc": "cn",
    "rok": "kr",
    "rsa": "za",
    "scotland": "gb",
    "sui": "ch",
    "swaziland": "sz",
    "turkey": "tr",
    "uae": "ae",
    "uk": "gb",
    "vatican": "va",
    "wales": "gb",
}
"""Common names and codes of countries that are not in ISO 3166."""


def help_for(written: str, taxonomy: Taxonomy, suggestions: Suggestions) -> str | None:
    """Return the help for words that are not a term of the taxonomy: the term that they mean or nearly spell, or None."""
    return suggestions.help(
        f"terms of {taxonomy.name}",
        written,
        len(taxonomy.terms) + 2 * len(taxonomy.descriptions),
        lambda: (
            meant(written, taxonomy)
            or (None if _is_code(written, taxonomy) else did_you_mean(written, taxonomy.terms))
            or (None if _is_code(written, taxonomy) else _nearly_meant(written, taxonomy))
            or _what_regions_are(taxonomy)
        ),
    )


def _is_code(written: str, taxonomy: Taxonomy) -> bool:
    """Whether a word may be the code of a region: codes that are spelt alike mean different countries."""
    return taxonomy.name == "region" and len(written) <= _LONGEST_CODE and written.lower() not in taxonomy


def meant(written: str, taxonomy: Taxonomy) -> Help | None:
    """Return the help for words that name a term of the taxonomy in another way, or None."""
    *above, last = _SEPARATORS.split(written)
    term = spelling(taxonomy.name, last)
    if above and term not in taxonomy:
        term = nearest(term, taxonomy.terms) or ""
    if above and term:
        return Help(f"write `{term}`: a term is named without those above it", term)
    found = _described(taxonomy).get(_folded(written)) or _country(written, taxonomy)
    return _named(found, taxonomy) if found else None


def _nearly_meant(written: str, taxonomy: Taxonomy) -> Help | None:
    """The help for the name of a region with a typo in it."""
    names = _described(taxonomy) if taxonomy.name == "region" else {}
    found = nearest(_folded(written), names)
    return _named(names[found], taxonomy) if found else None


def _what_regions_are(taxonomy: Taxonomy) -> str | None:
    shipped = taxonomy.name == "region" and "de" in taxonomy and "eea" in taxonomy
    return "a region is a country's code in ISO 3166, such as `de`, or a group, such as `eea`" if shipped else None


def _folded(words: str) -> str:
    """A name without case, accents, blanks, signs and articles, so that `The_Gambia` is `gambia`."""
    plain = unicodedata.normalize("NFKD", words[:_LONGEST].replace("&", " and ").replace("_", " ")).casefold()
    return re.sub(r"\bthe\b|[\W_]", "", plain)


def _named(term: str, taxonomy: Taxonomy) -> Help:
    name = taxonomy.descriptions.get(term) or (_names().get(term, "") if taxonomy.name == "region" else "")
    return Help(f"write `{term}`" + (f" ({visible(name)})" if name else ""), term)


def _described(taxonomy: Taxonomy) -> Mapping[str, str]:
    """Folded description → term, for descriptions that one term has; `Korea, South` is also `South Korea`."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for term, words in taxonomy.descriptions.items():
        first, comma, rest = words.partition(", ")
        for each in {_folded(words), _folded(f"{rest} {first}") if comma else _folded(words)}:
            if found.setdefault(each, term) != term:
                shared.add(each)
    return {words: term for words, term in found.items() if words and words not in shared}


def _country(written: str, taxonomy: Taxonomy) -> str | None:
    if taxonomy.name != "region":
        return None
    code = country(written)
    return code if code in taxonomy else None


def country(written: str) -> str | None:
    """Return the two-letter code of a country, by its name or another code of it, never by spelling; None if there is none."""
    words = _folded(written)
    return _ALSO.get(words) or _codes().get(words)


@cache
def _codes() -> Mapping[str, str]:
    """Each country's name and codes in ISO 3166-1, folded → its two-letter code."""
    from iso3166 import countries

    return {
        _folded(words): each.alpha2.lower()
        for each in countries
        for words in (each.alpha2, each.alpha3, each.numeric, each.name, each.apolitical_name)
    }


@cache
def _names() -> Mapping[str, str]:
    from iso3166 import countries

    return {each.alpha2.lower(): each.apolitical_name for each in countries}
