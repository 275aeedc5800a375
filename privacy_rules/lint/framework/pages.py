"""The page of each lint, in `dsl/lints`: what to avoid, what to prefer, and why."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.source.language_files import language_home


def page_file(name: str) -> Path:
    """The file with the page of a lint."""
    return language_home() / "lints" / f"{name}.md"


def page(name: str) -> str:
    """The page of a lint. Raises FileNotFoundError if it has none (an internal error)."""
    return page_file(name).read_text(encoding="utf-8")
