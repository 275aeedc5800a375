"""The options of `what-if` that change something, as the lines of one change set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from privacy_rules.simulation import change_options as forms
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import aimed, unquoted

if TYPE_CHECKING:
    from privacy_rules.simulation.scenario import Swap, World
    from privacy_rules.simulation.scenario_files import Written

_END = "end_contract"


def own_changes(
    order: Sequence[str], changing: dict[str, tuple[str, ...]], as_of: date | None, base: World
) -> list[str]:
    """What the options say, each as a line of YAML, in the order given."""
    left = {flag: list(values) for flag, values in changing.items()}
    known = _ids(base, left["add"])
    found = []
    for flag in order:
        if flag == "as_of":
            found.append(f"- as_of: {as_of}")
        elif flag == _END:
            found.append(_ended(left[flag].pop(0), as_of or base.day, base))
        else:
            found.append(_line(flag, left[flag].pop(0), known))
    return found


def _ids(base: World, adding: Sequence[str]) -> forms.Ids:
    """The ids that changes may name, by kind: those that are there, and those that are added."""
    from privacy_rules.vocabulary.attributes import Entity

    new = forms.added(adding)
    return {each.value: {*base.estate.records(each), *new.get(each.value, ())} for each in Entity}


def _line(flag: str, value: str, known: forms.Ids) -> str:
    line = forms.written(flag, value, known)
    if isinstance(line, forms.Unclear):
        names = [f"`{each}`" for each in line.ids or line.all]
        message = f"`{value}` may be of {line.kind} {' or '.join(names)}"
        message = message if line.ids else f"{message}, and none of them is declared"
        raise InputError([Diagnostic(codes.USAGE, message, help=line.help)])
    if line is None:
        message = f"`{value}` is not of the form {forms.FORMS[flag]}"
        raise InputError([Diagnostic(codes.USAGE, message, help=f"such as `--{flag} {forms.EXAMPLES[flag]}`")])
    return line


def _ended(contract: str, day: date, base: World) -> str:
    """A contract that has ended already stays as it is."""
    from privacy_rules.graph.declared_values import known
    from privacy_rules.source.spelling import did_you_mean
    from privacy_rules.vocabulary.attributes import Entity

    contract = next((each for each in (contract, *_plain(contract)) if each in base.estate.contracts), contract)
    record = base.estate.contracts.get(contract)
    if record is None:
        help_ = did_you_mean(contract, base.estate.contracts)
        raise InputError([Diagnostic(codes.DANGLING_REFERENCE, f"no contract `{contract}` is declared", help=help_)])
    until, _ = known(record, base.policy.attributes[Entity.CONTRACT, "until"])
    return forms.contract_ends(contract, str(min(day, until) if isinstance(until, date) else day))


def _plain(contract: str) -> tuple[str, str]:
    """The id without quotes, and without its kind before it."""
    kind, name = aimed(contract)
    return unquoted(contract), name if kind == "contract" else contract


def of_options(own: Sequence[str], name: str, swap: Swap | None, *, same_policy: bool) -> Iterator[Written]:
    """The options as one change set. Raises InputError where nothing changes."""
    from privacy_rules.manifest.source_document import Document
    from privacy_rules.simulation.scenario_files import Written, scenarios_in
    from privacy_rules.source.file_system import LIMIT

    place = "the options"  # a line for each, in their order, whatever is told of them
    if not own:
        if swap is None:
            if same_policy:
                message = "nothing is changed: this policy holds before and after, as nothing else names one"
                raise InputError(
                    [Diagnostic(codes.USAGE, message, help="name that of now in the manifest or the configuration")]
                )
            help_ = "say what with `--remove`, `--set`, `--add`, `--end-contract`, `--as-of`, `--policy` or `--changes FILE`"
            raise InputError([Diagnostic(codes.USAGE, "nothing is changed", help=help_)])
        yield Written(name, Document(place, ""), [], ())
        return
    for number, line in enumerate(own):  # each by itself first: what is no YAML is told of the option that is to blame
        alone = ("\n" * number + line).encode("utf-8", "surrogatepass")
        _, wrong = scenarios_in(place, alone, title=name, json=False, limit=LIMIT)
        if wrong:
            raise InputError(wrong)
    text = "\n".join(own).encode("utf-8", "surrogatepass")
    found, wrong = scenarios_in(place, text, title=name, json=False, limit=LIMIT)
    if found is None:
        raise InputError(wrong)
    yield from found
