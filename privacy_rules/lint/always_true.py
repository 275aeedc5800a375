"""A condition that the vocabularies and types never let be false, whatever is declared.

rule r { require retention <= unlimited on system }          # found
rule s { forbid flow when notice or not notice }             # found

rule r { require retention <= 2 years on system }            # passes

A term that stands above all others of its vocabulary is no mistake: the vocabulary may grow.
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.running.constants import Constant, constants
from privacy_rules.lint.running.lint import Found, Lint
from privacy_rules.lint.running.reading import Reading


def _check(reading: Reading) -> Iterable[Found]:
    return (_found(each) for each in constants(reading) if each.value)


def _found(constant: Constant) -> Found:
    message = f"`{constant.condition.text}` can never be false, whatever is declared"
    help_ = "say what is meant; to ask only whether something is declared, write `… is declared`"
    return Found(constant.condition.span, message, help_)


LINT = Lint("always-true", "L106", "warning", "a condition that is never false", _check)
