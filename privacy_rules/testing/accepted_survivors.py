"""Read the committed list of mutants that no test notices, each with a reason.

survivors: 1
mutants:
  - mutant: "declared_purposes: `rights_handling` dropped in `purpose is (…)`"
    reason: every request is also covered by …
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from privacy_rules.manifest import scalars
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, is_text, quoted
from privacy_rules.manifest.read_file import read_document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, LIMIT
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.source.words import lower_first
from privacy_rules.testing.file_header import unknown_keys
from privacy_rules.testing.mutants import Mutant

_BEGINS = "a list of survivors begins with `survivors: 1`"
_KEYS = ("survivors", "mutants")
_ENTRY_KEYS = ("mutant", "reason")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry: the name of a mutant, the reason why no test notices it, and its place."""

    mutant: str
    reason: str
    where: Span | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Survivors compared with the list: those with a reason, those without, and stale entries."""

    listed: tuple[tuple[Mutant, Listed], ...] = ()
    unlisted: tuple[Mutant, ...] = ()
    stale: tuple[Listed, ...] = ()


def compare(survivors: Iterable[Mutant], entries: Sequence[Listed]) -> Comparison:
    """Compare the survivors with the list."""
    by_name = {each.mutant: each for each in entries}
    found = list(survivors)
    names = {each.name for each in found}
    return Comparison(
        tuple((each, by_name[each.name]) for each in found if each.name in by_name),
        tuple(each for each in found if each.name not in by_name),
        tuple(each for each in entries if each.mutant not in names),
    )


def read(file: Path) -> tuple[tuple[Listed, ...] | None, tuple[Diagnostic, ...]]:
    """Read the entries of a list; None if there is an error in it (E332, E2xx)."""
    name = shown(file)
    try:
        content = DISK.read(file, LIMIT)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot read the list of survivors {quoted(name)}: {lower_first(reason)}"
        return None, (Diagnostic(codes.SURVIVORS, message),)
    read_, sink = read_document(
        name, content, json=file.suffix.lower() == ".json", limit=LIMIT, suggestions=Suggestions(), begins=_BEGINS
    )
    found: list[Listed] = []
    if read_ is not None:
        with sink.bounded():
            found = _entries(read_.data, sink)
    return (None, in_order(sink.found)) if sink.found else (tuple(found), ())


def _entries(data: Node, sink: DiagnosticSink) -> list[Listed]:
    if type(data) is not dict:
        sink.misfit("`key: value` pairs", data, (), _BEGINS)
        return []
    unknown_keys(data, _KEYS, (), sink, "a list of survivors")
    if not is_text(data.get("survivors")) or data["survivors"] != "1":
        sink.add(codes.SURVIVORS, "the file has no `survivors: 1`", (), help=_BEGINS)
    entries = data.get("mutants", [])
    if type(entries) is not list:
        sink.misfit("a list of survivors", entries, ("mutants",))
        return []
    found: dict[str, Listed] = {}
    for index, node in enumerate(entries):
        read_ = _entry(node, ("mutants", index), sink)
        if read_ is not None and read_.mutant in found:
            other = found[read_.mutant].where
            also = (other,) if other else ()
            sink.add(codes.DUPLICATE_ID, f"{quoted(read_.mutant)} is listed twice", ("mutants", index), also=also)
        elif read_ is not None:
            found[read_.mutant] = read_
    return list(found.values())


def _entry(node: Node, path: PathKey, sink: DiagnosticSink) -> Listed | None:
    if type(node) is not dict:
        sink.misfit("a survivor", node, path, "write `{mutant: …, reason: …}`")
        return None
    unknown_keys(node, _ENTRY_KEYS, path, sink, "a survivor")
    if node.get("mutant") is None:
        sink.add(codes.SURVIVORS, "a survivor has no `mutant`", path, help="copy its name from the report")
        return None
    mutant = scalars.text(node["mutant"], (*path, "mutant"), sink)
    given = node.get("reason")
    reason = None if given is None else scalars.text(given, (*path, "reason"), sink)
    if given is None or (reason is not None and not reason.strip()):
        help_ = "give the reason why no test can or needs to notice it, or write a test"
        sink.add(codes.SURVIVORS, "a survivor has no reason", path, help=help_)
        return None
    if mutant is None or reason is None:
        return None
    return Listed(mutant, reason, sink.document.place(path))
