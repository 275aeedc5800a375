"""Finds the language's home, `dsl/`: inside the installed package, else beside the checkout's package."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def language_home() -> Path:
    """The folder with `grammar.lark`, `VERSION` and `std/`.

    Raises FileNotFoundError where an installation lacks it (a defect of the packaging).
    """
    package = Path(__file__).resolve().parent.parent
    for home in (package / "dsl", package.parent / "dsl"):
        if (home / "grammar.lark").is_file():
            return home
    raise FileNotFoundError("the language's home `dsl/` is missing from this installation")


@cache
def language_version() -> str:
    """The version of the rule language, such as `1.0`."""
    return (language_home() / "VERSION").read_text(encoding="utf-8").strip()
