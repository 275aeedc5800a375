"""Read files of change sets: one list, which is one scenario, or several lists by name.

- remove: {flow: signup}

scenarios:
  drop the mailer: [{remove: {party: mailer}}]
  let it expire:    [{as_of: 2027-06-01}]
"""

from __future__ import annotations

from collections.abc import Callable

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.read_file import read_document
from privacy_rules.manifest.source_document import Document
from privacy_rules.simulation.change_set import Changes, read_changes
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import Suggestions

Diagnostics = tuple[Diagnostic, ...]
Reader = Callable[[Policy], tuple[Changes | None, Diagnostics]]
_SCENARIOS = "scenarios"


@dataclass(frozen=True, slots=True)
class Written:
    """A change set with its document. It can be read only with the vocabularies of a policy."""

    name: str
    document: Document
    node: Node
    path: PathKey

    def read(self, policy: Policy) -> tuple[Changes | None, Diagnostics]:
        """Read the changes; None if there are errors."""
        sink = DiagnosticSink(self.document, Suggestions())
        read: Changes = ()
        with sink.bounded():
            read = read_changes(self.node, self.path, Lexicon(policy), sink)
        return (None, in_order(sink.found)) if sink.found else (read, ())


def scenarios_in(
    name: str,
    content: bytes,
    *,
    title: str,
    json: bool,
    limit: int,
) -> tuple[tuple[Written, ...] | None, Diagnostics]:
    """Return the change sets of a file that is shown as `name`, or None and what is wrong with it.

    A single one is called `title`.
    """
    suggestions = Suggestions()
    read, sink = read_document(name, content, json=json, limit=limit, suggestions=suggestions)
    if read is None or sink.found or not isinstance(sink.document, Document):
        return None, tuple(sink.found)
    data, document = read.data, sink.document
    if type(data) is list:
        return (Written(title, document, data, ()),), ()
    named = _named(data, sink)
    if sink.found:
        return None, in_order(sink.found)
    return tuple(Written(str(each), document, node, (_SCENARIOS, each)) for each, node in named.items()), ()


def _named(data: Node, sink: DiagnosticSink) -> dict[str, Node]:
    help_ = "write `- remove: {flow: …}`, a line for each change, or `scenarios:` with a list by each name"
    if type(data) is not dict or list(data) != [_SCENARIOS]:
        sink.misfit("a list of changes", data, (), help_)
        return {}
    named = data[_SCENARIOS]
    if type(named) is not dict or not named:
        sink.misfit("change sets by name", named, (_SCENARIOS,), help_)
        return {}
    for name, node in named.items():
        if not name.strip():
            sink.add(codes.UNFIT_VALUE, f"{quoted(name)} is not a name", (_SCENARIOS, name), key=True)
        elif type(node) is not list:
            sink.misfit("a list of changes", node, (_SCENARIOS, name), help_)
    return named
