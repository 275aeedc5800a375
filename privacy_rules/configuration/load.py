"""Load the configuration of a project: `[tool.privacy-rules]` in `pyproject.toml`, or `privacy-rules.toml`.

    [tool.privacy-rules]
    policy = ["policy/customers.privacy"]
    manifests = ["services"]
    fail-on = "undetermined"

The nearest file upwards from a folder counts; if a folder has both, only `privacy-rules.toml` does. Paths in the file
are relative to its own folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from privacy_rules.findings.threshold import FailOn
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits
from privacy_rules.language.policy import Severity
from privacy_rules.manifest.file_set import shown
from privacy_rules.reports.registry import wrong_format
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order, lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import CONFIGURATION_LIMIT, DISK, FileSystem
from privacy_rules.source.project_boundary import Confined, confined_to, project_of
from privacy_rules.source.span import Span
from privacy_rules.source.words import lower_first

if TYPE_CHECKING:
    from privacy_rules.configuration.model import ConfigurationModel
    from privacy_rules.configuration.validation import Problem

OWN_FILE = "privacy-rules.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = "privacy-rules"
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is configured: None, empty or False for a key that is not given.

    `folder` is the folder of the file, or None if there is no file. Files, globs and folders are paths that work from
    anywhere. `manifest_limit` is in bytes. `called_maps` are the maps that the call names, which replace those of `map`. `given` has each key that the file gives, with its value as written.
    """

    folder: Path | None = None
    policy: tuple[Path, ...] = ()
    manifests: tuple[str, ...] = ()
    map: tuple[Path, ...] = ()
    called_maps: tuple[Path, ...] = ()
    format: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    fail_severity: Severity | None = None
    fail_warnings: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    idle_rules: Mapping[str, str] = field(default_factory=dict)
    lint: Mapping[str, Severity | Literal["off"]] = field(default_factory=dict)
    lint_fail_severity: Severity | Literal["never"] | None = None
    costs: Mapping[str, float | Literal["never"]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    waiver_days: int | None = None
    waiver_soon_days: int | None = None
    as_of: date | None = None
    as_of_days: int | None = None
    statistics: bool = False
    quiet: bool = False
    no_color: bool = False
    cache: bool = True
    manifest_limit: int | None = None
    file: Path | None = field(default=None, compare=False)
    given: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def limits(self) -> Limits:
        """What a check warns of."""
        days = {"most_days": self.waiver_days, "soon_days": self.waiver_soon_days}
        given = {name: value for name, value in days.items() if value is not None}
        return replace(USUAL_LIMITS, idle_rules=frozenset(self.idle_rules), **given)

    def unread_project_file(self) -> Path | None:
        """The `pyproject.toml` that has our table, but is not read because our own file is beside it."""
        if self.file is None or self.file.name != OWN_FILE:
            return None
        try:
            other = _Source.of(self.file.with_name(PROJECT_FILE))
        except OSError:
            return None
        return other.path if other and other.read() is not None else None

    def invisible_characters(self) -> tuple[Diagnostic, ...]:
        """Warnings about invisible characters in the file; of a `pyproject.toml`, only in our table."""
        source = _Source.of(self.file) if self.file else None
        return source.invisible_characters() if source else ()

    def problem(self, found: Problem) -> Diagnostic:
        """A problem that only the manifests reveal, at its place in the file."""
        return self.blamed(found.key, Diagnostic(codes.CONFIGURATION, found.message, help=found.help), found.word)

    def blamed(self, key: str, found: Diagnostic, value: str | None = None) -> Diagnostic:
        """The diagnostic, at the key of this configuration that caused it (at its `value`), unless it has a place."""
        source = _Source.of(self.file) if self.file and key in self.given and found.span is None else None
        return source.at(found, key, value) if source else found


def configuration(start: Path, disk: FileSystem = DISK) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
    """The configuration that applies in a folder: an empty one if none is found, None if it has errors.

    In the project of the folder, a file may not be a link that leads out.
    """
    project = Confined(disk, [project_of(start)])
    for folder in (start, *start.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            try:
                found = _Source.of(folder / name, disk)
                if found and project.is_inside(folder):
                    project.refuse(found.path)
            except OSError as error:  # it exists, so the defaults would be a guess
                message = f"cannot read `{folder / name}`: {lowered(error)}"
                return None, (Diagnostic(codes.CONFIGURATION, message),)
            read = found.read() if found else None
            if read is not None:
                return read
    return Configuration(), ()


def formats_configured(start: Path) -> tuple[str, ...]:
    """The formats that a folder's configuration asks for, for reporting errors, even errors in the configuration.

    A format in a file outside the project is left out.
    """
    for folder in (start, *start.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            try:
                source = _Source.of(folder / name)
                table = source.table() if source else None
            except (OSError, ValueError):
                return ()
            if table is not None:
                given = table.get("format") if isinstance(table, dict) else None
                known = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
                inside = confined_to([], folder)
                found = [_from(folder, each) for each in known if not wrong_format(each)]
                return tuple(each for each in found if "=" not in each or _is_inside(inside, each))
    return ()


def _is_inside(disk: Confined, format_: str) -> bool:
    try:
        return disk.is_inside(Path(format_.partition("=")[2]))
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that may hold the configuration."""

    path: Path
    text: str

    @classmethod
    def of(cls, path: Path, disk: FileSystem = DISK) -> _Source | None:
        """The file, if it exists and may hold the configuration: our own file always does."""
        try:
            text = disk.read(path, CONFIGURATION_LIMIT).decode("utf-8-sig", "replace")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return cls(path, text) if path.name == OWN_FILE or TABLE in text else None

    def table(self) -> object:
        """Our table as written; None if the file does not have it. Raises ValueError if it is not TOML."""
        data = self._parsed()
        if self.path.name == OWN_FILE:
            return data
        tool = data.get("tool")
        return tool.get(TABLE) if isinstance(tool, dict) else None

    def read(self) -> tuple[Configuration | None, tuple[Diagnostic, ...]] | None:
        """The configuration in the file; None if it does not have our table."""
        ours = self.path.name == OWN_FILE
        try:
            data = self._parsed()
        except ValueError as error:
            has_table = ours or re.search(rf"^\s*\[\s*tool\s*\.\s*\"?{TABLE}\b", self.text, re.MULTILINE)
            return (None, (self._not_toml(error),)) if has_table else None
        if ours:
            return (None, misplaced) if (misplaced := tuple(self._misplaced(data))) else self._checked(data)
        tool = data.get("tool")
        return self._checked(tool[TABLE]) if isinstance(tool, dict) and TABLE in tool else None

    def invisible_characters(self) -> tuple[Diagnostic, ...]:
        """Warnings about invisible characters in our table."""
        from privacy_rules.language.invisible import of_policy
        from privacy_rules.language.source_text import SourceText

        if self.text.isascii():
            return ()
        ours = {number for number, _ in self._of_table(list(enumerate(_lines(self.text), start=1)))}
        found = of_policy(SourceText(shown(self.path), self.text))
        return tuple(each for each in found if each.span and each.span.line in ours)

    def _parsed(self) -> dict[str, Any]:
        """The file as written. Raises ValueError if it is not TOML."""
        import tomllib

        try:
            return tomllib.loads(self.text)
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error

    def _misplaced(self, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
        """Errors for tables that were copied from `pyproject.toml`: in our own file the keys are at the top level."""
        tool = data.get("tool")
        for written, table in (
            (f"tool.{TABLE}", tool.get(TABLE) if isinstance(tool, dict) else None),
            (TABLE, data.get(TABLE)),
        ):
            if isinstance(table, dict):
                help_ = f"in this file the keys are at the top, and their tables are written as `[costs]`: leave out `{written}`"
                first = re.search(rf"^\s*\[?\s*({re.escape(written.split('.')[0])})\b", self.text, re.MULTILINE)
                line = self.text.count("\n", 0, first.start(1)) + 1 if first else 1
                found = Diagnostic(codes.CONFIGURATION, f"`[{written}]` is for `{PROJECT_FILE}`", help=help_)
                yield self._placed(found, line, 1, _lines(self.text)[line - 1], "")

    def _checked(self, table: object) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
        from pydantic import ValidationError

        from privacy_rules.configuration.model import ConfigurationModel
        from privacy_rules.configuration.validation import Problem, invalid_values, unknown_names

        try:
            model = ConfigurationModel.model_validate(table)
        except ValidationError as error:
            return None, in_order(map(self._problem, invalid_values(error)))
        formats = (
            Problem("`format` does not fit", "format", help=help_) for help_ in map(wrong_format, model.format) if help_
        )
        problems = [*formats, *unknown_names(model)]
        if problems:
            return None, in_order(map(self._problem, problems))
        assert isinstance(table, dict)
        return self._configuration(model, table), ()

    def _configuration(self, model: ConfigurationModel, given: Mapping[str, object]) -> Configuration:
        folder = self.path.parent
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in model if value is not None
        }
        values |= {
            "policy": tuple(folder / each for each in model.policy),
            "manifests": tuple(str(folder / each) for each in model.manifests),
            "map": tuple(folder / each for each in model.map),
            "format": tuple(_from(folder, each) for each in model.format),
            "fail_warnings": frozenset(model.fail_warnings),
            "exclude": tuple(os.path.join(folder, each) for each in model.exclude),  # noqa: PTH118 -- a slash at its end counts
            "baseline": None if model.baseline is None else folder / model.baseline,
            "manifest_limit": model.manifest_limit and model.manifest_limit * _MIB,
        }
        return Configuration(folder=folder, file=self.path, given=given, **values)

    def _problem(self, found: Problem) -> Diagnostic:
        diagnostic = Diagnostic(codes.CONFIGURATION, found.message, help=found.help)
        return self.at(diagnostic, found.key or TABLE, found.word)

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
        """Line, column and text of the line of a key of our table; else of the line that first names the table."""
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

    def _not_toml(self, error: Exception) -> Diagnostic:
        from privacy_rules.source.merge_conflicts import HAS_MARKERS, MARKERS_HELP, first_marker

        words = re.sub(r"\s*\(at .*\)\Z", "", str(error))
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        lines = _lines(self.text) or [""]
        line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
        message, help_, conflict = f"this is not valid TOML: {lower_first(words)}", None, first_marker(self.text)
        if conflict is not None:
            message, help_ = HAS_MARKERS, MARKERS_HELP
            line, column = self.text.count("\n", 0, conflict) + 1, 1
        excerpt = lines[line - 1] if line <= len(lines) else ""
        span = Span(shown(self.path), line, column)
        if "\\" in excerpt:
            help_ = "write `/` between folders, on every system"
        return Diagnostic(codes.CONFIGURATION, message, span, help_, excerpt=excerpt)


def _lines(text: str) -> list[str]:
    """The lines as TOML and editors count them: Unicode's other line ends do not end a line."""
    found = [line.removesuffix("\r") for line in text.split("\n")]
    return found if found[-1] else found[:-1]


def _from(folder: Path, format_: str) -> str:
    """`F` as it is; `F=FILE` with the file in the folder."""
    name, equals, file = format_.partition("=")
    return f"{name}={folder / file}" if equals else name
