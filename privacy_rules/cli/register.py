"""The verb `register`: the registers that a data protection officer keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from privacy_rules.cli.options import (
    INPUT,
    OUTPUT,
    as_of_option,
    formats_option,
    manifest_option,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.registers import criteria_option, link_option, since_option
from privacy_rules.cli.report_output import Output, refuse_binary, refuse_shared_outputs, write_outputs
from privacy_rules.registers.names import COMPARING, NAMES
from privacy_rules.reports.markup.links import Links
from privacy_rules.reports.registry import DOCUMENTS, View
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.spelling import did_you_mean


@verb(
    "register processing --format xlsx=processing.xlsx --format html=processing.html",
    "register board --since 2026-01-01",
)
@click.argument("kind", metavar="KIND", type=click.Choice(list(NAMES)))
@manifest_option
@policy_option
@as_of_option
@criteria_option
@since_option
@option("--category", section=INPUT, metavar="ID", help="Only what may be this category of data, or a narrower one.")
@option("--table", section=OUTPUT, metavar="NAME", help="Write only this table of the register.")
@formats_option("register", help_="The format of the register, on standard output or in FILE.")
@link_option
@timeout_option
def register(
    *,
    kind: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    criteria: tuple[str, ...],
    since: str | None,
    category: str | None,
    table: str | None,
    formats: tuple[str, ...],
    link: str | None,
) -> int:
    """Write a register: processing, vendors, transfers, data map, board.

    KIND is `processing` (the record of processing, by purpose), `processor` (what we process on behalf of others), `vendors`
    (contracts compared with what is sent), `transfers` (recipients by country, and criteria for an impact assessment), `data-map`
    (categories by recipient and country) or `board` (what is broken, expires and has changed). Each row links to its line in
    a manifest and to the clauses whose rules apply. What is not declared is marked, and never filled in.

    Exit code 0, whatever was found; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.registers import Call, ground
    from privacy_rules.registers.kinds import KINDS

    wanted = [Output.of(each, "register") for each in formats or DOCUMENTS["register"][:1]]
    refuse_shared_outputs(wanted)
    refuse_binary(wanted)
    if since is not None and kind not in COMPARING:
        raise _wrong(f"`{kind}` does not compare with an earlier state", f"`--since` is for {' and '.join(COMPARING)}")
    if criteria and kind != "transfers":
        raise _wrong(f"`{kind}` has no criteria", "`--criteria` is for transfers")
    made = KINDS[kind](ground(Call(manifests, policies, as_of, criteria, since, category)))
    if table is not None:
        chosen = tuple(each for each in made.tables if each.name == table)
        if not chosen:
            known = [each.name for each in made.tables]
            help_ = did_you_mean(table, known) or f"its tables are {', '.join(known)}"
            raise _wrong(f"the register `{kind}` has no table `{table}`", help_)
        made = replace(made, tables=chosen)
    write_outputs([(each, each.format.render(made, _view(each, link))) for each in wanted])
    return 0


def _view(output: Output, link: str | None) -> View:
    return View(links=Links(link, str(output.file.parent) if output.file else ""))


def _wrong(message: str, help_: str) -> InputError:
    return InputError([Diagnostic(codes.USAGE, message, help=help_)])
