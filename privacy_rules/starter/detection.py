"""Detect the organisation and the CI of a folder's project, so that `init` need not ask."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from os.path import isdir, lexists  # unlike pathlib's, they return False for a folder without access
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

from privacy_rules.configuration.load import PROJECT_FILE
from privacy_rules.history.git import GitError, Repository
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK
from privacy_rules.source.package_version import __version__
from privacy_rules.starter.name_escaping import tidy

PACKAGE = "privacy-rules"
Ci = Literal["github", "gitlab", "none"]

_URL = re.compile(r"\A[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(?P<host>[^/:@]+)(?::\d+)?/+(?P<path>.+)\Z", re.IGNORECASE)
_SCP = re.compile(r"\A(?:[^/@:]+@)?(?P<host>[^/:@\\]{2,}):(?P<path>[^:\\]+)\Z")


@dataclass(frozen=True, slots=True)
class Guess:
    """A name, and where it comes from in words."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Remote:
    """Host and path of git's remote `origin`; both are empty if `origin` is not set or is a folder."""

    host: str = ""
    path: str = ""


def organisation(folder: Path, remote: Remote) -> Guess:
    """The organisation whose project a folder is. The folder need not exist yet."""
    sources: tuple[tuple[str, Callable[[Path], str]], ...] = (
        ("the owner of git's remote `origin`", lambda _: _owner(remote)),
        (f"the project's name in `{PROJECT_FILE}`", _name_in_pyproject),
        ("the package's name in `package.json`", _name_in_package),
        ("the folder's name", lambda where: where.resolve().name),
    )
    found = (Guess(tidy(read(folder)), origin) for origin, read in sources)
    return next((each for each in found if each.name), Guess("Our organisation", "no name was found"))


def ci(folder: Path, remote: Remote) -> Ci:
    """The CI that would run the checks of a folder; `none` for a folder inside a repository, where no CI looks."""
    if not lexists(folder / ".git") and any(lexists(each / ".git") for each in folder.resolve().parents):
        return "none"
    if "github" in remote.host:
        return "github"
    if "gitlab" in remote.host:
        return "gitlab"
    return "gitlab" if lexists(folder / ".gitlab-ci.yml") and not lexists(folder / ".github") else "github"


def remote(folder: Path) -> Remote:
    """The remote of the repository that a folder is in, asked of git once."""
    try:
        url = Repository.around(next(_upwards(folder))).remote("origin")
    except GitError:  # no git, no repository, or one without a remote
        return Remote()
    found = _URL.match(url) or _SCP.match(url)
    return Remote(found["host"].lower(), found["path"]) if found else Remote()


def requirement() -> str:
    """The requirement with which pip installs this very version of privacy-rules (PEP 610).

    It is a release of an index, a commit of a repository, or else the folder or file that it was installed from.
    """
    try:
        text = distribution(PACKAGE).read_text("direct_url.json")
        source = json.loads(text) if text else {}
    except (PackageNotFoundError, OSError, ValueError):
        source = {}
    url, vcs = _text(source, "url"), _text(source, "vcs_info", "commit_id")
    if vcs:
        address = f"git+{_without_secrets(url)}@{vcs}"
        return (
            address if url.startswith("file:") else f"{PACKAGE} @ {address}"
        )  # older pips take no name before git+file
    if source.get("dir_info") is None or not url:
        return f"{PACKAGE} @ {_without_secrets(url)}" if url else f"{PACKAGE}=={__version__}"
    return _published(Path(url2pathname(urlsplit(url).path))) or f"{PACKAGE} @ {url}"


def _published(checkout: Path) -> str | None:
    """The commit of a checkout, in the repository that it came from."""
    try:
        repository = Repository.around(checkout)
        commit = repository.commit("HEAD")
    except GitError:
        return None
    found = remote(checkout)
    return f"{PACKAGE} @ git+https://{found.host}/{found.path}@{commit}" if found.host else None


def _without_secrets(url: str) -> str:
    """The address without user name and password, which must not be written into a file of the project."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _owner(remote: Remote) -> str:
    parts = [each for each in remote.path.split("/") if each]
    return unquote(parts[0]).lstrip("~") if len(parts) > 1 else ""


def _upwards(folder: Path) -> Iterator[Path]:
    """The folder and those above it that exist, the nearest first."""
    absolute = folder.absolute()
    return (each for each in (absolute, *absolute.parents) if isdir(each))  # noqa: PTH112


def _name_in_pyproject(folder: Path) -> str:
    with suppress(OSError, ValueError, RecursionError):
        data = tomllib.loads(DISK.read(folder / PROJECT_FILE, CONFIGURATION_LIMIT).decode("utf-8-sig"))
        return _text(data, "project", "name") or _text(data, "tool", "poetry", "name")
    return ""


def _name_in_package(folder: Path) -> str:
    """The name in `package.json`; of `@acme/shop` only the scope."""
    with suppress(OSError, ValueError, RecursionError):
        name = _text(json.loads(DISK.read(folder / "package.json", CONFIGURATION_LIMIT).decode("utf-8-sig")), "name")
        return name[1:].partition("/")[0] if name.startswith("@") else name
    return ""


def _text(data: Any, *keys: str) -> str:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
