"""Word a finding: one sentence from the rule's statement, the subject and the verdict.

* email_address is disclosed to lead_broker (data_broker) in a sale
* cannot decide whether email_address is stored in crm at iapmo (us) without `supports includes deletion`
* cannot decide whether card is sent from shop at us (us) to board at ads (marketer) without the permit `sometimes`
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from privacy_rules.checking.judgements import Completed, Fact, JudgedPair, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.trial_completions import STRANGER
from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Subject
from privacy_rules.findings.rule_features import depends_on_purposes
from privacy_rules.language.policy import All, Condition, IsTerm, Owner, Reached, Rule, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform, Value, show

_NAMED = 8
_UNKNOWN_DATA = "data of an unknown category"
"""At most this many categories are named in one sentence."""

_IN_EXCHANGE = {
    "sale": "in a sale",
    "rental": "in a rental",
    "barter": "in a barter",
    "sharing_for_advertising": "for advertising in exchange",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """The content of a sentence: a rule, a subject, the data at fault, and the permits that may lift the rule.

    `brought` has the category that each flow of a witness path carries; empty if there is no path.
    """

    rule: Rule
    subject: Subject
    verdict: Verdict
    data: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    permits: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()


class Wording:
    """Makes the sentences of one check."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._depending_on_purposes: dict[str, bool] = {}

    def message(self, matter: Matter) -> str:
        """Return the sentence of a finding: what happens, or what cannot be decided."""
        unsure = matter.verdict is Verdict.UNDETERMINED
        if matter.rule.statement == "allow":
            covered = _covered(matter, self._case(matter))
            lifts = "".join(f" or {_permit(each)}" for each in matter.permits)
            doubt = f"cannot decide whether an alternative of the rule{lifts} covers {covered}"
            return doubt if unsure else f"no alternative of the rule covers {covered}"
        case = self._forbidden(matter) if matter.rule.statement == "forbid" else self._without_what_is_required(matter)
        return f"cannot decide whether {case}" if unsure else case

    def _forbidden(self, matter: Matter) -> str:
        case, when = self._case(matter), matter.rule.when
        if isinstance(when, Reached) and when.side is Side.SUBJECT:
            words = f"{_reaching(when, matter.brought)} reaches {case.noun}"
        elif when is None or _is_event(matter):
            words = case.sentence + self._circumstances(matter)
        else:
            words = f"`{when.text}` holds for {case.noun}"
        return words + _unless(matter.rule, matter.permits)

    def _without_what_is_required(self, matter: Matter) -> str:
        wanted = [each.text for each in (matter.rule.required, matter.rule.unless) if each]
        lacking = " or ".join([*(f"`{text}`" for text in wanted), *map(_permit, matter.permits)])
        case = self._case(matter)
        return f"{case.sentence if _is_event(matter) else case.noun + ' is'} without {lacking}"

    def _circumstances(self, matter: Matter) -> str:
        """Return what `when` adds to the sentence: " in a sale with `choice is none`"."""
        said, quoted = [], []
        for each in _conjuncts(matter.rule.when):
            words = self._in_exchange(each, matter.subject)
            if words:
                said.append(words)
            else:
                quoted.append(f"`{each.text}`")
        if quoted:
            said.append(f"where {listed(quoted)}")
        return "".join(f" {words}" for words in said)

    def _in_exchange(self, condition: Condition, subject: Subject) -> str | None:
        if not isinstance(condition, IsTerm) or condition.reference.text != "exchange":
            return None
        record = self._names.record(subject)
        value = self._names.value(record, "exchange") if record and condition.reference.owner is Owner.FLOW else None
        return _IN_EXCHANGE.get(str(value))

    def _case(self, matter: Matter) -> _Case:
        id_ = matter.subject.id
        match matter.subject.kind:
            case Kind.STORAGE:
                data = self._judged_data(matter)
                where = self._names.system(id_)
                return _Case(f"{data.words} {data.verb} stored in {where}", f"the storage of {data.words} in {where}")
            case Kind.JOINING:
                joined = listed(tuple(f"{one} with {other}" for one, other in matter.pairs) or ("unknown data",))
                where = self._names.system(id_)
                verb = "are" if len(matter.pairs) > 1 else "is"
                return _Case(f"{joined} {verb} joined in {where}", f"the joining of {joined} in {where}")
            case Kind.USE:
                data = self._judged_data(matter)
                where = self._names.system(id_)
                used = f"{data.words} {data.verb} used in {where}{self._for_purposes(matter)}"
                return _Case(used, f"the use of {data.words} in {where}")
            case Kind.DERIVATION:
                made = listed(tuple(f"{other} of {one}" for one, other in matter.pairs) or ("something unknown",))
                where = self._names.system(id_)
                return _Case(f"{where} makes {made}", f"the derivation of {made} in {where}")
            case Kind.SYSTEM:
                where = self._names.keeper(id_)
                return _Case(f"system {id_} is at {where}", f"system {id_} at {where}")
            case Kind.PARTY:
                noun = self._party(matter.subject)
                return _Case(f"there is {noun}", noun)
            case Kind.CONTRACT:
                return _Case(
                    f"there is contract {id_} {self._names.binds(id_)}", f"contract {id_} {self._names.binds(id_)}"
                )
            case Kind.ORGANISATION:
                return _Case("there is an organisation", "the organisation")
            case _:
                return self._flow(matter)

    def _party(self, subject: Subject) -> str:
        record = self._names.record(subject)
        return f"party {self._names.party(record)}" if record else str(subject)

    def _flow(self, matter: Matter) -> _Case:
        data = self._judged_data(matter)
        source, target = self._names.ends(matter.subject.id)
        giver, taker = self._names.end(source), self._names.end(target)
        match matter.rule.subject.kind:
            case Kind.DISCLOSURE:
                happens = f"disclosed to {taker}"
            case Kind.COLLECTION:
                happens = f"collected from {giver} by {taker}"
            case Kind.SHARING:
                happens = f"shared by {giver} with {taker}"
            case _:
                happens = f"sent from {self._names.system(source)} to {self._names.system(target)}"
        sentence = f"{data.words} {data.verb} {happens}{self._for_purposes(matter)}"
        return _Case(sentence, f"{matter.subject}")

    def _for_purposes(self, matter: Matter) -> str:
        rule, known = matter.rule, self._depending_on_purposes
        if rule.name not in known:
            known[rule.name] = depends_on_purposes(rule)
        if not known[rule.name]:
            return ""
        return f" for {listed(matter.purposes)}" if matter.purposes else " for an unknown purpose"

    def _judged_data(self, matter: Matter) -> _Data:
        """The data at fault, by their own names."""
        if not matter.data:
            return _Data(_UNKNOWN_DATA, "is")
        named = (
            matter.data
            if len(matter.data) <= _NAMED
            else (*matter.data[:_NAMED], f"{len(matter.data) - _NAMED:,} more")
        )
        return _Data(listed(named), "are" if len(named) > 1 else "is")


@dataclass(frozen=True, slots=True)
class _Case:
    """A subject as a sentence and as a noun."""

    sentence: str
    noun: str


@dataclass(frozen=True, slots=True)
class _Data:
    words: str
    verb: str


def _is_event(matter: Matter) -> bool:
    """Whether the sentence describes something that happens to data."""
    return matter.subject.kind is Kind.FLOW or matter.subject.kind.in_system


def _covered(matter: Matter, case: _Case) -> str:
    return f"this: {case.sentence}" if _is_event(matter) else case.noun


def _reaching(test: Reached, brought: Sequence[str]) -> str:
    start = f" from {test.start.text}" if test.start else ""
    names = made_from(brought)
    if not names:
        return f"{listed(test.data, 'or')}{start}"
    return f"{names[0]} (made from {' from '.join(names[1:])}{start})" if names[1:] else f"{names[0]}{start}"


def made_from(brought: Sequence[str]) -> list[str]:
    """The category at the end of a path, then what it was made from, step by step back to the start."""
    return [name for name, _ in groupby(reversed(brought))]


def _unless(rule: Rule, permits: tuple[str, ...]) -> str:
    lacking = [*([f"`{rule.unless.text}`"] if rule.unless else []), *map(_permit, permits)]
    return f" without {' or '.join(lacking)}" if lacking else ""


def _permit(name: str) -> str:
    return f"the permit `{name}`"


def _conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)


def data_words(pair: JudgedPair) -> str:
    """The judged datum, or both data of a joining or a derivation."""
    return pair.together or pair.data or _UNKNOWN_DATA


def entity_words(entity: Entity, id_: str) -> str:
    """`flow crm-to-broker`, `the organisation`."""
    return "the organisation" if entity is Entity.ORGANISATION else f"{entity} {id_}"


def missing_words(missing: Missing) -> str:
    """Return what to do about a missing fact: "declare `exchange` on flow crm-to-broker"."""
    action = "declare" if missing.action == "declare" else "narrow"
    doubt = "" if missing.proved else " (this alone may not be enough)"
    if missing.attribute == "origin" and missing.about:
        flow, several = entity_words(missing.entity, missing.id), len(missing.about) > 1
        which = (
            f"which of {_quoted(missing.about)} it draws on"
            if several
            else f"that it draws on {_quoted(missing.about)}"
        )
        return f"declare `origin`{item_words(missing.item)} on {flow}: {which}{doubt}"
    if missing.attribute == "creates" and missing.about:
        brings = f"the flow that brings {_quoted(missing.about)} to {entity_words(missing.entity, missing.id)}"
        return f"declare {brings}, or `creates: [{', '.join(missing.about)}]` there{doubt}"
    return (
        f"{action} `{missing.attribute}`{item_words(missing.item)} on {entity_words(missing.entity, missing.id)}{doubt}"
    )


def completed_words(found: Completed) -> str:
    """A fact of a completion in words: "`exchange` of flow crm-to-broker is sale"."""
    of = "that party" if found.id == STRANGER else entity_words(found.entity, found.id)
    return f"`{found.attribute}`{item_words(found.item)} of {of} is {value_words(found.value)}"


def _quoted(names: Sequence[str]) -> str:
    return listed([f"`{each}`" for each in names])


def item_words(item: Item | Transform | None) -> str:
    """Name the item of a list that a fact belongs to; empty if it is not an item's own."""
    if isinstance(item, Transform):
        return f" of the transform {item.term}"
    return f" of {item.term} in `{item.within}`" if item else ""


_OPEN_ENDS = {date.min: "open", date.max: "until ended"}
"""The first and the last day of a contract that declares none, in words."""


def value_words(value: Value | None) -> str:
    """A value as a user would write it."""
    return _OPEN_ENDS.get(value, str(value)) if isinstance(value, date) else show(value)


def fact_words(fact: Fact) -> str:
    """A fact in words: "`exchange` of flow crm-to-broker is sale"; with the source of an undeclared value."""
    if fact.attribute == "creates" and fact.about:
        return f"no source of {_quoted(fact.about)} in {entity_words(fact.entity, fact.id)} is declared"
    return f"{fact_name(fact)} {value_of(fact)}"


def fact_name(fact: Fact) -> str:
    """The name of a fact in words: "`exchange` of flow crm-to-broker"."""
    return f"`{fact.attribute}`{item_words(fact.item)} of {entity_words(fact.entity, fact.id)}"


def is_judged(fact: Fact) -> bool:
    """Whether a fact has only the judged datum or purpose, and not all that are declared."""
    return fact.attribute in ("carries", "stores", "uses", "purposes") and isinstance(fact.value, str) and not fact.own


def value_of(fact: Fact) -> str:
    """`is sale`, `is not declared`, and the source of the value if it is not declared."""
    verb = "includes" if is_judged(fact) else "is"
    match fact.source:
        case "declared":
            return f"{verb} {value_words(fact.value)}"
        case "undeclared":
            return "is not declared"
        case "null":
            return "is declared unknown"
        case _:
            return f"{verb} {value_words(fact.value)} ({fact.source})"


def fact_and_place(fact: Fact) -> str:
    """Return the words of a fact, followed by its place."""
    return f"{fact_words(fact)} ({fact.location})" if fact.location else fact_words(fact)
