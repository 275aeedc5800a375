"""How deep conditions nest, the defines that they use counted through, and the circles that defines make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from privacy_rules.language import syntax
from privacy_rules.language.cycles import in_order
from privacy_rules.language.policy import MAX_DEPTH
from privacy_rules.language.policy_errors import Mistakes
from privacy_rules.language.syntax_walks import with_depth
from privacy_rules.source import codes


@dataclass(slots=True)
class Nesting:
    """`heights`: define → how many conditions nest in it, for those of at most 100 that stand in no circle.

    `too_deep` are the others, circles aside: those of more, which is told, and all that use them.
    """

    heights: dict[str, int] = field(default_factory=dict)
    too_deep: set[str] = field(default_factory=set)

    def fits(self, condition: syntax.Condition, mistakes: Mistakes) -> bool:
        """Whether a condition nests at most 100 deep; where it does not, that is told (here, or of a define in it)."""
        if condition.height > MAX_DEPTH:
            self._tell(condition, mistakes)
            return False
        for use, depth in uses(condition):
            if use.name.text in self.too_deep:
                return False
            if depth + self.heights.get(use.name.text, 0) > MAX_DEPTH:
                self._tell(use, mistakes)
                return False
        return True

    def height(self, condition: syntax.Condition) -> int:
        """How many conditions nest in this one, itself included."""
        through = (depth + self.heights.get(use.name.text, 0) for use, depth in uses(condition))
        return max((condition.height, *through))

    def _tell(self, condition: syntax.Condition, mistakes: Mistakes) -> None:
        way_out = "let a `define` name a part of it, and the parts stand side by side"
        mistakes.tell(codes.TOO_DEEP, f"conditions nest deeper than {MAX_DEPTH} here", condition.span, way_out)


def measure(defines: Mapping[str, syntax.Define], mistakes: Mistakes) -> Nesting:
    """How deep each define nests. Those that are in a circle or nest too deep are told and left out."""
    nesting = Nesting()
    used: dict[str, dict[str, syntax.Named]] = {}
    for name, define in defines.items():
        found = {use.name.text: use for use, _ in reversed(list(uses(define.condition)))}
        used[name] = {other: use for other, use in found.items() if other in defines}
    order, closing = in_order(used)
    for name, other in closing:
        message = f"define `{name}` uses itself" if name == other else f"`{other}` is defined by way of `{name}`"
        mistakes.tell(codes.CIRCLE, message + ("" if name == other else ", which uses it"), used[name][other].span)
    broken = {name for name, _ in closing}
    for name in order:
        condition = defines[name].condition
        if not nesting.fits(condition, mistakes):
            nesting.too_deep.add(name)
        elif name not in broken:
            nesting.heights[name] = nesting.height(condition)
    return nesting


def uses(condition: syntax.Condition) -> Iterator[tuple[syntax.Named, int]]:
    """The names that stand alone in a condition, flags or defines, each with how deep: 1 is the condition itself."""
    return ((node, depth) for node, depth in with_depth(condition) if isinstance(node, syntax.Named))
