"""The verb `import`: convert files from other tools into a manifest, or draft a map of their words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import OUTPUT, format_option, map_option, option, policy_option, timeout_option, verb
from privacy_rules.cli.report_output import Output, errors_to, view_for, write_outputs
from privacy_rules.cli.shell_completion import files as file_names
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy_rules.configuration.load import Configuration
    from privacy_rules.language.policy import Policy
    from privacy_rules.manifest.importing.registry import Format


@verb(
    "import fides .fides/systems.yml --suggest-map -o fides.map.yaml",
    "import threagile.yaml --map threagile.map.yaml -o privacy.yaml",
    name="import",
)
@click.argument("words", metavar="[FORMAT] FILE...", nargs=-1, shell_complete=file_names)
@policy_option
@map_option
@option(
    "--suggest-map",
    section=OUTPUT,
    is_flag=True,
    help="Draft a map instead: each word that no map has, how often it occurs, and the closest term of the policy.",
)
@option(
    "--output",
    "-o",
    "file",
    section=OUTPUT,
    metavar="FILE",
    shell_complete=file_names,
    help="The file to write the manifest or the map to.  [default: standard output]",
)
@format_option("import")
@timeout_option
def import_(
    *,
    words: tuple[str, ...],
    policies: tuple[str, ...],
    suggest_map: bool,
    file: str | None,
    output: Output,
) -> int:
    """Convert files from other tools into a manifest.

    FORMAT may be left out if the content shows it. Nothing is guessed: what the files do not say stays undeclared. What
    a manifest cannot express is listed on standard error, with its path and count. With a policy, words that do not match
    one of its terms are left undeclared; without one, all words are written as they are. `check` also reads such files
    directly.

    Exit code 0; 2: the input or the call is wrong, and nothing is written.
    """
    from privacy_rules.cli.inputs import configured, project, sources
    from privacy_rules.cli.progress import Stages
    from privacy_rules.manifest.importing.result import import_files
    from privacy_rules.manifest.importing.suggested_map import suggested
    from privacy_rules.manifest.lexicon import Lexicon
    from privacy_rules.reports.import_.document import ImportReport
    from privacy_rules.source.file_system import LIMIT

    settings = configured()
    only, named = _format(words)
    policy, warnings = _policy(policies, settings)
    if suggest_map and policy is None:
        help_ = "give one with `--policy FILE`, or in the configuration's `policy`"
        raise InputError(
            [Diagnostic(codes.NO_POLICY, "`--suggest-map` needs a policy, whose terms it suggests", help=help_)]
        )
    stages = Stages()
    with stages.stage("reading"):
        result, found = import_files(
            sources(named, settings),
            only=only,
            maps=settings.map,
            lexicon=Lexicon(policy) if policy else None,
            limit=settings.manifest_limit or LIMIT,
            root=settings.folder,
            disk=project(settings, *named),
        )
    if result is None:
        raise InputError(found)
    errors_to([], [*warnings, *found])
    with stages.stage("comparing words"):
        document = ImportReport(result, suggested(result, policy) if suggest_map and policy else None)
    view = view_for(settings, output)
    texts = [(output, render("import", output.name, document, view))]
    if file is not None:
        text = Output("text", Path(file), "import")
        texts = [(text, render("import", "text", document, view)), *(texts if output.name != "text" else ())]
    write_outputs(texts, notes=tuple(document.notes()))
    return 0


def _format(words: Sequence[str]) -> tuple[Format | None, Sequence[str]]:
    """The format, if the first word names one and is not a file; and the files. Raises InputError if there are none."""
    from privacy_rules.manifest.importing.registry import FORMATS, listing

    only = FORMATS.get(words[0]) if words and (len(words) > 1 or not Path(words[0]).exists()) else None
    named = words[1:] if only else words
    if not named:
        help_ = f"name one, as in `privacy-rules import fides systems.yml`; the formats are {listing()}"
        raise InputError([Diagnostic(codes.NO_MANIFEST, "no file is given", help=help_)])
    return only, named


def _policy(policies: Sequence[str], settings: Configuration) -> tuple[Policy | None, Sequence[Diagnostic]]:
    from privacy_rules.cli.inputs import read_policy

    files = [Path(each) for each in policies] or list(settings.policy)
    return read_policy(files, settings, *policies) if files else (None, ())
