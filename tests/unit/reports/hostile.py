"""One report that every format has to write: a path, something undetermined, a waiver, and names that would be markup."""

from __future__ import annotations

from dataclasses import replace

from privacy_rules.checking.judgements import Judgement, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import Report
from privacy_rules.language.declarations import Mention
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.findings.building import (
    EstateBuilder,
    at,
    counted,
    judgement,
    of,
    of_data,
    reported,
    rule,
    sale_is_true,
    waiver,
)

SCRIPT = "<script>alert('x')</script>"
CRM = f'crm "{SCRIPT}" | pipes'
LEADS = "```leads``` --> ]]> %%{init: {}}%% ]"
SOLD = "sell `*all*` & [go](https://evil.example) @team #12"
SIGNUP = "sign\u202eup {0}"
BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED

RULES = (
    rule(
        "no_selling",
        subject=of(Kind.DISCLOSURE, of_data("contact")),
        title='Not "sold" | <b>ever</b> ]]>',
        cites=("#4", "#4", "§ 2, 100% <i>"),
        hint=f"End it: 100%, {SCRIPT} -->",
    ),
    rule("mild", subject=of(Kind.SYSTEM), severity="note", line=9),
    rule("kept", subject=of(Kind.CONTRACT), title="Kept", line=12),
)


def estate() -> Estate:
    return (
        EstateBuilder()
        .add(Entity.PARTY, "acme", role=("us",))
        .add(Entity.PARTY, "visitor", role=("data_subject",))
        .add(Entity.PARTY, "lead_broker", role=("data_broker",))
        .add(Entity.SYSTEM, "browser", party="visitor")
        .add(Entity.SYSTEM, CRM, party="acme", owner=f"team {SCRIPT}")
        .add(Entity.SYSTEM, LEADS, party="lead_broker")
        .add(Entity.FLOW, SIGNUP, from_="browser", to=CRM, carries=("email",), purposes=("orders",))
        .add(Entity.FLOW, SOLD, from_=CRM, to=LEADS, carries=("email",), exchange="sale")
        .build(waiver(rule="mild", subject=CRM, reason=f"later {SCRIPT} ]]> --> | @boss", approved_by="a, b: `c`"))
    )


def judgements() -> tuple[Judgement, ...]:
    missing = Missing(Entity.FLOW, SIGNUP, "exchange", "declare", None)
    return (
        judgement(
            RULES[0],
            Kind.FLOW,
            SOLD,
            ("email", "orders", BAD),
            because=(sale_is_true(),),
            path=(SIGNUP, SOLD),
        ),
        judgement(RULES[0], Kind.FLOW, SIGNUP, ("email", None, OPEN), missing=(missing,)),
        judgement(RULES[1], Kind.SYSTEM, CRM),
        judgement(RULES[1], Kind.SYSTEM, LEADS),
        judgement(RULES[1], Kind.ORGANISATION, "organisation"),
    )


def hostile(*found: Judgement) -> Report:
    """The report; of the judgements in the order given, if they are."""
    counts = (
        counted(RULES[0], violations=1, undetermined=1),
        counted(RULES[1], subjects=3, violations=3),
        counted(RULES[2]),
    )
    made = reported(
        *(found or judgements()),
        estate=estate(),
        rules=RULES,
        counts=counts,
        mentions=(Mention(Entity.PARTY, f"x{SCRIPT}", at(2)),),
    )
    return made.only([_elsewhere(each) if each.verdict is BAD else each for each in made.findings])


def _elsewhere(found: Finding) -> Finding:
    """The finding with an end to its place, in a file whose name needs escapes."""
    if found.location is None:
        return found
    start = found.location
    return replace(found, location=Span("a b/100%,x:y.yaml", start.line, start.column, start.line, start.column + 4))
