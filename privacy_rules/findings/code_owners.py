"""Read a CODEOWNERS file, in the syntax of GitHub or of GitLab, and find the owners of a path.

    owners = CodeOwners.read("*.yaml @acme/privacy\\n/services/shop/ @acme/shop", gitlab=False)
    owners.of("services/shop/privacy.yaml")     -> ("@acme/shop",)

The last line that matches a path decides. In GitLab's syntax that holds for each section by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SECTION = re.compile(r"\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?\Z")
_BLANK = re.compile(r"(?<!\\)\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A pattern and its owners. `excludes`: its section has no owners for what it matches."""

    pattern: re.Pattern[str]
    owners: tuple[str, ...]
    excludes: bool


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The sections of a file, each with its lines from the last to the first. GitHub's syntax has one section."""

    sections: tuple[tuple[_Line, ...], ...]

    @classmethod
    def read(cls, text: str, *, gitlab: bool) -> CodeOwners:
        """Read the text of a file. One that has sections is in GitLab's syntax, whatever `gitlab` says."""
        lines = [line for each in text.removeprefix("\ufeff").splitlines() if (line := each.strip()) and line[0] != "#"]
        gitlab = gitlab or any(map(_SECTION.match, lines))
        sections: dict[str, list[_Line]] = {"": []}
        current, usual = sections[""], tuple[str, ...]()
        for line in lines:
            header = _SECTION.match(line) if gitlab else None
            if header:
                current, usual = sections.setdefault(header[1].casefold(), []), _owners(_words(header[2] or ""))
                continue
            first, *rest = _words(line)
            excludes = gitlab and first.startswith("!")
            pattern = re.compile(_regex(first.removeprefix("!") if excludes else first, gitlab=gitlab), re.DOTALL)
            current.insert(0, _Line(pattern, _owners(rest) or usual, excludes))
        return cls(tuple(map(tuple, sections.values())))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, which starts at the top of the repository."""
        return tuple(dict.fromkeys(owner for lines in self.sections for owner in _in_section(lines, path)))

    def all(self) -> frozenset[str]:
        """Every owner that the file names."""
        return frozenset(owner for lines in self.sections for line in lines for owner in line.owners)


def _in_section(lines: tuple[_Line, ...], path: str) -> tuple[str, ...]:
    matching = [each for each in lines if each.pattern.match(path)]
    return () if not matching or any(each.excludes for each in matching) else matching[0].owners


def _words(line: str) -> list[str]:
    """The words of a line, up to a comment. A blank after a backslash belongs to its word."""
    found: list[str] = []
    for word in _BLANK.split(line.strip()):
        if word.startswith("#"):
            break
        found += [re.sub(r"\\([\s#])", r"\1", word)] if word else []
    return found


def _owners(words: list[str]) -> tuple[str, ...]:
    """The teams, people and addresses among some words."""
    return tuple(each for each in words if "@" in each)


def _regex(pattern: str, *, gitlab: bool) -> str:
    """A pattern as a regular expression. One without a slash matches at any depth, in GitLab also one with a slash inside."""
    anchored = pattern.startswith("/") or (not gitlab and "/" in pattern.rstrip("/"))
    segments = [each for each in pattern.split("/") if each]
    start = "" if anchored or segments[:1] == ["**"] else "(?:.*/)?"
    if pattern.endswith("/") or segments[-1:] == ["**"]:
        end = ".+" if segments[-1:] == ["**"] else "/.+"
    else:
        direct = len(segments) > 1 and segments[-1] == "*"  # `docs/*` has the files in docs, and none below
        end = "" if direct else "(?:/.*)?"
    return f"{start}{''.join(_pieces(segments))}{end}\\Z"


def _pieces(segments: list[str]) -> Iterator[str]:
    last = len(segments) - 1
    for number, each in enumerate(segments):
        if each == "**":
            yield "" if number == last else "(?:.*/)?"
        else:
            plain = "".join({"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character)) for character in each)
            yield plain if number == last else f"{plain}/"
