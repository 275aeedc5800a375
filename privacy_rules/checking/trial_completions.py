"""Try out facts: declare some undeclared facts of the manifest, and see which verdict follows.

Only what can affect the subject is kept (its upstream if a rule follows paths, or else its own ends), so that
a trial is cheap on a large estate and has the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, pairwise, product

from privacy_rules.checking.bearing import bearing_on
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions
from privacy_rules.checking.judgements import Explained, Fact, Judgement
from privacy_rules.checking.logic import UNKNOWN, Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.checking.term_tests import is_term
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import references, terms
from privacy_rules.language.policy import (
    Compares,
    ComparesFact,
    Owner,
    Policy,
    Reference,
)
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import (
    ITEM_LISTS,
    NOBODY,
    Attribute,
    Entity,
    Form,
    has_items,
    own_attribute,
)
from privacy_rules.vocabulary.taxonomy import union
from privacy_rules.vocabulary.values import UNLIMITED, Duration, Item, Transform, Value, moved, read_duration

_MOST_TERMS = 8
_MOST_SETS = 40
STRANGER = "another party"
"""What the id of a party begins with that the manifest does not name."""
_PROMISES = {"covers.data", "covers.purposes", "obliges", "creates", "systems"}
_ALWAYS = {"role": ("organisation", "outside", "us", "data_subject")}


@dataclass(frozen=True, slots=True)
class Need:
    """A fact to declare, or to narrow."""

    entity: Entity
    id: str
    attribute: str
    action: str
    item: Item | Transform | None = None
    about: tuple[str, ...] = ()

    def current(self, record: Record, attribute: Attribute) -> Value | None:
        """The present value of the fact; None if it is not known."""
        if self.item is not None:
            return dict(self.item.declared).get(self.attribute)
        return record.stated(attribute.name) if has_items(attribute) else known(record, attribute)[0]

    def attribute_in(self, policy: Policy) -> Attribute:
        """The attribute to declare."""
        own = None if self.item is None else own_attribute(self.item.within, self.attribute)
        return own or policy.attributes[self.entity, self.attribute]


def completed(estate: Estate, values: Mapping[Need, Value]) -> dict[tuple[Entity, str], Record]:
    """Return the records that change with the given facts. A fact of a list's item becomes that item's own."""
    changed: dict[tuple[Entity, str], Record] = {}
    of_items: dict[tuple[Entity, str], dict[Item | Transform, dict[str, Value | None]]] = {}
    for need, value in values.items():
        key = need.entity, need.id
        record = changed.get(key) or estate.records(need.entity)[need.id]
        if need.item is None:
            record = replace(record, declared={**record.declared, need.attribute: value})
        else:
            said = of_items.setdefault(key, {}).setdefault(need.item, dict(need.item.declared))
            said[need.attribute] = value
        changed[key] = record
    for key, said_by in of_items.items():
        record = changed[key]
        for name in {each.within for each in said_by}:
            listed: tuple[Item | Transform, ...] = record.stated(name) or ()  # type: ignore[assignment]
            stating = tuple(each.stating(said_by[each]) if each in said_by else each for each in listed)
            record = replace(record, declared={**record.declared, name: stating})  # type: ignore[dict-item]
        changed[key] = record
    return changed


def needs_of(node: Explained) -> Iterator[Need]:
    """Yield the facts below a node that could be declared or narrowed, each once, in the order in which they occur.
    Take only as many as you need, because a test on contracts has a child for each contract.
    """
    found: set[Need] = set()
    for each in node.walk():
        if each.value == UNKNOWN or not each.children:
            for fact in each.facts:
                need = _need(fact)
                if need is not None and need not in found:
                    found.add(need)
                    yield need


def _need(fact: Fact) -> Need | None:
    if fact.value is None:
        return Need(fact.entity, fact.id, fact.attribute, "declare", fact.item, fact.about)
    promised = fact.attribute in _PROMISES and not fact.own
    narrow = not promised and isinstance(fact.value, str | tuple) and "default" not in fact.source
    return Need(fact.entity, fact.id, fact.attribute, "narrow", fact.item) if narrow else None


class Completions:
    """Ways to complete a manifest for one rule and subject."""

    def __init__(self, policy: Policy, graph: FlowGraph, day: date, core: CoreRule, judgement: Judgement) -> None:
        self._policy, self._day, self._core, self._judgement = policy, day, core, judgement
        self._graph = FlowGraph.of(bearing_on(graph, core, judgement), policy)
        self._terms = self._mentioned()
        self._strangers: Sequence[Record] = ()
        flows = self._graph.flows
        unknown = sum(named is None for each in flows for _, named in each.origins())
        self.cost = 20 + len(flows) * (1 + unknown) + len(self._graph.systems) + len(self._graph.estate.contracts)
        """The cost of one trial, in entities that it reads."""

    def verdict_with(self, values: Mapping[Need, Value]) -> Verdict:
        """Return the subject's verdict if the given facts are declared, too."""
        changed = completed(self._graph.estate, values)
        changed.update(((Entity.PARTY, each.id), each) for each in self._strangers if each.id in values.values())
        graph = self._graph.with_records(changed)
        evaluator = Evaluator(self._policy, graph, self._day)
        evaluator.work.end()
        if evaluator.named_origins.broken:
            return Verdict.UNDETERMINED  # such a manifest is not valid
        ruling = Ruling(evaluator, self._core)
        worst = ruling.worst(named_subject(graph, self._judgement.kind, self._judgement.subject))
        return max((verdict for verdict, _ in worst.values()), default=Verdict.COMPLIANT)

    def values(self, need: Need) -> Sequence[Value]:
        """Return values for a fact: those that the rule can distinguish, within a limit."""
        attribute = need.attribute_in(self._policy)
        form, name = attribute.type.form, attribute.type.vocabulary or ""
        current = None
        if need.action == "narrow":
            current = need.current(self._graph.estate.records(need.entity)[need.id], attribute)
            leaves = self._compared_with(need, name, current) if form is Form.ONE else []
            return [*self._narrower(form, name, current), *leaves]
        match form:
            case Form.FLAG:
                return (True, False)
            case Form.ONE:
                return [*self._representatives(name), *self._compared_with(need, name)]
            case Form.SET | Form.ROLES:
                return _stored(need, _sets(self._representatives(name), empty=not attribute.non_empty))
            case Form.PAIRS:
                return [(), *(((a, b),) for a in self._representatives(name) for b in self._representatives(name))]
            case Form.TRANSFORMS:
                return self._transforms()
            case Form.REFERENCE:
                parties: list[Value] = (
                    [*sorted(self._graph.estate.parties)[:12]] if attribute.type.refers_to is Entity.PARTY else []
                )
                nobody = [NOBODY] if attribute.is_parent else []
                strangers = [each.id for each in self._strangers] if need.attribute == "party" else []
                compared = [each for each in self._compared_with(need, "") if each != NOBODY]
                return [*nobody, *parties, *compared, *strangers]
            case Form.REFERENCES:
                return [(each,) for each in need.about]
            case _:
                return self._around(need, form)

    def with_strangers(self) -> Mapping[str, Record]:
        """Let systems belong to parties that the manifest does not name.

        Return one variant for each way in which the rule may distinguish such parties.
        """
        asked = [each for condition in conditions([self._core]) for each in references(condition)]
        names = [each.attribute.name for each in asked if each.owner in (Owner.PARTY, Owner.SYSTEM)]
        known_ones = [
            each for each in dict.fromkeys([*names, "role"]) if (Entity.PARTY, each) in self._policy.attributes
        ]
        values = product(*(self.values(Need(Entity.PARTY, "", name, "declare")) for name in known_ones))
        ways = [{}, *(dict(zip(known_ones, each, strict=True)) for each in islice(values, _MOST_SETS))]
        self._strangers = [
            Record(Entity.PARTY, f"{STRANGER} {number}", declared) for number, declared in enumerate(ways, 1)
        ]
        return {each.id: each for each in self._strangers}

    def _transforms(self) -> Sequence[Value]:
        terms = self._representatives("data")[:4]
        made = [(Transform(takes, (makes,)),) for takes in terms for makes in terms if takes != makes]
        return [(), *made]

    def _around(self, need: Need, form: Form) -> Sequence[Value]:
        """Values at, below and above what the rule compares with."""
        limits: list[Value] = [
            condition.value
            for condition in conditions([self._core])
            if isinstance(condition, Compares) and condition.reference.attribute.name == need.attribute
        ]
        limits += self._compared_with(need, "")
        if form is Form.DATE:
            days = [*(each for each in limits if isinstance(each, date)), self._day]
            return [day for each in days for day in _days_around(each)]
        if form is Form.NUMBER:
            numbers = sorted({each for each in limits if isinstance(each, Decimal)}) or [Decimal(0)]
            between = [(one + other) / 2 for one, other in pairwise(numbers)]
            return [*(each + step for each in numbers for step in (0, -1, 1)), *between]
        if form is Form.DURATION:
            lengths = [each for each in limits if isinstance(each, Duration)]
            return [*lengths, *(each for each in (read_duration("0 days"),) if each is not None), UNLIMITED]
        if form is Form.TEXTS:
            mentioned = sorted(self._terms.get("", {}))[:4]
            return _sets([*mentioned, "something else"], empty=True)
        return [*(each for each in limits if isinstance(each, str)), "something else"]

    def _compared_with(self, need: Need, vocabulary: str, current: Value | None = None) -> list[Value]:
        """Values of the facts that the rule compares a fact with, moved as the rule says; only the narrowest terms."""
        found: dict[Value, None] = {}
        compared = False
        for test in (each for each in conditions([self._core]) if isinstance(each, ComparesFact)):
            for own, other, sign in ((test.reference, test.other, 1), (test.other, test.reference, -1)):
                if own is not None and own.attribute.name == need.attribute:
                    compared = True
                    found.update((_shifted(each, test, sign), None) for each in self._values_of(other))
        if not compared or not vocabulary:
            return [*found]
        terms = self._policy.taxonomy(vocabulary)
        among = terms.descendants(current) if isinstance(current, str) else terms.terms
        narrowest = [each for each in among if terms.is_narrowest(each)]
        first = [each for each in narrowest if each in found]
        return list[Value](dict.fromkeys([*first, *narrowest]))[:_MOST_TERMS]

    def _values_of(self, reference: Reference | None) -> list[Value]:
        """The values that records have of a fact; without one, the day of the check."""
        if reference is None:
            return [self._day]
        records = islice(self._graph.estate.records(reference.attribute.entity).values(), _MOST_SETS)
        values = [known(each, reference.attribute)[0] for each in records]
        return [each for each in dict.fromkeys(values) if each is not None]

    def _narrower(self, form: Form, name: str, current: Value | None) -> Sequence[Value]:
        taxonomy = self._policy.taxonomy(name)
        if form is Form.ONE and isinstance(current, str):
            return self._representatives(name, taxonomy.below(current))
        if form in (Form.SET, Form.ROLES) and isinstance(current, tuple):
            return self._narrower_sets(name, [each for each in current if isinstance(each, str | Item)])
        return ()

    def _narrower_sets(self, name: str, now: Sequence[str | Item]) -> Sequence[Value]:
        """Yield sets in which terms are narrowed to something below them: all at once, then one of them."""
        taxonomy = self._policy.taxonomy(name)
        terms = [each.term if isinstance(each, Item) else each for each in now]
        below = [self._representatives(name, taxonomy.below(term)) for term in terms]
        picks: list[list[tuple[str, ...]]] = [
            [(some[min(number, len(some) - 1)],) for some in below] for number in range(max(map(len, below), default=0))
        ]
        picks += [
            [chosen if other == place else (term,) for other, term in enumerate(terms)]
            for place, some in enumerate(below)
            for chosen in _sets(some, empty=False)
        ]
        found = dict.fromkeys(_narrowed(now, pick) for pick in picks[:_MOST_SETS])
        return [each for each in found if each != tuple(now)]

    def _representatives(self, name: str, among: int | None = None) -> list[str]:
        """Return one term for each way in which the rule's terms distinguish terms; certain distinctions come first."""
        taxonomy = self._policy.taxonomy(name)
        mentioned = [taxonomy.below(term) for term in sorted(self._terms.get(name, {})) if term in taxonomy]
        kinds: dict[tuple[int, ...], str] = {}
        for term in taxonomy.terms if among is None else taxonomy.names(among):
            kinds.setdefault(tuple(is_term(taxonomy, term, mask) for mask in mentioned), term)
        decided = sorted(kinds, key=lambda kind: (kind.count(UNKNOWN), kinds[kind]))
        return [kinds[kind] for kind in decided][:_MOST_TERMS]

    def _mentioned(self) -> dict[str, dict[str, None]]:
        """The terms of each vocabulary that occur in the rule, on its paths and in its contracts."""
        found: dict[str, dict[str, None]] = {name: dict.fromkeys(listed) for name, listed in _ALWAYS.items()}

        def add(vocabulary: str, named: Iterable[object]) -> None:
            found.setdefault(vocabulary, {}).update((str(term), None) for term in named)

        for condition in conditions([self._core]):
            for vocabulary, term in terms(condition):
                add(vocabulary, [term])
        add("data", self._graph.data.names(union(self._graph.names))[:_MOST_TERMS])
        for contract in self._graph.estate.contracts.values():
            add("data", (contract.declared.get("covers.data") or ())[:3])  # type: ignore[index]
            add("purpose", (contract.declared.get("covers.purposes") or ())[:3])  # type: ignore[index]
        for flow in list(self._graph.estate.flows.values())[:_MOST_TERMS]:
            add("purpose", known(flow, self._policy.attributes[Entity.FLOW, "purposes"])[0] or ())  # type: ignore[arg-type]
        return found


def _stored(need: Need, sets: Sequence[Value]) -> Sequence[Value]:
    """Return sets of categories, as items if they are a system's."""
    if need.attribute not in ITEM_LISTS.get(need.entity, ()) or need.entity is not Entity.SYSTEM:
        return sets
    return [tuple(Item(str(term), within=need.attribute) for term in each) for each in sets if isinstance(each, tuple)]


def _narrowed(now: Sequence[str | Item], chosen: Sequence[Sequence[str]]) -> Value:
    """Return the declarations with each part as one or several terms. An item of `stores` keeps its own attributes."""
    items = [
        replace(part, term=term)
        for part, terms in zip(now, chosen, strict=True)
        for term in terms
        if isinstance(part, Item)
    ]
    return tuple(items) or tuple(sorted({term for terms in chosen for term in terms}))


def _shifted(value: Value, test: ComparesFact, sign: int) -> Value:
    """A day, moved as the comparison says; any other value unchanged."""
    if test.shift is None or not isinstance(value, date):
        return value
    return moved(value, replace(test.shift, count=sign * test.shift.count))


def _days_around(day: date) -> list[date]:
    step = timedelta(days=1)
    return [day, day - step if day > date.min else day, day + step if day < date.max else day]


def _sets(terms: Sequence[str], *, empty: bool) -> list[tuple[str, ...]]:
    """Sets of terms to try: none, each alone, pairs, all."""
    found: list[tuple[str, ...]] = [()] if empty else []
    found += [(term,) for term in terms]
    found += [tuple(sorted(pair)) for pair in combinations(terms[:5], 2)]
    if len(terms) > 2:
        found.append(tuple(sorted(terms)))
    return found
