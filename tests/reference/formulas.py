"""Formulas over open facts, and what makes two conditions the same question."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Condition, Defined, Reference
from tests.reference.possible import Test
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either, opposite


@dataclass(frozen=True)
class Asked:
    """A test of an open fact."""

    fact: Hashable
    test: Test


@dataclass(frozen=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Not:
    part: Formula


Formula = Truth | Asked | And | Or | Not
Answers = Mapping[tuple[Hashable, Test], Truth]


def value(formula: Formula, answers: Answers) -> Truth:
    match formula:
        case And(parts):
            return both(*(value(each, answers) for each in parts))
        case Or(parts):
            return either(*(value(each, answers) for each in parts))
        case Not(part):
            return opposite(value(part, answers))
        case Asked(fact, test):
            return answers.get((fact, test), UNKNOWN)
    return formula


def without_decided(formula: Formula) -> Formula:
    """The formula without the parts that decide nothing."""
    match formula:
        case And(parts):
            left = tuple(each for each in map(without_decided, parts) if each is not TRUE)
            return FALSE if FALSE in left else And(left) if left else TRUE
        case Or(parts):
            left = tuple(each for each in map(without_decided, parts) if each is not FALSE)
            return TRUE if TRUE in left else Or(left) if left else FALSE
        case Not(part):
            left_ = without_decided(part)
            return Not(left_) if isinstance(left_, Asked | And | Or | Not) else opposite(left_)
    return formula


def tests_in(formula: Formula) -> Iterator[Asked]:
    match formula:
        case And(parts) | Or(parts):
            for each in parts:
                yield from tests_in(each)
        case Not(part):
            yield from tests_in(part)
        case Asked():
            yield formula


def shape(part: object) -> Hashable:
    """What a part of a condition says, wherever it is written."""
    match part:
        case tuple():
            return tuple(map(shape, part))
        case Reference():
            return part.side, part.owner, part.attribute.entity, part.attribute.name
        case Defined(body=body):
            return shape(body)
        case Condition():
            said_ = (getattr(part, each.name) for each in fields(part) if each.name not in ("span", "text"))
            return type(part), *map(shape, said_)
    return part
