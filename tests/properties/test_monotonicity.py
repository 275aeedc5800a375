"""Monotonicity: complete a manifest in any valid way, and no decided verdict changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from tests.builders import estate_of, policy_of
from tests.properties.checking import TODAY, Check, Checker, Said, by_engine, by_reference, try_manifest
from tests.properties.completions import Completed, Narrowing, complete
from tests.properties.dice import Dice
from tests.properties.strategies import BYTES, Sample, many, sample_of, samples
from tests.properties.world import Options
from tests.reference.cases import Cases, TooManyCasesError
from tests.reference.evaluator import Evaluator, Key, Pair
from tests.reference.facts import Context, Facts
from tests.reference.formulas import And

WITHOUT_DECLARED = Options(declared=False)
COMPLETIONS = 3


def promised(policy: Policy, text: str, estate: Estate) -> list[str]:
    """Flows whose purposes are promises: those that may be collections, where the policy asks for theirs.

    A policy that asks for collections asks for those purposes that have facts of their own.
    """
    facts = Facts(policy, estate)
    return [
        flow
        for flow, record in estate.flows.items()
        if ("collected purposes" in text or ("collected" in text and record.facts("purposes")))
        and facts.counts_as_collection(flow) is not Truth.FALSE
    ]


def completions(dice: Dice, sample: Sample, policy: Policy, estate: Estate) -> Iterator[tuple[Completed, Estate]]:
    kept = promised(policy, sample.policy, estate)
    for _ in range(COMPLETIONS):
        completed = complete(dice.part(400), policy, sample.manifest, kept)
        found = try_manifest(completed.manifest, policy)
        if found is not None and origins_may_be_collections(policy, found):
            yield completed, found


def origins_may_be_collections(policy: Policy, estate: Estate) -> bool:
    """Whether all flows that an `origin` names can be collections, whoever the unknown parties are; else the completion is not valid."""
    records = (*estate.flows.values(), *estate.systems.values())
    named = {str(each) for record in records for _, named in record.origins() for each in named or ()}
    cases = Cases(Evaluator(policy, estate, TODAY), Context(Kind.ORGANISATION, "organisation"), policy.rules[0])
    try:
        return not cases.is_never(And(tuple(cases.is_collection(each) for each in sorted(named))))
    except TooManyCasesError:
        return True


def broken(before: Check, after: Check, subjects: set[Key], completed: Completed) -> list[str]:
    """The decided verdicts, of subjects and of judged pairs, that a completion turned over."""
    found = []
    for key in sorted(subjects):
        told, then = before.get(key, COMPLIANT), after.get(key, COMPLIANT)
        if told.verdict is not Verdict.UNDETERMINED and told.verdict is not then.verdict:
            found.append(f"{key}: was {told}, is {then}")
        found += [f"{key}: {each} is not in {then}" for each in lost(key, told.at_fault, then.at_fault, completed)]
        found += [f"{key}: {each} is new in {then}" for each in gained(key, told.at_fault, then.at_fault, completed)]
    return found


def lost(key: Key, before: frozenset[Pair], after: frozenset[Pair], completed: Completed) -> Iterator[Pair]:
    """Judged pairs in violation of which some narrowed pair no longer is."""
    for pair in before:
        if pair.verdict is Verdict.VIOLATION and not set(images(key, pair, completed)) <= after:
            yield pair


def gained(key: Key, before: frozenset[Pair], after: frozenset[Pair], completed: Completed) -> Iterator[Pair]:
    """Judged pairs that are at fault though what they were narrowed from was decided otherwise."""
    for pair in after:
        from_open = any(
            each.verdict in (Verdict.UNDETERMINED, pair.verdict) and became(key, each, pair, completed)
            for each in before
        )
        if not from_open:
            yield pair


def became(key: Key, before: Pair, after: Pair, completed: Completed) -> bool:
    """Whether the one may be what has become of the other: anything, of what was unknown."""
    of = completed.narrowing.of
    if key[1] is Kind.JOINING:
        return before.pair is None or (
            after.pair is not None and after.pair in {each.pair for each in images(key, before, completed)}
        )
    if key[1] is Kind.DERIVATION:
        return before.pair is None or (
            after.pair is not None and before.pair[0] == after.pair[0] and after.pair[1] in of("data", before.pair[1])
        )
    data = before.datum is None or after.datum in of("data", before.datum)
    kept = key[2] in completed.kept and before.purpose == after.purpose
    return data and (before.purpose is None or kept or after.purpose in of("purpose", before.purpose))


def images(key: Key, pair: Pair, completed: Completed) -> Iterator[Pair]:
    """What a judged pair whose datum and purpose are known has become."""
    of, kind = completed.narrowing.of, key[1]
    if kind is Kind.JOINING and pair.pair is not None:
        for one in of("data", pair.pair[0]):
            for other in of("data", pair.pair[1]):
                yield Pair(None, None, pair.verdict, (min(one, other), max(one, other)))
    elif kind is Kind.DERIVATION and pair.pair is not None:
        for made in of("data", pair.pair[1]):
            yield Pair(None, None, pair.verdict, (pair.pair[0], made))
    elif kind in (Kind.FLOW, Kind.STORAGE, Kind.USE) and pair.datum is not None:
        purposes: tuple[str | None, ...] = () if kind in (Kind.FLOW, Kind.USE) else (None,)
        if pair.purpose is not None:
            kept = key[2] in completed.kept
            purposes = (pair.purpose,) if kept else of("purpose", pair.purpose)
        for datum in of("data", pair.datum):
            for purpose in purposes:
                yield Pair(datum, purpose, pair.verdict)


def assert_monotonic(sample: Sample, dice: Dice, check: Checker, day: date = TODAY) -> None:
    policy = policy_of(sample.policy).on(day)
    estate = estate_of(sample.manifest, policy)
    before = check(policy, estate, day)
    subjects = {
        (rule.name, rule.subject.kind.family, subject)
        for rule in policy.rules
        for subject in subjects_of(rule.subject.kind, estate)
    }
    for completed, found in completions(dice, sample, policy, estate):
        changed = broken(before, check(policy, found, day), subjects, completed)
        assert not changed, f"{completed.manifest}\n{completed.narrowing}\n" + "\n".join(changed)


def subjects_of(kind: Kind, estate: Estate) -> list[str]:
    match kind.family:
        case Kind.FLOW:
            return list(estate.flows)
        case Kind.PARTY:
            return list(estate.parties)
        case Kind.CONTRACT:
            return list(estate.contracts)
        case Kind.ORGANISATION:
            return ["organisation"]
        case _:
            return list(estate.systems)


COMPLIANT = Said(Verdict.COMPLIANT, frozenset(), None)
BYTES_OF_COMPLETIONS = 400 * COMPLETIONS
some_bytes = st.binary(min_size=BYTES_OF_COMPLETIONS, max_size=BYTES_OF_COMPLETIONS)


@pytest.mark.parametrize("check", [by_reference, by_engine], ids=["reference", "engine"])
@many
@given(sample=samples(WITHOUT_DECLARED), chosen=some_bytes)
def test_completing_a_manifest_changes_no_decided_verdict(check: Checker, sample: Sample, chosen: bytes) -> None:
    note(str(sample))
    assert_monotonic(sample, Dice(chosen), check)


def test_completions_decide_what_was_undetermined_and_are_mostly_valid() -> None:
    """That the property above is not empty: completions load, and undetermined verdicts become both others."""
    source, valid, tried, became = random.Random(7), 0, 0, set()
    for _ in range(60):
        if became == set(Verdict) and tried >= 40 * COMPLETIONS:
            break
        sample = sample_of(source.randbytes(BYTES), WITHOUT_DECLARED)
        policy = policy_of(sample.policy).on(TODAY)
        estate = estate_of(sample.manifest, policy)
        before = by_reference(policy, estate, TODAY)
        tried += COMPLETIONS
        for _, found in completions(Dice(source.randbytes(BYTES_OF_COMPLETIONS)), sample, policy, estate):
            valid += 1
            after = by_reference(policy, found, TODAY)
            became |= {
                after[key].verdict if key in after else Verdict.COMPLIANT
                for key, told in before.items()
                if told.verdict is Verdict.UNDETERMINED
            }
    assert became == set(Verdict)
    assert valid > 0.5 * tried


def test_images_of_a_pair_are_all_that_it_was_narrowed_to() -> None:
    completed = Completed({}, Narrowing({"d0": ("d1", "d2")}, {"u0": ("u1",)}), frozenset())
    found = images(("r", Kind.FLOW, "f"), Pair("d0", "u0", Verdict.VIOLATION), completed)
    assert {(each.datum, each.purpose) for each in found} == {("d1", "u1"), ("d2", "u1")}
