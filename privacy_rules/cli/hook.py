"""The verb `hook`: what a pre-commit hook runs, with the names of the changed files."""

from __future__ import annotations

import click

from privacy_rules.cli.check import check


@click.command(epilog="\b\nExample:\n  privacy-rules hook services/shop/privacy.yaml")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path())
@click.pass_context
def hook(context: click.Context, *, files: tuple[str, ...]) -> int:
    """Check what changed files take part in, for a pre-commit hook.

    FILE is a changed file. All configured manifests are judged together, never one alone: a flow of one team's may break a
    promise in another's. Where the policy or the configuration changed, all findings are reported. The same as
    `privacy-rules check --changed FILE`, with each FILE; exit code 0 too where there is no FILE.
    """
    if not files:
        return 0
    words = [word for file in files for word in ("--changed", file)]
    with check.make_context("hook", words, parent=context) as made:
        return int(check.invoke(made))
