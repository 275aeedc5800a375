"""Find the changed files that a check could depend on, by name and content, without loading the engine.

A pre-commit hook runs at every commit, and most commits change nothing that a check reads, so they must take almost no
time. If in doubt, a file counts, and the check decides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from glob import has_magic
from pathlib import Path

from privacy_rules.configuration.targets import Excluded, is_named_as_manifest
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK, LIMIT, MIB
from privacy_rules.source.real_paths import is_in, real_path

_OWN_FILE, _PROJECT_FILE, _TABLE = "privacy-rules.toml", "pyproject.toml", "privacy-rules"
_POLICY = ".privacy"
_DATA = (".yaml", ".yml", ".json")
_SAYS_SO = re.compile(rb"""manifest["']?\s*:\s*(?:["']?1|[&!*#|>])""")
_ESCAPED = re.compile(rb"\\(?:x|u00|U000000)([0-7][0-9a-fA-F])")


def relevant(files: Sequence[str]) -> list[str]:
    """Return those changed or deleted files that a check could depend on."""
    configured = _Configured()
    found = [each for each in files if _counts(each, configured)]
    return [*found, *(each for each in _deleted(configured) if each not in found)]


def _counts(file: str, configured: _Configured) -> bool:
    path = Path(file)
    if not os.path.isfile(file) or os.path.islink(file):  # noqa: PTH113, PTH114 -- a name that no file can have is none
        return True
    if _is_named_so(path, configured) or is_named_as_manifest(path) or configured.names(file):
        return True
    try:
        return _says_manifest(DISK.read(path))
    except OSError:
        return True


def _deleted(configured: _Configured) -> list[str]:
    """The files that the commit deletes; in a run between two commits, those deleted between them."""
    from privacy_rules.history.deleted_files import deletions

    first, last = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    between = (first, last) if first and last else None
    found = deletions(Path.cwd(), between, limit_of=lambda name: LIMIT if name.lower().endswith(_DATA) else MIB)
    if found is None:  # git cannot answer: anything may have been deleted
        return [os.curdir]
    return [
        _from_here(each.path)
        for each in found
        if not each.is_file
        or _is_named_so(each.path, configured)
        or configured.names(each.path)
        or _says_manifest(each.content)
    ]


def _from_here(path: Path) -> str:
    """A path relative to the working directory, unless that is on another drive of Windows."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def _is_named_so(path: Path, configured: _Configured) -> bool:
    """Whether a file's name is that of a policy or a configuration."""
    if path.name == _PROJECT_FILE:
        return configured.may_be(path)
    return path.suffix == _POLICY or path.name == _OWN_FILE


def _says_manifest(content: bytes) -> bool:
    """Whether a file may say `manifest: 1`, in any of the ways in which YAML and JSON allow it to be written."""
    if _SAYS_SO.search(content):
        return True
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content) if b"\\" in content else content
    return plain != content and _SAYS_SO.search(plain) is not None


class _Configured:
    """The configuration and the files that it names. It is read when it is first needed."""

    def __init__(self) -> None:
        self._found: _ConfigurationFile | None = None
        self._is_read = False

    @property
    def _known(self) -> _ConfigurationFile | None:
        if not self._is_read:
            self._found, self._is_read = _find(), True
        return self._found

    def names(self, file: str | Path) -> bool:
        """Whether the configuration names a file, whatever its ending.

        A configuration that cannot be read may name any file.
        """
        return self._known is None or real_path(file) in self._known.named or self._known.matches(Path(file))

    def may_be(self, file: Path) -> bool:
        """Whether a project file is or was the configuration: upwards from here, there is no other one before it."""
        if self._known is None:
            return True
        folder, found = real_path(file.parent), self._known.file
        if not is_in(str(Path.cwd()), folder):
            return False
        if found is None or real_path(found) == real_path(file):
            return True
        return not is_in(str(found.parent), folder)


@dataclass(frozen=True, slots=True)
class _ConfigurationFile:
    """A configuration file, if there is one, and the real paths of the policies, manifests and baseline that it names."""

    file: Path | None = None
    named: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def matches(self, file: Path) -> bool:
        """Whether a glob among the manifests matches a file: files from other tools do not say `manifest: 1`."""
        return bool(self.patterns) and Excluded(self.patterns, self.file and self.file.parent).has(file)


def _find() -> _ConfigurationFile | None:
    """The nearest configuration; None if it cannot be read."""
    import tomllib

    here = Path.cwd()
    try:
        for folder in (here, *here.parents):
            own, project = folder / _OWN_FILE, folder / _PROJECT_FILE
            if own.exists():
                table = tomllib.loads(_text(own))
                return _ConfigurationFile(own, _paths(table, folder), _globs(table, folder))
            text = _text(project) if project.is_file() else ""
            if _TABLE in text and (table := tomllib.loads(text).get("tool", {}).get(_TABLE)) is not None:
                return _ConfigurationFile(project, _paths(table, folder), _globs(table, folder))
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return None
    return _ConfigurationFile()


def _text(file: Path) -> str:
    return DISK.read(file, CONFIGURATION_LIMIT).decode("utf-8-sig", "replace")


def _paths(table: dict[str, object], folder: Path) -> frozenset[str]:
    given = [table.get(key, []) for key in ("policy", "manifests", "map", "baseline")]
    listed = [each for value in given for each in (value if isinstance(value, list) else [value])]
    return frozenset(real_path(folder / str(each)) for each in listed)


def _globs(table: dict[str, object], folder: Path) -> tuple[str, ...]:
    """The manifests that are given as globs."""
    given = table.get("manifests", [])
    listed = [str(each) for each in given] if isinstance(given, list) else []
    return tuple(str(folder / each) for each in listed if has_magic(each))
