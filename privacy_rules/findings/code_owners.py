"""Read a CODEOWNERS file, in the syntax of GitHub or of GitLab, and find the owners of a path.

    owners = CodeOwners.read("*.yaml @acme/privacy\\n/services/shop/ @acme/shop", gitlab=False)
    owners.of("services/shop/privacy.yaml")     -> ("@acme/shop",)

The last line that matches a path decides; in GitLab's syntax, it decides for its own section only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.path_patterns import ANY_NAME, ANY_PARTS, Name, compiled, fits

_SECTION = re.compile(r"\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?\Z")
_BLANK = re.compile(r"(?<!\\)\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A pattern and its owners. `excludes`: its section has no owners for the paths that it matches."""

    names: tuple[Name, ...]
    owners: tuple[str, ...]
    excludes: bool


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The sections of a file, each with its lines from the last to the first. GitHub's syntax has one section."""

    sections: tuple[tuple[_Line, ...], ...]

    @classmethod
    def read(cls, text: str, *, gitlab: bool) -> CodeOwners:
        """Read the text of a file. A file with sections is in GitLab's syntax, whatever `gitlab` says."""
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
            names = _names(first.removeprefix("!") if excludes else first, gitlab=gitlab)
            if first.strip("!/"):
                current.append(_Line(names, _owners(rest) or usual, excludes))
        return cls(tuple(tuple(reversed(each)) for each in sections.values()))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, which starts at the top of the repository."""
        return tuple(dict.fromkeys(owner for lines in self.sections for owner in _in_section(lines, path.split("/"))))

    def all(self) -> frozenset[str]:
        """Every owner that the file names."""
        return frozenset(owner for lines in self.sections for line in lines for owner in line.owners)


def _in_section(lines: tuple[_Line, ...], parts: Sequence[str]) -> tuple[str, ...]:
    matching = [each for each in lines if fits(each.names, parts)]
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


def _names(pattern: str, *, gitlab: bool) -> tuple[Name, ...]:
    """The names of a pattern. One without a slash matches at any depth, in GitLab also one with a slash inside."""
    anchored = pattern.startswith("/") or (not gitlab and "/" in pattern.rstrip("/"))
    parts = [each for each in pattern.split("/") if each]
    names = [ANY_PARTS if each == "**" else compiled(each.replace("[", "[[]")) for each in parts]
    if not anchored:
        names.insert(0, ANY_PARTS)
    if pattern.endswith("/") or parts[-1:] == ["**"]:
        return (*names, ANY_NAME, ANY_PARTS)
    direct = len(parts) > 1 and parts[-1] == "*"  # `docs/*` has the files in docs, and none below
    return tuple(names) if direct else (*names, ANY_PARTS)
