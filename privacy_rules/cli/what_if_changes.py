"""Combine the options of `what-if` that change something into one change set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from privacy_rules.simulation import change_options as forms
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import kind_and_id, unquoted

if TYPE_CHECKING:
    from privacy_rules.simulation.scenario_files import Written
    from privacy_rules.simulation.world import Swap, World

_END = "end_contract"


def own_changes(
    order: Sequence[str], changing: dict[str, tuple[str, ...]], as_of: date | None, base: World
) -> list[forms.Option]:
    """Return the changes that the options mean, in the order given. Raises InputError."""
    left = {flag: iter(values) for flag, values in changing.items()}
    given = [(line, flag, next(left.get(flag, iter(())), "")) for line, flag in enumerate(order, start=1)]
    adding = {line: forms.read(flag, value, line, {}) for line, flag, value in given if flag == "add"}
    known = _ids(base, [*adding.values()])
    found = []
    for line, flag, value in given:
        if flag == "as_of":
            found.append(forms.as_of(as_of or base.day, line))
        elif flag == _END:
            found.append(_ended(value, as_of or base.day, base, line))
        else:
            found.append(adding.get(line) or forms.read(flag, value, line, known))
    return found


def _ids(base: World, adding: Sequence[forms.Option]) -> forms.Ids:
    """Return the ids that changes may name, by kind: those of the estate, and those that are added."""
    from privacy_rules.vocabulary.attributes import Entity

    new = forms.added(adding)
    return {each.value: {*base.estate.records(each), *new.get(each.value, ())} for each in Entity}


def _ended(value: str, day: date, base: World, line: int) -> forms.Option:
    """The end of a contract; a contract that has ended already keeps its end."""
    from privacy_rules.graph.declared_values import known
    from privacy_rules.source.spelling import did_you_mean
    from privacy_rules.vocabulary.attributes import Entity

    contract = next((each for each in (value, *_plain(value)) if each in base.estate.contracts), value)
    record = base.estate.contracts.get(contract)
    if record is None:
        help_ = did_you_mean(contract, base.estate.contracts)
        raise InputError([Diagnostic(codes.DANGLING_REFERENCE, f"no contract `{contract}` is declared", help=help_)])
    until, _ = known(record, base.policy.attributes[Entity.CONTRACT, "until"])
    return forms.contract_ends(value, contract, min(day, until) if isinstance(until, date) else day, line)


def _plain(contract: str) -> tuple[str, str]:
    """The id without quotes, and without its kind before it."""
    kind, name = kind_and_id(contract)
    return unquoted(contract), name if kind == "contract" else contract


def of_options(own: Sequence[forms.Option], name: str, swap: Swap | None, *, same_policy: bool) -> Written:
    """Return the options as one change set. Raises InputError if nothing changes."""
    from privacy_rules.simulation.scenario_files import Written

    if not own and swap is None:
        if same_policy:
            message = (
                "nothing changes: `--policy` names the only policy, so there is no present policy to compare it with"
            )
            help_ = "name the present policy in the manifest or the configuration"
            raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
        help_ = (
            "give one with `--remove`, `--set`, `--add`, `--end-contract`, `--as-of`, `--policy` or `--changes FILE`"
        )
        raise InputError([Diagnostic(codes.USAGE, "no change is given", help=help_)])
    return Written(name, forms.Options(own), [each.change for each in own], ())
