"""The reasons of a finding in words: for each test that decides, the facts that make it so.

`under contract` is false: contract label-terms ended on 2026-11-01 (the check is as of 2026-11-01)
`retention <= 3 years` is false: `retention` of system crm is 5 years
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from privacy_rules.checking.decisive_tests import against
from privacy_rules.checking.explanations import IS_FOR
from privacy_rules.checking.judgements import Cause, Change, Explained, Fact, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.findings.finding import Finding, order
from privacy_rules.findings.wording import (
    entity_words,
    fact_name,
    fact_words,
    made_from,
    missing_words,
    value_of,
    value_words,
)
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import first_few, listed
from privacy_rules.vocabulary.attributes import NOBODY
from privacy_rules.vocabulary.dated_edges import Dated

_CONTRACTS = 3
"""At most this many contracts are named for one test, those first that lack least."""
_FACTS = 3
"""At most this many facts are named for one test."""
_HOPS = 12
"""If a path has more flows, only its two ends are named."""
_PLACES = 2
"""At most this many places are named for one reason."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and the facts that it names. `grounds` are its words after the quoted `tests` and their value."""

    words: str
    facts: tuple[Fact, ...] = ()
    tests: tuple[str, ...] = ()
    grounds: str = ""

    def __str__(self) -> str:
        return self.words


def reasons_of(found: Finding, day: date) -> list[Reason]:
    """Return the reasons that the headline does not give already, the decisive ones first; all if there is no other."""
    telling = [each for each in found.because if not _is_in_headline(each)]
    open_ = [each for each in telling if each.value is not Truth.TRUE or each.within is Part.WHEN]
    return [*_of_cases(found), *_together(open_ or telling or found.because, day)]


def _of_cases(found: Finding) -> Iterator[Reason]:
    """Yield how the cases of the open facts decided a finding, or why they did not."""
    if found.in_every_case:
        yield Reason(in_every_case(found.because))
    if found.too_many_cases:
        yield Reason("there are too many combinations of the open facts to try them all")


def in_every_case(tests: Iterable[Explained]) -> str:
    """Name the facts that leave tests open: `in every case, whatever `notice` of flow out is`; of many the first, and how many more."""
    facts = (fact for test in tests if test.value is Truth.UNKNOWN for node in test.walk() for fact in node.facts)
    names = list(dict.fromkeys(fact_name(each) for each in facts if each.value is None))
    if not names:
        return "in every case"
    named = names if len(names) <= _FACTS else [*names[:_FACTS], f"{len(names) - _FACTS:,} other facts"]
    return f"in every case, whatever {listed(named)} {'are' if names[1:] else 'is'}"


def reason_lines(found: Finding, day: date, most: int, *, places: bool = False, brief: bool = False) -> Iterator[str]:
    """Yield the first reasons as text, with the `places` of their facts if wanted, and how many more there are.

    If `brief`, tests that the headline quotes are not repeated.
    """
    given = reasons_of(found, day)
    for each in given[:most]:
        repeated = brief and each.grounds and all(test in found.message for test in each.tests)
        words = each.grounds if repeated else each.words
        where = dict.fromkeys(str(fact.location) for fact in each.facts if fact.location) if places else {}
        yield f"{words} ({', '.join(islice(where, _PLACES))})" if where else words
    if len(given) > most:
        yield f"and {len(given) - most:,} more"


def ways_out(found: Finding) -> Iterator[tuple[str, str]]:
    """Yield what to do, each with its label: the facts to declare, the change that would resolve the finding, and the rule's hint."""
    yield from (("missing", missing_words(each)) for each in found.missing)
    violated = found.verdict is Verdict.VIOLATION
    if found.cause and violated:
        yield "fix", listed([_fix_words(each) for each in found.cause.changes])
    if found.hint:
        yield "hint", found.hint if violated else f"if this is a violation: {found.hint}"


def path_words(found: Finding, arrow: str = "->", dots: str = "...") -> str:
    """Name the systems along the path of a finding; for a long path, only its two ends."""
    return abridged([found.hops[0].source, *(hop.target for hop in found.hops)], f" {arrow} ", dots)


def abridged(names: Sequence[str], between: str, dots: str = "...") -> str:
    """Join the names along a path; for many, only the first and the last ones."""
    if len(names) <= _HOPS + 1:
        return between.join(names)
    half = _HOPS // 2
    left_out = f"{dots} {len(names) - 2 * half:,} more {dots}"
    return between.join([*names[:half], left_out, *names[-half:]])


def shared_reasons(findings: Iterable[Finding], day: date, most: int) -> Iterator[str]:
    """Yield the reasons of findings that are reported together, each once."""
    lines = dict.fromkeys(line for each in findings for line in reason_lines(each, day, most))
    yield from islice(lines, most)
    if len(lines) > most:
        yield f"and {len(lines) - most:,} more"


def grouped(findings: Iterable[Finding]) -> tuple[list[tuple[Cause, list[Finding]]], list[Finding]]:
    """Return the findings that share a cause, the largest group first, and the others. Each keeps its order."""
    by_cause: dict[Cause | None, list[Finding]] = {}
    for each in findings:
        by_cause.setdefault(each.cause, []).append(each)
    groups = [(cause, found) for cause, found in by_cause.items() if cause is not None and len(found) > 1]
    together = {id(each) for _, found in groups for each in found}
    alone = [each for found in by_cause.values() for each in found if id(each) not in together]
    return sorted(groups, key=lambda each: -len(each[1])), sorted(alone, key=order)


def cause_words(cause: Cause) -> str:
    """Say what is wrong, in words that name the declaration: `contract label-terms ended on 2026-11-01`."""
    return listed([_change_words(each) for each in cause.changes])


def _change_words(change: Change) -> str:
    of = entity_words(change.entity, change.id)
    match change.action:
        case "renew":
            return f"{of} ended on {change.value}"
        case "advance":
            return f"{of} begins only on {change.value}"
        case "widen":
            return f"`{change.attribute}` of {of} is only {value_words(change.value)}"
        case "sign":
            between = f"between {change.value} and" if change.value else "with"
            return f"no contract {between} {change.id} is declared"
        case "narrow":
            return f"`{change.attribute}` of {of} is too broad"
        case _:
            return f"`{change.attribute}` of {of} is not declared"


def _fix_words(change: Change) -> str:
    of = entity_words(change.entity, change.id)
    match change.action:
        case "renew":
            return f"renew {of}"
        case "advance":
            return f"let {of} begin earlier"
        case "sign":
            return f"sign a contract {f'between {change.value} and' if change.value else 'with'} {change.id}"
        case _:
            return f"{change.action} `{change.attribute}` of {of}"


def cause_place(cause: Cause) -> Span | None:
    """Where the first declaration to change is."""
    return next((each.location for each in cause.changes if each.location), None)


def brought(test: Explained) -> str:
    """Say which category a path brings, and its origin: `hashed_email, made from email, arrives`."""
    category, *before = made_from(test.brought) or ["data"]
    return f"{category}, made from {', made from '.join(before)}, arrives" if before else f"{category} arrives"


def _is_in_headline(test: Explained) -> bool:
    """Whether a test only says what the headline says: the kind of the subject, and its data."""
    if test.value is not Truth.TRUE or test.within not in (Part.SUBJECT, Part.LIMIT):
        return False
    return test.within is Part.SUBJECT or all(
        each.attribute in ("carries", "stores", "joins", "uses", "transforms") and not each.own for each in test.facts
    )


def _together(tests: Iterable[Explained], day: date) -> Iterator[Reason]:
    """Yield a sentence for all tests of one value that have the same grounds."""
    alike: dict[tuple[Truth, tuple[str, ...], str], tuple[list[str], list[Fact]]] = {}
    for test in tests:
        reasons = list(_grounds(test, day))
        between = "; ".join if test.contracts else listed
        texts, facts = alike.setdefault((test.value, test.defined, between([each.words for each in reasons])), ([], []))
        texts.append(f"`{test.text}`")
        facts += [fact for each in reasons for fact in each.facts]
    for (value, defined, grounds), (texts, facts) in alike.items():
        named = f" (in `{'`, `'.join(defined)}`)" if defined else ""
        different = list(dict.fromkeys(texts))
        verb = "are" if different[1:] else "is"
        words = f"{listed(different)}{named} {verb} {value.word}{f': {grounds}' if grounds else ''}"
        yield Reason(words, tuple(dict.fromkeys(facts)), tuple(different), grounds)


def _grounds(test: Explained, day: date) -> Iterator[Reason]:
    """Yield the facts that give a test its value, in words."""
    if test.path:
        by = f"flow {test.path[-1]}" if len(test.path) == 1 else f"{len(test.path)} flows, the last is {test.path[-1]}"
        carried = [each for each in test.facts if each.attribute in ("carries", "transforms", "method")]
        yield Reason(f"{brought(test)} by {by}", tuple(reversed(carried)))
        unknown = [each for each in carried if each.attribute == "method" and test.value is Truth.UNKNOWN]
        yield from (
            Reason(fact_words(each), (each,)) for each in (*unknown, *(fact for fact in test.facts if fact.about))
        )
    elif test.contracts and test.value is not Truth.TRUE:
        short = [each for each in test.contracts if each.value is not Truth.TRUE] or test.contracts
        lacking = sorted(short, key=lambda each: (-each.value, _gaps(each)))
        for each in lacking[:_CONTRACTS]:
            yield _contract(each, day)
        if len(lacking) > _CONTRACTS:
            yield Reason(f"{len(lacking) - _CONTRACTS:,} other contracts also lack something")
    elif test.topic == "contract" and test.value is Truth.FALSE:
        yield _no_contract([each for each in test.facts if each.attribute == "party"])
    elif test.topic == "chain" and test.value is Truth.FALSE:
        parties = [str(each.value) for each in test.facts if each.attribute == "party" and each.value]
        yield Reason(f"{listed(parties) or 'the party'} has no contract")
    elif test.topic == "path" and test.value is Truth.FALSE:
        yield Reason("there is no such path")
    elif test.collections:
        words = listed([fact_words(each) for each in test.facts if each.attribute != "carries"])
        by = f"the data was collected by flow {first_few(test.collections, _FACTS)}"
        yield Reason(f"{by}, and {words}" if words else by, test.facts)
    elif test.topic == "collection":
        yield Reason("no collection of the data is declared")
        yield from (Reason(fact_words(each), (each,)) for each in test.facts if each.about)
    elif any(each.topic == "owner" for each in test.walk()):
        yield from _ownership(test)
    else:
        yield from _some_facts(test)
        yield from _dates(test)
        if test.topic == "day":
            yield Reason(f"the check is as of {day}")


def _ownership(test: Explained) -> Iterator[Reason]:
    """Say who owns a party, as far as that is known, and what its owners lack or have."""
    links = [each for each in test.facts if each.attribute == "parent" and each.value is not None]
    if links:
        yield Reason(_owners(links), tuple(links))
    others = [each for each in test.facts if each not in links and (each.attribute != "party" or each.value is None)]
    open_ = [each for each in others if each.value is None]
    yield from _some_facts(replace(test, facts=tuple(open_ or others)))
    yield from _dates(test)


def _dates(test: Explained) -> Iterator[Reason]:
    """Yield the terms that are below another only on some days, if the test depends on that."""
    for each in dict.fromkeys(dated for node in test.walk() for dated in node.dated):
        yield Reason(dated_words(each))


def dated_words(edge: Dated) -> str:
    """Say since or until when a term is below another: `us` was in `adequate` only until 2020-07-16."""
    if edge.ends is not None and not edge.to_come:
        return f"`{edge.term}` {'is' if edge.exists else 'was'} in `{edge.parent}` only until {edge.ends}"
    return f"`{edge.term}` is in `{edge.parent}` {'since' if edge.exists else 'only from'} {edge.begins}"


def _owners(links: Sequence[Fact]) -> str:
    first, above = links[0].id, [str(each.value) for each in links if each.value != NOBODY]
    if not above:
        return f"nobody owns {first}"
    if len(above) < len(links):
        return f"{first} is owned by {first_few(above, _FACTS)}, and by nobody else"
    *between, last = above
    return f"{first} is owned by {last}{f' (through {first_few(between, _FACTS)})' if between else ''}"


def _no_contract(ends: Sequence[Fact]) -> Reason:
    """Say why no contract concerns the parties at some ends."""
    unknown = tuple(each for each in ends if each.value is None)
    if unknown:
        return Reason(f"no known contract binds them, and {listed(fact_words(each) for each in unknown)}", unknown)
    parties = [str(each.value) for each in ends]
    if len(parties) > 1 and len({*parties}) == 1:
        return Reason(f"both ends belong to {parties[0]}, which has no contract with itself", tuple(ends))
    between = "between" if len(parties) > 1 else "with"
    return Reason(f"no contract {between} {listed(parties)} is declared")


def _some_facts(test: Explained) -> Iterator[Reason]:
    """Yield the facts of a test; for an unknown one, only the facts that leave it open."""
    open_ = any(each.value is None for each in test.facts)
    facts = [each for each in test.facts if not open_ or each.value is None or each.attribute != "party"]
    yield from (Reason(f"{fact_words(each)}{_lacking(test)}", (each,)) for each in facts[:_FACTS])
    if len(facts) > _FACTS:
        yield Reason(f"{len(facts) - _FACTS:,} more", tuple(facts[_FACTS:]))


def _lacking(test: Explained) -> str:
    return f", which lacks {listed(test.lacks)}" if test.lacks else ""


def _contract(contract: Explained, day: date) -> Reason:
    """Say what a contract lacks."""
    reasons = list(islice(_lacks(contract, day), _FACTS))
    words = listed([each.words for each in reasons]) or "might not bind these parties"
    facts = tuple(dict.fromkeys(fact for each in reasons for fact in each.facts)) or contract.facts
    return Reason(f"{contract.text} {words}", facts)


def _gaps(contract: Explained) -> int:
    """Count the tests that a contract has to meet but does not."""
    parts = (part for part in contract.children if part.value is not Truth.TRUE)
    return sum(len(against(part, Truth.TRUE)) for part in parts)


def _lacks(contract: Explained, day: date) -> Iterator[Reason]:
    in_force, *terms = contract.children
    limits = [each for each in terms if each.text == IS_FOR]
    terms = [each for each in terms if each.text != IS_FOR]
    if in_force.value is not Truth.TRUE:
        yield _not_in_force(in_force, day)
    lacking = [test for part in terms if part.value is not Truth.TRUE for test in against(part, Truth.TRUE)]
    if lacking:
        unmet = [f"`{each.text}`{_own_facts(each.facts, _lacking(each))}" for each in lacking[:_FACTS]]
        verb = "does not meet" if any(each.value is Truth.FALSE for each in lacking) else "might not meet"
        yield Reason(f"{verb} {listed(unmet)}", tuple(fact for each in lacking for fact in each.facts))
    for each in limits:
        yield _limited(each)
    doubtful = [each for each in contract.facts if each.attribute == "role"]
    if doubtful:
        yield Reason(f"might not bind them: {listed([fact_words(each) for each in doubtful])}", tuple(doubtful))


def _limited(limit: Explained) -> Reason:
    """Say to which systems a contract applies, and which unknown facts leave open whether it applies to these."""
    listed_ = limit.facts[0]
    if limit.value is Truth.FALSE:
        return Reason(f"applies only to {value_words(listed_.value)}", (listed_,))
    unknown = [each for each in limit.facts if each.value is None]
    return Reason(f"might not apply to these systems: {listed([fact_words(each) for each in unknown])}", tuple(unknown))


def _own_facts(facts: Sequence[Fact], lacking: str = "") -> str:
    """The facts of a contract that is named already: ` (its `covers.data` is (name))`."""
    own = listed([f"its `{each.attribute}` {value_of(each)}{lacking}" for each in facts])
    return f" ({own})" if own else ""


def _not_in_force(in_force: Explained, day: date) -> Reason:
    begins, ends = in_force.facts
    checked = f"(the check is as of {day})"
    if in_force.value is Truth.UNKNOWN:
        unknown = [each for each in in_force.facts if each.value is None]
        return Reason(f"might not be in force on {day}{_own_facts(unknown)}", tuple(unknown))
    if isinstance(ends.value, date) and ends.value <= day:
        return Reason(f"ended on {ends.value} {checked}", (ends,))
    return Reason(f"begins on {begins.value} {checked}", (begins,))
