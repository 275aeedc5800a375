"""Find the folder of the language, `dsl/`: inside the installed package, or beside the package in a checkout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_ATTRIBUTE = re.compile(r"^attribute (\w+) on ", re.MULTILINE)


@cache
def language_home() -> Path:
    """Return the folder with `grammar.lark`, `VERSION` and `std/`.

    Raises FileNotFoundError if the installation lacks it, which is an error of packaging.
    """
    package = Path(__file__).resolve().parent.parent
    for home in (package / "dsl", package.parent / "dsl"):
        if (home / "grammar.lark").is_file():
            return home
    raise FileNotFoundError("the folder `dsl/` is missing from this installation")


@cache
def language_version() -> str:
    """Return the version of the rule language, such as `1.0`."""
    return (language_home() / "VERSION").read_text(encoding="utf-8").strip()


@cache
def attributes_of_packs() -> Mapping[str, str]:
    """The attributes that shipped files declare, each with the name of its file, such as `obligations`."""
    files = sorted((language_home() / "std").glob("*.privacy"))
    return {name: each.stem for each in files for name in _ATTRIBUTE.findall(each.read_text(encoding="utf-8"))}
