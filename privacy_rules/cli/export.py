"""The verb `export`: write the estate for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from privacy_rules.cli.options import OUTPUT, option, policy_option, timeout_option, verb
from privacy_rules.cli.report_output import print_lines
from privacy_rules.cli.shell_completion import files as file_names
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.words import counted, listed


@verb("export tables warehouse/ estate.yaml --policy customers.privacy")
@click.argument("what", metavar="tables", type=click.Choice(["tables"]))
@click.argument("folder", metavar="FOLDER", shell_complete=file_names)
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=file_names)
@policy_option
@option(
    "--format",
    "format_",
    section=OUTPUT,
    type=click.Choice(["parquet", "duckdb"]),
    default="parquet",
    help="Parquet files, one for each table, or one DuckDB database.  [default: parquet]",
)
@timeout_option
def export(
    *,
    what: str,  # noqa: ARG001 -- there is one kind so far
    folder: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
) -> int:
    """Write the estate as tables: flows, systems, parties and contracts.

    FOLDER gets the tables, and a manifest `privacy.json` that includes them and has what tables cannot hold: the
    organisation, waivers, the day and the name. `check FOLDER` then judges as before. A default of a file becomes a value
    of each entity that it applies to. No file is overwritten.

    It needs the extra `scale`: pip install 'privacy-rules[scale]'. MANIFEST is as for `check`.

    Exit code 0; 2: the input or the call is wrong, and nothing is written.
    """
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.manifest.tables.exporting import NotKnownError, exported
    from privacy_rules.manifest.tables.table_files import TABLES
    from privacy_rules.starter.plan import Planned
    from privacy_rules.starter.writing import write

    inputs = read(manifests, policies, configured())
    try:
        files = exported(inputs.estate, inputs.policy, format_)
    except NotKnownError as error:
        message = "the policy has an attribute `not_known`, which is the name of a column that tables need"
        raise InputError([Diagnostic(codes.USAGE, message, help="rename the attribute")]) from error
    except ModuleNotFoundError as error:
        if error.name not in ("duckdb", "pyarrow"):
            raise
        help_ = "install it: `pip install 'privacy-rules[scale]'`"
        raise InputError([Diagnostic(codes.NO_EXTRA, "tables need the extra `scale`", help=help_)]) from error
    write([Planned(Path(folder, name), "a table", content) for name, content in files.items()])
    counts = [counted(len(inputs.estate.records(entity)), entity.value) for entity in TABLES.values()]
    print_lines(f"wrote {listed(counts)} to {', '.join(files)} in {folder}", error=True)
    return 0
