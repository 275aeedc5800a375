"""The moves of a repair in words.

remove flow audience-upload
extend contract label-terms: until 2027-11-01
once `safeguards` of system crm include (audit_log)
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.findings.wording import entity_words
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Amend, Anonymise, Connect, Cut, How, Move, Sign, Step, kind
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import show

_OF_CONTRACT = {"covers.data": "covers", "covers.purposes": "covers what is for", "obliges": "obliges to"}


def move_words(move: Move) -> list[str]:
    """The actions that a move asks for, a phrase for each."""
    match move:
        case Cut(flow=flow):
            return [f"remove flow {flow}"]
        case Sign(parties=parties, steps=steps):
            whom = parties[0] if len(parties) == 1 else f"between {' and '.join(parties)}"
            return [f"sign a contract {'with ' if len(parties) == 1 else ''}{whom} that {_promises(steps)}"]
        case Connect(source=source, target=target, data=data, like=like):
            return [f"connect system {source} to system {target} by a flow of {listed(data)}, like flow {like}"]
        case Anonymise(flow=flow, datum=datum, made=made, method=method):
            what = "" if made == datum else f" that makes {made} of {datum} by {method}"
            return [f"put an anonymiser on flow {flow}{what}"]
        case Amend(entity=Entity.CONTRACT, id=name, steps=steps):
            return [f"extend contract {name}: {'; '.join(map(_clause, steps))}"]
        case Amend(steps=steps):
            return [_step(move, step) for step in steps]


def _promises(steps: Iterable[Step]) -> str:
    said = {step.attribute: step for step in steps}
    purposes = said.get("covers.purposes")
    promises = [
        _promise(step) for step in steps if step.value != () and (step is not purposes or "covers.data" not in said)
    ]
    if purposes is not None and "covers.data" in said:
        promises[0] += f" for {_listed(purposes.value)}"
    return listed(promises) if promises else "binds it"


def _promise(step: Step) -> str:
    if step.attribute in _OF_CONTRACT and isinstance(step.value, tuple):
        return f"{_OF_CONTRACT[step.attribute]} {_listed(step.value)}"
    return f"says `{step.attribute}`: {show(step.value)}"


def _clause(step: Step) -> str:
    if step.how is How.ASSIGN:
        return f"{step.attribute} {show(step.value)}"
    verb = "no longer " if step.how is How.TAKE else ""
    words = _OF_CONTRACT.get(step.attribute, f"{step.attribute} has")
    return f"{verb}{words} {_listed(step.value)}"


def _step(move: Amend, step: Step) -> str:
    of = entity_words(move.entity, move.id)
    terms = _listed(step.value)
    match kind(move, step):
        case MoveKind.DROP_DATA:
            return f"drop {terms} from {of}"
        case MoveKind.DROP_PURPOSE:
            return f"drop purpose {terms} from {of}"
        case MoveKind.STOP_STORING:
            return f"stop storing {terms} in {of}"
        case MoveKind.KEEP_APART:
            return f"keep {terms} apart in {of}"
        case MoveKind.RELOCATE:
            return f"move {of} to {show(step.value)}"
        case _:
            return _measure(move, step, of, terms)


def _measure(move: Amend, step: Step, of: str, terms: str) -> str:
    whose = f"{move.item.term} in {of}" if move.item else of
    if step.how is How.ASSIGN:
        return f"once `{step.attribute}` of {whose} is {show(step.value)}"
    return f"once `{step.attribute}` of {whose} {'has' if step.how is How.PUT else 'no longer has'} {terms}"


def _listed(value: object) -> str:
    """The terms of a step; empty if it has a single value."""
    return listed(map(_term, value)) if isinstance(value, tuple) and value else ""


def _term(value: object) -> str:
    return " and ".join(map(str, value)) if isinstance(value, tuple) else str(value)
