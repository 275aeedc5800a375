"""The format `sarif`: SARIF 2.1.0, for code scanning and for the viewers of editors.

The log lists every rule that was judged. A finding is a result, its path a code flow, its waiver a suppression. If nothing
was judged, the errors are notifications of a run that did not succeed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from urllib.parse import quote, unquote

from privacy_rules.checking.judgements import RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Hop, Subject
from privacy_rules.findings.reasons import path_words, reason_lines, reasons_of, ways_out
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import SEVERITIES
from privacy_rules.findings.wording import fact_words, missing_words
from privacy_rules.manifest.model import Waiver
from privacy_rules.reports.check.json import terms
from privacy_rules.reports.code_scanning import RULES, STEPS, TAGS, TITLE, ends, first, fitting, left_out_words
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.estate_identity import fingerprint_in, run_id
from privacy_rules.reports.markup.json import Json, dumps_long
from privacy_rules.reports.registry import View
from privacy_rules.reports.repository_paths import AS_CALLED, RepositoryPaths
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.package_version import __version__
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_RELATED = 8  # places of facts, of one result
_REASONS = 4  # of one result
_BASELINE = {"new": "new", "unchanged": "unchanged", "fixed": "absent"}
_DRIVE = re.compile("[A-Za-z]:/")


def render(report: Report, view: View) -> str:
    """The log of a report; with `quiet`, only the findings that fail."""
    found = report.failing(view.threshold) if view.quiet else report.findings
    return fitting(lambda room: _log(report, view, found, room), len(found))


def _log(report: Report, view: View, found: Sequence[Finding], room: int) -> str:
    """The log with at most `room` findings, and notifications about what is left out."""
    kept = first(found, room, _gravity)
    names = {each.rule for each in kept}
    rules = first(report.rules, RULES, lambda count: count.rule.name not in names)
    index = {count.rule.name: number for number, count in enumerate(rules)}
    run: dict[str, Json] = {
        "tool": tool([_rule(count) for count in rules]),
        "automationDetails": {"id": run_id(view.estate)},
        "invocations": [
            invocation(report.warnings, successful=True, left_out=_left_out(report, found, len(kept), rules))
        ],
        "properties": {
            "policies": list(report.policies),
            "as_of": report.as_of.isoformat(),
            "terms": terms(report.terms),
        },
    }
    return log(run, (_result(each, report.as_of, index, view.estate) for each in kept), len(kept), paths=view.paths)


def _gravity(found: Finding) -> tuple[bool, bool, bool, int]:
    """The order in which findings are kept: violations first, then those not waived, then by severity."""
    sure = found.verdict is Verdict.VIOLATION
    return (found.state == "fixed", not sure, found.waived, -SEVERITIES.index(found.severity))


def _left_out(report: Report, found: Sequence[Finding], kept: int, rules: Sequence[RuleCount]) -> Iterator[str]:
    """What is left out because of the limits of code scanning, one sentence each."""
    if kept < len(found):
        yield left_out_words(len(found) - kept, len(found))
    if len(rules) < len(report.rules):
        absent = len(report.rules) - len(rules)
        yield f"{absent:,} of {len(report.rules):,} rules are left out: code scanning takes at most {RULES:,} of a run"
    tagged = [count.rule.name for count in rules if len(_tags(count)) > TAGS]
    if tagged:
        names = ", ".join(f"`{each}`" for each in tagged[:10])
        more = f" and {len(tagged) - 10:,} more" if len(tagged) > 10 else ""
        yield (
            f"clauses of {names}{more} are left out of the tags: code scanning takes at most {TAGS} tags of a rule; "
            "`properties.cites` has all of them"
        )
    long = sum(len(each.hops) > STEPS for each in found)
    if long:
        yield (
            f"the middle of {counted(long, 'path')} is left out: code scanning takes at most {STEPS:,} steps of a path"
        )


def _in_repository(found: Json, paths: RepositoryPaths) -> Json:
    """The same report with the files' names in the repository, where code scanning looks for them."""
    if paths.are_as_called or not isinstance(found, dict | list):
        return found
    if isinstance(found, list):
        return [_in_repository(each, paths) for each in found]
    entry = {key: _in_repository(each, paths) for key, each in found.items()}
    uri = entry.get("uri")
    if isinstance(uri, str) and not uri.startswith("file:"):
        entry["uri"] = _uri(paths.of(unquote(uri, errors="surrogatepass")))
    return entry


def log(
    run: dict[str, Json], results: Iterable[Json] = (), count: int = 0, *, paths: RepositoryPaths = AS_CALLED
) -> str:
    """A log of one run; `paths` as in `View`."""
    whole = {**run, "columnKind": "unicodeCodePoints", "results": []}
    head: Json = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_in_repository(whole, paths)]}
    return dumps_long(head, (_in_repository(each, paths) for each in results), count)


def tool(rules: list[Json], notified: Iterable[str] = ()) -> Json:
    """The description of this tool, with the rules that results refer to, and the codes that notifications `notified` have."""
    versions: dict[str, Json] = {"version": __version__, "semanticVersion": __version__}
    notices: list[Json] = [
        {"id": code, "shortDescription": {"text": codes.ALL[code]}}
        for code in dict.fromkeys(notified)
        if code in codes.ALL
    ]
    about: dict[str, Json] = {"notifications": notices} if notices else {}
    return {"driver": {"name": "privacy-rules", **versions, "rules": rules, **about}}


def invocation(reported: Sequence[Diagnostic], *, successful: bool, left_out: Iterable[str] = ()) -> Json:
    """A call of the tool, with its diagnostics and what the log leaves out."""
    notes: list[Json] = [_notification(each) for each in reported]
    notes += [{"descriptor": {"id": "left-out"}, "level": "warning", "message": message(each)} for each in left_out]
    return {"executionSuccessful": successful, "toolExecutionNotifications": notes}


def _notification(found: Diagnostic) -> Json:
    text = f"{found.message}\nhelp: {found.help}" if found.help else found.message
    places = [found.span, *found.also] if found.span else list(found.also)
    return {
        "descriptor": {"id": found.code},
        "level": found.level.value,
        "message": message(text),
        "locations": [{"physicalLocation": place(each)} for each in places],
    }


def _rule(count: RuleCount) -> Json:
    rule = count.rule
    title = rule.title or rule.name
    lines = [title, *(f"Clause: {cite}" for cite in rule.cites), f"Rule: {rule.span}"]
    lines += [f"Hint: {rule.hint}"] if rule.hint else []
    return {
        "id": rule.name,
        "shortDescription": {"text": _short(title)},
        "fullDescription": {"text": _short(title)},
        "help": {"text": "\n".join(lines)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": _tags(count)[:TAGS],
            "precision": "very-high",
            "problem.severity": PROBLEM[rule.severity],
            "cites": list(rule.cites),
            "subjects": count.subjects,
            "applies": count.applies,
        },
    }


def _tags(count: RuleCount) -> list[Json]:
    return list(dict.fromkeys(("privacy", *count.rule.cites)))


def _short(title: str) -> str:
    """A title that is short enough for code scanning; the help of the rule has all of it."""
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"


def _result(found: Finding, day: date, index: dict[str, int], estate: str) -> Json:
    result: dict[str, Json] = {"ruleId": found.rule}
    if found.rule in index:
        result["ruleIndex"] = index[found.rule]
    result |= {
        **_kind_and_level(found),
        "message": message("\n".join(_words(found, day))),
        "locations": [_location(found.location or found.rule_location, found.subject)],
    }
    related = list(_related(found, day))
    if related:
        result["relatedLocations"] = [{"id": number, **each} for number, each in enumerate(related, 1)]
    if found.hops:
        result["codeFlows"] = [{"threadFlows": [{"locations": [_step(hop) for hop in ends(found.hops, STEPS)]}]}]
    # Code scanning's own `primaryLocationLineHash` is left to its upload action, which warns of any other value.
    # The first is the finding's own, which `explain` takes; the second tells two estates of a repository apart.
    within = fingerprint_in(estate, found.fingerprint)
    result["partialFingerprints"] = {"privacyRules/v1": found.fingerprint, "privacyRules/v2": within}
    # The standard (3.27.23) wants it on all results or on none: an empty list says "looked at, not suppressed".
    result["suppressions"] = [_suppression(found.waiver, found)] if found.waiver else []
    if found.state:
        result["baselineState"] = _BASELINE[found.state]
    return {**result, "properties": _properties(found)}


def _kind_and_level(found: Finding) -> dict[str, Json]:
    """The kind and level of a finding.

    The standard has `open` and `review` for what could not be decided, but only with the level `none` (3.27.9), and
    code scanning reads only the level, so it would not show such a finding. So an undetermined finding is a `fail` of
    level `warning` at most, and `properties.verdict` has its verdict. A fixed finding is a `pass` without a level.
    """
    if found.state == "fixed":
        return {"kind": "pass", "level": "none"}
    unsure = found.verdict is Verdict.UNDETERMINED and found.severity == "error"
    return {"kind": "fail", "level": "warning" if unsure else found.severity}


def _related(found: Finding, day: date) -> Iterator[dict[str, Json]]:
    """Yield the places of the rule and of the facts that decide."""
    if found.rule_location:
        yield {"physicalLocation": place(found.rule_location), "message": {"text": "the rule"}}
    facts = dict.fromkeys(fact for reason in reasons_of(found, day) for fact in reason.facts)
    for fact in islice((each for each in facts if each.location), _RELATED):
        assert fact.location is not None
        yield {"physicalLocation": place(fact.location), "message": message(fact_words(fact))}


def _words(found: Finding, day: date) -> list[str]:
    lines = [found.message, f"subject: {found.subject}"]
    lines += [f"path: {path_words(found)}"] if found.hops else []
    lines += [f"because: {each}" for each in reason_lines(found, day, _REASONS)]
    return lines + [f"{label}: {words}" for label, words in ways_out(found)]


def message(text: str) -> Json:
    """A message of exactly this text, without placeholders (3.11.5) or embedded links (3.11.6)."""
    text = text.replace("{", "{{").replace("}", "}}")
    if "](" in text:
        text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return {"text": text}


def _location(span: Span | None, subject: Subject) -> Json:
    """The location of the subject, or else of the rule: code scanning shows no result without a place."""
    logical: Json = {"name": subject.id, "fullyQualifiedName": str(subject), "kind": subject.kind.value}
    physical: dict[str, Json] = {"physicalLocation": place(span)} if span else {}
    return {**physical, "logicalLocations": [logical]}


def _step(hop: Hop) -> Json:
    physical: dict[str, Json] = {"physicalLocation": place(hop.location)} if hop.location else {}
    return {"location": {**physical, "message": message(f"{hop.flow}: from {hop.source} to {hop.target}")}}


def place(span: Span) -> Json:
    """A physical location."""
    region: dict[str, Json] = {"startLine": span.line, "startColumn": span.column}
    if span.end_line:
        region |= {"endLine": span.end_line, "endColumn": span.end_column}
    return {"artifactLocation": {"uri": _uri(span.file)}, "region": region}


def _uri(file: str) -> str:
    """The name as a relative reference, or as a `file:` URI if it is absolute."""
    path = quote(file, safe="/", errors="surrogatepass")
    if _DRIVE.match(file):
        return f"file:///{path}"
    return f"file://{path}" if file.startswith("/") else path


def _suppression(waiver: Waiver, found: Finding) -> Json:
    here = waiver.location and found.location and waiver.location.file == found.location.file
    suppression: dict[str, Json] = {
        "kind": "inSource" if here else "external",
        "status": "accepted",
        "justification": f"{waiver.reason} (approved by {waiver.approved_by}, until {waiver.until})",
    }
    if waiver.location:
        suppression["location"] = {"physicalLocation": place(waiver.location)}
    until = waiver.until.isoformat()
    return {**suppression, "properties": {"reason": waiver.reason, "approved_by": waiver.approved_by, "until": until}}


def _properties(found: Finding) -> Json:
    return {
        "verdict": found.verdict.word,
        "severity": found.severity,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "owner": found.owner,
        "data": list(found.data),
        "purposes": list(found.purposes),
        "missing": [missing_words(each) for each in found.missing],
        "cites": list(found.cites),
    }


def errors(wrong: Errors) -> str:
    """A run that did not succeed. It has a separate id, so that a run without judgements does not close alerts."""
    run: dict[str, Json] = {
        "tool": tool([], [each.code for each in wrong.all]),
        "automationDetails": {"id": run_id("", "errors")},
    }
    return log({**run, "invocations": [invocation(wrong.all, successful=False)]}, paths=wrong.paths)
