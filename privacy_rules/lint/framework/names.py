"""The names of the lints, found without loading them: each is the name of a module in the package `lint`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

PACKAGE = "privacy_rules.lint"


@cache
def modules() -> tuple[str, ...]:
    """The names of the modules that have a lint."""
    package = import_module(PACKAGE)
    return tuple(each.name for each in iter_modules(package.__path__) if not each.ispkg)


def names() -> tuple[str, ...]:
    """The lints' names, as in the configuration and in `# allow`."""
    return tuple(each.replace("_", "-") for each in modules())
