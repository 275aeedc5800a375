"""The verb `export`: write an estate in the format of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import OUTPUT, map_option, option, policy_option, timeout_option, verb
from privacy_rules.cli.shell_completion import files as file_names
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.invisible_characters import visible

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from privacy_rules.engine import Inputs
    from privacy_rules.manifest.exporting.registry import Format
    from privacy_rules.manifest.model import Estate

_NAMES = ("csv", "cyclonedx", "dpv", "openlineage", "otm", "tables", "threagile")
"""The formats, listed here so that the verb's help loads no exporter."""
_TABLES = "tables"
_MOST_LOST = 20


@verb(
    "export cyclonedx -o bom.json",
    "export tables estate.yaml --policy customers.privacy -o warehouse/",
)
@click.argument("format_", metavar="FORMAT", type=click.Choice(_NAMES))
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=file_names)
@map_option
@policy_option
@option(
    "--output",
    "-o",
    "file",
    section=OUTPUT,
    metavar="PATH",
    shell_complete=file_names,
    help="The file to write to; for `csv` and `tables`, the folder.  [default: standard output]",
)
@option(
    "--format",
    "kind",
    section=OUTPUT,
    type=click.Choice(["parquet", "duckdb"]),
    help="The kind of tables: Parquet files, one for each table, or one DuckDB database.  [default: parquet]",
)
@timeout_option
def export(
    *,
    format_: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    file: str | None,
    kind: str | None,
) -> int:
    """Write the estate in the format of another tool, or as tables.

    FORMAT is csv, cyclonedx, dpv (JSON-LD), openlineage, otm, tables or threagile. What it cannot hold is listed on
    standard error, with its path in a manifest and how often it occurs. A default of a file becomes a value of each
    entity that it applies to. MANIFEST is as for `check`.

    `tables` hold the whole estate: flows, systems, parties and contracts, and a manifest `privacy.json` that includes
    them and has the rest. `check FOLDER` then judges as before. They need the extra `scale`, and overwrite no file.

    Exit code 0; 2: the input or the call is wrong, and nothing is written.
    """
    from privacy_rules.cli.file_output import report_in, write
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.cli.report_output import print_lines, say
    from privacy_rules.manifest.exporting.estate_data import EstateData
    from privacy_rules.manifest.exporting.registry import FORMATS
    from privacy_rules.manifest.importing.shipped_maps import identifiers

    wanted = FORMATS.get(format_)
    if kind is not None and wanted is not None:
        raise InputError([Diagnostic(codes.USAGE, "`--format` is only for `tables`", help="leave it out")])
    if file is None and (wanted is None or len(wanted.files) > 1):
        help_ = f"name one, as in `privacy-rules export {format_} -o tables/`"
        raise InputError([Diagnostic(codes.USAGE, f"`{format_}` has several files and needs a folder", help=help_)])
    stages = Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, configured())
    with stages.stage("exporting"):
        if wanted is None:
            assert file is not None
            _write_tables(inputs, Path(file), kind or "parquet")
            return 0
        data = EstateData.of(inputs.estate, identifiers(inputs.policy))
        texts = wanted.write(data)
    notes = list(_notes(wanted, inputs.estate, data.lost))
    if file is None:
        print_lines(*notes, error=True)
        say("".join(texts.values()))
    else:
        targets = {Path(file, name) if len(texts) > 1 else Path(file): text for name, text in texts.items()}
        if len(texts) > 1:
            _make_folder(Path(file))
        write([report_in(path, text) for path, text in targets.items()])
        print_lines(*notes, error=True)
    return 0


def _write_tables(inputs: Inputs, folder: Path, kind: str) -> None:
    from privacy_rules.cli.report_output import print_lines
    from privacy_rules.manifest.tables.exporting import NotKnownError, exported
    from privacy_rules.manifest.tables.table_files import TABLES
    from privacy_rules.source.words import counted, listed
    from privacy_rules.starter.plan import Planned
    from privacy_rules.starter.writing import write

    try:
        files = exported(inputs.estate, inputs.policy, kind)
    except NotKnownError as error:
        message = "the policy has an attribute `not_known`, which is the name of a column that tables need"
        raise InputError([Diagnostic(codes.USAGE, message, help="rename the attribute")]) from error
    except ModuleNotFoundError as error:
        if error.name not in ("duckdb", "pyarrow"):
            raise
        help_ = "install it: `pip install 'privacy-rules[scale]'`"
        raise InputError([Diagnostic(codes.NO_EXTRA, "tables need the extra `scale`", help=help_)]) from error
    write([Planned(folder / name, "a table", content) for name, content in files.items()])
    counts = [counted(len(inputs.estate.records(entity)), entity.value) for entity in TABLES.values()]
    print_lines(f"wrote {listed(counts)} to {', '.join(files)} in {visible(str(folder))}", error=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        message = f"`{visible(str(folder))}` cannot be made a folder: {lowered(error)}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message, help="nothing was written")]) from error


def _notes(wanted: Format, estate: Estate, lost: Counter[str]) -> Iterator[str]:
    """Lines for standard error: what was exported, and what is lost."""
    from privacy_rules.source.words import counted

    counts = f"{counted(len(estate.systems), 'system')} and {counted(len(estate.flows), 'flow')}"
    yield f"exported {counts} ({wanted.title})"
    rows: Mapping[str, int] = dict(sorted(lost.items(), key=lambda each: (-each[1], each[0])))
    for path, count in list(rows.items())[:_MOST_LOST]:
        yield f"lost: {visible(path)} ({count:,})"
    if len(rows) > _MOST_LOST:
        yield f"lost: {len(rows) - _MOST_LOST:,} more attributes"
