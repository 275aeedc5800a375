"""The nearest declared name for a typo."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_COMPARISONS = 150_000


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely meant, or None where none is near."""
    from difflib import get_close_matches

    if len(name) > 200:  # no typo of a name, and the search is quadratic in the length
        return None
    candidates = sorted({each for each in known if abs(len(each) - len(name)) <= 4})
    folded = {each.casefold().replace("-", "_"): each for each in candidates}
    found = get_close_matches(name.casefold().replace("-", "_"), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The help line for an unknown name, or None where no known name is near."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else None


class Suggestions:
    """The nearest known names of one run, with a bound on the work: a file full of typos must not take minutes."""

    def __init__(self, comparisons: int = _COMPARISONS) -> None:
        self._spare = comparisons
        self._known: dict[tuple[str, str], str | None] = {}

    def near(self, name: str, known: Collection[str], what: str) -> str | None:
        """`did you mean `x`?`, else None; `what` says what the known names are names of."""
        found = self.nearest(name, known, what)
        return f"did you mean `{found}`?" if found else None

    def nearest(self, name: str, known: Collection[str], what: str) -> str | None:
        """The known name that is near, or None."""
        key = what, name
        if key not in self._known:
            if self._spare <= 0:
                return None
            self._spare -= len(known)
            self._known[key] = nearest(name, known)
        return self._known[key]
