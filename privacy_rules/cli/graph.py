"""The verb `graph`: draws the estate, or a part of it, with what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import as_of_option, one_format_option, policy_option, timeout_option
from privacy_rules.cli.report_output import errors_to, say
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.spelling import did_you_mean

if TYPE_CHECKING:
    from privacy_rules.drawing.picture import Picture
    from privacy_rules.drawing.pictures import Painter
    from privacy_rules.findings.report import Report
    from privacy_rules.graph.flow_graph import FlowGraph

WRONG_INPUT = 2
_KINDS = ("system", "party", "flow", "category", "finding")


@click.command(epilog="\b\nExample:\n  privacy-rules graph estate.yaml --format html=flows.html --around system:crm")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, type=click.Path())
@policy_option
@one_format_option(("dot", "mermaid", "svg", "html"), "How to draw.")
@click.option(
    "--around",
    metavar="KIND:ID",
    help="Only what is near a system, party, flow, category, or finding (by the beginning of its fingerprint).",
)
@click.option("--steps", type=click.IntRange(0, 100), default=1, help="How many flows away is near.  [default: 1]")
@as_of_option
@timeout_option
def graph(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
    around: str | None,
    steps: int,
    as_of: date | None,
) -> int:
    """Draw the flows, or what is around a system or finding.

    Parties are frames or clusters; all flows from one system to another are one arrow. Violations are red, with the flows of
    their path; what is undetermined is dashed. Of more than 60 systems those of a party are folded into one box, of more than
    40 parties the least are folded by role, unless --around asks for a part; in HTML parties unfold. The picture says what is
    left out. Exit code 0, whatever was found.
    """
    from privacy_rules.cli.check_call import Call, judged_alone
    from privacy_rules.cli.inputs import configured
    from privacy_rules.drawing.pictures import Painter
    from privacy_rules.graph.flow_graph import FlowGraph

    name, _, file = format_.partition("=")
    try:
        call = Call(configured(), manifests, policies, as_of=as_of)
        inputs, report = judged_alone(call)
        estate = FlowGraph.of(inputs.estate, inputs.policy)
        with call.stages.stage("drawing"):
            painter = Painter(estate, report.findings)
            part = None if around is None else _part(painter, report, around, steps)
            told = _drawn(name, painter, part, inputs.estate.name or "Flows of the estate")
        if file:
            write([report_in(Path(file), told)])
        else:
            say(told)
    except InputError as error:
        errors_to([], error.diagnostics)
        return WRONG_INPUT
    return 0


def _part(painter: Painter, report: Report, around: str, steps: int) -> Picture:
    """What is around something. Raises InputError where there is nothing of that name."""
    estate = painter.graph
    kind, name = kind_and_id(around)
    flows = _carrying(estate, name) if kind == "category" else None
    start = _systems(estate, report, around, flows)
    return painter.near(start, 0 if kind == "category" else steps, flows)


def _kind_of(estate: FlowGraph, name: str) -> str | None:
    """The kind of what bears a name, if anything does."""
    known = {
        "system": estate.system_number,
        "party": estate.estate.parties,
        "flow": estate.flow_number,
        "category": estate.data.index,
    }
    return next((kind for kind, names in known.items() if name in names), None)


def _systems(estate: FlowGraph, report: Report, around: str, flows: set[str] | None) -> set[str]:
    """The systems in the middle of the picture. Raises InputError where there is nothing of that name."""
    kind, name = kind_and_id(around)
    ids = {each.id: number for number, each in enumerate(estate.systems)}
    match kind:
        case "system" if name in ids:
            return {name}
        case "party" if name in estate.estate.parties:
            return {system for system, number in ids.items() if estate.parties[number] == name}
        case "flow" if name in estate.flow_number:
            return _ends(estate, [name])
        case "category" if name in estate.data and flows is not None:
            return _ends(estate, flows)
        case "finding":
            return _of_finding(estate, report, name)
    known = {
        "system": ids,
        "party": estate.estate.parties,
        "flow": estate.flow_number,
        "category": estate.data.terms,
    }.get(kind)
    if known is None:
        message = f"`{around}` is of no kind that can be drawn around"
        meant = _kind_of(estate, around)
        help_ = f"did you mean `{meant}:{around}`?" if meant else did_you_mean(kind, _KINDS)
        help_ = help_ or f"the kinds are {', '.join(_KINDS)}, as in `system:crm`"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
    raise InputError(
        [Diagnostic(codes.UNKNOWN_SUBJECT, f"there is no {kind} `{name}`", help=did_you_mean(name, known))]
    )


def _ends(estate: FlowGraph, flows: set[str] | list[str]) -> set[str]:
    numbers = [estate.flow_number[each] for each in flows]
    return {estate.systems[end].id for each in numbers for end in (estate.source[each], estate.target[each])}


def _carrying(estate: FlowGraph, category: str) -> set[str]:
    """The flows that carry a category or something below it, or may."""
    if category not in estate.data:
        return set()
    below = estate.data.below(category)
    return {flow.id for number, flow in enumerate(estate.flows) if estate.leaves[number] & below}


def _of_finding(estate: FlowGraph, report: Report, fingerprint: str) -> set[str]:
    found = [each for each in report.findings if fingerprint and each.fingerprint.startswith(fingerprint)]
    if len(found) != 1:
        many = f"{len(found):,} findings have" if found else "no finding has"
        message = f"{many} a fingerprint that begins with `{fingerprint}`"
        raise InputError([Diagnostic(codes.UNKNOWN_SUBJECT, message, help="`check --format json` has them whole")])
    subject, path = found[0].subject, list(found[0].path)
    if subject.id in estate.flow_number and subject.kind == "flow":
        path.append(subject.id)
    own = {subject.id} & estate.system_number.keys()
    of_party = {s.id for number, s in enumerate(estate.systems) if estate.parties[number] == subject.id}
    return _ends(estate, path) | own | (of_party if subject.kind == "party" else set())


def _drawn(name: str, painter: Painter, part: Picture | None, title: str) -> str:
    if name == "html":
        from privacy_rules.drawing.html_page import as_html
        from privacy_rules.drawing.views import of_estate, of_part

        return as_html(of_estate(painter) if part is None else of_part(painter, part), title)
    drawn = painter.whole() if part is None else part
    if name == "dot":
        from privacy_rules.drawing.dot import as_dot

        return as_dot(drawn)
    if name == "mermaid":
        from privacy_rules.drawing.mermaid import as_mermaid

        return as_mermaid(drawn)
    from privacy_rules.drawing.svg import as_svg

    return as_svg(drawn)
