"""The clauses of a prose policy that changed although no rule about them did."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.plain_text import plain
from privacy_rules.tracing.prose import Clause
from privacy_rules.tracing.reviewed_clauses import match


@dataclass(frozen=True, slots=True)
class Reworded:
    """A clause with its text before (None: it is new) and after (None: it is gone). `cited`: rules cite it."""

    heading: str
    before: str | None
    after: str | None
    cited: bool

    @property
    def note(self) -> str:
        """Say what happened to the clause, and whether rules are made from it."""
        rules = "the rules made from it are the same" if self.cited else "no rule is made from it"
        if self.before is None or self.after is None:
            return f"This clause is {'new' if self.before is None else 'gone'}; {rules}."
        return f"Only the words of this clause changed; {rules}."


def reworded(
    before: Sequence[Clause], after: Sequence[Clause], cites: Collection[str], told: Collection[str]
) -> Iterator[Reworded]:
    """Yield the clauses that were reworded, added or removed; none if the prose of one policy is not known.

    `cites` are the clauses that rules cite, `told` those cited by changed rules.
    """
    if not before or not after:
        return
    old, new = ClauseIndex(before), ClauseIndex(after)
    was, is_ = ({each.id: each for each in index.clauses} for index in (old, new))
    found = match(*({name: each.fingerprint for name, each in clauses.items()} for clauses in (is_, was)))
    cited, skipped = (_ids(words, old) | _ids(words, new) for words in (cites, told))
    for each in new.clauses:
        if each.id not in found.same and each.id not in skipped:
            former = was.get(found.changed.get(each.id, ""))
            yield Reworded(_heading(each), plain(former.text) if former else None, plain(each.text), each.id in cited)
    for name in found.lost:
        if name not in skipped:
            yield Reworded(_heading(was[name]), plain(was[name].text), None, name in cited)


def _ids(cites: Collection[str], index: ClauseIndex) -> set[str]:
    return {each.id for cite in cites for each in index.meant(cite)}


def _heading(clause: Clause) -> str:
    return plain(clause.title or clause.id)
