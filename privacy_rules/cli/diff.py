"""The verb `diff`: compares two policies by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import (
    INPUT,
    day_option,
    format_option,
    map_option,
    no_color_option,
    option,
    save_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, saved_examples, view_for, write_outputs
from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import DOCUMENTS, render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.fast_dataclasses import dataclass

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.history.git import GitError
    from privacy_rules.language.policy import Policy
    from privacy_rules.tracing.prose import Clause

FAILS = 1
_SUFFIX = ".privacy"
_NEW_FINDINGS = "new-findings"


@verb(
    "diff old.privacy new.privacy",
    "diff main -- customers.privacy",
    "diff main...HEAD --fail-on material --format markdown",
    "diff main --manifest estate.yaml -- customers.privacy",
    "diff main...HEAD --notice --format markdown=notice.md",
)
@click.argument("sides", metavar="OLD [NEW]", nargs=-1, required=True, shell_complete=files)
@day_option("The first day on which the policies are compared.  [default: the configuration's `as-of`, else today]")
@option(
    "--manifest",
    "manifests",
    section=INPUT,
    metavar="MANIFEST",
    multiple=True,
    shell_complete=files,
    help="Also show which findings come and go in a manifest: a file, a glob, a folder, or `-` for standard input.",
)
@map_option
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["never", "material", "looser", "change", "new-findings"]),
    default="never",
    show_default=True,
    help="`material`: looser in a way that --material names; `looser`: in any way; `change`: any difference. With these three, a difference that is not ruled out also fails. `new-findings`: new findings in the manifests that would fail `check`.",
)
@option(
    "--material",
    "kinds",
    section="What fails",
    metavar="TOPIC[:CATEGORY]",
    multiple=True,
    help="What makes a looser policy a material change: collection, use, disclosure, retention or organisation, of all data or of a category.  [default: collection, use, disclosure, retention]",
)
@save_option("Write each example to a file of policy tests, with the verdicts of NEW.")
@option(
    "--notice",
    "as_notice",
    is_flag=True,
    section="Output",
    help="Draft the notice of the change instead: clause by clause, in plain English, as text or markdown.",
)
@option("--quiet", "-q", is_flag=True, section="Output", help="Leave out the manifests of the examples.")
@format_option("diff")
@no_color_option
@timeout_option
def diff(
    *,
    sides: tuple[str, ...],
    manifests: tuple[str, ...],
    as_of: date | None,
    fail_on: str,
    kinds: tuple[str, ...],
    save: str | None,
    as_notice: bool,
    quiet: bool,
    output: Output,
    no_color: bool,
) -> int:
    """Show what changed in a policy, by meaning.

    OLD and NEW are policy files, or REV:PATH for a file at a commit. `diff REV [-- FILE...]` compares the policy at a commit
    with that in the working tree, `diff A...B` the policies at two commits: at B, and where B left A. Without FILE, the
    configuration's `policy` applies.

    Each rule and the policy as a whole is equivalent, stricter, looser, or both, each with a small example: a manifest that
    was checked with both policies. What the search cannot decide is "not proved".

    --manifest also shows what the change means for your own manifests: the findings that come, go and change.

    Exit code 0: nothing fails; 1: something that --fail-on names was found; 2: the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.analysis.policy_comparison import compare
    from privacy_rules.cli.diff_estate import has_new, read_estate
    from privacy_rules.cli.inputs import configured
    from privacy_rules.cli.progress import Stages
    from privacy_rules.reports.diff.content import Compared, saved
    from privacy_rules.reports.diff.material_change import material, wanted
    from privacy_rules.reports.notice.content import notice

    if as_notice and output.name not in DOCUMENTS["notice"]:
        raise click.UsageError(f"--notice has the formats {' and '.join(DOCUMENTS['notice'])}, not {output.name}")
    settings, stages = configured(), Stages()
    old_side, new_side = _sides(sides, settings)
    with stages.stage("reading"):
        new = new_side.policy(settings)
        old_side = old_side.former()
        old = old_side.policy(settings) if old_side.files else replace(new, rules=())
        judging = manifests or fail_on == _NEW_FINDINGS
        estate = read_estate(manifests, settings, old, new) if judging else None
    topics = wanted(kinds, new)
    day = as_of or settings.as_of or (estate and estate.day) or engine.today()
    with stages.stage("comparing"):
        found = compare(old, new, day)
    with stages.stage("judging"):
        answer = estate.judged(found, new_side.name) if estate else None
    compared = Compared(old_side.name, new_side.name, found, material(found, topics, old, new), answer)
    view = replace(view_for(settings, output, no_color=no_color), quiet=quiet)
    if as_notice:
        before, after = old_side.prose(old, settings), new_side.prose(new, settings)
        text = render("notice", output.name, notice(compared, old, new, before, after), view)
    else:
        text = render("diff", output.name, compared, view)
    texts = [(output, text)]
    if save:
        texts.append(saved_examples("diff", saved(found), new, new_side.files, save))
    write_outputs(texts)
    whole = found.whole
    fails = {
        "never": False,
        "material": bool(compared.material),
        "looser": whole.word in ("looser", "both") or "looser" in whole.unproved,
        "change": bool(compared.changed) or whole.word != "equivalent",
        _NEW_FINDINGS: bool(answer and has_new(answer, settings)),
    }
    return FAILS if fails[fail_on] else 0


@dataclass(frozen=True, slots=True)
class _Side:
    """A policy to compare: files, in the working tree or at a revision.

    `followed`: at the revision, files may have had other names, or not have existed.
    """

    files: Sequence[Path]
    revision: str | None = None
    followed: bool = False

    @property
    def name(self) -> str:
        """The name of the side in reports."""
        from privacy_rules.manifest.file_set import shown

        if not self.files:
            return f"{self.revision}, which has no such policy"
        named = ", ".join(shown(each) for each in self.files)
        return f"{self.revision}:{named}" if self.revision else named

    def former(self) -> _Side:
        """The same side, with the names that its files had at the revision, and without files that did not exist yet.

        Raises InputError.
        """
        if not self.followed or self.revision is None:
            return self
        from privacy_rules.history.git import GitError
        from privacy_rules.history.policy_at import named_at

        try:
            return replace(self, files=named_at(self.revision, self.files))
        except GitError as error:
            raise _git_fails(error) from error

    def policy(self, settings: Configuration) -> Policy:
        """Load the policy. Raises InputError with all errors in it."""
        from privacy_rules.cli.inputs import project, read_policy

        called = [str(each) for each in self.files]
        if self.revision is None:
            return read_policy(self.files, settings, *called)[0]
        from privacy_rules.history.policy_at import policy_at

        found, wrong = policy_at(self.revision, self.files, project(settings, *called), root=settings.folder)
        if found is None:
            raise InputError(wrong)
        return found

    def prose(self, policy: Policy, settings: Configuration) -> list[Clause]:
        """The clauses of the prose that the policy names."""
        from privacy_rules.cli.inputs import project
        from privacy_rules.history.git import GitError
        from privacy_rules.history.policy_at import prose_at
        from privacy_rules.tracing.prose_loader import clauses_of, prose_of

        disk = project(settings, *(str(each) for each in self.files))
        if self.revision is None:
            return clauses_of(prose_of(policy, disk))
        try:
            return prose_at(self.revision, policy, disk)
        except GitError as error:
            raise _git_fails(error) from error


def _sides(words: Sequence[str], settings: Configuration) -> tuple[_Side, _Side]:
    """The two policies that a call means."""
    first, *others = words
    if ".." in first and not _is_file(first):
        one, dots, other = first.partition("..." if "..." in first else "..")
        named = _files(others, settings)
        begin = first if dots == "..." else one or "HEAD"
        return _Side(named, begin, followed=True), _Side(named, other or "HEAD")
    if _is_file(first) or _at_revision(first):
        if len(others) != 1:
            raise click.UsageError(f"{len(words)} policies are given: name OLD and NEW, or a revision and files")
        return _named(first), _named(others[0])
    named = _files(others, settings)
    return _Side(named, first, followed=True), _Side(named)


def _named(word: str) -> _Side:
    found = None if _is_file(word) else _at_revision(word)
    return _Side([Path(word)]) if found is None else found


def _is_file(word: str) -> bool:
    return Path(word).is_file() or (word.endswith(_SUFFIX) and ":" not in word)


def _at_revision(word: str) -> _Side | None:
    """The side that `REV:PATH` means; the path starts at the top of the repository."""
    revision, colon, path = word.partition(":")
    if not (revision and colon and path):
        return None
    from privacy_rules.history.git import GitError
    from privacy_rules.history.policy_at import top_of_repository

    try:
        return _Side([top_of_repository() / path], revision)
    except GitError as error:
        raise _git_fails(error) from error


def _git_fails(error: GitError) -> InputError:
    return InputError([Diagnostic(codes.COMMIT, str(error), help=error.help)])


def _files(words: Sequence[str], settings: Configuration) -> Sequence[Path]:
    late = next((each for each in words if each.startswith("-") and not Path(each).exists()), None)
    if late is not None:
        raise click.UsageError(f"`{late}` is after `--`, so it is taken as a file: write options before `--`")
    found = [Path(each) for each in words] or list(settings.policy)
    if not found:
        raise click.UsageError(
            "no policy is named, and the configuration names none: `diff main -- a.privacy` names one"
        )
    return found
