"""The nearest declared name for a typo."""

from __future__ import annotations

from collections.abc import Iterable


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
