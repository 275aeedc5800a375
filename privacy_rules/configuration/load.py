"""What a project has configured: `[tool.privacy-rules]` in `pyproject.toml`, or `privacy-rules.toml`.

    [tool.privacy-rules]
    policy = ["policy/customers.privacy"]
    manifests = ["services"]
    fail-on = "undetermined"

The nearest of the two upwards from a folder counts; of both in one folder, `privacy-rules.toml` alone. Paths in it are
relative to its own folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from privacy_rules.findings.threshold import FailOn
from privacy_rules.language.policy import Severity
from privacy_rules.manifest.file_set import shown
from privacy_rules.reports.registry import wrong_format
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order, lowered
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK, FileSystem
from privacy_rules.source.span import Span
from privacy_rules.source.words import lower_first

if TYPE_CHECKING:
    from privacy_rules.configuration.check import Mistake
    from privacy_rules.configuration.model import ConfigurationModel

OWN_FILE = "privacy-rules.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = "privacy-rules"
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is configured; None or empty where nothing is. `folder` is where the file stands, None without one.

    Files, globs and folders are from there, as paths that lead there from anywhere. `manifest_limit` is in bytes.
    `given` has each key that the file gives, as it stands there.
    """

    folder: Path | None = None
    policy: tuple[Path, ...] = ()
    manifests: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    fail_severity: Severity | None = None
    fail_warnings: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    lint: Mapping[str, Severity | Literal["off"]] = field(default_factory=dict)
    lint_fail_severity: Severity | Literal["never"] | None = None
    costs: Mapping[str, float | Literal["never"]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    waiver_days: int | None = None
    waiver_soon_days: int | None = None
    as_of: date | None = None
    statistics: bool = False
    quiet: bool = False
    no_color: bool = False
    manifest_limit: int | None = None
    file: Path | None = field(default=None, compare=False)
    given: Mapping[str, object] = field(default_factory=dict, compare=False)

    def passed_over(self) -> Path | None:
        """The project file beside our own that has a table of ours, too, and is not read."""
        if self.file is None or self.file.name != OWN_FILE:
            return None
        other = _Source.of(self.file.with_name(PROJECT_FILE))
        return other.path if other and other.read() is not None else None

    def mistaken(self, found: Mistake) -> Diagnostic:
        """A mistake that only the manifests bring to light, at its place in the file."""
        return self.blamed(found.key, Diagnostic(codes.CONFIGURATION, found.message, help=found.help), found.part)

    def blamed(self, key: str, found: Diagnostic, value: str | None = None) -> Diagnostic:
        """The diagnostic at the key of this configuration that asked for it (at its `value`), if it has no place of its own."""
        source = _Source.of(self.file) if self.file and key in self.given and found.span is None else None
        return source.at(found, key, value) if source else found


def configuration(start: Path, disk: FileSystem = DISK) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
    """The configuration that applies in a folder: an empty one if none is found, None if it is wrong.

    The nearest one counts, from the folder upwards.
    """
    for folder in (start, *start.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            try:
                found = _Source.of(folder / name, disk)
            except OSError as error:  # it exists and cannot be read: going on without it would be a guess
                message = f"cannot read `{folder / name}`: {lowered(error)}"
                return None, (Diagnostic(codes.CONFIGURATION, message),)
            read = found.read() if found else None
            if read is not None:
                return read
    return Configuration(), ()


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that may configure us."""

    path: Path
    text: str

    @classmethod
    def of(cls, path: Path, disk: FileSystem = DISK) -> _Source | None:
        """The file, if it exists and may configure us: our own always does."""
        try:
            text = disk.read(path, CONFIGURATION_LIMIT).decode("utf-8-sig", "replace")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return cls(path, text) if path.name == OWN_FILE or TABLE in text else None

    def read(self) -> tuple[Configuration | None, tuple[Diagnostic, ...]] | None:
        """What it configures; None where it has no table of ours."""
        import tomllib

        ours = self.path.name == OWN_FILE
        try:
            data: dict[str, Any] = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            meant = ours or re.search(rf"^\s*\[\s*tool\s*\.\s*\"?{TABLE}\b", self.text, re.MULTILINE)
            return (None, (self._no_toml(error),)) if meant else None
        if ours:
            return (None, misplaced) if (misplaced := tuple(self._misplaced(data))) else self._checked(data)
        tool = data.get("tool")
        return self._checked(tool[TABLE]) if isinstance(tool, dict) and TABLE in tool else None

    def _misplaced(self, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
        """Our own file holds nothing else, and needs no table of ours: whoever copies one from a project file is told so."""
        tool = data.get("tool")
        for written, table in (
            (f"tool.{TABLE}", tool.get(TABLE) if isinstance(tool, dict) else None),
            (TABLE, data.get(TABLE)),
        ):
            if isinstance(table, dict):
                help_ = f"in this file the keys stand at the top, and their tables as `[costs]`: leave `{written}` out"
                first = re.search(rf"^\s*\[?\s*({re.escape(written.split('.')[0])})\b", self.text, re.MULTILINE)
                line = self.text.count("\n", 0, first.start(1)) + 1 if first else 1
                found = Diagnostic(codes.CONFIGURATION, f"`[{written}]` is for `{PROJECT_FILE}`", help=help_)
                yield self._placed(found, line, 1, _lines(self.text)[line - 1], "")

    def _checked(self, table: object) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
        from pydantic import ValidationError

        from privacy_rules.configuration.check import misfits, unknown_names
        from privacy_rules.configuration.model import ConfigurationModel

        try:
            model = ConfigurationModel.model_validate(table)
        except ValidationError as error:
            return None, in_order(map(self._mistaken, misfits(error)))
        wrong = [
            self._diagnostic("`format` does not fit", "format", each)
            for each in map(wrong_format, model.format)
            if each
        ]
        wrong += map(self._mistaken, unknown_names(model))
        if wrong:
            return None, in_order(wrong)
        assert isinstance(table, dict)
        return self._configuration(model, table), ()

    def _configuration(self, model: ConfigurationModel, given: Mapping[str, object]) -> Configuration:
        folder = self.path.parent
        return Configuration(
            folder=folder,
            policy=tuple(folder / each for each in model.policy),
            manifests=tuple(str(folder / each) for each in model.manifests),
            format=tuple(_from(folder, each) for each in model.format),
            rule=tuple(model.rule),
            fail_on=model.fail_on,
            fail_severity=model.fail_severity,
            fail_warnings=frozenset(model.fail_warnings),
            severity=model.severity,
            lint=model.lint,
            lint_fail_severity=model.lint_fail_severity,
            costs=model.costs,
            exclude=tuple(os.path.join(folder, each) for each in model.exclude),  # noqa: PTH118 -- a slash at its end counts
            baseline=None if model.baseline is None else folder / model.baseline,
            waiver_days=model.waiver_days,
            waiver_soon_days=model.waiver_soon_days,
            as_of=model.as_of,
            statistics=bool(model.statistics),
            quiet=bool(model.quiet),
            no_color=bool(model.no_color),
            manifest_limit=model.manifest_limit and model.manifest_limit * _MIB,
            file=self.path,
            given=given,
        )

    def _mistaken(self, found: Mistake) -> Diagnostic:
        told = Diagnostic(codes.CONFIGURATION, found.message, help=found.help)
        return self.at(told, found.key or TABLE, found.part)

    def _diagnostic(self, message: str, key: str, help_: str | None) -> Diagnostic:
        return self.at(Diagnostic(codes.CONFIGURATION, message, help=help_), key)

    def at(self, found: Diagnostic, key: str, value: str | None = None) -> Diagnostic:
        """The diagnostic at a key, or at the first mention of a value from there on."""
        line, column, excerpt = self._place(key)
        word = key
        if value is not None:
            place = self._mention(value, line)
            (line, column, excerpt), word = place or (line, column, excerpt), value if place else key
        return self._placed(found, line, column, excerpt, word)

    def _placed(self, found: Diagnostic, line: int, column: int, excerpt: str, word: str) -> Diagnostic:
        end = column + len(word) if word and excerpt.startswith(word, column - 1) else column + 1
        return replace(found, span=Span(shown(self.path), line, column, line, end), excerpt=excerpt)

    def _mention(self, value: str, first: int) -> tuple[int, int, str] | None:
        for number, line in enumerate(_lines(self.text), start=1):
            found = re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])", line) if number >= first else None
            if found:
                return number, found.start() + 1, line
        return None

    def _place(self, key: str) -> tuple[int, int, str]:
        """Line, column and text of where a key of our table stands; else of where the table is first named."""
        lines = list(enumerate(_lines(self.text), start=1))
        for number, line in self._of_table(lines):
            found = re.match(
                rf"""\s*(?:\[\s*(?:tool\s*\.\s*{TABLE}\s*\.\s*)?)?["']?({re.escape(key)})["']?\s*[=\]]""", line
            )
            if found:
                return number, found.start(1) + 1, line
        return next(((number, 1, line) for number, line in lines if TABLE in line), (1, 1, ""))

    def _of_table(self, lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        inside = self.path.name == OWN_FILE
        for number, line in lines:
            if self.path.name != OWN_FILE and line.lstrip().startswith("["):
                inside = TABLE in line
            if inside:
                yield number, line

    def _no_toml(self, error: Exception) -> Diagnostic:
        words = re.sub(r"\s*\(at .*\)\Z", "", str(error))
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        lines = _lines(self.text) or [""]
        line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
        excerpt = lines[line - 1] if line <= len(lines) else ""
        span = Span(shown(self.path), line, column)
        return Diagnostic(codes.CONFIGURATION, f"this is no TOML: {lower_first(words)}", span, excerpt=excerpt)


def _lines(text: str) -> list[str]:
    """The lines as TOML and editors count them: other line ends of Unicode end none."""
    found = [line.removesuffix("\r") for line in text.split("\n")]
    return found if found[-1] else found[:-1]


def _from(folder: Path, format_: str) -> str:
    """`F` as it is, `F=FILE` with the file as from the folder."""
    name, equals, file = format_.partition("=")
    return f"{name}={folder / file}" if equals else name
