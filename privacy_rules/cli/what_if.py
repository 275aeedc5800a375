"""The verb `what-if`: which findings a change adds or removes, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from privacy_rules.cli.file_output import report_in
from privacy_rules.cli.options import (
    Verb,
    day_option,
    format_option,
    manifests_argument,
    no_color_option,
    option,
    patch_option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for
from privacy_rules.cli.shell_completion import files
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.reports.registry import render
from privacy_rules.simulation import change_options as forms
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, refuse, required
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.engine import Inputs
    from privacy_rules.simulation.compare import Answer
    from privacy_rules.simulation.scenario import Scenario
    from privacy_rules.simulation.scenario_files import Written
    from privacy_rules.simulation.world import Swap, World

STDOUT = "-"
FAILS = 1
_Command = TypeVar("_Command", bound=Callable[..., Any])
_CHANGES = "Changes, made in the order given"
_CHANGING = ("remove", "set", "unset", "add", "end_contract")


class _InOrder(Verb):
    """A command that knows in which order its changes were given: later ones build on earlier ones."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta["order"] = [each.name for each in order if each.name in _CHANGING or each.name == "as_of"]
        return super().parse_args(ctx, args)


def _change_option(flag: str, help_: str) -> Callable[[_Command], _Command]:
    return option(f"--{flag}", section=_CHANGES, multiple=True, metavar=forms.FORMS[flag], help=help_)


@verb(
    "what-if estate.yaml --set party:mailer.role=marketer --end-contract mail-terms",
    "what-if estate.yaml --changes plan.yaml --patch plan.patch",
    name="what-if",
    cls=_InOrder,
)
@manifests_argument
@policy_option
@day_option("Judge on another day. With --changes and no other change, both sides are judged on it.")
@_change_option("remove", "Remove something, and whatever cannot exist without it.")
@_change_option("set", "Declare another value; `null` makes it unknown.")
@_change_option("unset", "Make an attribute undeclared.")
@_change_option("add", "Add something, as a manifest declares it.")
@option(
    "--end-contract",
    section=_CHANGES,
    multiple=True,
    metavar="ID",
    help="End a contract before the day that is judged.",
)
@option(
    "--changes",
    "change_files",
    section=_CHANGES,
    metavar="FILE",
    multiple=True,
    shell_complete=files,
    help="A file with a change set, or with several by name. Each is compared separately with the current state.",
)
@option(
    "--name", section=_CHANGES, metavar="NAME", default="these changes", help="A name for the changes of the options."
)
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["violation", "undetermined", "never"]),
    default="never",
    help="Exit with code 1 if the changes add such a finding. `undetermined` includes violations.  [default: never]",
)
@format_option("what_if")
@patch_option("Also write the changes as a patch to the manifests, for `git apply`.")
@no_color_option
@timeout_option
@click.pass_context
def what_if(
    context: click.Context,
    /,
    *,
    manifests: tuple[str, ...],
    change_files: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    name: str,
    fail_on: FailOn,
    output: Output,
    patch_file: str | None,
    no_color: bool,
    **changing: tuple[str, ...],
) -> int:
    """Show which findings a change would add or remove.

    The changes are those in the options, in the order given, and those in each --changes FILE. Each set is compared
    separately with the current state. A patch keeps comments, order and layout; before it is written, it is checked that
    it declares exactly the changes.

    KIND is party, system, flow or contract. ID is an id as it is, or as a JSON string, such as flow:"a.b", which shows
    where an id with dots ends. MANIFEST is as for `check`.

    The report also shows on which later days the changes make a difference: "and on 2027-02-01: …".

    Exit code 0, whatever the changes add; 1: with --fail-on, on the day that is judged, they add a finding with that
    verdict, or one gains a datum or a purpose; 2: the changes cannot be made, or cannot be written as a patch, or the call is wrong.
    """
    from privacy_rules.cli.change_files import written
    from privacy_rules.cli.inputs import configured
    from privacy_rules.cli.patches import print_patch
    from privacy_rules.cli.what_if_changes import of_options, own_changes
    from privacy_rules.simulation.world import World

    settings = configured()
    base, swap, inputs = _base(settings, manifests, policies, keep=patch_file is not None)
    found = list(written(change_files, settings))
    own = own_changes(context.meta["order"], changing, as_of, base)
    if found and not context.meta["order"].count("as_of") < len(own):  # a day alone is that of all the files
        base, own = World(base.policy, base.estate, as_of or base.day), []
    if own or not found:
        found = [of_options(own, name, swap, same_policy=bool(policies)), *found]
    patch = _patch(found, inputs) if patch_file is not None else ""
    if patch_file == STDOUT and not output.file and fail_on == "never":
        print_patch(patch)
        return 0
    answers = _answers(base, found, swap)
    threshold = Threshold(fail_on, settings.fail_severity or "error")
    fails = FAILS if fail_on != "never" and any(each.adds_failure(threshold) for each in answers) else 0
    if patch_file == STDOUT and not output.file:
        print_patch(patch)
        return fails
    text = render("what_if", output.name, answers, view_for(settings, output, no_color=no_color))
    output.write(text, [] if patch_file is None or patch_file == STDOUT else [report_in(Path(patch_file), patch)])
    if patch_file == STDOUT:
        print_patch(patch)
    return fails


def _base(
    settings: Configuration, manifests: Sequence[str], policies: Sequence[str], *, keep: bool
) -> tuple[World, Swap | None, Inputs]:
    """The present world; the new policy, if there is one besides the present one; and the inputs that are changed."""
    from privacy_rules.cli.inputs import day_of, read, with_severities
    from privacy_rules.simulation.world import Swap, World

    try:
        now = read(manifests, (), settings, keep=keep)
    except InputError as error:
        if not policies or codes.NO_POLICY not in {each.code for each in error.diagnostics}:
            raise
        now, policies = read(manifests, policies, settings, keep=keep), ()
    base = World(with_severities(now.policy, settings), now.estate, day_of(now, settings))
    if not policies:
        return base, None, now
    new = read(manifests, policies, settings, keep=keep)
    return base, Swap(f"the policy {', '.join(policies)}", with_severities(new.policy, settings), new.estate), new


def _patch(found: Sequence[Written], inputs: Inputs) -> str:
    """The one scenario as a patch to the manifests. Raises InputError if there are several."""
    from privacy_rules.cli.change_files import the_only_one
    from privacy_rules.cli.patches import patch_of
    from privacy_rules.simulation.change_words import step_words

    the_only_one(found, "a patch takes")
    changes = required(*found[0].read(inputs.policy))
    return patch_of(inputs, changes, [found[0].name, *map(step_words, changes)])


def _answers(base: World, found: Sequence[Written], swap: Swap | None) -> list[Answer]:
    """The answer to each scenario. Raises InputError with the errors in them."""
    from privacy_rules.cli.progress import Stages
    from privacy_rules.simulation.compare import Simulation

    stages = Stages()
    answers: list[Answer] = []
    scenarios: list[Scenario] = []
    wrong: list[Diagnostic] = []
    for each in found:
        scenario, errors = _scenario(each, base, swap)
        wrong += errors
        scenarios += [scenario] if scenario else []
    refuse(wrong)
    simulation = Simulation(base)
    if len(scenarios) > simulation.most_scenarios:
        message = f"{len(scenarios):,} scenarios are too many for an estate of {counted(base.estate.size, 'entry')}"
        help_ = f"compare at most {simulation.most_scenarios:,} in one call"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
    for scenario in scenarios:
        with stages.stage(f"judging {scenario.name}"):
            answer, errors = simulation.run(scenario)
        wrong += errors
        answers += [answer] if answer else []
    refuse(wrong)
    return answers


def _scenario(written: Written, base: World, swap: Swap | None) -> tuple[Scenario | None, Sequence[Diagnostic]]:
    from privacy_rules.simulation.change_words import step_words
    from privacy_rules.simulation.scenario import Scenario

    changes, wrong = written.read(swap.policy if swap else base.policy)
    if changes is None:
        return None, wrong
    steps = (*map(step_words, changes), *((swap.words,) if swap else ()))
    return Scenario(written.name, steps, written.read, swap), ()
