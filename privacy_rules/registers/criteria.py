"""Criteria for an impact assessment: rules of a pack, judged with the vocabulary of the policy, each with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from privacy_rules.checking.judgements import Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.wording import fact_words, missing_words
from privacy_rules.language.conditions import rule_conditions, walk
from privacy_rules.language.policy import JudgedIs, Policy, Rule
from privacy_rules.registers.model import Cell, Column, Entry, Row, Table, once, row
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import counted

CRITERIA = (
    Column("criterion", "Criterion", "text"),
    Column("reference", "Reference", "text"),
    Column("result", "Result", "text"),
    Column("met_by", "Met by", "number"),
    Column("open", "Not decided", "number"),
    Column("to_declare", "To declare"),
)
EVIDENCE = (
    Column("criterion", "Criterion", "text"),
    Column("result", "Result", "text"),
    Column("subject", "What meets it"),
    Column("data", "Data"),
    Column("purposes", "Purposes"),
    Column("because", "Evidence"),
    Column("reference", "Reference", "text"),
)
_MET, _OPEN, _NOT_MET = "met", "not decided", "not met"


@dataclass(frozen=True, slots=True)
class Criteria:
    """An estate under a policy and the criteria together.

    `own` is the policy alone. `files` are those that the criteria come from, by the names that places have.
    """

    world: World
    own: Policy
    files: Collection[str]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The criteria that are in force. The policy itself may also use the pack that they come from."""
        return tuple(core.rule for core in self.world.cores.values() if core.rule.span.file in self.files)

    def without_terms(self, rule: Rule) -> tuple[str, ...]:
        """Return the terms that a criterion is limited to, if no category or purpose of the policy is one of them or below one."""
        found: list[str] = []
        for condition in rule_conditions(rule):
            for each in walk(condition):
                if isinstance(each, JudgedIs):
                    name = "data" if each.judged == "data" else "purpose"
                    whole, own = self.world.policy.taxonomy(name), self.own.taxonomy(name)
                    empty = [term for term in each.terms if whole.is_narrowest(term) and term not in own]
                    found += empty if len(empty) == len(each.terms) else []
        return tuple(dict.fromkeys(found))


def tables(criteria: Criteria) -> tuple[Table, Table]:
    """Return the criteria with their results, and the evidence."""
    rules = criteria.rules
    world = criteria.world
    judged = world.judged({each.name for each in rules})
    found: dict[str, list[Finding]] = {each.name: [] for each in rules}
    for each in judged.judgements:
        found[each.rule.name].append(world.findings.finding(each))
    results = tuple(_result(criteria, each, found[each.name]) for each in rules)
    evidence = tuple(line for each in rules for line in _evidence(each, found[each.name]))
    notes = (
        "A criterion is met if the manifests say so. If it is not decided, `To declare` says what would decide it.",
    )
    return (
        Table(
            "criteria", "Criteria for an impact assessment", CRITERIA, results, notes, empty="no criteria are in force"
        ),
        Table("evidence", "Evidence for the criteria", EVIDENCE, evidence, empty="no criterion is met or undecided"),
    )


def _result(criteria: Criteria, rule: Rule, found: Sequence[Finding]) -> Row:
    met = [each for each in found if each.verdict is Verdict.VIOLATION]
    undecided = [each for each in found if each.verdict is Verdict.UNDETERMINED]
    lacking = criteria.without_terms(rule)
    to_declare = list(_to_declare(undecided))
    if lacking:
        to_declare.append(Entry(f"which terms of the policy are below {' or '.join(lacking)}", rule.span, "missing"))
    state = _MET if met else _OPEN if undecided or lacking else _NOT_MET
    return row(
        CRITERIA,
        None,
        criterion=(Entry(rule.title or rule.name, rule.span),),
        reference=_reference(rule),
        result=(Entry(state, mark={_MET: "bad", _OPEN: "open", _NOT_MET: "good"}[state]),),  # type: ignore[arg-type]
        met_by=(Entry(len(met)),),
        open=(Entry(len(undecided)),),
        to_declare=tuple(to_declare),
    )


def _reference(rule: Rule) -> Cell:
    return tuple(Entry(each, rule.span) for each in rule.cites)


def _evidence(rule: Rule, found: Sequence[Finding]) -> Iterator[Row]:
    """Yield a row for each subject that meets a criterion, and one for each group of undecided subjects that lack the same attributes."""
    for each in found:
        if each.verdict is Verdict.VIOLATION:
            facts = once(
                Entry(fact_words(fact).replace("`", ""), fact.location) for test in each.because for fact in test.facts
            )
            yield _line(rule, Entry(_MET, mark="bad"), [each], facts)
    for attributes, alike in _by_missing(found).items():
        words = f"not declared: {', '.join(attributes)}" if attributes else "not declared"
        yield _line(rule, Entry(_OPEN, mark="open"), alike, (Entry(words, mark="missing"),))


def _line(rule: Rule, result: Entry, found: Sequence[Finding], because: Cell) -> Row:
    return row(
        EVIDENCE,
        found[0].location if len(found) == 1 else None,
        criterion=(Entry(rule.title or rule.name, rule.span),),
        result=(result,),
        subject=tuple(Entry(str(each.subject), each.location) for each in found),
        data=once(Entry(name) for each in found for name in each.data),
        purposes=once(Entry(name) for each in found for name in each.purposes),
        because=because,
        reference=_reference(rule),
    )


def _by_missing(found: Sequence[Finding]) -> Mapping[tuple[str, ...], list[Finding]]:
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for each in found:
        if each.verdict is Verdict.UNDETERMINED:
            alike.setdefault(tuple(sorted({one.attribute for one in each.missing})), []).append(each)
    return alike


def _to_declare(found: Sequence[Finding]) -> Iterator[Entry]:
    """Yield what would decide findings: a fact by itself, or an attribute of several entities together."""
    facts: dict[tuple[str, str], dict[str, Missing]] = {}
    for each in found:
        for one in each.missing:
            facts.setdefault((one.entity.value, one.attribute), {})[one.id] = one
    for (entity, attribute), about in sorted(facts.items()):
        first = next(iter(about.values()))
        words = missing_words(first) if len(about) == 1 else f"declare `{attribute}` on {counted(len(about), entity)}"
        yield Entry(words.replace("`", ""), first.location, "missing")
