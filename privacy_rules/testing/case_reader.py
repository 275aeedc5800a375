"""Read the cases of a test file with the policy's terms: what each case changes and expects.

cases:
  - {name: a list is sold, changes: [{set: {flow: leads, exchange: sale}}], expect: [{rule: no_selling, …}]}
"""

from __future__ import annotations

from datetime import date

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, places_of
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.scalars import text as read_text
from privacy_rules.simulation.change_set import Changes, read_changes
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.testing.expectation_reader import ExpectationReader, Expected
from privacy_rules.testing.file_header import read_day, read_mode, unknown_keys
from privacy_rules.testing.suite import Mode

_KEYS = ("name", "manifest", "as_of", "mode", "changes", "expect")


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case as written, with None for missing parts. Errors have been reported."""

    name: str | None
    as_of: date | None
    mode: Mode | None
    changes: Changes
    expected: Expected


class CaseReader:
    """Reads the cases of one test file."""

    def __init__(self, policy: Policy, sink: DiagnosticSink) -> None:
        self._sink, self._lexicon = sink, Lexicon(policy)
        self._expectations = ExpectationReader(policy, self._lexicon, sink)
        self._names: dict[str, PathKey] = {}

    def read(self, node: Node, path: PathKey) -> ReadCase | None:
        """Read one case; None if it is not a map."""
        sink = self._sink
        if type(node) is not dict:
            sink.misfit("a case", node, path, "write `{name: …, changes: […], expect: […]}`")
            return None
        unknown_keys(node, _KEYS, path, sink, "a case")
        name = self._name(node, path)
        day, mode = read_day(node, path, sink), read_mode(node, path, sink)
        changes: Changes = ()
        if node.get("changes") is not None:
            changes = read_changes(node["changes"], (*path, "changes"), self._lexicon, sink)
        expected: Expected = []
        if "expect" not in node:
            help_ = "write `expect: []` if no findings are expected"
            sink.add(codes.MISSING_KEY, "a case has no `expect`", path, help=help_)
        else:
            expected = self._expectations.read(node["expect"], (*path, "expect"))
        return ReadCase(name, day, mode, changes, expected)

    def _name(self, node: dict[str, Node], path: PathKey) -> str | None:
        if node.get("name") is None:
            self._sink.add(codes.MISSING_KEY, "a case has no `name`", path, help="describe what it shows")
            return None
        at = (*path, "name")
        name = read_text(node["name"], at, self._sink)
        if name is not None and not name.strip():
            self._sink.misfit("words", node["name"], at)
            return None
        if name in self._names:
            also = places_of(self._sink.document, self._names[name])
            self._sink.add(codes.DUPLICATE_ID, f"two cases are named {quoted(name)}", at, also=also)
        if name is not None:
            self._names.setdefault(name, at)
        return name
