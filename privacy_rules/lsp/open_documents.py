"""The texts of files: an editor's open document, or else the file on disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from pygls.uris import from_fs_path, to_fs_path

from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.source.file_system import DISK

POLICY_LANGUAGE = "privacy"
POLICY_ENDING = ".privacy"
_NOT_SAVED, _ELSEWHERE = "untitled", ".elsewhere"
_UNLIKE_A_NAME = re.compile(r"[^\w-]")
_LONGEST = 100


class Texts:
    """Open documents by path. `version` grows with every possible change of a text, `disk` with every possible change on disk."""

    def __init__(self) -> None:
        self.version = 0
        self.disk = 0
        self._open: dict[Path, str] = {}
        self._uris: dict[Path, str] = {}
        self._numbers: dict[str, int] = {}
        self._policies: frozenset[Path] = frozenset()

    @property
    def open(self) -> dict[Path, str]:
        """The text of each open document; never changed in place, so no copy is needed."""
        return self._open

    def put(self, uri: str, language: str, text: str, number: int | None = None) -> None:
        """Set the text of an open document; `number` is the client's version."""
        path = self.path(uri, language)
        if path not in self._open:
            self.touch()
        self._uris[path] = uri
        if language == POLICY_LANGUAGE and path.suffix != _ELSEWHERE:
            self._policies |= {path}
        self._open = {**self._open, path: text}
        if number is not None:  # after the text, so that a number never precedes its text
            self._numbers[uri] = number
        self.version += 1

    def drop(self, uri: str) -> None:
        """Close a document: the text on disk counts again."""
        path = self.path(uri)
        self._open = {each: text for each, text in self._open.items() if each != path}
        self._uris.pop(path, None)
        self._numbers.pop(uri, None)
        self._policies -= {path}
        self.touch()

    def is_policy(self, path: Path) -> bool:
        """Return whether the editor says that an open document is a policy."""
        return path in self._policies

    def with_texts(self, changed: Mapping[Path, str]) -> Texts:
        """Return a copy with some other texts."""
        made = Texts()
        made._open = {**self._open, **changed}
        made._policies = self._policies
        return made

    def touch(self) -> None:
        """Note that something on disk may have changed."""
        self.version += 1
        self.disk += 1

    def path(self, uri: str, language: str = "") -> Path:
        """Return the file of a document. An unsaved one is taken to be in the working directory.

        A document that is not a file, such as one at a commit, gets a name without any of our endings.
        """
        known = next((path for path, each in self._uris.items() if each == uri), None)
        if known is not None:
            return known
        scheme, _, rest = uri.partition(":")
        try:
            if scheme == "file" and rest:
                return Path(to_fs_path(uri) or rest).resolve()
            name = unquote(rest)
            if scheme == _NOT_SAVED:
                ending = POLICY_ENDING if language == POLICY_LANGUAGE and not name.endswith(POLICY_ENDING) else ""
                return Path(name + ending).resolve()
        except (OSError, ValueError, RuntimeError):  # a zero byte, or a circle of links: there is no such file
            pass
        return Path.cwd() / f"document_{_UNLIKE_A_NAME.sub('_', uri)[-_LONGEST:]}{_ELSEWHERE}"

    def uri(self, path: Path) -> str:
        """Return the URI of a file's document."""
        return self._uris.get(path) or from_fs_path(str(path)) or path.as_uri()

    def number(self, uri: str) -> int | None:
        """Return the client's version of a document; None if it is not open."""
        return self._numbers.get(uri)

    def text(self, path: Path) -> str | None:
        """Return the text of a file; None if it cannot be read."""
        if path in self._open:
            return self._open[path]
        try:
            return DISK.read(path).decode("utf-8")
        except (OSError, ValueError):
            return None

    def lines(self, path: Path) -> Lines:
        """Return the text with places; empty if it cannot be read."""
        return Lines(self.text(path) or "")
