"""The names of the lints, without loading one: each is that of its module in the package `lint`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

PACKAGE = "privacy_rules.lint"


@cache
def modules() -> tuple[str, ...]:
    """The modules that are lints each."""
    package = import_module(PACKAGE)
    return tuple(each.name for each in iter_modules(package.__path__) if not each.ispkg)


def names() -> tuple[str, ...]:
    """Each lint's name, as a configuration and `# allow` have it."""
    return tuple(each.replace("_", "-") for each in modules())
