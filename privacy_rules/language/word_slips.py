"""Help for words that this language does not have in this place: `where` for `when`, `never` for `forbid`, a list after `in`.

It keeps what was meant: if a word has two readings, the help has both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from privacy_rules.language.scanner import NAME, STRING, Token
from privacy_rules.source.diagnostic import Help
from privacy_rules.source.spelling import nearest

_MOST = 60
_FLOWS = ("flow", "collection", "sharing", "disclosure")
_KEYWORDS_AFTER_NAMES = ("when", "unless", "despite", "only", "of", "with", "for", "from", "to", "at")
_WORD = re.compile(r"\s*([^\W\d]\w*)")
_TEST = re.compile(r"[\w.]+\s+(?:is|includes|within)\b|[\w.]+\s*[<>=!]")
_WITH_HYPHENS = re.compile(r"\w+(?:-\w+)+")
_TERMS = r'(?:"[^"\\\n]*"|[\w.]+)'
_ENTITY_THAT = re.compile(r"\b(party|system)\s{0,9}\(\s{0,9}[\w.]+\Z")
_SIGN = re.compile(r"(?:is|includes|within|[<>=!]=?)\Z")
_IS_NOT = re.compile(r"([^\W\d][\w.]*)\s+(?:is|includes)\s+not\Z")
_NEGATED = re.compile(rf"(?:within\s+|in\s+)?(\([^()\n]*\)|{_TERMS})")
_IS_ONE_OF = re.compile(r"\bis\s+(?:one|any|either|in|among)\Z")
_LIST = re.compile(rf"(?:of\s*)?(\([^()\n]*\)|{_TERMS})")
_SEVERAL = re.compile(rf"\b(of|for|with|into|from|to|at)\s+({_TERMS})\Z")
_AND_MORE = re.compile(rf"(?:(?:and|or)\s+{_TERMS}\s*)+")


def _each(words: str, help_: str, *replacements: str) -> dict[str, str]:
    made = Help(help_, *replacements)
    return dict.fromkeys(words.split(), made)


_SENDING = "write `flow` for all data that moves, or `disclosure` for what leaves the organisation"
_USING = "write `use` for what is done within one system, or `flow` for data that moves; a purpose follows `for`"
_DERIVING = "write `derivation`, as in `derivation of page_views into health`"
_MEANT: Mapping[str, Mapping[str, str]] = {
    "WHEN": _each("where if whenever provided", "write `when`", "when"),
    "UNLESS": _each("except excepting excluding without", "write an exception as `unless` and its condition"),
    "FORBID": {
        **_each("never no deny prohibit disallow block ban cannot", "write `forbid` and what must not be"),
        **_each("must always ensure assert expect should shall check", "write `require CONDITION on SUBJECT`"),
        **_each("only may can allowed", "write `allow SUBJECT only`, and each case after a `-`"),
        **_each("when if where unless for", "the statement comes first, as in `forbid flow when …`"),
        **_each("description comment message reason name", "the texts of a rule are `title`, `cites` and `hint`"),
    },
    "KIND": {
        **_each("usage using uses processing process access", _USING),
        **_each("infer inferring inference derive deriving make making profiling", _DERIVING),
        **_each("transfer transfers sending send export transmission movement", _SENDING),
        **_each(
            "disclose disclosing share giving", "write `disclosure` for what leaves the organisation, or `sharing`"
        ),
        **_each("store storing keep keeping retention", "write `storage`, as in `storage of contact`"),
        **_each("sale selling sell", "write `disclosure … when exchange is sale`"),
        **_each("collect collecting", "write `collection`, as in `collection of contact`"),
        **_each("join combine combining combination linking", "write `joining`, as in `joining of contact with card`"),
        **_each("source recipient", "write `flow`; its ends are asked for by name, as in `recipient.country is de`"),
        **_each("data purpose", "name a subject first, as in `flow of contact for orders`"),
    },
    "INCLUDES": {
        **_each("contains contain has have include", "write `includes`", "includes"),
        **_each("equals eq are was be", "write `is` for a term, or `=` for text and numbers"),
        **_each("more greater longer over above exceeds older after later", "write `>`"),
        **_each("less fewer shorter below smaller before earlier", "write `<`"),
        **_each("at", "write `>=` for at least, or `<=` for at most"),
        **_each("lacks excludes without", "write `not` before the whole test, as in `not safeguards includes …`"),
    },
    "USE": {
        **_each("import include includes", 'write `use`, as in `use std.core` or `use "shared.privacy"`', "use"),
        **_each("category categories", "write `data`", "data"),
        **_each("enum type", "write `vocabulary`", "vocabulary"),
        **_each("let def const macro function", "write `define NAME as CONDITION`"),
        **_each("forbid require allow permit", "a statement belongs in a rule: `rule NAME { … }`"),
    },
    "TYPE": {
        **_each("boolean bool", "write `flag`", "flag"),
        **_each("string str", "write `text`", "text"),
        **_each("int integer float decimal", "write `number`", "number"),
        **_each("datetime timestamp day", "write `date`", "date"),
        **_each("interval period time", "write `duration`", "duration"),
        **_each("list array enum", "write `set of VOCABULARY`, or `one of VOCABULARY`"),
    },
    "SEVERITY_NAME": {
        **_each("high critical blocker major fatal", "write `error`", "error"),
        **_each("medium warn minor moderate", "write `warning`", "warning"),
        **_each("low info information notice hint", "write `note`", "note"),
    },
    "FIELD": _each("name", "write `title`", "title"),
}
"""Expected terminal → word → help."""


def meant(text: str, last: Token | None, token: Token, accepted: frozenset[str]) -> str | None:
    """Return the help for a word or sign that this language writes differently, or None."""
    if last is None:
        return _of_word(token, accepted)
    if last.text == "not" and last.kind == NAME:
        return _negated(text, last, token)
    found = _of_name(text, last, token) or _of_place(last, token, accepted)
    if found or not token.text.isidentifier():
        return found or _of_comma(last, token, accepted)
    if "INCLUDES" in accepted and token.text == "in":
        return _in(last)
    return _of_word(token, accepted) or _of_limit(text, last, token, accepted)


def _of_word(token: Token, accepted: frozenset[str]) -> str | None:
    known = (words.get(token.text.lower()) for terminal, words in _MEANT.items() if terminal in accepted)
    return next((each for each in known if each), None)


def _negated(text: str, last: Token, token: Token) -> str:
    """The help for `exchange is not sale`."""
    before = _IS_NOT.search(text, max(last.start - 2 * _MOST, 0), last.end)
    after = _NEGATED.match(text, token.start)
    if before is None or after is None or len(before[1] + after[1]) > _MOST:
        return "write `not` before the whole test: `not exchange is sale`"
    verb = "includes" if "includes" in before[0] else "within" if token.text == "within" else "is"
    return f"write `not` before the whole test: `not {before[1]} {verb} {after[1]}`"


def _of_name(text: str, last: Token, token: Token) -> str | None:
    """The help for names that contain `-`, and for several names in quotes, in brackets or side by side."""
    if token.text == "-" and last.kind == NAME and last.end == token.start:
        found = _WITH_HYPHENS.match(text, last.start)
        return f"if `{found[0]}` is one name, write `{found[0].replace('-', '_')}`" if found else None
    if _IS_ONE_OF.search(text, max(last.start - _MOST, 0), last.end) and token.text in ("of", "("):
        listed = _LIST.match(text, token.start)
        return f"write `is {listed[1]}`" if listed and len(listed[1]) <= _MOST else "write `is (…)`"
    entity = _ENTITY_THAT.search(text, max(last.start - _MOST, 0), last.end)
    if entity and _SIGN.match(token.text):
        return f"leave out `{entity[1]}`: the parentheses hold only a condition, as in `to (country is de)`"
    if token.kind == STRING and last.text in ("rule", "define", "policy", "attribute", "vocabulary"):
        return f"write the name without quotes, with only letters, digits and `_`: `{last.text} {_as_name(token.text)}`"
    return None


def _as_name(words: str) -> str:
    found = re.sub(r"\W+", "_", words.strip('"')).strip("_").lower() if len(words) <= _MOST else ""
    return found if found.isidentifier() else "NAME"


def _of_place(last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help if something is missing, or if other languages use another sign."""
    if accepted == {"MINUS"}:
        if token.text == ":":
            return "leave out the `:`; each case begins with `-`"
        word = token.text if token.text.isidentifier() else "when"
        return f"each case begins with `-`, as in `- {word} …`"
    if {"REACHED", "DOT"} <= accepted and last.text in ("source", "recipient"):
        return f"say which of its attributes you mean: `{last.text}.role is …`, `{last.text}.country is …`"
    if "ONLY" in accepted and token.text in ("}", "when", "if", "where", "unless"):
        return "write `only` and each allowed case after a `-`; to lift another rule, write `permit … despite RULE`"
    if "DESPITE" in accepted and token.text in ("}", "unless"):
        return "name the rule that it lifts: `despite RULE`; to list all that is allowed, write `allow … only`"
    return _of_sign(last, token, accepted)


def _of_sign(last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for a sign or a quoted text that is used instead of another."""
    if "AS" in accepted and token.text in ("=", ":"):
        return Help("write `as`", "as")
    if "NOT" in accepted and token.text == "{":
        return "write the condition without braces"
    if "LBRACE" in accepted:
        return _before_braces(last, token)
    if "COLON" in accepted and token.text.isidentifier():
        return "write a `:` before the type"
    if last.text == "policy" and token.text == "{":
        return "give it a name: `policy NAME { … }`"
    if accepted >= {"SEVERITY_NAME"} and token.kind == STRING:
        return "leave out the quotes"
    return None


def _before_braces(last: Token, token: Token) -> str | None:
    if token.text in (":", "="):
        return f"write what belongs to it in braces: `{last.text} {{ … }}`"
    if not token.text.isidentifier():
        return None
    if last.kind == "VOCABULARY_NAME":
        return f"write the term inside the braces: `{last.text} {{ {token.text} … }}`"
    statement = last.text in ("forbid", "require", "allow", "permit")
    return "give the rule a name: `rule NAME { … }`" if statement else None


def _of_comma(last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for `use std.core, std.regions`."""
    several = token.text == "," and "USE" in accepted and last.kind in (NAME, STRING)
    return "write `use` before each of them" if several else None


def _in(last: Token) -> str:
    if last.text in ("data", "purpose"):
        return Help("write `is`, which means any of the terms", "is")
    return "write `is` for one term, or `within` and `includes` for a set"


def _of_limit(text: str, last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for what follows a subject and does not limit it."""
    after = _WORD.match(text, token.end)
    if "KIND" in accepted and after and after[1] in ("to", "from") and not nearest(token.text, _FLOWS):
        return "name a subject first, as in `flow of contact to …`"
    if "WHEN" not in accepted:
        return None
    if token.text in ("and", "or"):
        return _any_of(text, last, token)
    if _TEST.match(text, token.start):
        return "a condition begins with `when`"
    if token.text in ("purpose", "data"):
        return f"write `{'for' if token.text == 'purpose' else 'of'}` before the term, without `{token.text}`"
    if (
        last.kind == NAME
        and text[last.end : token.start].strip(" ") == ""
        and not nearest(token.text, _KEYWORDS_AFTER_NAMES)
    ):
        return f"if `{last.text} {token.text}` is one name, write `{last.text}_{token.text}`"
    return None


def _any_of(text: str, last: Token, token: Token) -> str | None:
    """The help for `of contact and card`."""
    begun = _SEVERAL.search(text, max(last.start - 2 * _MOST, 0), last.end)
    more = _AND_MORE.match(text, token.start)
    if begun is None or more is None or len(more[0]) > _MOST:
        return None
    items = [begun[2], *re.findall(rf"(?:and|or)\s+({_TERMS})", more[0])]
    return f"for any of them, write `{begun[1]} ({', '.join(items)})`"
