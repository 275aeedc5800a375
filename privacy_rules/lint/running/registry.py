"""Every lint, found by looking: each module of the package `lint` is one, and has it as `LINT`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from privacy_rules.lint.running.lint import Lint

_PACKAGE = "privacy_rules.lint"


def lints() -> Mapping[str, Lint]:
    """The lints by name, in the order of their codes."""
    return _found()


@cache
def _found() -> dict[str, Lint]:
    package = import_module(_PACKAGE)
    names = [each.name for each in iter_modules(package.__path__) if not each.ispkg]
    found: list[Lint] = [import_module(f"{_PACKAGE}.{name}").LINT for name in names]
    return {each.name: each for each in sorted(found, key=lambda each: each.code)}
