"""What is written as JSON is what the published models read, no key more and no key less."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from pydantic import BaseModel, ValidationError

from privacy_rules.checking.judgements import Assumption, Completed, EachWay, Explained, Fact, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.findings.document_model import Document, Errors
from privacy_rules.findings.report import Report
from privacy_rules.language.declarations import Mention
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.check.json import errors, render
from privacy_rules.reports.errors import Errors as WrongRun
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import UNLIMITED, Item, Value
from tests.unit.findings.building import (
    MANIFEST_FILE,
    at,
    exchange_is_missing,
    joined,
    judgement,
    of,
    reported,
    rule,
    sale_is_true,
    shop,
    waiver,
)

VALUES: tuple[Value | None, ...] = (None, True, "sale", ("a", "b"), UNLIMITED, date(2026, 1, 1), (Item("email"),))


def rich() -> Report:
    """A report with every kind of thing in it."""
    facts = tuple(Fact(Entity.FLOW, "f", "x", value, "declared", None) for value in VALUES)
    sold = judgement(
        rule("r", title="T", cites=("#1",), hint="H"),
        Kind.FLOW,
        "crm-to-broker",
        ("email", "orders", Verdict.VIOLATION),
        (None, None, Verdict.UNDETERMINED),
        in_every_case=True,
        too_many_cases=True,
        because=(sale_is_true(), Explained(Part.TEST, "x is y", Truth.UNKNOWN, facts=facts)),
        path=("signup", "crm-to-broker"),
    )
    unknown = judgement(
        rule("q"), Kind.FLOW, "signup", (None, None, Verdict.UNDETERMINED), missing=(exchange_is_missing(),)
    )
    found = reported(
        sold,
        unknown,
        joined(rule("j", subject=of(Kind.JOINING)), "crm", ("card", "email")),
        estate=shop().build(waiver(), waiver(rule="q", subject="signup", from_=date(2026, 1, 1), data=("email",))),
        assumptions=(Assumption(Entity.FLOW, "exchange", "none", "manifest default", 2, at(8, MANIFEST_FILE)),),
        mentions=(Mention(Entity.PARTY, "nobody", at(2)),),
    )
    sale = Completed(Entity.FLOW, "crm-to-broker", "exchange", "declare", "sale")
    kept = Completed(Entity.SYSTEM, "crm", "retention", "declare", UNLIMITED, Item("email"))
    first, *others = found.findings
    return replace(found, findings=(replace(first, open=EachWay((sale, kept), None)), *others))


def test_our_own_document_can_be_read_back() -> None:
    read = Document.model_validate_json(render(rich(), View()))
    assert [found.rule for found in read.findings] == ["j", "q", "r"]
    assert read.findings[2].waiver is not None
    assert read.findings[2].waiver.until == date(2026, 12, 31)
    assert read.findings[2].because[1].facts[6].value == ["email"]
    assert [each.code for each in read.warnings] == ["W303", "W301"]


def test_the_document_has_every_key_of_the_model_and_no_other() -> None:
    written = json.loads(render(rich(), View()))
    again = Document.model_validate_json(json.dumps(written)).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert again == written
    assert set().union(*written["findings"]) == {*Document.model_fields["findings"].annotation.__args__[0].model_fields}  # type: ignore[union-attr]


def test_errors_have_a_document_of_their_own() -> None:
    found = Diagnostic("E204", "unknown", at(1), "did you mean?", also=(at(2),))
    read = Errors.model_validate_json(errors(WrongRun([found, Diagnostic("E301", "no policy is given")])))
    assert [(each.code, len(each.locations)) for each in read.errors] == [("E204", 2), ("E301", 0)]


@pytest.mark.parametrize(
    ("model", "text"),
    [(Document, '{"version": 2}'), (Errors, '{"version": 1, "errors": [], "more": 1}'), (Errors, '{"version": "1"}')],
)
def test_another_document_is_refused(model: type[BaseModel], text: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(text)
