"""Read the change set files that are named on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, required

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.simulation.scenario_files import Written
    from privacy_rules.simulation.world import World


def written(change_files: Sequence[str], settings: Configuration) -> Iterator[Written]:
    """The change sets of the files. Raises InputError with the errors in them."""
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.manifest.read_file import unreadable
    from privacy_rules.simulation.scenario_files import scenarios_in
    from privacy_rules.source.file_system import DISK, LIMIT

    limit = settings.manifest_limit or LIMIT
    for each in change_files:
        path = Path(each)
        try:
            content = DISK.read(path, limit)
        except (OSError, ValueError) as error:
            raise InputError([unreadable(shown(path), error)]) from error
        json = path.suffix.lower() == ".json"
        yield from required(*scenarios_in(shown(path), content, title=path.stem, json=json, limit=limit))


def the_only_one(found: Sequence[Written], what: str) -> Written:
    """Return the one scenario. Raises InputError if there are several; the message begins with `what`."""
    if len(found) != 1:
        names = ", ".join(f"`{each.name}`" for each in found)
        help_ = "give a file with only one scenario, or give its changes as options"
        message = f"{what} one scenario, but there are {len(found)}: {names}"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
    return found[0]


def changed(now: World, file: str, settings: Configuration, *, day: date | None) -> World:
    """Return the world after the changes of a file, judged on `day`, or else on the day that the changes name.

    Raises InputError.
    """
    scenario = the_only_one([*written([file], settings)], "a forecast takes")
    changes = required(*scenario.read(now.policy))
    return required(*now.after(changes, day=day))
