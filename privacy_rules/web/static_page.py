"""Everything that the page shows of one check, in a file that needs no server."""

from __future__ import annotations

from dataclasses import replace

from privacy_rules.drawing.engine import is_available
from privacy_rules.drawing.picture import Picture
from privacy_rules.drawing.pictures import Painter
from privacy_rules.drawing.svg import as_svg
from privacy_rules.drawing.views import systems_of
from privacy_rules.web.document import alone
from privacy_rules.web.responses import of_delta, of_estate, of_session
from privacy_rules.web.session import Judged, Session


def page_of(session: Session, painter: Painter, part: Picture | None = None) -> str:
    """The page of a session without changes; with `part`, it has only what that picture shows."""
    judged = _within(session.start, painter, part) if part else session.start
    data = {
        "session": of_session(session),
        "estate": of_estate(judged, session.policy),
        "what-if": of_delta(judged, judged),
    }
    first = as_svg(part or painter.whole(), styled=False) if is_available() else ""
    return alone(session.inputs.estate.name or "Flows of the estate", data, first)


def _within(judged: Judged, painter: Painter, part: Picture) -> Judged:
    """The part's systems and flows, their parties, the contracts between these, and the findings about them."""
    estate, systems = judged.estate, {each.id for each in part.boxes}
    flows, parties = {flow.id for arrow in part.arrows for flow in arrow.flows}, {each.id for each in part.lanes}
    shown = replace(
        estate,
        systems={name: each for name, each in estate.systems.items() if name in systems},
        flows={name: each for name, each in estate.flows.items() if name in flows},
        parties={name: each for name, each in estate.parties.items() if name in parties},
        contracts={name: each for name, each in estate.contracts.items() if parties.issuperset(each.parties)},
    )
    about = {each: systems_of(painter, each) for each in painter.findings}
    found = tuple(each for each in judged.report.findings if about.get(each) and about[each] <= systems)
    return Judged(replace(judged.report, findings=found), shown)
