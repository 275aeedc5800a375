"""What the explorer answers to changes: judged only where they can matter, and word for word what a whole check tells."""

from __future__ import annotations

import random
from typing import Any

import pytest

from privacy_rules.checking.incremental import Difference
from privacy_rules.manifest.model import Estate
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.web.session import Session, Terms
from tests.web.exploring import HOME, client, example, session_of

VARIANTS = sorted(each.stem for each in (HOME / "variants").glob("*.yaml"))[::2]
KINDS = (Entity.PARTY, Entity.SYSTEM, Entity.FLOW, Entity.CONTRACT)


def _change(draw: random.Random, estate: Estate, number: int) -> dict[str, Any]:
    """Something unknown, gone, ended, or added."""
    kind = draw.choice([Entity.FLOW, Entity.FLOW, *KINDS])
    name = draw.choice(sorted(estate.records(kind)))
    record = estate.records(kind)[name]
    own = sorted(set(record.declared) - {"id", "from", "to", "with", "between", "covers"})
    match draw.randrange(4):
        case 0 if own:
            return {"set": {kind.value: name, draw.choice(own): None}}
        case 1 if own:
            return {"set": {kind.value: name, "unset": [draw.choice(own)]}}
        case 2:
            start, end = draw.sample(sorted(estate.systems), 2)
            carries = draw.sample(["email_address", "name", "ip_address", "payment_card"], 2)
            return {"add": {"flow": {"id": f"new-{number}", "from": start, "to": end, "carries": carries}}}
        case _:
            ended = {"set": {"contract": name, "until": "2020-01-01"}}
            return ended if kind is Entity.CONTRACT else {"remove": {kind.value: name}}


def _bodies(draw: random.Random, estate: Estate, most: int) -> list[dict[str, Any]]:
    return [{"changes": [_change(draw, estate, each) for each in range(draw.randint(1, 2))]} for _ in range(most)]


def _answers(session: Session, bodies: list[dict[str, Any]]) -> list[tuple[int, str]]:
    api = client(session)
    answers = [api.post(path, json=body) for body in bodies for path in ("/check", "/what-if", "/estate")]
    return [(each.status_code, each.text) for each in answers]


@pytest.mark.parametrize("variant", VARIANTS)
def test_answers_to_changes_are_word_for_word_those_of_whole_checks(
    variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = example(variant)
    bodies = [{}, *_bodies(random.Random(variant), session.inputs.estate, 8), {"as_of": "2028-01-01"}]
    judged: list[bool] = []
    difference_of = Difference.of

    def spied(*given: Any) -> Difference | None:
        found = difference_of(*given)
        judged.append(found is not None)
        return found

    monkeypatch.setattr(Difference, "of", spied)
    told = _answers(session, bodies)
    monkeypatch.setattr(Difference, "of", lambda *_: None)
    assert told == _answers(example(variant), bodies)
    assert sum(judged) >= 6  # of three answers each: most change sets are judged where they can matter
    assert sum(status == 200 for status, _ in told) > len(told) // 2


def test_so_are_answers_by_some_rules_with_other_severities(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = example().inputs
    rules = [each.name for each in inputs.policy.rules if each.statement != "permit"][::2]
    terms = Terms(rules=rules, severities={rules[0]: "warning", rules[1]: "note"})
    bodies = _bodies(random.Random(1), inputs.estate, 8)
    told = _answers(Session(inputs, terms), bodies)
    monkeypatch.setattr(Difference, "of", lambda *_: None)
    assert told == _answers(Session(inputs, terms), bodies)


def test_an_answer_to_changes_does_not_hang_on_what_was_asked_before() -> None:
    session = session_of(HOME / "estate.yaml")
    bodies = _bodies(random.Random(2), session.inputs.estate, 6)
    forwards, backwards = _answers(session, bodies), _answers(session_of(HOME / "estate.yaml"), bodies[::-1])
    grouped = [backwards[each : each + 3] for each in range(0, len(backwards), 3)]
    assert forwards == [answer for three in reversed(grouped) for answer in three]
