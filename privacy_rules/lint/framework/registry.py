"""The lints: each module of the package `lint` has one, as `LINT`, and each has a page in `dsl/lints`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from privacy_rules.source.language_files import language_home

if TYPE_CHECKING:
    from privacy_rules.lint.framework.lint import Lint

_PACKAGE = "privacy_rules.lint"


@cache
def lint_names() -> tuple[str, ...]:
    """The lints' names, as in the configuration and in `# allow`. This loads no lint."""
    package = import_module(_PACKAGE)
    return tuple(each.name.replace("_", "-") for each in iter_modules(package.__path__) if not each.ispkg)


@cache
def lints() -> Mapping[str, Lint]:
    """The lints by name, in the order of their codes."""
    found: list[Lint] = [import_module(f"{_PACKAGE}.{name.replace('-', '_')}").LINT for name in lint_names()]
    return {each.name: each for each in sorted(found, key=lambda each: each.code)}


def names() -> Mapping[str, str]:
    """Map the name and the code of each lint to its name."""
    return {
        **{each.name: each.name for each in lints().values()},
        **{each.code: each.name for each in lints().values()},
    }


def page_file(name: str) -> Path:
    """The file with the page of a lint: what to avoid, what to prefer, and why."""
    return language_home() / "lints" / f"{name}.md"


def page(name: str) -> str:
    """The page of a lint. Raises FileNotFoundError if it has none (an internal error)."""
    return page_file(name).read_text(encoding="utf-8")
