"""Resolve comparisons of a fact with another fact, or with today: `x <= y`, `x >= today - 12 months`."""

from __future__ import annotations

from collections.abc import Callable

from privacy_rules.language import policy, syntax
from privacy_rules.language.condition_contexts import Names, Place, Site
from privacy_rules.language.literals import described
from privacy_rules.language.policy import Reference
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Help
from privacy_rules.vocabulary.attributes import Form, Type
from privacy_rules.vocabulary.taxonomy import spelling
from privacy_rules.vocabulary.values import Duration, read_duration

TODAY = "today"
ENDS = ("source", "recipient", "party", "system", "flow", "contract", "covers")
"""What may be written before the dot of an attribute's name."""
_JUDGED = ("data", "purpose")
_ALSO_TODAY = ("now", "as_of")
_ORDERED = (Form.NUMBER, Form.DURATION, Form.DATE)
_COMPARABLE = (*_ORDERED, Form.FLAG, Form.TEXT, Form.ONE, Form.REFERENCE)


class ComparedFacts:
    """Resolves the right side of a comparison if it is a name. A wrong one is reported, and becomes None."""

    def __init__(
        self, names: Names, lexicon: Lexicon, reference: Callable[[syntax.Word, Place], Reference | None]
    ) -> None:
        self._names, self._lexicon, self._errors, self._reference = names, lexicon, lexicon.errors, reference

    def are_compared(self, node: syntax.Compared, place: Place) -> bool:
        """Return whether the right side is another fact or a day, rather than a value or a term that needs `is`."""
        value = node.value
        if value.kind == "moved":
            return True
        if value.kind != "name":
            return False
        return value.text in (TODAY, *_ALSO_TODAY) or self._is_fact(value.text, node.name.text, place)

    def resolve(
        self, node: syntax.Compared, text: str, reference: Reference, place: Place
    ) -> policy.ComparesFact | None:
        """Resolve the comparison of a fact with the right side."""
        named = node.value.items[0] if node.value.kind == "moved" else node.value
        word = syntax.Word(named.text, named.span)
        if not self._fits(node, reference) or not self._is_named(word, node, place):
            return None
        type_, other = reference.attribute.type, None
        if word.text == TODAY:
            if type_.form is not Form.DATE:
                self._misfit(word, f"`today` is a date, and `{node.name.text}` is {described(type_)}")
                return None
        else:
            other = self._reference(word, place)
            if other is None or not self._alike(node.name.text, type_, word, other.attribute.type):
                return None
        shift = self._shift(node, type_) if node.value.kind == "moved" else None
        if node.value.kind == "moved" and shift is None:
            return None
        return policy.ComparesFact(node.span, text, reference, node.operator, other, shift)

    def among_terms(self, node: syntax.HasTerms, place: Place, code: str) -> bool:
        """Return whether a fact is listed in place of a term; if so, report it."""
        for each in node.terms:
            if isinstance(each, syntax.Word) and self._is_fact(each.text, node.name.text, place):
                message = f"`{node.verb}` does not compare two facts: `{node.name.text}` and `{each.text}`"
                self._errors.report(code, message, each.span, self._help(node, each, place))
                return True
        return False

    def _help(self, node: syntax.HasTerms, value: syntax.Word, place: Place) -> str:
        name = node.name.text
        if name.startswith("covers.") and value.text in _JUDGED and place.site is Site.TERMS:
            return f"write `covers {value.text}`"
        found = self._names.find(name, place)
        if found and found[2].type.form in _COMPARABLE and node.verb == "is" and len(node.terms) == 1:
            return f"write `{name} = {value.text}`"
        return "compare it with a fixed value, and write one rule for each value"

    def _is_fact(self, value: str, name: str, place: Place) -> bool:
        """Whether a value names an attribute, or what is judged, and is not a term of the vocabulary that `name` takes."""
        first, dot, _ = value.partition(".")
        if dot:
            return first in ENDS and (first in ("source", "recipient") or bool(self._names.entities(value)))
        found = self._names.find(name, place)
        vocabulary = name if name in _JUDGED else found[2].type.vocabulary if found else None
        is_term = vocabulary is not None and spelling(vocabulary, value) in self._lexicon.vocabularies[vocabulary]
        return not is_term and (value in _JUDGED or self._names.find(value, place) is not None)

    def _fits(self, node: syntax.Compared, reference: Reference) -> bool:
        """Whether the attribute and the sign fit a comparison of facts; reported if they do not."""
        name, type_ = node.name, reference.attribute.type
        if type_.form not in _COMPARABLE:
            self._misfit(name, f"`{name.text}` is {described(type_)}, which cannot be compared with another fact")
            return False
        if type_.form not in _ORDERED and node.operator not in ("=", "!="):
            self._misfit(name, f"`{name.text}` is {described(type_)}: only `=` and `!=` compare it with another fact")
            return False
        return True

    def _is_named(self, word: syntax.Word, node: syntax.Compared, place: Place) -> bool:
        """Whether the right side is a name that may be used there; reported if not."""
        if word.text in _JUDGED:
            self._misfit(word, f"`{node.name.text}` cannot be compared with `{word.text}`")
            return False
        if word.text in _ALSO_TODAY and self._names.find(word.text, place) is None:
            help_ = Help("write `today` for the day of the check", TODAY)
            self._errors.report(codes.UNKNOWN_NAME, f"unknown name `{word.text}`", word.span, help_)
            return False
        return True

    def _alike(self, name: str, type_: Type, word: syntax.Word, other: Type) -> bool:
        if type_ == other:
            return True
        message = f"`{name}` is {_said(type_)}, and `{word.text}` is {_said(other)}: only facts of the same type can be compared"
        self._misfit(word, message)
        return False

    def _shift(self, node: syntax.Compared, type_: Type) -> Duration | None:
        """Return by how much a day on the right is moved, with a negative count for an earlier day."""
        by = node.value.text
        if type_.form is not Form.DATE:
            message = f"only a date can be moved by a duration, and `{node.name.text}` is {described(type_)}"
            self._errors.report(codes.TYPE, message, node.value.span)
            return None
        sign, length = by[0], read_duration(by.lstrip("+- "))
        if sign not in "+-" or length is None:
            help_ = "write `+` or `-`, a whole number and its unit, such as `today - 12 months`"
            self._errors.report(codes.LITERAL, f"`{by}` cannot move a date", node.value.span, help_)
            return None
        if length.unit == "hour":
            help_ = "write whole days, weeks, months or years"
            self._errors.report(codes.TYPE, "a date cannot be moved by hours", node.value.span, help_)
            return None
        return Duration(-length.count if sign == "-" else length.count, length.unit)

    def _misfit(self, word: syntax.Word, message: str) -> None:
        self._errors.report(codes.TYPE, message, word.span)


def _said(type_: Type) -> str:
    return f"the id of a {type_.refers_to}" if type_.form is Form.REFERENCE else described(type_)
