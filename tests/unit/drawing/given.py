"""What the tests of pictures begin with: small and large estates, and their pictures."""

from __future__ import annotations

from privacy_rules.drawing.picture import Picture
from privacy_rules.drawing.pictures import Painter
from privacy_rules.findings.report import Report, report
from tests.builders import flow
from tests.unit.checking.judging import DAY, Case, case, manifest

RULES = """
rule unsold { forbid flow when exchange is sale }
rule leaks { forbid system at third_party when reached by email from data_subject }
"""
SOLD_FLOWS = (
    flow("signup", "browser", "crm", ["email"], exchange="none", purposes=["delivery"]),
    flow("sold", "crm", "market", ["email"], exchange="sale"),
    flow("unsure", "site", "crm", ["clicks"]),
)
SOLD = manifest(*SOLD_FLOWS)


def painter(found: Case) -> Painter:
    return Painter(found.graph, checked(found).findings)


def drawn(found: Case) -> Picture:
    return painter(found).whole()


def checked(found: Case) -> Report:
    return report(found.policy, found.graph.estate, found.judged(), DAY)


def grades(found: Picture) -> dict[str, str]:
    return {each.id: each.grade.name for each in (*found.boxes, *found.arrows)}


def many(count: int, rules: str = "rule unsold { forbid flow when exchange is sale }", **more: object) -> Case:
    systems = {f"s{number}": {"party": ["people", "we", "broker"][number % 3]} for number in range(count)}
    flows = [
        flow(f"f{number}", f"s{number}", f"s{(number + 1) % count}", ["email"], exchange="none", **more)
        for number in range(count)
    ]
    return case(rules, manifest(*flows, systems=systems))


def of_many_parties(count: int) -> Case:
    """Each of them sends to each other; the last sells to the one before it."""
    parties = {f"p{number:02}": {"role": "third_party"} for number in range(count)}
    systems = {f"{name}-{each}": {"party": name} for name in parties for each in ("in", "out")}
    flows = [
        flow(f"{one}-{other}", f"{one}-out", f"{other}-in", ["email"], exchange="none")
        for one in parties
        for other in parties
        if one != other and (one, other) != (f"p{count - 1:02}", f"p{count - 2:02}")
    ]
    sold = flow("sold", f"p{count - 1:02}-out", f"p{count - 2:02}-in", ["email"], exchange="sale")
    rule = "rule unsold { forbid flow when exchange is sale }"
    return case(rule, manifest(*flows, sold, systems=systems, parties=parties))
