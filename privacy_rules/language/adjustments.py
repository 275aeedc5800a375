"""The rules of used files that a policy leaves out or gives another severity: `use pack.gdpr { without a "why"  severity note for b }`.

A rule is left out if every chain of `use` lines that brings it leaves it out, so one that is taken whole elsewhere stays. The order of
files and lines means nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from privacy_rules.language import syntax
from privacy_rules.language.declarations import LeftOut
from privacy_rules.language.policy import Rule
from privacy_rules.language.policy_errors import Errors
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """A file, a `use` in it, and the file that this names."""

    source: Path
    target: Path
    use: syntax.Use


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What `use` lines say of rules, by the names of these."""

    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    severities: Mapping[str, syntax.Word] = field(default_factory=dict)

    def applied(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Yield the rules that stay, with their severities. A permit that only lifts rules that are left out is left out, too."""
        for rule in rules:
            if rule.name in self.left_out:
                continue
            severity = self.severities.get(rule.name)
            found = replace(rule, severity=severity.text) if severity else rule  # type: ignore[arg-type]  # the grammar has no other
            despite = tuple(each for each in rule.despite if each not in self.left_out)
            if despite or not rule.despite:
                yield found if despite == rule.despite else replace(found, despite=despite)


NONE = Adjustments()


def adjustments(
    roots: Sequence[Path], files: Mapping[Path, syntax.File], edges: Sequence[Edge], *, lost: bool
) -> tuple[Adjustments, tuple[Diagnostic, ...]]:
    """Return what the `use` lines of a policy adjust, and the errors. `roots` are the files that the call names; `lost`: a file is missing."""
    adjusting = [edge for edge in edges if edge.use.adjustments]
    if not adjusting:
        return NONE, ()
    errors = Errors()
    severities: dict[str, syntax.Word] = {}
    candidates: dict[str, tuple[syntax.Word, str]] = {}
    for edge in adjusting:
        brought = {name: path for path in _reached([edge.target], edges) for name in _rules(files, path)}
        for adjustment, word in _named(edge.use, errors):
            if word.text not in brought:
                if not lost:
                    near = errors.near(word.text, brought, "rules")
                    message = f"`{edge.use.target.text}` brings no rule `{word.text}`"
                    errors.report(codes.NOT_THERE, message, word.span, near)
            elif adjustment.reason:
                candidates.setdefault(word.text, (word, adjustment.reason.text))
            elif adjustment.severity:
                first = severities.setdefault(word.text, adjustment.severity)
                if first.text != adjustment.severity.text:
                    message = f"`{word.text}` is given two severities"
                    errors.report(codes.REPEATED, message, adjustment.severity.span, None, (first.span,))
    left_out = {name: LeftOut(name, why, word.span) for name, (word, why) in candidates.items()}
    for name in candidates:
        kept = [edge for edge in edges if not _leaves_out(edge.use, name)]
        if any(name in _rules(files, path) for path in _reached(roots, kept)):
            del left_out[name]
    return Adjustments(left_out, severities), tuple(errors.found)


def _named(use: syntax.Use, errors: Errors) -> Iterator[tuple[syntax.Adjustment, syntax.Word]]:
    """The rules that a `use` names, each once."""
    first: dict[str, syntax.Word] = {}
    for adjustment in use.adjustments:
        for word in adjustment.rules:
            if first.setdefault(word.text, word) is word:
                yield adjustment, word
            else:
                message = f"this `use` names `{word.text}` twice"
                errors.report(codes.REPEATED, message, word.span, None, (first[word.text].span,))


def _leaves_out(use: syntax.Use, name: str) -> bool:
    return any(each.reason and any(word.text == name for word in each.rules) for each in use.adjustments)


def _rules(files: Mapping[Path, syntax.File], path: Path) -> set[str]:
    """The names of the rules in a file."""
    file = files.get(path)
    return {each.name.text for each in file.declarations if isinstance(each, syntax.Rule)} if file else set()


def _reached(starts: Iterable[Path], edges: Iterable[Edge]) -> set[Path]:
    """Some files, and all that they use, directly or through others."""
    targets: dict[Path, list[Path]] = defaultdict(list)
    for edge in edges:
        targets[edge.source].append(edge.target)
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += targets[each]
    return found
