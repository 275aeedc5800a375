"""Print what the changelog says of a version, for its GitHub release.

    python .ci/release_notes.py v1.2.3

Fails, and says why, if the tag is not `v` and the version of the package, or if the changelog does not have a section
for the version with the day of the release: `### 1.2.3 (2026-01-31)`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "privacy_rules/source/package_version.py"
CHANGELOG = "CHANGELOG.md"


def notes(tag: str, root: Path = ROOT) -> str:
    """The changelog's section for a tag, without its heading. Raises ValueError if something does not fit."""
    version = _version((root / PACKAGE).read_text(encoding="utf-8"))
    if tag != f"v{version}":
        raise ValueError(f"the tag is `{tag}`, but {PACKAGE} says version `{version}`")
    heading, text = _section((root / CHANGELOG).read_text(encoding="utf-8"), version)
    if not re.fullmatch(r"\(\d{4}-\d\d-\d\d\)", heading):
        raise ValueError(f"{CHANGELOG} does not give the day of release `{version}`, as `### {version} (2026-01-31)`")
    return text


def _version(source: str) -> str:
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if found is None:
        raise ValueError(f"{PACKAGE} does not set `__version__`")
    return found[1]


def _section(changelog: str, version: str) -> tuple[str, str]:
    """What follows the version in the heading, and the text up to the next heading. The tool's part comes first."""
    pattern = rf"^### {re.escape(version)} (.*)\n((?:(?!##).*\n)*)"
    found = re.search(pattern, changelog.partition("\n## The rule language\n")[0], re.MULTILINE)
    if found is None:
        raise ValueError(f"{CHANGELOG} does not have a section for version `{version}`")
    return found[1].strip(), found[2].strip()


if __name__ == "__main__":
    try:
        sys.stdout.write(notes(sys.argv[1]) + "\n")
    except ValueError as error:
        sys.exit(f"error: {error}")
