"""What is wrong with a configuration of the right form: values that do not fit, and names in its tables that mean nothing.

Mistake("`cut-flow` of `costs` does not fit", "costs", "cut-flow", "it wants a cost, or `never`")
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from privacy_rules.configuration.model import KEYS, ConfigurationModel
from privacy_rules.lint.framework.names import names
from privacy_rules.repair.kinds import KNOCK_ON, MoveKind
from privacy_rules.source import codes
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_ENTRIES = {
    "severity": "`error`, `warning` or `note`",
    "lint": "`error`, `warning`, `note` or `off`",
    "costs": "a number from 0 up, or `never`",
}
"""The tables, and what each of their entries wants."""

_THINGS = ("flow", "system", "party", "contract", "organisation")
_KINDS = (*(each.value for each in MoveKind), KNOCK_ON)
_OWN_COST = f"a cost is for a kind ({', '.join(sorted(_KINDS))}) or for one, as `flow:signup`"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a key of the configuration, or with a `part` that stands in its value."""

    message: str
    key: str
    part: str | None = None
    help: str | None = None


def misfits(error: ValidationError) -> Iterator[Mistake]:
    """What does not fit, each key and each entry of a table once."""
    told: set[Mistake] = set()
    for each in error.errors():
        found = _misfit(each)
        if found not in told:
            yield found
        told.add(found)


def _misfit(error: ErrorDetails) -> Mistake:
    key, part = ([str(each) for each in error["loc"]] + ["", ""])[:2]
    if not key:
        return Mistake("expected a table", "")
    if key not in KEYS:
        known = "the keys are " + ", ".join(f"`{each}`" for each in KEYS)
        return Mistake(f"unknown key `{key}`", key, help=did_you_mean(key, KEYS) or known)
    if key in _ENTRIES and part:
        return Mistake(f"`{part}` of `{key}` does not fit", key, part, f"it wants {_ENTRIES[key]}")
    given = error["input"]
    if key == "fail-warnings" and part and isinstance(given, str):
        return _no_warning(given)
    return Mistake(f"`{key}` does not fit", key, help=_unquoted(key, given) or f"it wants {KEYS[key]}")


def _no_warning(given: str) -> Mistake:
    known = list(codes.WARNINGS)
    near = nearest(given, known)
    listed = f"the codes of warnings are {known[0]} to {known[-1]}"
    help_ = f"did you mean `{near}` ({codes.WARNINGS[near]})?" if near else listed
    return Mistake(f"there is no warning `{given}`", "fail-warnings", given, help_)


def _unquoted(key: str, given: object) -> str | None:
    """That a day, a number or a truth value stands in quotes and would fit without."""
    if not isinstance(given, str):
        return None
    try:
        ConfigurationModel.model_validate({key: tomllib.loads(f"x = {given}").get("x")})
    except (tomllib.TOMLDecodeError, ValidationError):
        return None
    return f"write it without quotes: `{key} = {given}`"


def unknown_names(model: ConfigurationModel) -> Iterator[Mistake]:
    """What tables speak of that there is not, whatever the manifests are."""
    yield from _wrong_lints(tuple(model.lint))
    for each in model.costs:
        kind, name = kind_and_id(each)
        if each not in _KINDS and not (kind in _THINGS and name):
            yield _no_cost(each, _KINDS)
    yield from _costs_set_twice(tuple(model.costs))


def _costs_set_twice(said: Sequence[str]) -> Iterator[Mistake]:
    """Ids that stand there as they are and as a JSON string as well."""
    first: dict[tuple[str, str], str] = {}
    for each in said:
        before = first.setdefault(kind_and_id(each), each)
        if before != each:
            yield Mistake(f"`{each}` is `{before}`, which is set as well", "costs", each)


def _wrong_lints(said: Sequence[str]) -> Iterator[Mistake]:
    """Names and codes that no lint has, and codes of lints that stand there by name as well."""
    known: Mapping[str, str] = {name: name for name in names()}
    if not known.keys() >= set(said):
        from privacy_rules.lint.framework.registry import (
            names as by_name_and_code,
        )  # loads the lints: they have the codes

        known = by_name_and_code()
    for each in said:
        name = known.get(each)
        if name is None:
            help_ = did_you_mean(each, known) or "`privacy-rules lint --list` lists the lints"
            yield Mistake(f"there is no lint `{each}`", "lint", each, help_)
        elif name != each and name in said:
            yield Mistake(f"`{each}` is `{name}`, which is set as well", "lint", each)


def unknown_things(costs: Collection[str], known: Mapping[str, Collection[str]]) -> Iterator[Mistake]:
    """Costs of what the manifests do not have. `known` has the ids by kind."""
    for each in costs:
        kind, name = kind_and_id(each)
        if ":" in each and kind in known and name not in known[kind]:
            yield _no_cost(each, [f"{kind}:{name}" for kind, ids in known.items() for name in ids])


def _no_cost(key: str, known: Collection[str]) -> Mistake:
    message = f"`costs` has `{key}`, which is nothing that is known"
    return Mistake(message, "costs", key, did_you_mean(key, known) or _OWN_COST)
