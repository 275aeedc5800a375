"""Every lint, found by looking: each module of the package `lint` is one, and has it as `LINT`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from privacy_rules.lint.framework.lint import Lint
from privacy_rules.lint.framework.names import PACKAGE, modules


def lints() -> Mapping[str, Lint]:
    """The lints by name, in the order of their codes."""
    return _found()


def names() -> Mapping[str, str]:
    """The name of each lint, by its name and by its code."""
    return {
        **{each.name: each.name for each in lints().values()},
        **{each.code: each.name for each in lints().values()},
    }


@cache
def _found() -> dict[str, Lint]:
    found: list[Lint] = [import_module(f"{PACKAGE}.{name}").LINT for name in modules()]
    return {each.name: each for each in sorted(found, key=lambda each: each.code)}
