"""The verb `site`: all registers as one static site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, manifest_option, policy_option, timeout_option, verb
from privacy_rules.cli.registers import criteria_option, link_option, since_option
from privacy_rules.cli.report_output import print_lines
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.file_system import DISK, LIMIT
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.registers.kinds import Ground
    from privacy_rules.registers.model import Register

LIST = "site.json"
"""The file that lists the files of a site, by which a later call knows the folder."""
_NAME = re.compile(r"(?:files/|sources/)?[A-Za-z0-9_-]+(?:\.[a-z]+)+")
_LARGEST_SOURCE = 4 * 2**20
"""A larger file, in bytes, gets no page: a browser would take too long to show it."""


@verb("site registers/ --since 2026-01-01")
@click.argument("folder", metavar="FOLDER")
@manifest_option
@policy_option
@as_of_option
@criteria_option
@since_option
@link_option
@timeout_option
def site(
    *,
    folder: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    criteria: tuple[str, ...],
    since: str | None,
    link: str | None,
) -> int:
    """Write all registers as a static site.

    FOLDER is created if it does not exist. The site has a page for each register, and for each category that is disclosed;
    each register as a file; and the manifests and policies, whose lines the pages link to. It needs no server and no network.
    A folder that an earlier call has written is updated. Any other folder has to be empty.

    Exit code 0; 2: the input or the call is wrong, or the folder cannot be used. Then nothing is written.
    """
    from privacy_rules.cli.progress import Stages
    from privacy_rules.cli.registers import Call, ground, texts
    from privacy_rules.registers.kinds import KINDS
    from privacy_rules.reports.site.pages import BOARD, pages

    where = Path(folder)
    before = _listed(where)
    call = Call(manifests, policies, as_of, criteria, since)
    judged = ground(call)
    with Stages().stage("writing"):
        found = {kind: KINDS[kind](judged) for kind in (BOARD, *(each for each in KINDS if each != BOARD))}
        workbooks = find_spec("xlsxwriter") is not None
        sources, too_large = ({}, ()) if link else texts(call, judged, _LARGEST_SOURCE)
        made = pages(found, _lineages(judged), sources, link=link, workbooks=workbooks)
    _write(where, made, *before)
    print_lines(
        f"wrote {counted(len(made), 'file')} to {where.as_posix()}; start with {(where / 'index.html').as_posix()}"
    )
    for each in too_large:
        print_lines(
            f"without a page for `{each}`, which is larger than 4 MiB: `--link` links to it elsewhere", error=True
        )
    if not workbooks:
        print_lines("without Excel files, which need the extra `xlsx`: pip install 'privacy-rules[xlsx]'", error=True)
    return 0


def _lineages(judged: Ground) -> Mapping[str, Register]:
    """The lineage of each category that is disclosed."""
    from privacy_rules.registers.data_map import data_map
    from privacy_rules.registers.material import Material

    whole = judged.material
    disclosed = sorted({each for flow in whole.disclosures() for each in flow.data or ()})
    return {each: data_map(Material(whole.world, whole.index, each)) for each in disclosed}


def _listed(folder: Path) -> tuple[bytes | None, frozenset[str]]:
    """The list of an earlier site in a folder, as it is on disk, and the files in it; None if there is nothing in the folder.

    Raises InputError if the folder is neither empty nor a site.
    """
    try:
        kind = DISK.kind(folder)
        if kind not in (None, "folder"):
            raise _unusable(f"`{folder}` is not a folder", "name a folder for the site")
        if kind is None or not [*DISK.entries(folder)]:
            return None, frozenset()
        content = DISK.read(folder / LIST, LIMIT)
    except FileNotFoundError as error:
        raise _foreign(folder) from error
    except (OSError, ValueError) as error:
        raise _unusable(f"the folder `{folder}` cannot be used: {lowered(error)}", None) from error
    try:
        listed = json.loads(content)["files"]
        return content, frozenset(each for each in listed if _NAME.fullmatch(each))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _foreign(folder) from error


def _foreign(folder: Path) -> InputError:
    message = f"the folder `{folder}` is not empty, and is not a site that this verb has written"
    return _unusable(message, "name a folder that is empty or does not exist")


def _unusable(message: str, help_: str | None) -> InputError:
    return InputError([Diagnostic(codes.UNUSABLE_FILE, message, help=help_)])


def _write(folder: Path, made: Mapping[str, str | bytes], listed: bytes | None, before: frozenset[str]) -> None:
    """Write the files, all or none, and remove those of an earlier site that are not among them."""
    from privacy_rules.cli.file_output import report_in, rewritten, write
    from privacy_rules.source.folders import make_folders, remove

    strange = [each for each in (*made, LIST) if each not in before and DISK.kind(folder / each) is not None]
    if strange and (strange[0] != LIST or listed is None):
        raise _unusable(f"`{folder / strange[0]}` exists, and no earlier site wrote it", "name another folder")
    listing = json.dumps({"version": 1, "files": sorted(made)}, indent=1) + "\n"
    with ExitStack() as undo:
        try:
            for each in made:
                make_folders((folder / each).parent, undo)
        except (OSError, ValueError) as error:
            raise _unusable(f"the folder `{folder}` cannot be made: {lowered(error)}", "nothing was written") from error
        written = [report_in(folder / name, content) for name, content in made.items()]
        write([*written, rewritten(folder / LIST, listing, "nothing" if listed is None else listed)])
        undo.pop_all()
    remove(folder / each for each in sorted(before - set(made)))
