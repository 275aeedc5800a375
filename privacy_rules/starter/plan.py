"""Plan the files that a project starts with. Nothing is written here.

plan(Path("."), "Acme", "github")            -> privacy/policy.md, privacy/policy.privacy, privacy.yaml, …
plan(Path("."), "Acme", "github", "teams")   -> privacy/estate.yaml, privacy/teams/shop.yaml, …
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from privacy_rules import __version__
from privacy_rules.configuration.load import OWN_FILE, PROJECT_FILE, TABLE
from privacy_rules.findings import baseline
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK
from privacy_rules.source.project_boundary import OutsideError, confined_to
from privacy_rules.starter.detection import PACKAGE, Ci
from privacy_rules.starter.name_escaping import as_markdown, as_string

Layout = Literal["single", "teams"]
"""One manifest for everything, or a central one and one for each team."""

GITLAB, GITLAB_SNIPPET, PRE_COMMIT = ".gitlab-ci.yml", ".gitlab/privacy.yml", ".pre-commit-config.yaml"
_LEFT_ALONE = (GITLAB, PRE_COMMIT)  # if they exist, they stay as they are, and the others are written
_GITLAB_INCLUDE = f"include:\n  - local: {GITLAB_SNIPPET}\n"
_NAME = "ORGANISATION"  # the placeholder in the templates
_RELEASE = f"{PACKAGE}=={__version__}"  # what the templates of CI install


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to write: its path, its purpose, all its bytes, and how many of them exist already.

    `kept` is None for a new file: its path must not exist.
    """

    path: Path
    purpose: str
    content: bytes
    kept: int | None = None

    @property
    def is_new(self) -> bool:
        return self.kept is None

    @property
    def added(self) -> str:
        """The text that is new in it."""
        return self.content[self.kept or 0 :].decode("utf-8")


def plan(
    folder: Path, name: str, ci: Ci, layout: Layout = "single", requirement: str = _RELEASE
) -> tuple[Planned, ...]:
    """The files for a tidy name; CI installs the `requirement`. Raises InputError (E303, E305) if one of them exists already."""
    text = _template("policy.md").replace(_NAME, as_markdown(name))
    files = {
        "privacy/policy.md": ("the policy in prose; replace it with your own", text),
        "privacy/policy.privacy": ("its promises, as rules", _named("policy.privacy", name)),
        **(_of_teams(name, requirement) if layout == "teams" else _of_one(name)),
        **_of_ci(ci, layout, requirement),
    }
    files = {
        path: each for path, each in files.items() if path not in _LEFT_ALONE or not os.path.lexists(folder / path)
    }
    _raise(_existing(folder, [*files, OWN_FILE], layout))
    new = [Planned(folder / path, purpose, content.encode()) for path, (purpose, content) in files.items()]
    planned = (*new, _configuration(folder, layout))
    _raise(_outside(folder, planned))
    return planned


def pre_commit(requirement: str) -> str:
    """The configuration of pre-commit that runs the check before each commit."""
    return _template("pre-commit.yaml").replace(_RELEASE, requirement)


def _raise(errors: Iterator[Diagnostic]) -> None:
    found = list(errors)
    if found:
        raise InputError(found)


def _outside(folder: Path, planned: Iterable[Planned]) -> Iterator[Diagnostic]:
    """Errors for files that a symbolic link in the folder leads out of the project."""
    border = confined_to([folder])
    for each in planned:
        try:
            border.refuse(each.path)
        except OutsideError as error:
            yield Diagnostic(codes.UNUSABLE_FILE, f"`{each.path}` cannot be written: {lowered(error)}")


def _existing(folder: Path, paths: Iterable[str], layout: Layout) -> Iterator[Diagnostic]:
    """The error for files that exist already: one message for all of them, since all are in the way."""
    there = [f"`{folder / each}`" for each in paths if os.path.lexists(folder / each)]
    if there:
        names = ", ".join(there[:-1]) + " and " + there[-1] if there[1:] else there[0]
        message = f"{names} already {'exist' if there[1:] else 'exists'}, and `init` overwrites nothing"
        yield Diagnostic(codes.UNUSABLE_FILE, message, help="move it away, or name another folder")
    try:
        _configuration(folder, layout)
    except InputError as error:
        yield from error.diagnostics


def _of_one(name: str) -> dict[str, tuple[str, str]]:
    return {
        "privacy.yaml": (
            "what flows where: an example to replace with your own systems and flows",
            _named("privacy.yaml", name),
        )
    }


def _of_teams(name: str, requirement: str) -> dict[str, tuple[str, str]]:
    return {
        "privacy/estate.yaml": ("what all teams share; start here", _named("teams/estate.yaml", name)),
        "privacy/teams/shop.yaml": ("what one team declares: an example to copy", _template("teams/shop.yaml")),
        "privacy/waivers.yaml": ("findings that somebody accepts for a time", _template("teams/waivers.yaml")),
        "privacy/baseline.json": ("findings that were known when the checks began: none yet", baseline.text_of([])),
        "privacy/tests.yaml": ("tests of the rules", _template("teams/first-tests.yaml")),
        PRE_COMMIT: ("the check before each commit", pre_commit(requirement)),
    }


def _of_ci(ci: Ci, layout: Layout, requirement: str) -> dict[str, tuple[str, str]]:
    """The job of a CI. Steps that need files which not every project has are comments in the templates."""
    if ci == "none":
        return {}
    text = _template(f"{ci}.yml").replace(_RELEASE, requirement)
    for verb in ("trace", "ask", *(["test"] if layout == "teams" else [])):
        text = re.sub(rf"# (- (run: )?privacy-rules {verb}\b)", r"\1", text)
    asked = {"privacy/invariants.yaml": ("what the policy must answer, for `ask`", _template("invariants.yaml"))}
    if ci == "github":
        return {".github/workflows/privacy.yml": ("the check on each change, in GitHub", text), **asked}
    return {
        **asked,
        GITLAB_SNIPPET: ("the check on each change, in GitLab", text),
        GITLAB: ("includes it", _GITLAB_INCLUDE),
    }


def _configuration(folder: Path, layout: Layout) -> Planned:
    """A table at the end of `pyproject.toml` if that exists, else a file of our own."""
    table = _template("teams/configuration.toml" if layout == "teams" else "configuration.toml")
    path = folder / PROJECT_FILE
    if not os.path.lexists(path):
        return Planned(folder / OWN_FILE, "the configuration: what is checked, and what fails", table.encode())
    old = _read(path)
    before = _toml(old, path)
    if TABLE in _tools(before):
        help_ = "this project is already configured: edit that table, or name another folder"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, f"`{path}` already has `[tool.{TABLE}]`", help=help_)])
    content = old + _after(old, f"[tool.{TABLE}]\n{table}")
    _refuse_other_change(before, content, path)
    return Planned(path, f"`[tool.{TABLE}]` added at the end: what is checked, and what fails", content, kept=len(old))


def _after(old: bytes, table: str) -> bytes:
    """The table as it is appended: after a blank line, with the line ends of the file."""
    text = old.decode("utf-8-sig").replace("\r\n", "\n")
    blank = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    ends = "\r\n" if b"\r\n" in old else "\n"
    return (blank + table).replace("\n", ends).encode()


def _refuse_other_change(before: dict[str, Any], content: bytes, path: Path) -> None:
    """Raise InputError if appending changed anything else, as after an inline `tool = {…}`, which takes no further table."""
    try:
        after = tomllib.loads(content.decode("utf-8-sig"))
        _tools(after).pop(TABLE, None)
        same = str(after) in (str(before), str({**before, "tool": {}}))  # as text: a `nan` does not equal itself
    except (ValueError, RecursionError):
        same = False
    if not same:
        help_ = f"write its `tool` as tables, or put the configuration into `{OWN_FILE}` by hand"
        raise InputError([Diagnostic(codes.CONFIGURATION, f"cannot add a table to `{path}`", help=help_)])


def _read(path: Path) -> bytes:
    try:
        return DISK.read(path, CONFIGURATION_LIMIT)
    except OSError as error:
        raise InputError([Diagnostic(codes.CONFIGURATION, f"cannot read `{path}`: {lowered(error)}")]) from error


def _toml(content: bytes, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        help_ = "fix it first: the configuration is added there"
        raise InputError([Diagnostic(codes.CONFIGURATION, f"`{path}` is not valid TOML", help=help_)]) from error


def _tools(data: dict[str, Any]) -> dict[str, Any]:
    tools = data.get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _named(template: str, name: str) -> str:
    return _template(template).replace(_NAME, as_string(name))


def _template(name: str) -> str:
    """A template's text: beside this module, and in a checkout also where CI is kept."""
    here = Path(__file__).resolve().parent
    for folder in (here / "templates", here.parents[1] / "ci"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise FileNotFoundError(f"the template {name} is missing from this installation")
