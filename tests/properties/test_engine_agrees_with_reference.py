"""The engine says what the reference evaluator says, on random policies and manifests.

The long run, before a release and after any change to the engine or the language:

    PRIVACY_RULES_EXAMPLES=20000 pytest -n auto tests/properties
"""

from __future__ import annotations

import random

from hypothesis import given, note, settings

from privacy_rules.language.policy import (
    CollectedWith,
    ComparesFact,
    Condition,
    Derives,
    Joins,
    OwnedBy,
    Owner,
    Policy,
    Reached,
    Reference,
    Rule,
    Side,
    UnderContract,
    Within,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.vocabulary.attributes import ITEM_LISTS
from privacy_rules.vocabulary.values import Item
from tests.properties.checking import (
    TODAY,
    by_engine,
    by_reference,
    differences,
    engine_counts,
    load,
    reference_counts,
)
from tests.properties.strategies import BYTES, EXAMPLES, Sample, many, sample_of, samples
from tests.reference.evaluator import Evaluator

twice_as_many = settings(many, max_examples=2 * EXAMPLES)
"""This is the property that verdicts depend on."""


@twice_as_many
@given(samples())
def test_verdicts_judged_pairs_path_lengths_and_counts_are_those_of_the_reference(sample: Sample) -> None:
    note(str(sample))
    policy, estate = load(sample)
    found = differences(by_engine(policy, estate, TODAY), by_reference(policy, estate, TODAY))
    assert not found, "engine against reference:\n" + "\n".join(found)
    assert engine_counts(policy, estate, TODAY) == reference_counts(policy, estate, TODAY)


# What the samples reach.


def every_condition(policy: Policy) -> list[Condition]:
    """Every condition of the policy, each once."""
    seen: dict[int, Condition] = {}

    def visit(condition: object) -> None:
        if isinstance(condition, tuple):
            for each in condition:
                visit(each)
        elif isinstance(condition, Condition) and id(condition) not in seen:
            seen[id(condition)] = condition
            for field in condition.__dataclass_fields__:
                visit(getattr(condition, field))

    for rule in policy.rules:
        visit((rule.subject.limits, rule.when, rule.unless, rule.required, rule.alternatives))
    return list(seen.values())


def constructs_of_rule(rule: Rule) -> set[str]:
    found = {f"{rule.statement} {rule.subject.kind}", f"severity {rule.severity}"}
    for part in ("when", "unless", "applies_from", "applies_until", "title"):
        if getattr(rule, part):
            found.add(f"{part} in {rule.statement}" if part in ("when", "unless") else part)
    return found | {f"despite {min(len(rule.despite), 2)}", f"alternatives {min(len(rule.alternatives), 2)}"}


def kind_of_test(condition: Condition) -> str:
    """The class of a condition, or what else it is for readers of a policy."""
    if isinstance(condition, UnderContract) and condition.chain:
        return "bound to us"
    if isinstance(condition, Within) and condition.non_empty:
        return "includes only"
    return type(condition).__name__


def constructs_of_condition(condition: Condition) -> set[str]:
    name = kind_of_test(condition)
    found = {name}
    if isinstance(condition, CollectedWith):
        found.add(f"{name} {condition.how}")
    if isinstance(condition, Joins) and condition.other:
        found.add("joining of two data")
    if isinstance(condition, Derives):
        found.add(f"derivation {condition.word}")
    if isinstance(condition, ComparesFact):
        found.add("compares a fact with today" if condition.other is None else "compares two facts")
        found |= {f"a day is moved by {condition.shift.unit}s"} if condition.shift else set()
        found |= {"a fact of both ends"} if condition.of_both_ends else set()
    if isinstance(condition, (UnderContract, OwnedBy, Reached)):
        found.add(f"{name} {condition.side}")
    if isinstance(condition, Reached):
        parts = ("start", "avoiding", "derived", "methods")
        found |= {f"reached {part}" for part in parts if getattr(condition, part)}
    reference = getattr(condition, "reference", None)
    if isinstance(reference, Reference):
        found.add(f"{reference.side} {reference.owner}")
        found.add(f"{name} of {reference.attribute.type.form}")
        if reference.attribute.span is not None:
            default = "with" if reference.attribute.default is not None else "without"
            found.add(f"own attribute of {reference.attribute.entity} {default} default")
    elif reference is not None:
        found.add(f"{reference} is declared")
    return found


def constructs_of_estate(estate: Estate) -> set[str]:
    found = set()
    for kind, records in (
        ("party", estate.parties),
        ("system", estate.systems),
        ("flow", estate.flows),
        ("contract", estate.contracts),
    ):
        for record in records.values():
            if any(value is None for value in record.declared.values()):
                found.add(f"null in {kind}")
            if record.defaults:
                found.add(f"defaults of {kind}")
            for name in (
                "role",
                "party",
                "carries",
                "purposes",
                "stores",
                "uses",
                "creates",
                "joins",
                "transforms",
                "origin",
                "between",
                "systems",
                "parent",
            ):
                if name in record.declared:
                    found.add(f"{name} of {kind}")
                    found.add(f"{name} of {kind} {'null' if record.declared[name] is None else 'known'}")
                else:
                    found.add(f"no {name} of {kind}")
            if record.declared.get("parent") == "none":
                found.add("parent of party nobody")
            found |= {
                f"origin in {item.within} {'null' if named is None else 'known'}"
                for item, named in record.origins()
                if item is not None
            }
            for name in ITEM_LISTS.get(record.entity, ()):
                for item in record.stated(name) or ():  # type: ignore[union-attr]
                    if isinstance(item, Item):
                        found |= {f"item of {name} {'null' if value is None else 'own'}" for _, value in item.declared}
    return found


def constructs_of_vocabularies(policy: Policy) -> set[str]:
    found = set()
    for name, terms in policy.vocabularies.items():
        for edge, periods in terms.periods.items():
            found |= {f"dates in {name}", f"an edge of {len(periods)} periods"}
            found.add("an edge of today" if terms.exists(*edge, TODAY) else "an edge of other days")
    return found


def truths(policy: Policy, estate: Estate) -> set[str]:
    evaluator = Evaluator(policy, estate, TODAY)
    evaluator.seen = []
    verdicts = {outcome.verdict.word for outcome in evaluator.outcomes().values()}
    return verdicts | {f"{kind_of_test(condition)} {value.word}" for condition, value in evaluator.seen}


TESTS = [
    "All",
    "AnyOf",
    "Negation",
    "Defined",
    "IsTerm",
    "JudgedIs",
    "Includes",
    "Within",
    "Compares",
    "ComparesFact",
    "IsFlagged",
    "UnderContract",
    "bound to us",
    "OwnedBy",
    "includes only",
    "Covers",
    "EndMatches",
    "IsEntity",
    "Joins",
    "Derives",
    "Reached",
    "Holds",
    "CollectedWith",
    "WithinCollectedPurposes",
]
EXPECTED = {
    *(f"{name} {value}" for name in TESTS for value in ("true", "unknown", "false")),
    *(f"IsDeclared {value}" for value in ("true", "false")),
    *(["compliant", "undetermined", "violation"]),
    *(f"{statement} {kind}" for statement in ("forbid", "require", "allow", "permit") for kind in Kind),
    *(f"when in {statement}" for statement in ("forbid", "require", "permit")),
    *("unless in forbid", "unless in require", "applies_from", "applies_until", "title"),
    *("severity error", "severity warning", "severity note", "despite 1", "despite 2", "alternatives 2"),
    *(f"UnderContract {side}" for side in Side),
    *(f"OwnedBy {side}" for side in (Side.SUBJECT, Side.SOURCE, Side.RECIPIENT)),
    *("parent of party known", "no parent of party", "parent of party null", "parent of party nobody"),
    *(f"Reached {side}" for side in (Side.SUBJECT, Side.SOURCE, Side.RECIPIENT)),
    *("CollectedWith only", "CollectedWith partly", "CollectedWith None"),
    *("joining of two data", "derivation of", "derivation into"),
    *("reached start", "reached avoiding", "reached derived", "reached methods"),
    *(f"subject {owner}" for owner in Owner),
    *(f"{side} {owner}" for side in (Side.SOURCE, Side.RECIPIENT) for owner in (Owner.SYSTEM, Owner.PARTY)),
    *("data is declared", "purpose is declared"),
    *(f"Compares of {form}" for form in ("number", "duration", "date", "text")),
    *(f"ComparesFact of {form}" for form in ("flag", "number", "duration", "date", "text", "one", "reference")),
    *("compares a fact with today", "compares two facts", "a fact of both ends"),
    *(f"a day is moved by {unit}s" for unit in ("day", "week", "month", "year")),
    *(f"Includes of {form}" for form in ("set", "texts", "roles")),
    *(f"IsTerm of {form}" for form in ("one", "roles")),
    *(f"IsDeclared of {form}" for form in ("reference", "references", "pairs", "transforms", "set", "flag")),
    *(
        f"own attribute of {entity} {word} default"
        for entity in ("party", "system", "flow", "contract", "organisation")
        for word in ("with", "without")
    ),
    *(f"null in {kind}" for kind in ("party", "system", "flow", "contract")),
    *(f"defaults of {kind}" for kind in ("party", "system", "flow", "contract")),
    *("no role of party", "role of party null", "no party of system", "party of system null"),
    *(
        "no carries of flow",
        "carries of flow null",
        "no purposes of flow",
        "origin of flow known",
        "origin of flow null",
    ),
    *(
        "no stores of system",
        "no joins of system",
        "no transforms of system",
        "stores of system null",
        "no uses of system",
    ),
    *(f"origin in {name} {said}" for name in ("stores", "carries") for said in ("known", "null")),
    *("creates of system known", "no creates of system", "creates of system null"),
    *("role of system known", "role of system null", "no role of system"),
    *("systems of contract known", "systems of contract null"),
    *("between of contract", "no between of contract"),
    *(f"dates in {name}" for name in ("data", "purpose", "role", "region", "occasion", "topic")),
    *("an edge of 1 periods", "an edge of 2 periods", "an edge of today", "an edge of other days"),
    *(f"item of {name} {said}" for names in ITEM_LISTS.values() for name in names for said in ("own", "null")),
}


def test_strategies_reach_every_construct() -> None:
    source, missing = random.Random(2), set(EXPECTED)  # a seed that is done soon
    for _ in range(400):
        policy, estate = load(sample_of(source.randbytes(BYTES)))
        found = constructs_of_estate(estate) | truths(policy, estate) | constructs_of_vocabularies(policy)
        for rule in policy.rules:
            found |= constructs_of_rule(rule)
        for condition in every_condition(policy):
            found |= constructs_of_condition(condition)
        missing -= found
        if not missing:
            return
    assert not missing
