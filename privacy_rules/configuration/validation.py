"""Find the problems of a configuration: values that do not fit, and unknown names in its tables.

Problem("`cut-flow` of `costs` does not fit", "costs", "cut-flow", "expected a number from 0 up, or `never`")
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from privacy_rules.configuration.model import KEYS, ConfigurationModel
from privacy_rules.lint.framework import registry
from privacy_rules.repair.kinds import KNOCK_ON, MoveKind
from privacy_rules.source import codes
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_ENTRIES = {
    "severity": "`error`, `warning` or `note`",
    "idle-rules": "the reason, as text",
    "lint": "`error`, `warning`, `note` or `off`",
    "costs": "a number from 0 up, or `never`",
}
"""The tables, and what each of their entries must be."""

_ENTITIES = ("flow", "system", "party", "contract", "organisation")
_KINDS = (*(each.value for each in MoveKind), KNOCK_ON)
_OWN_COST = f"a cost is for a kind ({', '.join(sorted(_KINDS))}) or for one entity, such as `flow:signup`"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error at a key of the configuration (`""`: the table itself), or at a `word` of the key's value."""

    message: str
    key: str
    word: str | None = None
    help: str | None = None


def invalid_values(error: ValidationError) -> Iterable[Problem]:
    """The values that do not fit: each key, and each entry of a table, once."""
    return dict.fromkeys(map(_invalid_value, error.errors()))


def _invalid_value(error: ErrorDetails) -> Problem:
    key, entry = ([str(each) for each in error["loc"]] + ["", ""])[:2]
    if not key:
        return Problem("expected a table", "")
    if key not in KEYS:
        known = "the keys are " + ", ".join(f"`{each}`" for each in KEYS)
        return Problem(f"unknown key `{key}`", key, help=did_you_mean(key, KEYS) or known)
    if key in _ENTRIES and entry:
        return Problem(f"`{entry}` of `{key}` does not fit", key, entry, f"expected {_ENTRIES[key]}")
    given = error["input"]
    if key == "fail-warnings" and entry and isinstance(given, str):
        return _unknown_warning(given)
    return Problem(f"`{key}` does not fit", key, help=_as_it_fits(key, given) or f"expected {KEYS[key]}")


def _unknown_warning(given: str) -> Problem:
    known = list(codes.WARNINGS)
    near = nearest(given, known)
    listed = f"the codes of warnings are {known[0]} to {known[-1]}"
    help_ = f"did you mean `{near}` ({codes.WARNINGS[near]})?" if near else listed
    return Problem(f"there is no warning `{given}`", "fail-warnings", given, help_)


def _as_it_fits(key: str, given: object) -> str | None:
    """Help for text that would fit without its quotes (a day, a number or a flag), or as the only entry of a list."""
    if not isinstance(given, str):
        return None
    if _fits(key, given):
        return f"write it without quotes: `{key} = {given}`"
    one = f"[{json.dumps(given, ensure_ascii=False)}]"
    return f"write a list: `{key} = {one}`" if _fits(key, one) else None


def _fits(key: str, written: str) -> bool:
    """Whether a value, as it would be written in TOML, fits a key."""
    try:
        ConfigurationModel.model_validate({key: tomllib.loads(f"x = {written}").get("x")})
    except (tomllib.TOMLDecodeError, ValidationError, RecursionError):
        return False
    return True


def unknown_names(model: ConfigurationModel) -> Iterator[Problem]:
    """The names in the tables `lint` and `costs` that are unknown in every manifest."""
    yield from _unknown_lints(tuple(model.lint))
    for each in model.costs:
        kind, name = kind_and_id(each)
        if each not in _KINDS and not (kind in _ENTITIES and name):
            yield _unknown_cost(each, _KINDS)
    yield from _costs_set_twice(tuple(model.costs))


def _costs_set_twice(names: Sequence[str]) -> Iterator[Problem]:
    """Ids that are given both as they are and as a JSON string."""
    first: dict[tuple[str, str], str] = {}
    for each in names:
        before = first.setdefault(kind_and_id(each), each)
        if before != each:
            yield Problem(f"`{each}` is the same as `{before}`, which is also set", "costs", each)


def _unknown_lints(given: Sequence[str]) -> Iterator[Problem]:
    """Names and codes that no lint has, and codes of lints that are also given by name."""
    known: Mapping[str, str] = {name: name for name in registry.lint_names()}
    if not known.keys() >= set(given):
        known = registry.names()  # loads the lints, which have the codes
    for each in given:
        name = known.get(each)
        if name is None:
            help_ = did_you_mean(each, known) or "`privacy-rules lint --list` lists the lints"
            yield Problem(f"there is no lint `{each}`", "lint", each, help_)
        elif name != each and name in given:
            yield Problem(f"`{each}` is the same as `{name}`, which is also set", "lint", each)


def unknown_entities(costs: Collection[str], known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """Costs of entities that the manifests do not declare. `known` has the ids by kind."""
    for each in costs:
        kind, name = kind_and_id(each)
        if ":" in each and kind in known and name not in known[kind]:
            yield _unknown_cost(each, [f"{kind}:{name}" for kind, ids in known.items() for name in ids])


def _unknown_cost(key: str, known: Collection[str]) -> Problem:
    message = f"`costs` has `{key}`, which is neither a kind of move nor an entity"
    return Problem(message, "costs", key, did_you_mean(key, known) or _OWN_COST)
