"""Help for words that the language does not have in a place: `where` for `when`, `never` for `forbid`.

The help does not change the meaning: if a word has two readings, it offers both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from privacy_rules.language.scanner import NAME, STRING, Token
from privacy_rules.language.suggested_tests import VERBS
from privacy_rules.source.diagnostic import Help
from privacy_rules.source.spelling import nearest
from privacy_rules.vocabulary.attributes import BUILT_IN, Form

_MOST = 60
_FLOWS = ("flow", "collection", "sharing", "disclosure")
_KEYWORDS_AFTER_NAMES = ("when", "unless", "despite", "only", "of", "with", "for", "from", "to", "at", "on", "into")
_KINDS = (*_FLOWS, "storage", "use", "joining", "derivation", "system", "party")
_COMPARED = {
    **dict.fromkeys(["more", "greater", "longer", "over", "above", "exceeds", "older", "after", "later"], ">"),
    **dict.fromkeys(["less", "fewer", "shorter", "below", "smaller", "before", "earlier"], "<"),
}
_VALUE = re.compile(r"\s+(?:than\s+)?(?:[0-9\"]|today\b|(?:source|recipient)\.|unlimited\b)")
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
_PHRASES = (
    *("collected with", "collected only with", "collected partly with", "within collected purposes"),
    *("under contract", "bound to us", "reached by", "owned by", "is declared", "includes all", "includes only"),
)
_CONDITIONS = (
    "reached",
    "holds",
    "under",
    "bound",
    "owned",
    "collected",
    "source",
    "recipient",
    "that",
    "which",
    "whose",
)
_NOT_AFTER = re.compile(rf"not\s+(?:(is|in|within|includes)\s+)?(\([^()\n]*\)|{_TERMS})")
_OPENED = re.compile(rf"(?:\b(is|within|includes(?: all| only)?|of|with|for|from|to|at|into)\s+)?\(\s*({_TERMS})\Z")
_PERIOD = re.compile(r"\bretention\s*[<>=!]=?\s*[0-9]{1,9}\s+\w+\Z")
_STARTS = re.compile(r"from\s+([^\W\d]\w*)")
_LIMIT_BUT = re.compile(r"not\s+(?:(from|to|at)\s+)?([^\W\d]\w*)")
_END = re.compile(r"\b(from|to|at)\s+(outside|within|inside|in)\Z")
_JOINED = re.compile(rf"\bjoining\s+of\s+({_TERMS})\Z")
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
    "UNLESS": _each("except excepting excluding without but", "write an exception as `unless` and its condition"),
    "FORBID": {
        **_each("never no deny prohibit disallow block ban cannot", "write `forbid` and what must not be"),
        **_each("must always ensure assert expect should shall check", "write `require CONDITION on SUBJECT`"),
        **_each("only may can allowed", "write `allow SUBJECT only`, and each case after a `-`"),
        **_each("when if where unless for", "the statement comes first, as in `forbid flow when …`"),
        **_each("description comment message reason name", "the texts of a rule are `title`, `cites` and `hint`"),
    },
    "KIND": {
        **_each("only", "write `only` after the subject: `allow flow … only`"),
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
        **_each("at", "write `>=` for at least, or `<=` for at most"),
        **_each("lacks excludes without", "write `not` before the whole test, as in `not safeguards includes …`"),
    },
    "USE": {
        **_each("import include includes", 'write `use`, as in `use std.core` or `use "shared.privacy"`', "use"),
        **_each("category categories", "write `data`", "data"),
        **_each("enum type", "write `vocabulary`", "vocabulary"),
        **_each("let def const macro function", "write `define NAME as CONDITION`"),
        **_each("forbid require allow permit", "a statement belongs in a rule: `rule NAME { … }`"),
        **_each(
            "language version title text owner effective",
            'it belongs in the policy\'s header, as in `policy NAME { language "1.1" }`',
        ),
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
    found = _of_name(text, last, token) or _of_phrase(text, last, token, accepted) or _of_place(last, token, accepted)
    if found or not token.text.isidentifier():
        return found or _of_comma(last, token, accepted) or _of_limit(text, last, token, accepted)
    if "INCLUDES" in accepted:
        return _of_test(text, last, token) or _of_word(token, accepted)
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
    one_of = _IS_ONE_OF.search(text, max(last.start - _MOST, 0), last.end)
    if one_of and (token.text in ("of", "(") or (last.text in ("in", "among") and token.kind == NAME)):
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
    """The help if something is missing, or is written with a sign of another language."""
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


def phrase(name: str) -> str | None:
    """Return the words of a test that are written as one name, such as `collectedWith` or `under_contract`."""
    written = name.replace("_", "").lower()
    return next((each for each in _PHRASES if each.replace(" ", "") == written), None)


def _of_phrase(text: str, last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for a test of several words if one of them, or the parentheses, are missing."""
    if token.text == "(" and last.kind == NAME and (words := phrase(last.text)):
        return f"write `{words} (…)`"
    if token.kind == NAME and accepted.isdisjoint({"WHEN", "KIND", "FORBID"}) and (words := phrase(token.text)):
        return f"write `{words}`"
    if token.text == "(" and last.text in ("now", "today"):
        return "write `today`"
    if token.text.isidentifier() and (accepted == {"LPAR"} or ("LPAR" in accepted and last.text == "contract")):
        return "write the condition in parentheses"
    if last.text == "<" and token.text == ">":
        return "write `!=`"
    if last.text == "bound" and token.text == "by":
        return "write `under contract`, or `bound to us by contracts (…)` for a chain of contracts"
    if token.text == "with" and {"BY", "AND"} <= accepted and last.text == "us":
        return "write `by contracts (…)`"
    return _of_period(text, last, token, accepted) or _in_brackets(text, last, token, accepted)


def _of_period(text: str, last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for `retention <= 30 days from account_closed`."""
    starts = _STARTS.match(text, token.start)
    if "ON" not in accepted or starts is None or not _PERIOD.search(text, max(last.start - _MOST, 0), last.end):
        return None
    return f"write what the period starts with as another test: `and retention_from is {starts[1]}`"


def _in_brackets(text: str, last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for `of (contact and card)`."""
    begun = _OPENED.search(text, max(last.start - 2 * _MOST, 0), last.end)
    more = _AND_MORE.match(text, token.start)
    if "COMMA" not in accepted or begun is None or more is None or len(more[0]) > _MOST:
        return None
    listed = f"({', '.join([begun[2], *_items(more[0])])})"
    if begun[1] == "includes" and token.text == "and":
        return f"for all of them, write `includes all {listed}`; for any of them, `includes {listed}`"
    return f"write commas between the terms: `{f'{begun[1]} ' if begun[1] else ''}{listed}`"


def _of_test(text: str, last: Token, token: Token) -> str | None:
    """The help for a word that follows the name in a test and is not a verb."""
    if token.text == "in":
        return _in(text, last, token)
    if last.text in _KINDS:
        return f"write the condition first: `require CONDITION on {last.text} …`"
    if token.text == "not" and (found := _NOT_AFTER.match(text, token.start)) and len(found[2]) <= _MOST:
        verb = found[1] if found[1] in ("within", "includes") else "is"
        return f"write `not` before the whole test: `not {last.text} {verb} {found[2]}`"
    if token.text.lower() in _COMPARED:
        return f"write `{_COMPARED[token.text.lower()]}`" if _VALUE.match(text, token.end) else None
    verb = VERBS.get(form) if token.kind == NAME and (form := _forms().get(last.text.rpartition(".")[2])) else None
    return f"write `{last.text} {verb} {token.text}`" if verb and not _of_word(token, frozenset({"INCLUDES"})) else None


@cache
def _forms() -> Mapping[str, Form]:
    """The forms of the built-in attributes, by name."""
    return {name: each.type.form for (_, name), each in BUILT_IN.items()}


def _in(text: str, last: Token, token: Token) -> str:
    """The help for `country in (de, fr)`, and for a term `in` an attribute."""
    if last.text in ("data", "purpose"):
        return Help("write `is`, which means any of the terms", "is")
    right = _WORD.match(text, token.end)
    forms = _forms()
    if right and forms.get(right[1]) is Form.SET and last.text not in forms:
        return f"write `{right[1]} includes {last.text}`"
    match forms.get(last.text.rpartition(".")[2]):
        case Form.ONE:
            return Help("write `is`, which means any of the terms", "is")
        case Form.SET:
            return "write `includes` for any of the terms, or `within` for no others"
        case _:
            return "for one term, write `is`, which means any of a list; for a set, `includes` (any) or `within` (no others)"


def _of_limit(text: str, last: Token, token: Token, accepted: frozenset[str]) -> str | None:
    """The help for a word that follows a subject and is not a limit."""
    after = _WORD.match(text, token.end)
    if "KIND" in accepted and after and after[1] in ("to", "from") and not nearest(token.text, _FLOWS):
        return "name a subject first, as in `flow of contact to …`"
    if "WHEN" not in accepted:
        return None
    if token.text in ("and", "or"):
        return _any_of(text, last, token)
    if but := _LIMIT_BUT.match(text, token.start):
        return f"write `{but[1] or 'to'} (not role is {but[2]})`, or an exception as `unless` and its condition"
    end = _END.search(text, max(last.start - _MOST, 0), last.end)
    if end and token.kind == NAME and token.text not in _KEYWORDS_AFTER_NAMES:
        no = "not " if end[2] == "outside" else ""
        return f"for a region, write `{end[1]} ({no}country is {token.text})`"
    if token.text in ("in", "within", "inside", "outside") and after:
        no = "not " if token.text == "outside" else ""
        return f"for a region, write `from`, `to` or `at` with `({no}country is {after[1]})`"
    if _TEST.match(text, token.start) or token.text in _CONDITIONS:
        return "a condition begins with `when`"
    if token.text.lower() in _COMPARED or token.text in ("<", ">", "="):
        return "a condition begins with `when` and says what it compares, as in `when retention > 2 years`"
    if token.text in ("purpose", "data"):
        return f"write `{'for' if token.text == 'purpose' else 'of'}` before the term, without `{token.text}`"
    side_by_side = last.kind == NAME and token.text.isidentifier() and not text[last.end : token.start].strip(" ")
    if side_by_side and not nearest(token.text, _KEYWORDS_AFTER_NAMES):
        return f"if `{last.text} {token.text}` is one name, write `{last.text}_{token.text}`"
    return None


def _items(more: str) -> list[str]:
    return re.findall(rf"(?:and|or)\s+({_TERMS})", more)


def _any_of(text: str, last: Token, token: Token) -> str | None:
    """The help for `of contact and card`."""
    begun = _SEVERAL.search(text, max(last.start - 2 * _MOST, 0), last.end)
    more = _AND_MORE.match(text, token.start)
    if begun is None or more is None or len(more[0]) > _MOST:
        return None
    items = [begun[2], *_items(more[0])]
    joined = _JOINED.search(text, max(last.start - 2 * _MOST, 0), last.end)
    if joined and len(items) == 2:
        return f"write `of {items[0]} with {items[1]}`"
    return f"for any of them, write `{begun[1]} ({', '.join(items)})`"
