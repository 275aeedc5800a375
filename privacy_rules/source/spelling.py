"""Suggest the nearest known name for a typo."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from privacy_rules.source.diagnostic import Help
from privacy_rules.source.invisible_characters import difference, look_alike, spelt

_COMPARISONS = 150_000
_LISTED = 20


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely means, or None."""
    from difflib import get_close_matches

    if len(name) > 200:  # not a typo of a name, and the search takes time quadratic in the length
        return None
    candidates = sorted({each for each in known if abs(len(each) - len(name)) <= 4})
    folded = {each.casefold().replace("-", "_"): each for each in candidates}
    found = get_close_matches(name.casefold().replace("-", "_"), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the help for an unknown name, or None if no known name is near."""
    known = list(known)
    if help_ := in_another_form(name, known):
        return help_
    found = nearest(name, known)
    return Help(f"did you mean `{found}`?", found) if found else None


def listing(what: str, known: Collection[str]) -> str:
    """Help that lists the known names if there are few of them, else says how many there are."""
    if not known:
        return f"the policy declares no {what}"
    if len(known) > _LISTED:
        return f"the policy declares {len(known):,} {what}: name one of them, or declare this one in the policy"
    return f"known {what}: " + ", ".join(f"`{name}`" for name in sorted(known))


def in_another_form(name: str, known: Iterable[str]) -> str | None:
    """Return the help for a name that is known in another Unicode form or without an invisible character, or None."""
    twin = look_alike(name, known)
    if twin is None:
        return None
    how = difference(name, twin)
    return (
        f"copy the name from its declaration: it is `{spelt(twin)}` there and `{spelt(name)}` here, which differ {how}"
    )


class Suggestions:
    """Suggestions with a bound on the work, so that a file full of typos does not take minutes.

    `what` is the noun for the known names; the same `what` means the same names.
    """

    def __init__(self, comparisons: int = _COMPARISONS) -> None:
        self._spare = comparisons
        self._help: dict[tuple[str, str], str | None] = {}
        self._names: dict[tuple[str, str], str | None] = {}

    def near(self, name: str, known: Collection[str], what: str) -> str | None:
        """Return the help for an unknown name, as from `did_you_mean`."""
        return self.help(what, name, len(known), lambda: did_you_mean(name, known))

    def help(self, what: str, name: str, cost: int, find: Callable[[], str | None]) -> str | None:
        """Return the result of `find` for a name, once for the same `what`; `cost` is the number of names compared."""
        return self._kept(self._help, what, name, cost, find)

    def nearest(self, name: str, known: Collection[str], what: str) -> str | None:
        """Return the nearest known name, or None."""
        return self._kept(self._names, what, name, len(known), lambda: nearest(name, known))

    def _kept(
        self,
        kept: dict[tuple[str, str], str | None],
        what: str,
        name: str,
        cost: int,
        find: Callable[[], str | None],
    ) -> str | None:
        if (what, name) not in kept:
            if self._spare <= 0:
                return None
            self._spare -= cost
            kept[what, name] = find()
        return kept[what, name]
