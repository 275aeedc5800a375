"""An impact as text and as JSON: what it touches, which rules speak of that, what would change without it.

contract mail-terms
  flows      newsletter-list
  rules      processors_only (1 flow)

without contract mail-terms:
  comes    violation[processors_only] on flow newsletter-list: the rule does not allow that email is disclosed to mailer
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.findings.finding import Finding
from privacy_rules.reports.finding_changes import difference_document, turning
from privacy_rules.reports.json_document import Json, dumps, place
from privacy_rules.reports.terminal import Colour, Ink
from privacy_rules.simulation.finding_delta import Turn
from privacy_rules.simulation.impact import Impact, Resting
from privacy_rules.source.words import counted, first_few

_MOST = 12
_LABEL = 12
_WAYS = ("comes", "goes", "changes")
_WAY = 9


def as_text(found: Impact, ink: Ink) -> str:
    """The answer for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, ink))


def _lines(found: Impact, ink: Ink) -> Iterator[str]:
    yield ink(f"{found.kind} {found.id}", bold=True)
    touched = found.touched
    for label, ids in (
        ("parties", touched.parties),
        ("contracts", touched.contracts),
        ("systems", touched.systems),
        ("flows", touched.flows),
        ("data from", touched.before),
        ("data to", touched.after),
    ):
        if ids:
            yield f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(first_few(ids, _MOST))}"
    for number, rule in enumerate(found.rules):
        label = "rules" if number == 0 else ""
        yield f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(_rule(rule), _colour(rule))}"
    for number, finding in enumerate(found.paths):
        yield f"  {ink(('paths' if number == 0 else '').ljust(_LABEL), 'cyan')}{ink(_finding(finding))}"
    yield ""
    gone = [f"{kind} {id_}" for kind, id_ in found.gone]
    yield ink(f"without {first_few(gone, _MOST)}:", bold=True)
    for way in _WAYS:
        for turn in found.in_way(way):
            words = f" ({turning(turn).replace('->', ink.arrow)})" if way == "changes" else ""
            yield f"  {ink(way.ljust(_WAY), _colour_of(turn))}{ink(f'{_finding(turn.told)}{words}')}"
    if not found.turned:
        yield f"  {ink('no verdict changes')}"


def _rule(resting: Resting) -> str:
    kind = resting.rule.subject.kind.family.value
    told = [counted(resting.subjects, kind)]
    told += [f"{resting.violations:,} in violation"] if resting.violations else []
    told += [f"{resting.undetermined:,} undetermined"] if resting.undetermined else []
    return f"{resting.rule.name} ({', '.join(told)})"


def _colour(resting: Resting) -> Colour | None:
    return "red" if resting.violations else "yellow" if resting.undetermined else None


def _colour_of(turn: Turn) -> Colour:
    if turn.after is None or turn.after.waived:
        return "green"
    return "red" if turn.after.verdict.word == "violation" else "yellow"


def _finding(finding: Finding) -> str:
    waived = "waived " if finding.waived else ""
    return f"{waived}{finding.verdict.word}[{finding.rule}] on {finding.subject}: {finding.message}"


def as_json(found: Impact) -> str:
    """The same as a JSON document."""
    touched = found.touched
    return dumps(
        {
            "version": 1,
            "kind": found.kind,
            "id": found.id,
            "touches": {
                "parties": list(touched.parties),
                "contracts": list(touched.contracts),
                "systems": list(touched.systems),
                "flows": list(touched.flows),
                "data_from": list(touched.before),
                "data_to": list(touched.after),
            },
            "rules": [_resting(each) for each in found.rules],
            "paths": [_change(each) for each in found.paths],
            "without": {
                "gone": [{"kind": kind, "id": id_} for kind, id_ in found.gone],
                "comes": [_change(each.told) for each in found.in_way("comes")],
                "goes": [_change(each.told) for each in found.in_way("goes")],
                "changes": [_turned(each) for each in found.in_way("changes")],
            },
        }
    )


def _resting(found: Resting) -> Json:
    return {
        "name": found.rule.name,
        "kind": found.rule.subject.kind.family.value,
        "subjects": found.subjects,
        "violations": found.violations,
        "undetermined": found.undetermined,
        "location": place(found.rule.span),
    }


def _turned(turn: Turn) -> Json:
    before = turn.before
    return {
        **_change(turn.told),
        "before": before.verdict.word if before else "compliant",
        "before_waived": bool(before and before.waived),
        "differs": difference_document(turn),
    }


def _change(found: Finding) -> dict[str, Json]:
    return {
        "rule": found.rule,
        "verdict": found.verdict.word,
        "waived": found.waived,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "message": found.message,
        "path": list(found.path),
        "location": place(found.location),
    }
