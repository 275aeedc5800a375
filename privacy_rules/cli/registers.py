"""What the verbs `register` and `site` share: their options, and the judged estate that registers are made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from privacy_rules.cli.inputs import STDIN, configured, day_of, entity_named, project, read
from privacy_rules.cli.options import INPUT, OUTPUT, option
from privacy_rules.cli.progress import Stages
from privacy_rules.cli.shell_completion import files
from privacy_rules.manifest.file_set import shown
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, required
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import is_shipped

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.engine import Inputs
    from privacy_rules.history.since import Past
    from privacy_rules.registers.criteria import Criteria
    from privacy_rules.registers.kinds import Ground
    from privacy_rules.registers.material import Material

_Command = TypeVar("_Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Call:
    """What a call asks for; what is left out, the configuration says."""

    manifests: Sequence[str]
    policies: Sequence[str]
    as_of: date | None
    criteria: Sequence[str] = ()
    since: str | None = None
    category: str | None = None


def criteria_option(command: _Command) -> _Command:
    """`--criteria FILE`, repeatable."""
    return option(
        "--criteria",
        section=INPUT,
        metavar="FILE",
        multiple=True,
        shell_complete=files,
        help="Rules that are criteria for an impact assessment: what violates one meets it.  [default: those of std.dpia]",
    )(command)


def since_option(command: _Command) -> _Command:
    """`--since`."""
    return option(
        "--since",
        section=INPUT,
        metavar="COMMIT|DATE",
        help="Compare with this commit, or with the last one before this day: show which findings and recipients have changed since.",
    )(command)


def link_option(command: _Command) -> _Command:
    """`--link`."""
    return option(
        "--link",
        "link",
        section=OUTPUT,
        metavar="ADDRESS",
        callback=_address,
        help="Link lines to this address, with {file} and {line} in it.  [default: to the files, relative to the output]",
    )(command)


def _address(_: object, __: object, value: str | None) -> str | None:
    import click

    if value is not None and not (value.startswith(("https://", "http://")) and "{file}" in value):
        raise click.BadParameter(
            f"`{value}` is not an address with `{{file}}`, such as https://example.org/{{file}}#L{{line}}"
        )
    return value


def ground(call: Call) -> Ground:
    """Judge the estate of a call, for registers. Raises InputError with all errors in the input."""
    from privacy_rules import engine
    from privacy_rules.registers.kinds import Ground
    from privacy_rules.registers.material import Material
    from privacy_rules.simulation.neighbours import names_by_kind
    from privacy_rules.simulation.world import World
    from privacy_rules.tracing.clause_index import ClauseIndex
    from privacy_rules.tracing.prose_loader import clauses_of, prose_of

    settings, stages = configured(), Stages()
    if call.since is not None and STDIN in call.manifests:
        message = "`--since` needs manifests that are files: standard input has no earlier version"
        raise InputError([Diagnostic(codes.USAGE, message)])
    with stages.stage("reading"):
        inputs = read(call.manifests, call.policies, settings, keep=True)
        disk = project(settings, *call.manifests, *call.policies)
        clauses = ClauseIndex(clauses_of(prose_of(inputs.policy, disk)))
    policy, day = inputs.policy.with_severities(settings.severity), day_of(inputs, settings, call.as_of)
    if call.category is not None:
        entity_named(f"category:{call.category}", names_by_kind(inputs.estate, policy), "category:email")
    world = World(policy, inputs.estate, day)
    wrong = engine.unjudgeable(policy, world.graph)
    if wrong:
        raise InputError(wrong)
    with stages.stage("judging"):
        material = Material(world, clauses, call.category)
        material.found  # noqa: B018 -- judges
    criteria = cache(lambda: _criteria(call, settings, inputs, day))
    if call.since is None:
        return Ground(material, criteria)
    with stages.stage(f"comparing with {call.since}"):
        return _compared(call, settings, inputs, material, criteria)


def texts(call: Call, judged: Ground, limit: int) -> tuple[dict[str, str], Sequence[str]]:
    """The texts of the manifests, policies and prose that registers link to, by name, and the names of those of more than `limit` bytes."""
    from privacy_rules.source.file_system import TooLargeError
    from privacy_rules.tracing.prose_loader import prose_files

    policy, found, too_large = judged.material.policy, dict[str, str](), list[str]()
    own = [each for each in policy.files if not is_shipped(each)]
    names = dict.fromkeys((*judged.material.graph.estate.files, *own, *map(shown, prose_files(policy))))
    disk = project(configured(), *call.manifests, *call.policies)
    for each in names:
        try:
            text = disk.read(Path(each), limit).decode("utf-8", "replace")
            found[each] = text.removeprefix("\ufeff").replace("\r\n", "\n")
        except TooLargeError:
            too_large.append(each)
        except (OSError, ValueError):  # standard input, or prose that does not exist
            continue
    return found, too_large


def _criteria(call: Call, settings: Configuration, inputs: Inputs, day: date) -> Criteria:
    """The estate under the policy and the criteria together. Raises InputError with the errors in them."""
    from privacy_rules import engine
    from privacy_rules.language.loader import survey
    from privacy_rules.registers.criteria import Criteria
    from privacy_rules.simulation.world import World
    from privacy_rules.source.language_files import language_home

    own = [Path(each) for each in inputs.policy.files if not is_shipped(each)]
    packs = [Path(each) for each in call.criteria] or [language_home() / "std" / "dpia.privacy"]
    disk = project(settings, *call.manifests, *call.policies, *call.criteria)
    policy = required(*engine.load_policy([*own, *packs], root=settings.folder, disk=disk))
    assert inputs.documents is not None
    estate = required(*engine.hold(inputs.documents, policy))
    files = {*survey(packs, root=settings.folder, disk=disk).policy.files}
    files -= {*map(shown, own)} - {*map(shown, packs)}
    return Criteria(World(policy, estate, day), inputs.policy, files)


def _compared(
    call: Call, settings: Configuration, inputs: Inputs, material: Material, criteria: Callable[[], Criteria]
) -> Ground:
    from privacy_rules.history.over_time import over_time
    from privacy_rules.history.since import Present
    from privacy_rules.registers.board import Moment
    from privacy_rules.registers.kinds import Ground

    present = Present(
        call.manifests,
        call.policies,
        None,
        settings,
        inputs,
        material.found,
        material.day,
        project(settings, *call.manifests, *call.policies),
    )
    found = required(*over_time(call.since or "", present))
    moments = tuple(Moment(day, past.commit, past.findings) for day, past in found)
    notes = list(dict.fromkeys(note for _, past in found for note in past.notes))
    notes += [f"At {past.commit[:12]} there was no {past.missing} yet." for _, past in found if past.missing]
    first = found[0][1]
    if not _knows_category(first, material.category):
        notes.append(
            f"At {first.commit[:12]} the policy had no category `{material.category}`: every recipient counts as new."
        )
    return Ground(material, criteria, call.since or "", moments, _recipients(first, material), tuple(notes))


def _knows_category(past: Past, category: str | None) -> bool:
    return category is None or past.inputs is None or category in past.inputs.policy.taxonomy("data")


def _recipients(past: Past, material: Material) -> frozenset[str]:
    """The recipients outside at a commit, as in `transfers.recipients`; none if nothing could be judged there yet."""
    from privacy_rules.registers.material import Material
    from privacy_rules.registers.transfers import recipients
    from privacy_rules.simulation.world import World
    from privacy_rules.tracing.clause_index import ClauseIndex

    if past.inputs is None or not _knows_category(past, material.category):
        return frozenset()
    world = World(past.inputs.policy, past.inputs.estate, material.day)
    return recipients(Material(world, ClauseIndex(()), material.category))
