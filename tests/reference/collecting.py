"""`collected with`: the collections that a datum surely came from, and those that it may have come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from privacy_rules.checking.logic import Truth
from privacy_rules.language.subject_kinds import Kind
from tests.reference.facts import Context, Facts, Silence
from tests.reference.paths import Paths, Reading
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either, opposite


@dataclass(frozen=True)
class Collections:
    """`maybe` holds the sure ones too.

    `known` is False where `origin: null` says that nobody knows them, or the datum may be one that nothing brings.
    """

    surely: frozenset[str]
    maybe: frozenset[str]
    known: bool = True


class Collecting:
    def __init__(self, facts: Facts, paths: Paths) -> None:
        self.facts = facts
        self.paths = paths

    def with_(self, how: str | None, context: Context, holds: Callable[[str, Context], Truth]) -> Truth:
        """`collected [only | partly] with (C)`; of a joining each of its two data is asked, and both have to answer."""
        if context.kind is Kind.JOINING:
            if context.pair is None:
                return UNKNOWN
            apart = (Context(Kind.STORAGE, context.id, datum) for datum in context.pair)
            return both(*(self.with_(how, each, holds) for each in apart))
        named = self.own_origin(context)

        def satisfies(flow: str) -> Truth:
            return holds(flow, context)

        if how is None or named is None or not named.maybe:
            return self.all_with(context, satisfies)
        sure = {satisfies(flow) for flow in named.surely}
        every = {satisfies(flow) for flow in named.maybe}
        if how == "only":
            return FALSE if FALSE in sure else TRUE if sure and every == {TRUE} else UNKNOWN
        return TRUE if TRUE in sure else FALSE if sure and every == {FALSE} else UNKNOWN

    def own_origin(self, context: Context) -> Collections | None:
        """The collections that the judged flow names itself; None where it names none."""
        named = self.said_of_origin(context)
        return self.by_origin(context, named) if isinstance(named, tuple) else None

    def said_of_origin(self, context: Context) -> object:
        """What the judged flow says of its datum's origin, or the judged item of a store of its own."""
        if context.kind is Kind.FLOW:
            return self.paths.origins.of(context.id, context.datum)
        own = dict(context.item.declared) if context.kind is Kind.STORAGE and context.item is not None else {}
        return own.get("origin", Silence.UNDECLARED)

    def all_with(self, context: Context, satisfies: Callable[[str], Truth]) -> Truth:
        """True where it surely came from one and each that it may have come from satisfies; false where none does."""
        found = self.of(context)
        if not found.known or not found.surely:
            return UNKNOWN
        values = {satisfies(flow) for flow in found.maybe}
        if values == {TRUE}:
            return TRUE
        return FALSE if values == {FALSE} else UNKNOWN

    def of(self, context: Context) -> Collections:
        if self.said_of_origin(context) is None:
            return Collections(frozenset(), frozenset(), known=False)
        named = self.own_origin(context)
        return named if named is not None and named.maybe else self.by_paths(context)

    def by_origin(self, context: Context, named: tuple[object, ...]) -> Collections:
        flows = [str(each) for each in named]
        return Collections(
            frozenset(each for each in flows if self.carries(each, context, Reading.SURELY)),
            frozenset(each for each in flows if self.carries(each, context, Reading.MAYBE)),
        )

    def carries(self, flow: str, context: Context, reading: Reading) -> bool:
        """Whether a named flow carries the judged datum; its own datum a flow surely carries."""
        if flow == context.id:
            return True
        return bool(self.paths.as_categories(context.datum, reading) & self.paths.carried(flow, reading))

    def by_paths(self, context: Context) -> Collections:
        first = {each: self.counts(each, context) for each in self.facts.estate.flows}
        is_flow = context.kind is Kind.FLOW
        flow, storage = (context.id, None) if is_flow else (None, context.id)
        unknown = self.paths.may_be_of_an_unknown_source, self.paths.may_be_of_an_unknown_origin
        sure, maybe = (
            {each for each, value in first.items() if reading.admits(value) and self.led(each, context, reading)}
            | {*self.paths.named_on_the_way(reading, context.datum, flow, storage)}
            for reading in (Reading.SURELY, Reading.MAYBE)
        )
        known = not any(each(context.datum, flow, storage) for each in unknown)
        return Collections(frozenset(sure), frozenset(maybe), known)

    def counts(self, flow: str, context: Context) -> Truth:
        """Whether the flow is a collection, and a first one."""
        return both(self.facts.counts_as_collection(flow), self.is_first(flow, context))

    def is_first(self, flow: str, context: Context) -> Truth:
        """Whether a collection is a first one: given by a person, or of what nobody had given before."""
        source = self.facts.end(flow, "from")
        return either(
            self.facts.stands_at(source, "data_subject"),
            opposite(self.paths.was_held_before(source, context.datum)),
        )

    def led(self, first: str, context: Context, reading: Reading) -> bool:
        is_flow = context.kind is Kind.FLOW
        return self.paths.leads(
            reading,
            context.datum,
            first,
            flow=context.id if is_flow else None,
            storage=None if is_flow else context.id,
        )
