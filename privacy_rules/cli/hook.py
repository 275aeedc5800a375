"""The verb `hook`: what a pre-commit hook runs, with the names of the changed files."""

from __future__ import annotations

import click

from privacy_rules.cli.options import timeout_option, verb
from privacy_rules.cli.shell_completion import files as file_names


@verb("hook services/shop/privacy.yaml")
@click.argument("files", metavar="[FILE]...", nargs=-1, shell_complete=file_names)
@timeout_option
@click.pass_context
def hook(context: click.Context, *, files: tuple[str, ...]) -> int:
    """Check what changed files take part in, for a pre-commit hook.

    It does the same as `privacy-rules check --changed FILE` with each FILE, a changed file. Manifests and policies that the
    commit deletes are found through git, and need not be named.

    All configured manifests are judged together, because a flow of one team may break a promise about another's. If the
    policy or the configuration changed, or a manifest was deleted, all findings are reported. If no FILE can matter to the
    check, nothing is judged, and the exit code is 0.
    """
    from privacy_rules.cli.affected_files import relevant

    words = [word for file in relevant(files) for word in ("--changed", file)]
    if not words:
        return 0
    from privacy_rules.cli.check import check

    with check.make_context("hook", words, parent=context) as made:
        return check.invoke(made)
