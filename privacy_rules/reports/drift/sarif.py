"""A drift as SARIF 2.1.0: undeclared flows where they were observed, and declared flows that were never observed."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.drift.comparison import Drift
from privacy_rules.reports.check.sarif import invocation, log, message, place, tool
from privacy_rules.reports.code_scanning import fitting, left_out_words
from privacy_rules.reports.drift.words import headline, rules
from privacy_rules.reports.estate_identity import run_id
from privacy_rules.reports.markup.json import Json
from privacy_rules.reports.registry import View
from privacy_rules.source.span import Span

_RULES = {
    "new-recipient": ("Data flows to a recipient that no manifest declares", "error"),
    "undeclared-flow": ("A flow was observed that no manifest declares", "warning"),
    "unknown-system": ("An observed service is not a declared system", "note"),
    "never-observed": ("A declared flow was not observed", "note"),
}
_INDEX = {name: number for number, name in enumerate(_RULES)}


def render(found: Drift, view: View) -> str:
    """The log, with the most severe results first."""
    results = list(_results(found))
    return fitting(lambda room: _log(results, room, view), len(results))


def _log(results: list[Json], room: int, view: View) -> str:
    kept = results[:room]
    left_out = [left_out_words(len(results) - len(kept), len(results))] if len(kept) < len(results) else []
    run: dict[str, Json] = {
        "tool": tool([_rule(name) for name in _RULES]),
        "automationDetails": {"id": run_id(view.estate, "drift")},
        "invocations": [invocation([], successful=True, left_out=left_out)],
    }
    return log(run, iter(kept), len(kept), paths=view.paths)


def _rule(name: str) -> Json:
    title, level = _RULES[name]
    return {"id": name, "name": name, "shortDescription": {"text": title}, "defaultConfiguration": {"level": level}}


def _results(found: Drift) -> Iterator[Json]:
    for flow in found.undeclared:
        text = "\n".join([headline(flow), *rules(flow.findings)])
        yield _result("new-recipient" if flow.is_new_recipient else "undeclared-flow", text, flow.place)
    for unknown in found.unknown:
        yield _result("unknown-system", f"{unknown.name} is not a declared system", unknown.place)
    for record in found.unobserved:
        yield _result("never-observed", f"flow {record.id} was not observed", record.location())


def _result(rule: str, text: str, span: Span | None) -> Json:
    return {
        "ruleId": rule,
        "ruleIndex": _INDEX[rule],
        "level": _RULES[rule][1],
        "message": message(text),
        "locations": [{"physicalLocation": place(span)}] if span else [],
    }
