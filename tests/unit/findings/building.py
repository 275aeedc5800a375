"""A small policy and estate by hand, and judgements as the checker hands them over."""

from __future__ import annotations

from datetime import date
from typing import Any

from privacy_rules.checking.judgements import Explained, Fact, Judged, JudgedPair, Judgement, Missing, Part, RuleCount
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.findings.report import Report, report
from privacy_rules.findings.waivers import USUAL_LIMITS
from privacy_rules.language.declarations import Header, Mention
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Compares,
    Condition,
    Covers,
    IsDeclared,
    IsFlagged,
    IsTerm,
    JudgedIs,
    Owner,
    Policy,
    Reached,
    Reference,
    Rule,
    Side,
    Subject,
    UnderContract,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Declaration, Estate, PathKey, Record, Waiver
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import UNLIMITED

DAY = date(2026, 11, 1)
POLICY_FILE, MANIFEST_FILE = "shop.privacy", "estate.yaml"

DATA = Taxonomy("data", {"contact": (), "email": ("contact",), "name": ("contact",), "card": ()})
ROLES = Taxonomy(
    "role",
    {
        "organisation": (),
        "us": ("organisation",),
        "outside": (),
        "marketer": ("outside",),
        "data_broker": ("outside",),
        "data_subject": (),
    },
)


def at(line: int, file: str = POLICY_FILE, column: int = 1) -> Span:
    return Span(file, line, column)


class File:
    """A document in which each entity stands on a line of its own."""

    def __init__(self) -> None:
        self.lines: dict[PathKey, int] = {}

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        line = self.lines.setdefault(path[:2], len(self.lines) + 1)
        return Span(MANIFEST_FILE, line, 5 if len(path) > 2 else 3)


class EstateBuilder:
    """Records by id, each with its place."""

    def __init__(self) -> None:
        self.file = File()
        self.records: dict[Entity, dict[str, Record]] = {entity: {} for entity in Entity}

    def add(self, entity: Entity, id_: str, *, placed: bool = True, **declared: Any) -> EstateBuilder:
        said = {name.rstrip("_"): value for name, value in declared.items()}
        where = Declaration(self.file, (entity.value, id_)) if placed else None
        if placed:
            self.file.place((entity.value, id_))
        self.records[entity][id_] = Record(entity, id_, said, where=where)
        return self

    def build(self, *waivers: Waiver) -> Estate:
        return Estate(
            parties=self.records[Entity.PARTY],
            systems=self.records[Entity.SYSTEM],
            flows=self.records[Entity.FLOW],
            contracts=self.records[Entity.CONTRACT],
            organisation=Record(Entity.ORGANISATION, "organisation", {}),
            waivers=waivers,
        )


def shop() -> EstateBuilder:
    """A shop that collects from visitors and hands on to a broker."""
    return (
        EstateBuilder()
        .add(Entity.PARTY, "acme", role=("us",))
        .add(Entity.PARTY, "visitor", role=("data_subject",))
        .add(Entity.PARTY, "lead_broker", role=("data_broker", "marketer"))
        .add(Entity.SYSTEM, "browser", party="visitor")
        .add(Entity.SYSTEM, "crm", party="acme", owner="growth team")
        .add(Entity.SYSTEM, "leads", party="lead_broker")
        .add(Entity.FLOW, "signup", from_="browser", to="crm", carries=("email",), purposes=("orders",))
        .add(Entity.FLOW, "crm-to-broker", from_="crm", to="leads", carries=("email",), exchange="sale")
        .add(Entity.CONTRACT, "terms", with_="lead_broker")
    )


def policy(*rules: Rule, mentions: tuple[Mention, ...] = (), headers: tuple[Header, ...] | None = None) -> Policy:
    return Policy(
        headers=(Header("shop", {}, at(1)),) if headers is None else headers,
        vocabularies={"data": DATA, "role": ROLES},
        attributes=BUILT_IN,
        rules=rules,
        clauses=(),
        defines=(),
        mentions=mentions,
        files=(POLICY_FILE,),
    )


def of(kind: Kind, *limits: Condition) -> Subject:
    return Subject(kind, limits, at(3), kind.value)


def rule(name: str = "r", statement: Any = "forbid", subject: Subject | None = None, **more: Any) -> Rule:
    line = more.pop("line", 3)
    return Rule(name, statement, subject or of(Kind.DISCLOSURE), at(line), **more)


def of_data(*terms: str) -> JudgedIs:
    return JudgedIs(at(3), ", ".join(terms), "data", terms)


def for_purposes(*terms: str) -> JudgedIs:
    return JudgedIs(at(3), ", ".join(terms), "purpose", terms)


def reference(entity: Entity, name: str, side: Side = Side.SUBJECT) -> Reference:
    return Reference(side, Owner(entity.value), BUILT_IN[entity, name], name)


def exchange_is(*terms: str) -> IsTerm:
    listed = terms[0] if len(terms) == 1 else f"({', '.join(terms)})"
    return IsTerm(at(4), f"exchange is {listed}", reference(Entity.FLOW, "exchange"), terms)


def flagged(name: str = "notice") -> IsFlagged:
    return IsFlagged(at(4), name, reference(Entity.FLOW, name))


def both(*parts: Condition) -> All:
    return All(at(4), " and ".join(each.text for each in parts), parts)


def either(*parts: Condition) -> AnyOf:
    return AnyOf(at(4), " or ".join(each.text for each in parts), parts)


def retained_for_ever() -> Compares:
    return Compares(at(4), "retention = unlimited", reference(Entity.SYSTEM, "retention"), "=", UNLIMITED)


def under_contract() -> UnderContract:
    return UnderContract(at(4), "under contract", Side.BOTH, Covers(at(4), "covers purpose", "purpose"))


def reached(*data: str, start: Condition | None = None) -> Reached:
    return Reached(at(4), f"reached by {data[0]}", Side.SUBJECT, data, start, None, False, None)


def purposes_declared() -> IsDeclared:
    return IsDeclared(at(4), "purpose is declared", "purpose")


def judgement(
    rule_: Rule, kind: Kind, subject: str, *pairs: tuple[str | None, str | None, Verdict], **more: Any
) -> Judgement:
    judged = tuple(JudgedPair(*pair) for pair in pairs) or (JudgedPair(None, None, Verdict.VIOLATION),)
    return Judgement(rule_, kind, subject, max(pair.verdict for pair in judged), judged, **more)


def joined(rule_: Rule, subject: str, *pairs: tuple[str, str], verdict: Verdict = Verdict.VIOLATION) -> Judgement:
    judged = tuple(JudgedPair(None, None, verdict, pair) for pair in pairs) or (JudgedPair(None, None, verdict),)
    return Judgement(rule_, Kind.JOINING, subject, verdict, judged)


def sale_is_true() -> Explained:
    fact = Fact(Entity.FLOW, "crm-to-broker", "exchange", "sale", "declared", at(8, MANIFEST_FILE, 9))
    return Explained(Part.TEST, "exchange is (sale, rental)", Truth.TRUE, at(4), facts=(fact,))


def exchange_is_missing() -> Missing:
    return Missing(Entity.FLOW, "crm-to-broker", "exchange", "declare", at(8, MANIFEST_FILE, 3))


def waiver(**more: Any) -> Waiver:
    said = {
        "rule": "r",
        "subject": "crm-to-broker",
        "reason": "under review",
        "approved_by": "privacy desk",
        "until": date(2026, 12, 31),
        "location": at(20, MANIFEST_FILE, 5),
    }
    return Waiver(**{**said, **more})


def counted(rule_: Rule, subjects: int = 2, applies: int = 1, violations: int = 0, undetermined: int = 0) -> RuleCount:
    return RuleCount(rule_, subjects, applies, subjects - violations - undetermined, violations, undetermined)


def reported(*judgements: Judgement, estate: Estate | None = None, selected: Any = None, **more: Any) -> Report:
    """The report of judgements; the policy's rules are theirs, unless `rules` says otherwise."""
    rules = more.pop("rules", None) or tuple(dict.fromkeys(each.rule for each in judgements))
    counts = more.pop("counts", None)
    if counts is None:
        counts = tuple(counted(each) for each in rules)
    judged = Judged(judgements, counts, more.pop("assumptions", ()))
    warnings, day = more.pop("warnings", ()), more.pop("day", DAY)
    limits = more.pop("limits", USUAL_LIMITS)
    made = policy(*rules, **more)
    return report(made, estate or shop().build(), judged, day, selected=selected, warnings=warnings, limits=limits)
