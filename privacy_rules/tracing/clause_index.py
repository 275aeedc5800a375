"""Index the clauses of a prose policy, to look up many citations quickly.

index = ClauseIndex(clauses)
index.meant("#no-selling"); index.help_for("#no-seling")
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from privacy_rules.source.spelling import Suggestions
from privacy_rules.tracing.plain_text import plain
from privacy_rules.tracing.prose import FEWEST_WORDS, NUMBER, Clause, normalised, with_distinct_ids

MOST_MEANT = 100
"""At most this number of clauses is returned for an ambiguous citation."""
_SHARED = 0.6
"""A suggested clause contains at least this share of the citation's words."""


class ClauseIndex:
    """Clauses, looked up by citation. `clauses` has all of them; their ids are unique, even if they come from several files."""

    def __init__(self, among: Sequence[Clause]) -> None:
        self.clauses = with_distinct_ids(among)
        self._suggestions = Suggestions()
        self._named: dict[str, list[Clause]] = defaultdict(list)
        for each in self.clauses:
            for name in each.names:
                self._named[name].append(each)

    def meant(self, cite: str) -> list[Clause]:
        """Return the clauses that a citation may mean: by name, or else those that contain its words. `#` means an anchor or a number."""
        bare = cite.strip()
        if bare.startswith("#"):
            return self._of_name(f"#{normalised(bare[1:])}")
        name = normalised(bare)
        number = NUMBER.match(name)
        found = self._of_name(name)
        if not found and number and number.end() == len(name):
            found = self._of_name(number[1])
        if not found and len(name.split()) >= FEWEST_WORDS:
            found = [self.clauses[at] for at in self._quoting(name)]
        return found

    def help_for(self, cite: str) -> str | None:
        """Return help for a citation that matches nothing: a similar name, or the clause that contains most of its words."""
        asks_short = cite.strip().startswith("#")
        words = normalised(cite).split()
        names = self._short_names if asks_short else self._shown_names
        near = self._suggestions.near(cite.strip(), names, str(asks_short)) or self._same_words(words)
        if near or asks_short:
            return near
        if 0 < len(words) < FEWEST_WORDS:
            return f"quote at least {FEWEST_WORDS} words, or the clause's whole name"
        return None

    def _of_name(self, name: str) -> list[Clause]:
        return self._named.get(name, [])[: MOST_MEANT + 1]

    @cached_property
    def _shown_names(self) -> list[str]:
        return [name for each in self.clauses for name in (each.id, each.title)]

    @cached_property
    def _short_names(self) -> list[str]:
        return [name for name in self._shown_names if name.startswith("#")]

    @cached_property
    def _texts(self) -> tuple[str, Sequence[int], Sequence[int]]:
        """The normalised text of all clauses, one line each; the offset of each line, and the number of its clause.

        A clause has a second line without Markdown's marks if that differs.
        """
        lines: list[str] = []
        numbers: list[int] = []
        for number, each in enumerate(self.clauses):
            for words in dict.fromkeys(normalised(f"{each.title} {text}") for text in (each.text, plain(each.text))):
                lines.append(words)
                numbers.append(number)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        return "\n".join(lines), starts, numbers

    def _quoting(self, words: str) -> list[int]:
        """Return the numbers of the clauses that contain the words, side by side and in order."""
        found: dict[int, None] = {}
        text, starts, numbers = self._texts
        at = text.find(words)
        while at >= 0 and len(found) <= MOST_MEANT:
            line = bisect_right(starts, at) - 1
            found[numbers[line]] = None
            at = text.find(words, starts[line + 1])
        return list(found)

    @cached_property
    def _clauses_of(self) -> Mapping[str, int]:
        """For each word, the clauses that contain it, as a bit mask."""
        found: dict[str, int] = defaultdict(int)
        for number, each in enumerate(self.clauses):
            for word in set(normalised(f"{each.title} {each.text}").split()):
                found[word] |= 1 << number
        return found

    def _same_words(self, words: Sequence[str]) -> str | None:
        """Return help that names the one clause with most of the words, or None."""
        if len(words) < FEWEST_WORDS:
            return None
        wanted = set(words)
        most, best = _most(self._clauses_of.get(word, 0) for word in wanted)
        if most / len(wanted) < _SHARED or best.bit_count() != 1:
            return None
        found = self.clauses[best.bit_length() - 1]
        return f"most of its words are in `{found.id}` ({found.file}:{found.line})"


def _most(sets: Iterator[int]) -> tuple[int, int]:
    """Return the highest number of sets (bit masks) that share an element, and those elements.

    All elements are counted at once: each binary digit of the counts is a bit mask.
    """
    digits: list[int] = []
    for each in sets:
        carry = each
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    best, most = 0, 0
    for place in reversed(range(len(digits))):
        larger = digits[place] & best if best else digits[place]
        if larger:
            best, most = larger, most + (1 << place)
    return most, best
