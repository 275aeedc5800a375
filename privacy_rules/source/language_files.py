"""Find the folder of the language, `dsl/`: inside the installed package, or beside the package in a checkout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_RULE = re.compile(r"^rule (\w+) ", re.MULTILINE)
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
def shipped_files() -> Mapping[str, Path]:
    """The shipped policy files, by what a `use` calls them: `std.core`, `pack.gdpr`."""
    folders = {"std": language_home() / "std", "pack": language_home() / "std" / "packs"}
    return {
        f"{name}.{each.stem}": each for name, folder in folders.items() for each in sorted(folder.glob("*.privacy"))
    }


def shipped_file(name: str) -> Path | None:
    """The shipped policy file that a `use` names; `core` alone is `std.core`."""
    return shipped_files().get(name if "." in name else f"std.{name}")


@cache
def names_of_shipped_files() -> Mapping[Path, str]:
    """The names that reports have for the shipped policy files: `std/core.privacy`, `std/packs/gdpr.privacy`."""
    home = language_home()
    return {each: each.relative_to(home).as_posix() for each in shipped_files().values()}


@cache
def rules_of_packs() -> tuple[str, ...]:
    """The names of the rules that the shipped packs have."""
    packs = (each for name, each in shipped_files().items() if name.startswith("pack."))
    return tuple(name for each in packs for name in _RULE.findall(each.read_text(encoding="utf-8")))


def is_shipped(name: str) -> bool:
    """Return whether a report's name of a policy file is that of a shipped one."""
    return name in names_of_shipped_files().values()


@cache
def language_version() -> str:
    """Return the version of the rule language, such as `1.0`."""
    return (language_home() / "VERSION").read_text(encoding="utf-8").strip()


@cache
def attributes_of_packs() -> Mapping[str, str]:
    """The attributes that shipped files declare, each with what a `use` calls its file, such as `std.obligations`."""
    files = shipped_files().items()
    return {name: used for used, each in files for name in _ATTRIBUTE.findall(each.read_text(encoding="utf-8"))}
