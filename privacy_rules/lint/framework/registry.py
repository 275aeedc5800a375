"""The lints: each module of the package `lint` has one, as `LINT`."""

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
    """Map the name and the code of each lint to its name."""
    return {
        **{each.name: each.name for each in lints().values()},
        **{each.code: each.name for each in lints().values()},
    }


@cache
def _found() -> dict[str, Lint]:
    found: list[Lint] = [import_module(f"{PACKAGE}.{name}").LINT for name in modules()]
    return {each.name: each for each in sorted(found, key=lambda each: each.code)}
