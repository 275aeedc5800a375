"""Phrases, between conditions and text: clauses with a verb that can be negated, and groups of clauses.

A short group stays in its sentence. A long or nested one becomes a list, so that it is clear what belongs together. If
there is no room for a list, parentheses show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from privacy_rules.source.fast_dataclasses import dataclass

Joiner = Literal["and", "or"]
_LONGEST = 170
"""A group whose text has more characters becomes a list."""


@dataclass(frozen=True, slots=True)
class Verb:
    """The forms of a verb that a sentence needs."""

    does: str
    does_not: str
    must: str
    must_not: str

    def form(self, *, negated: bool, must: bool) -> str:
        """The form for a clause."""
        if must:
            return self.must_not if negated else self.must
        return self.does_not if negated else self.does


BE = Verb("is", "is not", "must be", "must not be")
ARE = Verb("are", "are not", "must be", "must not be")


def regular(base: str, third: str | None = None) -> Verb:
    """A verb from its base form: `cover`; with `third` for one subject (`covers`), without it for several."""
    do = "does not" if third else "do not"
    return Verb(third or base, f"{do} {base}", f"must {base}", f"must not {base}")


@dataclass(frozen=True, slots=True)
class Clause:
    """`the legal basis` `is` `consent`.

    `inner` is a condition on the noun at the end of `rest`, and follows `link`: `under a contract` for which ….
    """

    subject: str
    verb: Verb
    rest: str
    negated: bool = False
    inner: Phrase | None = None
    link: str = "for which"


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases joined by `and` or `or`."""

    joiner: Joiner
    parts: tuple[Phrase, ...]


Phrase = Clause | Group


@dataclass(frozen=True, slots=True)
class Passage:
    """Text and the list that follows it, if any: `where all of these hold:` and the conditions."""

    text: str
    items: tuple[Passage, ...] = ()
    joiner: Joiner = "and"

    def after(self, words: str) -> Passage:
        """The passage, with a text before it."""
        return Passage(f"{words}{self.text}", self.items, self.joiner)

    @property
    def whole(self) -> str:
        """The text of the passage and of its lists."""
        return " ".join([self.text, *(each.whole for each in self.items)])


def grouped(joiner: Joiner, parts: Sequence[Phrase]) -> Phrase:
    """The parts as one phrase. Nested groups of the same kind are merged, and a single part needs no group."""
    opened: list[Phrase] = []
    for each in parts:
        opened += each.parts if isinstance(each, Group) and each.joiner == joiner else (each,)
    return opened[0] if len(opened) == 1 else Group(joiner, tuple(opened))


def stated(phrase: Phrase) -> Passage:
    """Say that a phrase holds: in a sentence if it is short, else as a list."""
    if _fits(phrase):
        return Passage(inline(phrase))
    if isinstance(phrase, Group):
        lead = "all of these hold:" if phrase.joiner == "and" else "at least one of these holds:"
        return Passage(lead, tuple(map(stated, phrase.parts)), phrase.joiner)
    return _around(_head(phrase), phrase)


def demanded(phrase: Phrase) -> Passage:
    """Say that a phrase must hold."""
    if isinstance(phrase, Clause):
        head = _head(phrase, must=True)
        if phrase.inner is None or _fits(phrase):
            return Passage(head + _relative(phrase, nested=False))
        return _around(head, phrase)
    if phrase.joiner == "and" and _fits(phrase):
        return Passage(_joined(_spared(phrase.parts, [demanded(each).text for each in phrase.parts]), "and"))
    lead = "all of these must hold:" if phrase.joiner == "and" else "at least one of these must hold:"
    return Passage(lead, tuple(map(stated, phrase.parts)), phrase.joiner)


def inline(phrase: Phrase, *, nested: bool = False) -> str:
    """The phrase in one line, with nested groups in parentheses."""
    if isinstance(phrase, Clause):
        return _head(phrase) + _relative(phrase, nested=nested)
    joined = _joined(_spared(phrase.parts, [inline(each, nested=True) for each in phrase.parts]), phrase.joiner)
    return f"({joined})" if nested else joined


def _spared(parts: Sequence[Phrase], texts: Sequence[str]) -> list[str]:
    """The parts as text. A clause with the same subject as the one before it omits the subject."""
    found = list(texts[:1])
    for before, each, text in zip(parts, parts[1:], texts[1:], strict=False):
        spared = isinstance(before, Clause) and isinstance(each, Clause) and _go_on(before, each)
        found.append(text.removeprefix(f"{each.subject} ") if spared and isinstance(each, Clause) else text)
    return found


def _go_on(before: Clause, each: Clause) -> bool:
    """Whether a clause may omit its subject. After a `not` or a `that` it may not, as these would seem to continue."""
    plain = before.inner is None and not before.negated and not each.negated
    return plain and before.subject == each.subject


def _predicates(clauses: Sequence[Clause], joiner: Joiner) -> list[str]:
    """Clauses without their subject. Neighbours with the same verb share it: `covers the data and the purpose`."""
    found: list[tuple[str, list[str]]] = []
    for each in clauses:
        verb = each.verb.form(negated=each.negated, must=False)
        if found and found[-1][0] == verb and joiner == "and" and not each.negated:
            found[-1][1].append(each.rest)
        else:
            found.append((verb, [each.rest]))
    return [f"{verb} {_joined(rests, 'and', of_clauses=False)}".rstrip() for verb, rests in found]


def _around(head: str, clause: Clause) -> Passage:
    """A clause whose inner phrase is a list."""
    assert clause.inner is not None
    if isinstance(clause.inner, Group):
        many = "all of these hold:" if clause.inner.joiner == "and" else "at least one of these holds:"
        return Passage(f"{head} {clause.link} {many}", tuple(map(stated, clause.inner.parts)), clause.inner.joiner)
    return stated(clause.inner).after(f"{head} {clause.link} ")


def _head(clause: Clause, *, must: bool = False) -> str:
    return f"{clause.subject} {clause.verb.form(negated=clause.negated, must=must)} {clause.rest}".rstrip()


def _relative(clause: Clause, *, nested: bool) -> str:
    """The end of a clause: ` that covers the data and imposes confidentiality`."""
    inner = clause.inner
    if inner is None:
        return ""
    parts = inner.parts if isinstance(inner, Group) else (inner,)
    plain = [each for each in parts if isinstance(each, Clause) and each.inner is None]
    joiner = inner.joiner if isinstance(inner, Group) else "and"
    if len(plain) == len(parts) and {each.subject for each in plain} == {"the contract"}:
        words = f"that {_joined(_predicates(plain, joiner), joiner, of_clauses=False)}"
    else:
        words = f"{clause.link} {inline(inner)}"
    return f" ({words})" if nested and len(parts) > 1 else f" {words}"


def _joined(parts: Sequence[str], joiner: str, *, of_clauses: bool = True) -> str:
    *first, last = parts
    if not first:
        return last
    comma = "," if of_clauses or len(first) > 1 else ""
    return f"{', '.join(first)}{comma} {joiner} {last}"


def _fits(phrase: Phrase) -> bool:
    return _level(phrase) <= 1 and (_level(phrase) == 0 or len(inline(phrase)) <= _LONGEST)


def _level(phrase: Phrase) -> int:
    """The depth of a phrase: 0 for a plain clause, 1 for a group of plain clauses or a clause with one inside."""
    if isinstance(phrase, Group):
        return 1 + max(map(_level, phrase.parts), default=0)
    return 0 if phrase.inner is None else max(1, _level(phrase.inner))
