"""Measure how deep conditions nest, including the defines that they use, and find cycles of defines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from privacy_rules.language import syntax
from privacy_rules.language.cycles import in_order
from privacy_rules.language.policy import MAX_DEPTH
from privacy_rules.language.policy_errors import Errors
from privacy_rules.language.syntax_walks import with_depth
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(slots=True)
class Nesting:
    """How deep the defines of a policy nest.

    `heights` gives the number of nested conditions of each define that is neither in a circle nor too deep. `too_deep` are the
    defines with more than 100, which is reported, and all that use them.
    """

    heights: dict[str, int] = field(default_factory=dict)
    too_deep: set[str] = field(default_factory=set)

    def fits(self, condition: syntax.Condition, errors: Errors) -> bool:
        """Return whether a condition nests at most 100 deep; otherwise report it, or the define that nests too deep."""
        if condition.height > MAX_DEPTH:
            self._report(condition, errors)
            return False
        for use, depth in uses(condition):
            if use.name.text in self.too_deep:
                return False
            if depth + self.heights.get(use.name.text, 0) > MAX_DEPTH:
                self._report(use, errors)
                return False
        return True

    def height(self, condition: syntax.Condition) -> int:
        """Return how many conditions nest in this one, itself included."""
        through = (depth + self.heights.get(use.name.text, 0) for use, depth in uses(condition))
        return max((condition.height, *through))

    def _report(self, condition: syntax.Condition, errors: Errors) -> None:
        help_ = "name a part of it with `define`"
        errors.report(codes.TOO_DEEP, f"conditions nest deeper than {MAX_DEPTH} here", condition.span, help_)


def measure(defines: Mapping[str, syntax.Define], errors: Errors) -> Nesting:
    """Measure how deep each define nests, and report those that are in a circle or too deep."""
    nesting = Nesting()
    used: dict[str, dict[str, syntax.Named]] = {}
    for name, define in defines.items():
        found = {use.name.text: use for use, _ in reversed(list(uses(define.condition)))}
        used[name] = {other: use for other, use in found.items() if other in defines}
    order, closing = in_order(used)
    for name, other in closing:
        message = f"define `{name}` uses " + ("itself" if name == other else f"`{other}`, which depends on it")
        errors.report(codes.CIRCLE, message, used[name][other].span)
    broken = {name for name, _ in closing}
    for name in order:
        condition = defines[name].condition
        if not nesting.fits(condition, errors):
            nesting.too_deep.add(name)
        elif name not in broken:
            nesting.heights[name] = nesting.height(condition)
    return nesting


def uses(condition: syntax.Condition) -> Iterator[tuple[syntax.Named, int]]:
    """Yield the flags and defines that a condition names, each with its depth: 1 for the condition itself."""
    return ((node, depth) for node, depth in with_depth(condition) if isinstance(node, syntax.Named))
