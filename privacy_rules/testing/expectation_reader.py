"""Read the expected findings of a case, and check them against the policy.

expect:
  - {rule: no_selling, subject: address-list, verdict: violation}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.subjects import entity_of
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest import scalars
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, places_of
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Estate, PathKey
from privacy_rules.manifest.nodes import Node, is_text, quoted
from privacy_rules.source import codes
from privacy_rules.testing.file_header import unknown_keys
from privacy_rules.testing.suite import Expectation, Pair
from privacy_rules.vocabulary.intended_term import help_for
from privacy_rules.vocabulary.taxonomy import noun_of

_KEYS = ("rule", "subject", "verdict", "judged", "waived")
_NEEDED = ("rule", "subject", "verdict")
_PAIR_KEYS = ("data", "purpose", "pair", "verdict")
_VERDICTS = {each.word: each for each in Verdict}

Expected = list[tuple[PathKey, Expectation]]


class ExpectationReader:
    """Reads the expectations of the cases of one file."""

    def __init__(self, policy: Policy, lexicon: Lexicon, sink: DiagnosticSink) -> None:
        self._policy, self._lexicon, self._sink = policy, lexicon, sink
        self._rules = [rule.name for rule in policy.rules if rule.statement != "permit"]

    def read(self, node: Node, path: PathKey) -> Expected:
        """Read the expectations of a case, each with its path. Wrong ones are reported and left out."""
        if type(node) is not list:
            help_ = "write `expect: []` if no findings are expected"
            self._sink.misfit("a list of expected findings", node, path, help_)
            return []
        found: Expected = []
        for index, each in enumerate(node):
            read = self._expectation(each, (*path, index))
            if read is not None:
                self._once(read, (*path, index), found)
                found.append(((*path, index), read))
        return found

    def _once(self, read: Expectation, path: PathKey, before: Expected) -> None:
        for other, each in before:
            if each.key == read.key:
                also = places_of(self._sink.document, other)
                message = f"the verdict of {quoted(read.rule)} on {quoted(read.subject)} is expected twice"
                self._sink.add(codes.DUPLICATE_ID, message, path, also=also)

    def _expectation(self, node: Node, path: PathKey) -> Expectation | None:
        if type(node) is not dict:
            help_ = "write `{rule: …, subject: …, verdict: violation}`"
            self._sink.misfit("an expected finding", node, path, help_)
            return None
        unknown_keys(node, _KEYS, path, self._sink, "an expected finding")
        lacking = [name for name in _NEEDED if node.get(name) is None]
        for name in lacking:
            self._sink.add(codes.MISSING_KEY, f"an expected finding has no `{name}`", path)
        rule = self._rule(node["rule"], (*path, "rule")) if "rule" not in lacking else None
        verdict = self._verdict(node["verdict"], (*path, "verdict")) if "verdict" not in lacking else None
        subject = self._subject(node["subject"], (*path, "subject"), rule) if "subject" not in lacking else None
        judged = self._judged(node.get("judged"), (*path, "judged"))
        given = node.get("waived")
        waived = None if given is None else scalars.flag(given, (*path, "waived"), self._sink)
        if rule is None or verdict is None or subject is None:
            return None
        where = self._sink.document.place(path)
        return Expectation(rule.name, rule.subject.kind.family, subject, verdict, judged, waived, where)

    def _rule(self, node: Node, path: PathKey) -> Rule | None:
        name = scalars.identifier(node, path, self._sink)
        if name is None:
            return None
        rule = self._policy.rule(name)
        if rule is None:
            near = self._sink.suggestions.near(name, self._rules, "rules")
            help_ = near or "`privacy-rules lint` lists the rules of a policy"
            self._sink.add(codes.EXPECTATION, f"the policy has no rule {quoted(name)}", path, help=help_)
            return None
        if rule.statement == "permit":
            lifted = ", ".join(f"`{each}`" for each in rule.despite)
            message = f"{quoted(name)} is a permit, which has no findings"
            self._sink.add(
                codes.EXPECTATION, message, path, help=f"expect findings of the rules that it lifts: {lifted}"
            )
            return None
        return rule

    def _verdict(self, node: Node, path: PathKey) -> Verdict | None:
        found = _VERDICTS.get(str(node)) if is_text(node) else None
        if found is None:
            self._sink.misfit("`violation`, `undetermined` or `compliant`", node, path)
        return found

    def _subject(self, node: Node, path: PathKey, rule: Rule | None) -> str | None:
        """Read an id, or a map of kind and id as in findings; the kind must be the rule's."""
        if type(node) is not dict:
            return scalars.identifier(node, path, self._sink)
        unknown_keys(node, ("kind", "id"), path, self._sink, "a subject")
        if "id" not in node:
            self._sink.add(codes.MISSING_KEY, "a subject has no `id`", path)
            return None
        kind, wanted = node.get("kind"), rule.subject.kind.family if rule else None
        if kind is not None and wanted is not None and kind != wanted.value:
            help_ = f"rule `{rule.name}` judges each {wanted.value}" if rule else None
            self._sink.misfit(f"`{wanted.value}`", kind, (*path, "kind"), help_)
        return scalars.identifier(node["id"], (*path, "id"), self._sink)

    # What is judged.

    def _judged(self, node: Node, path: PathKey) -> tuple[Pair, ...] | None:
        if node is None:
            return None
        if type(node) is not list:
            help_ = "write `[{data: …, purpose: …, verdict: violation}]`"
            self._sink.misfit("a list of judged pairs", node, path, help_)
            return None
        read = [self._pair(each, (*path, index)) for index, each in enumerate(node)]
        found = tuple(each for each in read if each is not None)
        fields = tuple(sorted({name for each in found for name in each.fields}))
        return tuple(replace(each, fields=fields) for each in found)

    def _pair(self, node: Node, path: PathKey) -> Pair | None:
        if type(node) is not dict or not node:
            help_ = "write `{data: …, purpose: …, verdict: violation}`; null means unknown"
            self._sink.misfit("a judged pair", node, path, help_)
            return None
        unknown_keys(node, _PAIR_KEYS, path, self._sink, "a judged pair")
        fields = tuple(name for name in _PAIR_KEYS if name in node)
        verdict = self._verdict(node["verdict"], (*path, "verdict")) if "verdict" in node else None
        return Pair(
            fields=fields,
            data=self._term(node.get("data"), (*path, "data"), "data"),
            purpose=self._term(node.get("purpose"), (*path, "purpose"), "purpose"),
            pair=self._joined(node.get("pair"), (*path, "pair")),
            verdict=verdict,
        )

    def _term(self, node: Node, path: PathKey, vocabulary: str) -> str | None:
        if node is None:
            return None
        known = self._lexicon.terms(vocabulary)
        if not is_text(node) or str(node) not in known:
            noun = noun_of(vocabulary)
            if is_text(node):
                near = help_for(str(node), self._lexicon.taxonomy(vocabulary), self._sink.suggestions)
                self._sink.add(codes.UNDECLARED_TERM, f"unknown {noun.name} {quoted(node)}", path, help=near)
            else:
                self._sink.misfit(noun.one, node, path)
            return None
        return str(node)

    def _joined(self, node: Node, path: PathKey) -> tuple[str, str] | None:
        if node is None:
            return None
        if type(node) is not list or len(node) != 2 or None in node:
            self._sink.misfit("a pair of categories", node, path, "write `[one_category, other_category]`")
            return None
        one, other = (self._term(each, (*path, index), "data") for index, each in enumerate(node))
        return None if one is None or other is None else (one, other)


def check_subjects(expected: Iterable[tuple[PathKey, Expectation]], estate: Estate, sink: DiagnosticSink) -> None:
    """Report expected findings on subjects that the changed estate does not have (E331)."""
    for path, each in expected:
        known = estate.records(entity_of(each.kind))
        if each.subject not in known:
            noun = Kind.SYSTEM if each.kind.in_system else each.kind
            message = f"rule `{each.rule}` judges each {each.kind}, and there is no {noun} {quoted(each.subject)}"
            help_ = sink.suggestions.near(each.subject, known, f"subjects of {path}")
            sink.add(codes.EXPECTATION, message, (*path, "subject"), help=help_)
