"""The verb `ask`: answers questions about a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from privacy_rules.cli.options import (
    INPUT,
    day_option,
    format_option,
    no_color_option,
    option,
    policy_option,
    save_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, saved_examples, view_for, write_outputs
from privacy_rules.cli.shell_completion import files, rule_names
from privacy_rules.reports.registry import render

FAILS = 1


@verb(
    'ask "can disclosure of email to marketer comply" --policy customers.privacy',
    'ask customers.privacy "does no_selling imply no_leak"',
    "ask --file invariants.yaml",
)
@click.argument("questions", metavar="[QUESTION]...", nargs=-1)
@policy_option
@option(
    "--file",
    "suite",
    section=INPUT,
    metavar="FILE",
    shell_complete=files,
    help="A file of questions with the answers that are expected; other answers fail.",
)
@option(
    "--under",
    section=INPUT,
    metavar="RULE",
    multiple=True,
    shell_complete=rule_names,
    help="Consider only this rule.  [default: every rule]",
)
@day_option("The day whose rules and vocabularies count.  [default: the configuration's `as-of`, else today]")
@save_option("Write each example to a file of policy tests.")
@format_option("ask")
@no_color_option
@timeout_option
def ask(
    *,
    questions: tuple[str, ...],
    policies: tuple[str, ...],
    suite: str | None,
    under: tuple[str, ...],
    as_of: date | None,
    save: str | None,
    output: Output,
    no_color: bool,
) -> int:
    """Answer questions about a policy, about every possible manifest.

    A QUESTION is one of: `can SUBJECT [when CONDITION] comply`, `can SUBJECT [when CONDITION] violate`, `does RULE imply
    RULE`, `is anything forbidden that RULE requires`. SUBJECT and CONDITION are those of the rule language. A yes comes with a small
    manifest that was checked, a no with the rules that prove it. What the search cannot decide is "not proved".

    Exit code 0: all answers are as --file expects, or --file is not used; 1: an answer differs or is not proved; 2: the input or the call
    is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.analysis.asking import Asking
    from privacy_rules.analysis.effective_dates import later_days
    from privacy_rules.cli.inputs import configured, project
    from privacy_rules.cli.progress import Stages
    from privacy_rules.cli.questions import Posed, asked_in, posed
    from privacy_rules.reports.ask.content import Answered, saved

    settings, stages = configured(), Stages()
    asked: list[Posed] = [Posed(each, under) for each in questions]
    named: Sequence[Path] = [Path(each) for each in policies]
    if suite is not None:
        more, theirs = asked_in(Path(suite), project(settings, suite))
        asked += more
        named = named or theirs
    if not asked:
        raise click.UsageError('no question is asked: `ask "can disclosure of email comply"` asks one')
    with stages.stage("reading"):
        named = named or settings.policy
        policy, found = posed(asked, named, settings, [*policies, *([suite] if suite else [])])
    with stages.stage("answering"):
        day = as_of or settings.as_of or engine.today()
        later = tuple(later_days(day, policy))
        scopes = [each.rule.name for each in found if each.word in ("comply", "violate")]
        asking = Asking(policy, day, scopes)
        answers = [
            Answered(question, asking.answer(question), one.expected, day, later)
            for one, question in zip(asked, found, strict=True)
        ]
    texts = [(output, render("ask", output.name, answers, view_for(settings, output, no_color=no_color)))]
    if save:
        bare = replace(policy, rules=tuple(each for each in policy.rules if each.name not in scopes))
        texts.append(saved_examples("ask", saved(answers, bare), bare, named, save))
    write_outputs(texts)
    return FAILS if any(each.fails for each in answers) else 0
