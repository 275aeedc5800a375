"""The content of a picture, without coordinates: boxes in the lanes of their parties, arrows, and grades."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from privacy_rules.source.fast_dataclasses import dataclass

UNKNOWN_PARTY = ""


class Grade(IntEnum):
    """How bad something is: the larger, the worse."""

    FINE = 0
    UNDETERMINED = 1
    VIOLATION = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A flow in an arrow. `data` and `purposes` are None if they are undeclared; `on_path`: a witness path uses it.

    `change` is `new` or `cut` if a change set adds or removes the flow.
    """

    id: str
    data: tuple[str, ...] | None = None
    purposes: tuple[str, ...] | None = None
    grade: Grade = Grade.FINE
    on_path: bool = False
    notes: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")
    change: str = ""

    @property
    def words(self) -> str:
        """`email, name for newsletter`, with a question mark for what is not declared."""
        data = "?" if self.data is None else ", ".join(self.data) or "nothing"
        return data if self.purposes is None else f"{data} for {', '.join(self.purposes) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Box:
    """A system, or several systems of a party folded into one box. `notes` are the findings on it, in words.

    `folds`: how many systems are folded into it, 0 for a system of its own; `parties`: whose they are; `within`: flows
    from the box to itself; `below`: a second line; `change`: as for a flow.
    """

    id: str
    lane: str
    label: str
    grade: Grade = Grade.FINE
    notes: tuple[str, ...] = ()
    folds: int = 0
    below: str = ""
    within: tuple[Drawn, ...] = ()
    parties: tuple[str, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """All flows from one box to another, the worst of them first."""

    source: str
    target: str
    flows: tuple[Drawn, ...]

    @property
    def id(self) -> str:
        """The id of the flow, or the two ends if there are several."""
        return self.flows[0].id if len(self.flows) == 1 else f"{self.source} to {self.target}"

    @property
    def grade(self) -> Grade:
        """The grade of the worst flow."""
        return max(each.grade for each in self.flows)

    @property
    def change(self) -> str:
        """The change of its flows, if it is the same for all of them."""
        changes = {each.change for each in self.flows}
        return changes.pop() if len(changes) == 1 else ""

    @property
    def on_path(self) -> bool:
        """Whether a witness path uses one of the flows."""
        return any(each.on_path for each in self.flows)

    @property
    def short(self) -> tuple[str, str]:
        """Two short lines: the data and the purposes of one flow, or the number and the data of several."""
        if len(self.flows) == 1:
            return first_and_more(self.flows[0].data), first_and_more(self.flows[0].purposes)
        bad = sum(each.grade is Grade.VIOLATION for each in self.flows)
        count = f"{len(self.flows):,} flows"
        some = bad and bad < len(self.flows)
        data = dict.fromkeys(datum for each in self.flows for datum in each.data or ())
        return f"{count}, {bad:,} red" if some else count, first_and_more(tuple(data))

    @property
    def words(self) -> tuple[str, ...]:
        """A line for each flow, followed by its findings."""
        return flow_lines(self.flows)


def flow_lines(flows: Iterable[Drawn]) -> tuple[str, ...]:
    """A line for each flow, followed by its findings."""
    return tuple(line for each in flows for line in (f"{each.id}: {each.words}", *each.notes))


def first_and_more(terms: tuple[str, ...] | None, most: int = 20) -> str:
    """`email +3`, at most `most` characters; a question mark if nothing is declared."""
    if not terms:
        return "?" if terms is None else "nothing"
    more = f" +{len(terms) - 1}" if len(terms) > 1 else ""
    return cut(terms[0], most - len(more)) + more


def cut(label: str, most: int) -> str:
    """The label, shortened to `most` characters."""
    return label if len(label) <= most else f"{label[: max(1, most - 1)]}…"


@dataclass(frozen=True, slots=True)
class Lane:
    """A frame around boxes: a party with its roles, or another group. `parent` is the frame that it is in."""

    id: str
    label: str
    rank: int = 2
    """0 for people, 1 for us, 2 for others: the order in which data come."""
    parent: str | None = None
    name: str = ""

    @property
    def title(self) -> str:
        """Its name, or its id if it has none."""
        return self.name or self.id or self.label


@dataclass(frozen=True, slots=True)
class Picture:
    """Lanes from top to bottom, boxes and arrows in order of id; `left_out` says what is not drawn, `frames` what the lanes are."""

    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: str = ""
    frames: str = "parties"
