"""A rule in English sentences, which express every part of the rule and nothing else.

Contact information may not be disclosed outside the organisation where the kind of exchange is sale, rental or barter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from privacy_rules.english.conditions import ANY_DATA, Conditions
from privacy_rules.english.nouns import Nouns, of_kind
from privacy_rules.english.phrases import Clause, Passage, Phrase, demanded, grouped, stated
from privacy_rules.english.terms import capital, quoted, words
from privacy_rules.language.policy import (
    All,
    Condition,
    Defined,
    Derives,
    EndMatches,
    Joins,
    JudgedIs,
    Policy,
    Rule,
    Side,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass

_DONE = {
    Kind.FLOW: ("sent", "from", "to"),
    Kind.COLLECTION: ("collected", "from", "by"),
    Kind.SHARING: ("shared within the organisation", "by", "with"),
    Kind.DISCLOSURE: ("disclosed", "by", "to"),
    Kind.STORAGE: ("stored", "", ""),
    Kind.JOINING: ("joined", "", ""),
    Kind.USE: ("used", "", ""),
    Kind.DERIVATION: ("made", "", ""),
}
"""The participle of a kind of flow, and the prepositions of its two ends."""
_ONES = {Kind.SYSTEM: "system", Kind.PARTY: "party", Kind.CONTRACT: "contract"}


@dataclass(frozen=True, slots=True)
class Note:
    """The meaning of a defined name in a rule, and what it applies to; `read_out`: the rule's sentence has it."""

    name: str
    of: str
    meaning: Passage
    read_out: bool


@dataclass(frozen=True, slots=True)
class RuleText:
    """The English of a rule: its sentences, and the meanings of the names in them."""

    rule: Rule
    passages: tuple[Passage, ...]
    definitions: tuple[Note, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """The definitions that have to appear next to the sentences."""
        return tuple(each for each in self.definitions if not each.read_out)

    @property
    def text(self) -> str:
        """The sentences on one line."""
        return " ".join([*(each.whole for each in self.passages), *(each.meaning.whole for each in self.notes)])


@dataclass(slots=True)
class _Limits:
    """The limits of a subject: those that fit into a sentence, and `more` for the others."""

    data: str = ""
    pair: str = ""
    into: str = ""
    source: str = ""
    target: str = ""
    purpose: str = ""
    at: str = ""
    more: list[Phrase] = field(default_factory=list)


def in_english(rule: Rule, policy: Policy) -> RuleText:
    """Return a rule of a policy in English."""
    reader = _Reader(rule, policy)
    passages = tuple(reader.passages())
    read = reader.conditions
    notes = [
        Note(words(name), nouns.this, meaning, (name, nouns) not in read.named)
        for (name, nouns), meaning in read.meanings.items()
    ]
    return RuleText(rule, passages, tuple(notes))


class _Reader:
    def __init__(self, rule: Rule, policy: Policy) -> None:
        self.conditions = Conditions(policy)
        self._policy = policy
        self._rule = rule
        self._kind = rule.subject.kind
        self._nouns: Nouns = of_kind(self._kind)
        self._limits = self._narrowed(rule.subject.limits)

    def passages(self) -> list[Passage]:
        """The sentences of the rule."""
        match self._rule.statement:
            case "forbid":
                return [*self._forbid(), *self._except()]
            case "require":
                return [*self._require(), *self._except()]
            case "allow":
                return self._allow()
            case _:
                return self._permit()

    # ---- statements

    def _forbid(self) -> list[Passage]:
        case = self._case()
        if case is None:
            return [Passage(self._may("may not"))]
        if self._kind is Kind.ORGANISATION:  # that it must not be so is that it must be otherwise
            assert self._rule.when is not None
            return [_sentence(demanded(self.conditions.phrase(self._rule.when, self._nouns, negated=True)))]
        if isinstance(case, Clause) and not case.negated and case.subject == self._nouns.this and self._kind in _ONES:
            return [self._none(case)]
        return [stated(case).after(f"{self._may('may not')} where ")]

    def _none(self, case: Clause) -> Passage:
        """`No system of data brokers may receive …`: a clause about the subject itself that none may fulfil."""
        ban = demanded(case)
        said = ban.text.removeprefix(case.subject).replace(" must ", " may ", 1)
        return Passage(f"No {self._one()}{said}", ban.items, ban.joiner)

    def _require(self) -> list[Passage]:
        assert self._rule.required is not None
        required, case = self.conditions.phrase(self._rule.required, self._nouns), self._case()
        about_itself = isinstance(required, Clause) and required.subject == self._nouns.this
        if case is None and isinstance(required, Clause) and about_itself and self._kind is not Kind.ORGANISATION:
            if required.negated:  # `every system must not` could mean that some may
                return [self._none(replace(required, negated=False))]
            duty = demanded(required)
            return [Passage(f"Every {self._one()}{duty.text.removeprefix(required.subject)}", duty.items, duty.joiner)]
        return self._demand(demanded(required), case)

    def _demand(self, duty: Passage, case: Phrase | None) -> list[Passage]:
        """What must hold for everything in the rule's scope."""
        one = "" if self._kind is Kind.ORGANISATION else self._each()
        if case is None:
            return [duty.after(f"For {one}, ") if one else _sentence(duty)]
        where = stated(case)
        if not where.items:
            return [duty.after(f"For {one} where {where.text}, " if one else f"Where {where.text}, ")]
        about = where.after(f"This is about {one} where " if one else "This is about the case that ")
        return [about, duty.after("In each such case, " if one else "In that case, ")]

    def _allow(self) -> list[Passage]:
        case = self._case()
        if self._kind not in _DONE:
            any_of = [self.conditions.phrase(each, self._nouns) for each in self._rule.alternatives]
            return self._demand(demanded(grouped("or", any_of)), case)
        narrower = [_parts_of(each) for each in self._rule.alternatives]
        cases = tuple(map(self._alternative, narrower))
        where = stated(case) if case else None
        if where is not None and where.items:
            first = where.after(f"This is about {self._each()} where ")
            return [first, _only("In each such case it is allowed", cases)]
        also = f" where {where.text}," if where else ""
        to_somebody = bool(self._limits.source) and all(self._narrowed(each).target for each in narrower)
        return [_only(f"{self._may('may', to_somebody=to_somebody)}{also}", cases)]

    def _permit(self) -> list[Passage]:
        case = self._case()
        happens = self._may("may")
        first = Passage(happens) if case is None else stated(case).after(f"{happens} where ")
        lifted = tuple(Passage(named(each, self._policy)) for each in self._rule.despite)
        if len(lifted) == 1:
            return [first, Passage(f"This lifts one rule: {lifted[0].text}")]
        return [first, Passage("This lifts these rules, and no others:", lifted, "and")]

    def _except(self) -> list[Passage]:
        if self._rule.unless is None:
            return []
        case = self.conditions.phrase(self._rule.unless, self._nouns)
        if isinstance(case, Clause) and case.negated and not _is_name(self._rule.unless):
            # no `does not apply where … not`; but a name would then be put to the opposite of what it means
            return [stated(replace(case, negated=False)).after("This applies only where ")]
        return [stated(case).after("This does not apply where ")]

    def _case(self) -> Phrase | None:
        """The conditions, without the limits that are already in the sentence."""
        parts = list(self._limits.more)
        if self._rule.when is not None:
            parts.append(self.conditions.phrase(self._rule.when, self._nouns))
        return grouped("and", parts) if parts else None

    # ---- subjects

    def _narrowed(self, limits: Sequence[Condition]) -> _Limits:
        found = _Limits()
        for each in limits:
            if not self._take(each, found):
                found.more.append(self.conditions.phrase(each, self._nouns))
        return found

    def _take(self, limit: Condition, found: _Limits) -> bool:
        """Add a limit to the sentence if there is room for it."""
        match limit:
            case JudgedIs(judged="data", terms=terms) if not found.data:
                found.data = self.conditions.terms(terms, "data")
            case JudgedIs(judged="purpose", terms=terms) if not found.purpose:
                found.purpose = self.conditions.terms(terms, "purpose")
            case Derives(word="of", terms=terms) if not found.data:
                found.data = self.conditions.terms(terms, "data")
            case Derives(word="into", terms=terms) if not found.into:
                found.into = self.conditions.terms(terms, "data")
            case Joins() if not found.pair:
                found.pair = self.conditions.pair(limit)
            case EndMatches(side=Side.SOURCE, selector=selector) if not found.source:
                found.source = self.conditions.whom(selector) or ""
                return bool(found.source)
            case EndMatches(side=Side.RECIPIENT, selector=selector) if not found.target:
                found.target = self.conditions.whom(selector) or ""
                return bool(found.target)
            case EndMatches(side=Side.SUBJECT, selector=selector) if not found.at:
                found.at = self.conditions.whose(selector) or ""
                return bool(found.at)
            case _:
                return False
        return True

    def _may(self, modal: str, *, to_somebody: bool = False) -> str:
        """`Contact information may not be disclosed for marketing`; `to_somebody`: the recipients follow."""
        if self._kind in _ONES:
            none = "no" if modal == "may not" else "a"
            return f"There may be {none} {self._one()}"
        if self._kind is Kind.ORGANISATION:
            return "There may be no organisation" if modal == "may not" else "The organisation is excused"
        limits, done = self._limits, _DONE[self._kind][0]
        if self._kind is Kind.JOINING and limits.pair:
            one, _, other = limits.pair.partition(" with ")
            partner = "" if modal == "may" and other == ANY_DATA else f" with {other}"
            return capital(f"{one} {modal} be joined{partner}{self._ends(limits)}")
        if self._kind is Kind.DERIVATION and not limits.into:
            done = f"{done} into other data"
        return capital(f"{limits.data or 'data'} {modal} be {done}{self._ends(limits, alone=to_somebody)}")

    def _ends(self, limits: _Limits, *, alone: bool = False) -> str:
        """`· by us to third parties for marketing`; a disclosure that names no recipient goes out of the organisation."""
        _, before, after = _DONE.get(self._kind, ("", "", ""))
        words = f" into {limits.into}" if limits.into else ""
        words += f" {before} {limits.source}" if limits.source else ""
        if limits.target:
            words += f" {after} {limits.target}"
        elif self._kind is Kind.DISCLOSURE and not alone:
            words += " outside the organisation"
        words += f" in {limits.at}" if limits.at else ""
        return f"{words} for {limits.purpose}" if limits.purpose else words

    def _each(self) -> str:
        """Everything in a rule's scope: `every disclosure of contact information`, `all stored contact information in …`."""
        if self._kind is Kind.STORAGE:
            return f"all stored {self._limits.data or 'data'}{self._ends(self._limits)}"
        return f"every {self._one()}"

    def _one(self) -> str:
        """A rule's scope as a noun: `disclosure of contact information to third parties`, `system of marketers`."""
        if self._kind in _ONES:
            at = self._limits.at
            return (
                f"{_ONES[self._kind]} of {at.removeprefix('systems of ')}"
                if at.startswith("systems of ")
                else (f"{_ONES[self._kind]} that is {at}" if at else _ONES[self._kind])
            )
        limits, of = self._limits, self._limits.pair or self._limits.data
        return f"{self._kind}{f' of {of}' if of else ''}{self._ends(limits, alone=True)}"

    def _alternative(self, parts: Sequence[Condition]) -> Passage:
        """An alternative of an `allow`: `order details to strategic partners where …`."""
        found = self._narrowed(parts)
        said = f"{found.pair or found.data}{self._ends(found, alone=True)}".strip()
        if not found.more:
            return Passage(said)
        return stated(grouped("and", found.more)).after(f"{said} where " if said else "where ")


def _is_name(condition: Condition) -> bool:
    return _is_name(condition.selector) if isinstance(condition, EndMatches) else isinstance(condition, Defined)


def _parts_of(alternative: Condition) -> Sequence[Condition]:
    return alternative.parts if isinstance(alternative, All) else (alternative,)


def _only(allowed: str, allowed_cases: tuple[Passage, ...]) -> Passage:
    """`Data may be sent for ads only in this case: from us`. Just `for ads only` would be a different rule."""
    if len(allowed_cases) == 1:
        return allowed_cases[0].after(f"{allowed} only in this case: ")
    return Passage(f"{allowed} only in these cases:", allowed_cases, "or")


def _sentence(passage: Passage) -> Passage:
    return Passage(capital(passage.text), passage.items, passage.joiner)


def named(name: str, policy: Policy) -> str:
    """A rule by its title and name: `“Nothing leaves” (closed)`."""
    found = policy.rule(name)
    return f"{quoted(found.title)} ({name})" if found and found.title else name


def title_of(rule: Rule) -> str:
    """The rule's title, else its name as words."""
    return rule.title or capital(words(rule.name))
