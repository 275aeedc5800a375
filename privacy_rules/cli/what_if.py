"""The verb `what-if`: what findings a change brings and takes away, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import day_of, no_color_option, one_format_option, policy_option, timeout_option
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import DOCUMENTS, render
from privacy_rules.simulation import change_options as forms
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.engine import Inputs
    from privacy_rules.simulation.compare import Answer
    from privacy_rules.simulation.scenario import Scenario, Swap, World
    from privacy_rules.simulation.scenario_files import Written

WRONG_INPUT = 2
STDOUT = "-"
_Command = TypeVar("_Command", bound=Callable[..., Any])
_CHANGING = ("remove", "set", "unset", "add", "end_contract")


class _InOrder(click.Command):
    """A command that knows in which order its changes were given: later ones build on earlier ones."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta["order"] = [each.name for each in order if each.name in _CHANGING or each.name == "as_of"]
        return super().parse_args(ctx, args)


def _change_option(flag: str, help_: str) -> Callable[[_Command], _Command]:
    return click.option(f"--{flag}", multiple=True, metavar=forms.FORMS[flag], help=f"{help_} May be repeated.")


@click.command(
    cls=_InOrder,
    name="what-if",
    epilog="\b\nExample:\n  privacy-rules what-if estate.yaml --set party:mailer.role=marketer --end-contract mail-terms",
)
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=files)
@click.option(
    "--changes",
    "change_files",
    metavar="FILE",
    multiple=True,
    shell_complete=files,
    help="A file of changes: a scenario, or several by name. May be repeated.",
)
@_change_option("remove", "Take something away, and what cannot stand without it.")
@_change_option("set", "Say something else of it; `null` makes it unknown.")
@_change_option("unset", "Say nothing of it any more.")
@_change_option("add", "Add something, as a manifest has it.")
@click.option(
    "--end-contract",
    multiple=True,
    metavar="ID",
    help="Let a contract end before the day that is judged. May be repeated.",
)
@click.option("--as-of", callback=day_of, metavar="DATE", help="Judge what would be on another day.")
@click.option("--name", metavar="NAME", default="these changes", help="What to call what the options change.")
@policy_option
@one_format_option(DOCUMENTS["what_if"])
@click.option(
    "--patch",
    "patch_file",
    metavar="FILE",
    type=click.Path(),
    help="Write the changes as a patch to the manifests, for `git apply`; `-`: to standard output, and tell nothing else.",
)
@timeout_option
@no_color_option
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
    format_: str,
    patch_file: str | None,
    no_color: bool,
    **changing: tuple[str, ...],
) -> int:
    """Tell what findings a change would bring and take away.

    The changes are those of the options, in the order given, and of each --changes FILE; each set of them is weighed by
    itself against things as they are. With --changes and no change of its own, --as-of is the day of before and after. --policy is the policy of afterwards, where the manifest or the configuration names
    that of now; else it holds before and after. An id stands as it is or as a JSON string, as in
    `flow:"a.b"`, which tells where an id with dots ends. --patch keeps comments, order and layout, and is proved to say what the changes do. Exit code 0,
    whatever comes; 2 where the changes cannot be made, or not be written as a patch, or the call is wrong.
    """
    kind, _, file = format_.partition("=")
    from privacy_rules.cli.change_options import of_options, own_changes
    from privacy_rules.cli.inputs import configured
    from privacy_rules.cli.patches import print_patch

    try:
        settings = configured()
        base, swap, inputs = _base(settings, manifests, policies, keep=patch_file is not None)
        found = list(_written(change_files, settings))
        own = own_changes(context.meta["order"], changing, as_of, base)
        if found and not context.meta["order"].count("as_of") < len(own):  # a day alone is that of all the files
            base, own = replace(base, day=as_of or base.day), []
        if own or not found:
            found = [*of_options(own, name, swap, same_policy=bool(policies)), *found]
        patch = _patch(found, inputs) if patch_file is not None else ""
        if patch_file == STDOUT and not file:
            print_patch(patch)
            return 0
        answers = _weighed(base, found, swap)
        view = view_of_output(colour=not (no_color or settings.no_color), in_file=bool(file))
        told = render("what_if", kind, answers, view)
        patches = [] if patch_file is None or patch_file == STDOUT else [report_in(Path(patch_file), patch)]
        write([*patches, *([report_in(Path(file), told)] if file else [])])
        if patch_file == STDOUT:
            print_patch(patch)
        elif not file:
            say(told)
    except InputError as error:
        errors_to(outputs(["json" if kind == "json" and not file else "text"]), error.diagnostics)
        return WRONG_INPUT
    return 0


def _base(
    settings: Configuration, manifests: Sequence[str], policies: Sequence[str], *, keep: bool
) -> tuple[World, Swap | None, Inputs]:
    """Things as they are, and the policy that is put in the place of the one of now, if there are two; and what changes are made on."""
    from privacy_rules import engine
    from privacy_rules.cli.inputs import read
    from privacy_rules.simulation.scenario import Swap, World

    try:
        now = read(manifests, (), settings, keep=keep)
    except InputError as error:
        if not policies or codes.NO_POLICY not in {each.code for each in error.diagnostics}:
            raise
        now, policies = read(manifests, policies, settings, keep=keep), ()
    day = settings.as_of or now.estate.as_of or engine.today()
    known = {each: severity for each, severity in settings.severity.items() if now.policy.rule(each)}
    base = World(now.policy.with_severities(known), now.estate, day)
    if not policies:
        return base, None, now
    then = read(manifests, policies, settings, keep=keep)
    known = {each: severity for each, severity in settings.severity.items() if then.policy.rule(each)}
    return base, Swap(f"the policy {', '.join(policies)}", then.policy.with_severities(known), then.estate), then


def _patch(found: Sequence[Written], inputs: Inputs) -> str:
    """The one scenario as a patch to the manifests. Raises InputError."""
    from privacy_rules.cli.patches import patch_of
    from privacy_rules.simulation.change_words import step_words

    if len(found) != 1:
        names = ", ".join(f"`{each.name}`" for each in found)
        help_ = "name a file with that one alone, or give its changes as options"
        raise InputError([Diagnostic(codes.USAGE, f"a patch is of one scenario, found {names}", help=help_)])
    changes, wrong = found[0].read(inputs.policy)
    if changes is None:
        raise InputError(wrong)
    return patch_of(inputs, changes, [found[0].name, *map(step_words, changes)])


def _written(change_files: Sequence[str], settings: Configuration) -> Iterator[Written]:
    """The change sets of the files. Raises InputError with what is wrong with them."""
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
        found, wrong = scenarios_in(shown(path), content, title=path.stem, json=json, limit=limit)
        if found is None:
            raise InputError(wrong)
        yield from found


def _weighed(base: World, found: Sequence[Written], swap: Swap | None) -> list[Answer]:
    """The answer to each scenario. Raises InputError with what is wrong with them."""
    from privacy_rules.cli.progress import Stages
    from privacy_rules.simulation.compare import weigh
    from privacy_rules.simulation.scenario import Ground

    stages = Stages()
    answers: list[Answer] = []
    scenarios: list[Scenario] = []
    wrong: list[Diagnostic] = []
    for each in found:
        scenario, told = _scenario(each, base, swap)
        wrong += told
        scenarios += [scenario] if scenario else []
    if wrong:
        raise InputError(wrong)
    with stages.stage("judging things as they are"):
        ground = Ground(base)
    for scenario in scenarios:
        with stages.stage(f"weighing {scenario.name}"):
            answer, told = weigh(ground, scenario)
        wrong += told
        answers += [answer] if answer else []
    if wrong:
        raise InputError(wrong)
    return answers


def _scenario(written: Written, base: World, swap: Swap | None) -> tuple[Scenario | None, Sequence[Diagnostic]]:
    from privacy_rules.simulation.change_words import step_words
    from privacy_rules.simulation.scenario import Scenario

    changes, wrong = written.read(swap.policy if swap else base.policy)
    if changes is None:
        return None, wrong
    steps = (*map(step_words, changes), *((swap.words,) if swap else ()))
    return Scenario(written.name, steps, written.read, swap), ()
