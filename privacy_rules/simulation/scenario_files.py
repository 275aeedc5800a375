"""Read files of change sets: one list, which is one scenario, or several lists by name.

- remove: {flow: signup}

scenarios:
  drop the mailer: [{remove: {party: mailer}}]
  let it expire:    [{as_of: 2027-06-01}]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.read_file import read_document
from privacy_rules.manifest.source_document import Document, Places
from privacy_rules.simulation.change_options import Option
from privacy_rules.simulation.change_set import Changes, read_changes
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.file_system import LIMIT
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

Diagnostics = tuple[Diagnostic, ...]
Reader = Callable[[Policy], tuple[Changes | None, Diagnostics]]
_SCENARIOS = "scenarios"
_OPTIONS = "the options"
"""The name of the document that options make, a line for each."""


@dataclass(frozen=True, slots=True)
class Written:
    """A change set in a file. It can be read only with the vocabularies of a policy."""

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
    made: Callable[[str, str, Places | None], Document] = Document,
) -> tuple[tuple[Written, ...] | None, Diagnostics]:
    """Return the change sets of a file that is shown as `name`, or None and what is wrong with it.

    A single one is called `title`; `made` makes the file's document.
    """
    suggestions = Suggestions()
    read, sink = read_document(name, content, json=json, limit=limit, suggestions=suggestions, made=made)
    if read is None or sink.found or not isinstance(sink.document, Document):
        return None, tuple(sink.found)
    data, document = read.data, sink.document
    if type(data) is list:
        return (Written(title, document, data, ()),), ()
    named = _named(data, sink)
    if sink.found:
        return None, in_order(sink.found)
    return tuple(Written(str(each), document, node, (_SCENARIOS, each)) for each, node in named.items()), ()


class _Options(Document):
    """Options as one text of YAML. Its places are those in the options as typed, each a line; `first` is the first one's number."""

    __slots__ = ("_first", "_options", "_starts_of")

    def __init__(
        self, options: Sequence[Option], first: int, name: str, text: str, places: Places | None = None
    ) -> None:
        super().__init__(name, text, places)
        self._options, self._first = options, first
        self._starts_of = list(accumulate((len(each.yaml) + 1 for each in options), initial=0))[:-1]

    def span(self, start: int, end: int = 0) -> Span:
        """Return the place in the option that the text at an offset comes from."""
        number = bisect_right(self._starts_of, start) - 1
        begin = self._starts_of[number]
        typed_start, typed_end = self._options[number].typed_range(start - begin, max(end - begin, 0))
        line = self._first + number
        return Span(self.name, line, typed_start + 1, *((line, typed_end + 1) if typed_end else ()))

    def excerpt(self, span: Span) -> str:
        """Return the option as typed."""
        return self._options[span.line - self._first].typed


def scenario_of(options: Sequence[Option], title: str) -> tuple[tuple[Written, ...] | None, Diagnostics]:
    """Return the options as one change set, or None and what is wrong with them.

    Each is read by itself first, so that an error of syntax is one of the option that has it.
    """
    for number, each in enumerate(options, start=1):
        found, wrong = _read_options([each], number, title)
        if found is None:
            return None, wrong
    return _read_options(options, 1, title) if options else ((Written(title, Document(_OPTIONS, ""), [], ()),), ())


def _read_options(options: Sequence[Option], first: int, title: str) -> tuple[tuple[Written, ...] | None, Diagnostics]:
    text = "\n".join(each.yaml for each in options).encode("utf-8", "surrogatepass")
    return scenarios_in(_OPTIONS, text, title=title, json=False, limit=LIMIT, made=partial(_Options, options, first))


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
