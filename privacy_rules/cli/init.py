"""The verb `init`: writes a policy, manifests, a configuration and a CI job to start from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import option, verb
from privacy_rules.cli.report_output import print_lines
from privacy_rules.source.invisible_characters import visible

if TYPE_CHECKING:
    from privacy_rules.starter.detection import Ci, Guess
    from privacy_rules.starter.plan import Layout, Planned


def _name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from privacy_rules.starter.name_escaping import tidy

    if value is not None and not tidy(value):
        raise click.BadParameter("a name needs at least one visible character")
    return value


@verb('init --name "The Acme Company" --ci github', "init --layout teams")
@click.argument("folder", metavar="[FOLDER]", default=".")
@option(
    "--name",
    callback=_name,
    metavar="TEXT",
    help="The organisation's name.  [default: that of git's remote, pyproject.toml, package.json or the folder]",
)
@option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    help="Where the check runs on each change.  [default: as the repository suggests]",
)
@option(
    "--layout",
    type=click.Choice(["single", "teams"]),
    default="single",
    show_default=True,
    help="`single`: one manifest. `teams`: a central file, a file for each team, waivers, a baseline, tests and pre-commit.",
)
@option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def init(*, folder: str, name: str | None, ci: Ci | None, layout: Layout, dry_run: bool) -> int:
    """Write a policy, a manifest and a check in CI to start from.

    All are small, and the check passes. The configuration is added at the end of `pyproject.toml` if that file exists.

    FOLDER is the project's folder, by default the working directory, and is created if it does not exist. Nothing is ever
    overwritten: if one of the files already exists, nothing is written, and the exit code is 2. Only `.gitlab-ci.yml` and
    `.pre-commit-config.yaml` may exist: they stay as they are, and the lines to add are printed.
    """
    from privacy_rules.starter import detection
    from privacy_rules.starter.name_escaping import tidy
    from privacy_rules.starter.plan import plan
    from privacy_rules.starter.writing import write

    where = Path(folder)
    remote = detection.Remote() if name and ci else detection.remote(where)
    organisation = detection.Guess(tidy(name), "") if name else detection.organisation(where, remote)
    runs = ci or detection.ci(where, remote)
    requirement = detection.requirement()
    files = plan(where, organisation.name, runs, layout, requirement)
    if not dry_run:
        write(files)
    print_lines(*_written(files, organisation, dry_run=dry_run), *(_contents(files) if dry_run else ()))
    print_lines(*_left_to_do(where, files, layout, requirement))
    if "file:" in requirement and (runs != "none" or layout == "teams"):
        print_lines(
            f"the check installs {requirement}, which only this machine has: name a place that everybody can reach"
        )
    if runs == "none" and ci is None:
        print_lines("no CI job was written, because it belongs at the top of the repository; `--ci` writes it here")
    if not dry_run:
        print_lines(_next(where))
    return 0


def _written(files: Sequence[Planned], organisation: Guess, *, dry_run: bool) -> Iterator[str]:
    origin = f" ({organisation.origin}; `--name` sets another)" if organisation.origin else ""
    yield f"{'would write' if dry_run else 'wrote'}, for {organisation.name}{origin}:"
    names = [visible(each.path.as_posix()) for each in files]
    width = max(map(len, names))
    yield from (f"  {name:<{width}}  {each.purpose}" for name, each in zip(names, files, strict=True))


def _contents(files: Sequence[Planned]) -> Iterator[str]:
    for each in files:
        yield ""
        yield f"--- {each.path.as_posix()}{'' if each.is_new else ' (added at the end)'}"
        yield from each.added.strip().split("\n")


def _next(folder: Path) -> str:
    there = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    return f"next: {there}privacy-rules check"


def _left_to_do(folder: Path, files: Sequence[Planned], layout: Layout, requirement: str) -> Iterator[str]:
    """Yield what users have to add by hand to files that already exist."""
    from privacy_rules.cli.check_call import CODE_OWNERS
    from privacy_rules.starter.plan import GITLAB, GITLAB_SNIPPET, PRE_COMMIT, pre_commit

    paths = [each.path for each in files]
    if folder / GITLAB_SNIPPET in paths and folder / GITLAB not in paths:
        yield f"to run the check, include it in {GITLAB}:  include: [{{local: {GITLAB_SNIPPET}}}]"
    if layout == "single":
        return
    if folder / PRE_COMMIT not in paths:
        yield f"to check before each commit, add this to `repos` in {PRE_COMMIT}:"
        yield from pre_commit(requirement).partition("repos:\n")[2].rstrip().split("\n")
    owners = next((each for each in CODE_OWNERS if lexists(folder / each)), None)
    if owners:
        yield f"to have the right people approve changes, add these lines to {owners}, with your own team names:"
        yield from ("  /privacy/                 @privacy-team", "  /privacy/teams/shop.yaml  @shop-team")
