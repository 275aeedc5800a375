"""Resolve tests that ask about one name: `x is T`, `s includes T`, `x <= 2 years`, a flag and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from privacy_rules.language import policy, syntax
from privacy_rules.language.compared_facts import ComparedFacts
from privacy_rules.language.condition_contexts import FLOWS, IN_SYSTEMS, Names, Place, Site
from privacy_rules.language.literals import described, read_scalar
from privacy_rules.language.policy import Condition, Judged, Reference
from privacy_rules.language.suggested_tests import VERBS, example, fitting, term_test
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.language.word_slips import phrase
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Help
from privacy_rules.source.language_files import attributes_of_packs
from privacy_rules.source.span import Span
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import METHOD, Entity, Form, Type

_FITTING = {
    "is": (Form.ONE, Form.ROLES),
    "includes": (Form.SET, Form.TEXTS, Form.ROLES),
    "includes all": (Form.SET, Form.TEXTS, Form.ROLES),
    "includes only": (Form.SET, Form.TEXTS, Form.ROLES),
    "within": (Form.SET, Form.TEXTS, Form.ROLES),
}
_ORDERED = (Form.NUMBER, Form.DURATION, Form.DATE)
_JUDGED: Mapping[str, Judged] = {"data": "data", "purpose": "purpose"}
_PREFIXES = {"", "source", "recipient", "system", "party", "flow"}
_WITH_CONTRACT = (Site.FLOW, Site.SYSTEM, *IN_SYSTEMS, Site.PARTY)


class Tests:
    """Resolves tests. A wrong one is reported to the lexicon's errors, and becomes None."""

    def __init__(
        self,
        names: Names,
        lexicon: Lexicon,
        defines: Mapping[str, syntax.Define],
        text: Callable[[syntax.Condition], str],
    ) -> None:
        self._names = names
        self._lexicon = lexicon
        self._errors = lexicon.errors
        self._defines = defines
        self._text = text
        self._known: dict[Place, list[str]] = {}
        self._compared_facts = ComparedFacts(names, lexicon, self._right_side)

    def resolve(self, node: syntax.Condition, place: Place) -> Condition | None:
        """Resolve one test."""
        match node:
            case syntax.Named(name=name):
                return self._flag(node, name, place)
            case syntax.IsDeclared(name=name):
                judged = name.text in _JUDGED
                reference = self._judged(name, place) if judged else self._reference(name, place)
                return policy.IsDeclared(node.span, self._text(node), reference) if reference else None
            case syntax.HasTerms(name=name) if name.text in _JUDGED:
                return self._judged_is(node, place)
            case syntax.HasTerms():
                return self._has_terms(node, place)
            case syntax.Compared():
                return self._compared(node, place)
            case syntax.WithinCollected():
                return self._within_collected(node, place)
            case syntax.Covers(judged=word):
                return self._covers(node, word, place)
            case _:  # pragma: no cover - there are no other tests
                raise AssertionError(node)

    # ---- names

    def _right_side(self, name: syntax.Word, place: Place) -> Reference | None:
        return self._reference(name, place, right=True)

    def _reference(self, name: syntax.Word, place: Place, *, right: bool = False) -> Reference | None:
        found = self._names.find(name.text, place)
        if found:
            return Reference(*found, name.text)
        if name.text in self._lexicon.lost or name.text.rpartition(".")[2] in self._lexicon.lost:
            return None
        if name.text in self._defines:
            self._misfit(name, f"`{name.text}` is a define, which is a condition by itself", None)
        elif entities := self._names.entities(name.text):
            self._report_misplaced(name, entities, place, right=right)
        elif name.text == METHOD.name:
            message = f"`{name.text}` is an attribute of a transform, but the subject here is {place.site}"
            self._errors.report(codes.OUT_OF_PLACE, message, name.span, "only a rule on a `derivation` can ask for it")
        else:
            words = phrase(name.text)
            near = f"write `{words}`" if words else self._of_term(name.text, place)
            near = near or self._errors.near(name.text, self._known_at(place), str(place)) or _in_a_pack(name.text)
            self._errors.report(codes.UNKNOWN_NAME, f"unknown name `{name.text}`", name.span, near)
        return None

    def _of_term(self, name: str, place: Place) -> str | None:
        """The help for a term without its test; None if the name is not a term, or no test here can ask for it."""
        end, _, term = name.rpartition(".")
        term = self._lexicon.as_spelt(term)
        found: dict[str, str] = {}
        for vocabulary, taxonomy in sorted(self._lexicon.vocabularies.items()):
            test = self._asking_for(term, vocabulary, end, place) if term in taxonomy else None
            if term in taxonomy and not test and not end and place.site in _WITH_CONTRACT and vocabulary not in _JUDGED:
                terms = self._asking_for(term, vocabulary, "", place.terms())
                test = terms and f"under contract ({terms})"
            if test:
                found["a role" if vocabulary == "role" else f"a term of `{vocabulary}`"] = test
        if not found:
            return None
        tests = listed((f"`{test}`" for test in found.values()), "or")
        in_force = "; `under contract` asks for a contract in force" if term == "contract" else ""
        return f"`{term}` is {listed(found)}: write {tests}{in_force}"

    def _asking_for(self, term: str, vocabulary: str, end: str, place: Place) -> str | None:
        """The test for a term, on the subject's own attribute if one takes the term; None if no test can ask for it.

        `end` is what is written before the term, such as `recipient`.
        """
        judged = vocabulary in _JUDGED and (place.datum if vocabulary == "data" else place.purpose)
        if judged and place.site is not Site.TERMS and not end:
            return f"{vocabulary} is {term}"
        own = (each for each in self._names.known(place) if not end or each.startswith(f"{end}."))
        for known in sorted(own, key=lambda each: ("." in each, each != vocabulary, each)):
            found = self._names.find(known, place)
            type_ = Reference(*found, known).attribute.type if found else None
            if type_ and type_.vocabulary == vocabulary and (verb := VERBS.get(type_.form)):
                return f"{known} {verb} {term}"
        return None

    def _report_misplaced(self, name: syntax.Word, entities: list[Entity], place: Place, *, right: bool) -> None:
        head, _, last = name.text.rpartition(".")
        if head:
            message = f"`{name.text}` has no meaning for {place.site}"
        else:
            message = f"`{last}` is an attribute of {_or(entities)}, but the subject here is {place.site}"
        help_: str | None = None
        if head.rpartition(".")[2] == "parent":
            of = head.partition(".")[0]
            help_ = f"write `{f'{of} ' if of in ('source', 'recipient') else ''}owned by (…)`, with a condition on the owner"
        elif entities == [Entity.CONTRACT] and not head and place.site in _WITH_CONTRACT:
            help_ = f"ask a contract in force for it: `under contract ({last} …)`"
        elif place.site is Site.PARTY and last == "stores":
            help_ = "write `holds …`, which asks for data that a party stores, creates, sends or receives"
        elif place.site in FLOWS and not head and {Entity.SYSTEM, Entity.PARTY}.intersection(entities):
            help_ = Help(f"write `source.{last}` or `recipient.{last}`", f"source.{last}", f"recipient.{last}")
        elif not right and set(head.split(".")) <= _PREFIXES and self._names.find(last, place):
            help_ = Help(f"write `{last}`", last)
        self._errors.report(codes.OUT_OF_PLACE, message, name.span, help_)

    def _known_at(self, place: Place) -> list[str]:
        if place not in self._known:
            self._known[place] = [*dict.fromkeys(self._names.known(place)), *self._defines]
        return self._known[place]

    def _judged(self, name: syntax.Word, place: Place) -> Judged | None:
        judged = _JUDGED[name.text]
        if place.datum if judged == "data" else place.purpose:
            if place.site is not Site.TERMS:
                return judged
            message, help_ = f"a contract has no `{judged}` of its own", f"write `covers {judged}`"
        else:
            message, help_ = f"no {'datum' if judged == 'data' else judged} is judged for {place.site}", None
        self._errors.report(codes.OUT_OF_PLACE, message, name.span, help_)
        return None

    # ---- tests

    def _flag(self, node: syntax.Condition, name: syntax.Word, place: Place) -> Condition | None:
        if name.text in _JUDGED:
            if self._judged(name, place):
                self._misfit(name, f"`{name.text}` is not a flag", f"write `{name.text} is …`")
            return None
        reference = self._reference(name, place)
        if reference is None:
            return None
        type_ = reference.attribute.type
        if type_.form is Form.FLAG:
            return policy.IsFlagged(node.span, self._text(node), reference)
        self._misfit(name, f"`{name.text}` is {described(type_)}, not a flag", example(type_, name.text))
        return None

    def _judged_is(self, node: syntax.HasTerms, place: Place) -> Condition | None:
        judged = self._judged(node.name, place)
        if judged and node.verb != "is":
            message = f"`{judged}` is one term, and `{node.verb}` needs a set"
            self._misfit(node.name, message, f"write `{judged} is …`")
            judged = None
        if self._compared_facts.among_terms(node, place, codes.UNKNOWN_TERM):
            return None
        terms = self._lexicon.terms(node.terms, _JUDGED[node.name.text])
        return policy.JudgedIs(node.span, self._text(node), judged, terms) if judged and terms else None

    def _has_terms(self, node: syntax.HasTerms, place: Place) -> Condition | None:
        name = node.name.text
        reference = self._reference(node.name, place)
        if reference is None:
            return None
        type_ = reference.attribute.type
        fits = type_.form in _FITTING[node.verb]
        of_terms = fits and type_.form is not Form.TEXTS
        if self._compared_facts.among_terms(node, place, codes.UNKNOWN_TERM if of_terms else codes.TYPE):
            return None
        if not fits:
            help_ = self._fitting(node, type_, place)
            self._misfit(node.name, f"`{name}` is {described(type_)}: `{node.verb}` does not fit", help_)
            return None
        if type_.form is Form.TEXTS:
            terms = self._lexicon.texts(node.terms, name)
        else:
            terms = self._lexicon.terms(node.terms, type_.vocabulary or "")
        if terms is None:
            return None
        span, text = node.span, self._text(node)
        match node.verb:
            case "is":
                return policy.IsTerm(span, text, reference, terms)
            case "within" | "includes only":
                return policy.Within(span, text, reference, terms, non_empty=node.verb == "includes only")
            case _:
                return policy.Includes(span, text, reference, terms, node.verb == "includes all")

    def _fitting(self, node: syntax.HasTerms, type_: Type, place: Place) -> str:
        """The help for a test with terms on an attribute that has none: what the name on the right may mean instead."""
        end, _, own = node.name.text.rpartition(".")
        text = node.terms[0].text
        if type_.form in (Form.TEXT, Form.REFERENCE):
            is_name = isinstance(node.terms[0], syntax.Word)
            if is_name and (other := self._of_term(f"{end}.{text}" if end else text, place)):
                return other
            if not is_name and self._names.find(text, place):
                name = node.name.text
                return f'to compare two facts, write `{name} = {text}`; for that text, `{name} = "{text}"`'
        if own == "parent":
            return f"write `{f'{end} ' if end else ''}owned by …` to ask for the owners"
        if own == "party":
            limit = {"source": "from", "recipient": "to"}.get(end, "at")
            return f"a limit names a party: `{limit} party {text}`"
        return fitting(node, type_, self._lexicon.vocabularies.get(type_.vocabulary or ""))

    def _compared(self, node: syntax.Compared, place: Place) -> Condition | None:
        name = node.name.text
        if name in _JUDGED:
            if self._judged(node.name, place):
                help_ = term_test(node, self._lexicon.vocabularies[name]) or f"write `{name} is …`"
                self._misfit(node.name, f"`{name}` cannot be compared", help_)
            return None
        reference = self._reference(node.name, place)
        if reference is None:
            return None
        type_ = reference.attribute.type
        if self._compared_facts.are_compared(node, place):
            return self._compared_facts.resolve(node, self._text(node), reference, place)
        if type_.form is Form.TEXT and node.operator not in ("=", "!="):
            self._misfit(node.name, f"`{name}` is text: only `=` and `!=` compare it", None)
            return None
        if type_.form is not Form.TEXT and type_.form not in _ORDERED:
            message = f"`{name}` is {described(type_)}: `{node.operator}` does not fit"
            help_ = fitting(node, type_, self._lexicon.vocabularies.get(type_.vocabulary or ""))
            self._misfit(node.name, message, help_)
            return None
        value = read_scalar(node.value, name, type_, self._lexicon)
        return None if value is None else policy.Compares(node.span, self._text(node), reference, node.operator, value)

    def _within_collected(self, node: syntax.WithinCollected, place: Place) -> Condition | None:
        if node.name.text != "purpose":
            message = f"only `purpose` can be within collected purposes, not `{node.name.text}`"
            self._misfit(node.name, message, "write `purpose within collected purposes`")
            return None
        if place.site not in (Site.FLOW, Site.USE):
            message = f"`within collected purposes` does not apply to {place.site}"
            self._out_of_place(node.span, message)
            return None
        return policy.WithinCollectedPurposes(node.span, self._text(node))

    def _covers(self, node: syntax.Covers, word: syntax.Word, place: Place) -> Condition | None:
        if word.text not in _JUDGED:
            message = f"expected `data` or `purpose`, found `{word.text}`"
            self._errors.report(codes.SYNTAX, message, word.span, "write `covers.data includes …` for a term")
            return None
        judged = _JUDGED[word.text]
        if place.site is not Site.TERMS:
            self._out_of_place(node.span, "`covers` belongs inside `under contract (…)`")
            return None
        if not (place.datum if judged == "data" else place.purpose):
            what = "datum" if judged == "data" else "purpose"
            self._out_of_place(node.span, f"`covers {judged}` needs a {what}, and none is judged here")
            return None
        return policy.Covers(node.span, self._text(node), judged)

    # ---- errors

    def _misfit(self, name: syntax.Word, message: str, help_: str | None) -> None:
        self._errors.report(codes.TYPE, message, name.span, help_)

    def _out_of_place(self, span: Span, message: str) -> None:
        self._errors.report(codes.OUT_OF_PLACE, message, span)


def _in_a_pack(name: str) -> Help | None:
    """The help for an attribute that is declared in a shipped file, if the policy does not use that file."""
    pack = attributes_of_packs().get(name.rpartition(".")[2])
    return Help(f"write `use {pack}`, which declares it", line=f"use {pack}") if pack else None


def _or(entities: list[Entity]) -> str:
    return listed(map(str, entities))
