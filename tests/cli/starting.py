"""A folder to run `init` in, and what it writes."""

from __future__ import annotations

from pathlib import Path

WRITTEN = [
    ".github/workflows/privacy.yml",
    "privacy-rules.toml",
    "privacy.yaml",
    "privacy/invariants.yaml",
    "privacy/policy.md",
    "privacy/policy.privacy",
]


def files_in(folder: Path) -> list[str]:
    found = (each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file() or each.is_symlink())
    return sorted(each for each in found if not each.startswith(".git/"))
