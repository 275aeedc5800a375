"""The verb `graph`: draws the flows, or a part of them, with what is wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import (
    OUTPUT,
    as_of_option,
    format_option,
    group_by_option,
    manifests_argument,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output
from privacy_rules.source.entity_ref import kind_and_id

if TYPE_CHECKING:
    from privacy_rules.cli.check_call import Call
    from privacy_rules.drawing.picture import Picture
    from privacy_rules.drawing.pictures import Painter
    from privacy_rules.engine import Inputs
    from privacy_rules.findings.finding import Finding
    from privacy_rules.findings.report import Report
    from privacy_rules.graph.flow_graph import FlowGraph


@verb("graph estate.yaml --format html=flows.html --around system:crm")
@manifests_argument
@policy_option
@as_of_option
@option(
    "--around",
    section=OUTPUT,
    metavar="KIND:ID",
    help="Draw only what is near a system, party, flow, contract, category, purpose, country, owner or rule, or a finding (by the start of its fingerprint).",
)
@option(
    "--steps",
    section=OUTPUT,
    metavar="N",
    type=click.IntRange(0, 100),
    default=1,
    help="With --around: the greatest distance, in flows.  [default: 1]",
)
@group_by_option
@format_option(
    "graph", "dot", "mermaid", "svg", "html", help_="The format of the picture, on standard output or in FILE."
)
@timeout_option
def graph(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
    around: str | None,
    steps: int,
    group_by: tuple[str, ...],
    as_of: date | None,
) -> int:
    """Draw all flows, or only those near something.

    Parties are frames (or other groups, with --group-by), and all flows from one system to another are one arrow. Violations are red, with the flows of their
    path; undetermined findings are dashed.

    If there are more than 60 systems, those of a party are folded into one box; if there are more than 40 parties, the
    smallest are folded by role. --around prevents that. In HTML, groups unfold. The picture says what is left out. SVG needs the extra `svg`:
    pip install 'privacy-rules[svg]'.

    MANIFEST is as for `check`. Exit code 0, whatever was found; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.check_call import Call, judged_alone
    from privacy_rules.cli.inputs import configured
    from privacy_rules.drawing.grouping import attributes_for_groups
    from privacy_rules.drawing.pictures import Painter
    from privacy_rules.graph.flow_graph import FlowGraph

    call = Call(configured(), manifests, policies, as_of=as_of)
    inputs, report = judged_alone(call)
    estate = FlowGraph.of(inputs.estate, inputs.policy.on(report.as_of))
    with call.stages.stage("drawing"):
        by = attributes_for_groups(inputs.policy, group_by)
        painter = Painter(estate, report.findings, by=by)
        part = None if around is None else _part(painter, report, around, steps)
        picture = (
            _page(call, inputs, report, painter, part) if output.name == "html" else _drawn(output.name, painter, part)
        )
    output.write(picture)
    return 0


def _part(painter: Painter, report: Report, around: str, steps: int) -> Picture:
    """Find what is near something. Raises InputError if it does not exist."""
    from privacy_rules.cli.inputs import entity_named, finding_named
    from privacy_rules.simulation.neighbours import names_by_kind, touched
    from privacy_rules.simulation.world import World

    estate = painter.graph
    if kind_and_id(around)[0] == "finding":
        return painter.near(_of_finding(estate, finding_named(report, kind_and_id(around)[1])), steps)
    known = {**names_by_kind(estate.estate, estate.policy), "finding": ()}
    kind, name = entity_named(around, known, "system:crm")
    world = World(estate.policy, estate.estate, report.as_of) if kind == "rule" else None
    scope = touched(estate, kind, name, world.subjects(name) if world else None)
    systems = {estate.systems[each].id for each in scope.systems}
    if kind in ("category", "purpose") or (scope.flows and scope.leaving == scope.entering and kind != "flow"):
        flows = {estate.flows[each].id for each in scope.flows}
        return painter.near(_ends(estate, flows), 0, flows)
    return painter.near(systems, steps)


def _ends(estate: FlowGraph, flows: Collection[str]) -> set[str]:
    """The systems that flows go from and to."""
    numbers = [estate.flow_number[each] for each in flows]
    return {estate.systems[end].id for each in numbers for end in (estate.source[each], estate.target[each])}


def _of_party(estate: FlowGraph, party: str) -> set[str]:
    """The systems of a party."""
    return {system.id for number, system in enumerate(estate.systems) if estate.parties[number] == party}


def _of_finding(estate: FlowGraph, finding: Finding) -> set[str]:
    """The systems that a finding is about: its subject's, and those on its path."""
    subject, path = finding.subject, list(finding.path)
    if subject.kind == "flow" and subject.id in estate.flow_number:
        path.append(subject.id)
    own = {subject.id} & estate.system_number.keys()
    return _ends(estate, path) | own | (_of_party(estate, subject.id) if subject.kind == "party" else set())


def _page(call: Call, inputs: Inputs, report: Report, painter: Painter, part: Picture | None) -> str:
    """The explorer's page as a file."""
    from privacy_rules.cli.inputs import project
    from privacy_rules.drawing.grouping import BY_PARTY
    from privacy_rules.tracing.prose_loader import clauses_of, prose_of
    from privacy_rules.web.session import Judged, Session, Terms
    from privacy_rules.web.static_page import page_of

    clauses = clauses_of(prose_of(inputs.policy, project(call.settings, *call.manifests, *call.policies)))
    terms = Terms(report.as_of, severities=call.settings.severity)
    session = Session(
        inputs, terms, clauses, Judged(report, inputs.estate), painter.by if painter.by != BY_PARTY else ()
    )
    return page_of(session, painter, part)


def _drawn(name: str, painter: Painter, part: Picture | None) -> str:
    drawn = painter.whole() if part is None else part
    if name == "dot":
        from privacy_rules.drawing.dot import as_dot

        return as_dot(drawn)
    if name == "mermaid":
        from privacy_rules.drawing.mermaid import as_mermaid

        return as_mermaid(drawn)
    from privacy_rules.drawing.svg import as_svg

    return as_svg(drawn)
