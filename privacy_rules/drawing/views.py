"""The views that the API of the explorer draws: every system, the parties, some parties unfolded, and what a finding is about.

A view is a list of names: `parties`, `party:us`, `system:crm`, or `finding:` with the rule, kind and id of a finding. Several
names unfold what each of them asks for; none is the usual view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from privacy_rules.drawing.folding import MOST_PARTIES
from privacy_rules.drawing.picture import Grade, Picture
from privacy_rules.drawing.pictures import MOST_SYSTEMS, Painter
from privacy_rules.findings.finding import Finding
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import counted

PARTIES = "parties"


@dataclass(frozen=True, slots=True)
class View:
    """A view that a page offers by a name of its own; the first has no name, only a title."""

    id: str
    title: str


def offered(painter: Painter) -> list[View]:
    """The views to choose from. A small estate opens with every system, a large one with its parties."""
    whole, parties = painter.whole(), View(PARTIES, "the parties")
    if len(painter.graph.systems) <= MOST_SYSTEMS:
        found = [View("", "every system"), parties]
    elif any(not each.folds for each in whole.boxes):
        found = [View("", "the parties, and paths of violations"), parties]
    else:
        found = [replace(parties, id="")]
    sizes, lanes = Counter(painter.graph.parties), [each.id for each in painter.lanes]
    if len(lanes) > MOST_PARTIES:
        drawn = {box.lane for box in whole.boxes}
        lanes = [each for each in lanes if each in drawn]
    unfolded = [each for each in lanes if sizes[each or None] > 1]
    return found + [View(f"party:{each}", f"{each or 'party unknown'} unfolded") for each in unfolded]


def picture_of(painter: Painter, view: Collection[str]) -> Picture:
    """The picture of a view. Names of things that do not exist are ignored."""
    about = (
        {name_of(each): each for each in painter.findings} if any(name.startswith("finding:") for name in view) else {}
    )
    parties, systems = {each.id for each in painter.lanes}, set[str]()
    for name in view:
        kind, _, rest = name.partition(":")
        if kind == "party" and rest in parties:
            systems |= painter.most_of(rest)
        elif kind == "system" and rest in painter.graph.system_number:
            systems.add(rest)
        elif name in about:
            systems |= systems_of(painter, about[name])
    return painter.shown(systems) if systems or PARTIES in view else painter.whole()


def name_of(found: Finding) -> str:
    """The name of the view that shows what a finding is about."""
    return f"finding:{found.rule} {found.subject.kind} {found.subject.id}"


def systems_of(painter: Painter, found: Finding) -> set[str]:
    """The systems that a finding is about: its subject's, and those on its path."""
    graph, subject = painter.graph, found.subject
    flows = [*found.path, *([subject.id] if subject.kind is Kind.FLOW else [])]
    numbers = [graph.flow_number[each] for each in flows if each in graph.flow_number]
    ends = {graph.systems[end].id for each in numbers for end in (graph.source[each], graph.target[each])}
    own = {subject.id} if subject.kind.at_system else set()
    return ends | (own & graph.system_number.keys())


def summary(drawn: Picture) -> str:
    """How many systems and arrows a picture has, and what it leaves out."""
    folds = sum(each.folds > 0 for each in drawn.boxes)
    single = [each.grade for each in drawn.boxes if not each.folds]
    counts = [_graded(single, "system")] if single or not folds else []
    counts += [counted(folds, "folded box")] if folds else []
    counts += [_graded([each.grade for each in drawn.arrows], "arrow")]
    return "; ".join([*counts, *([drawn.left_out] if drawn.left_out else [])])


def _graded(grades: Collection[Grade], noun: str) -> str:
    bad, unsure = (sum(each is grade for each in grades) for grade in (Grade.VIOLATION, Grade.UNDETERMINED))
    marks = [f"{bad:,} red"] * bool(bad) + [f"{unsure:,} dashed"] * bool(unsure)
    return f"{counted(len(grades), noun)} ({', '.join(marks)})" if marks else counted(len(grades), noun)
