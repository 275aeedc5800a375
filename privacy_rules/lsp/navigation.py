"""Go to definition, find references and rename."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lsprotocol.types import Location, TextEdit

from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.policy_view import PolicyView, is_shipped
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.symbols import Occurrence, Symbol
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.lsp.workspace_scan import around
from privacy_rules.source.diagnostic import Level
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import shipped_file
from privacy_rules.source.span import Span
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose import Clause
from privacy_rules.tracing.prose_loader import clauses_of

_NAME = re.compile(r"[^\W\d]\w*\Z")
_ID = re.compile(r"\w[\w.-]*\Z")
_RENAMED = ("term", "attribute", "define", "rule", "vocabulary", "party", "system", "flow", "contract")
_IDS = ("party", "system", "flow", "contract")
View = PolicyView | EstateView
Named = tuple[Path, Occurrence]


class RefusedError(Exception):
    """A rename that is not possible; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Target:
    """A symbol at a place, with the range of its name there."""

    occurrence: Occurrence
    path: Path


def at(workspace: Workspace, path: Path, line: int, column: int) -> Target | None:
    """Return the symbol at a place of a policy or manifest."""
    if workspace.is_policy(path):
        found = workspace.policy(path).at(path, line, column)
    elif workspace.is_manifest(path):
        found = workspace.estate(path).at(path, line, column)
    else:
        return None
    return Target(found, path) if found else None


def named(workspace: Workspace, target: Target, *, everywhere: bool = False) -> list[Named]:
    """Return all places that name a symbol, each once: in open files and the files they lead to, or `everywhere` around."""
    symbol = target.occurrence.symbol
    views = _views(workspace, target.path)
    declaring = [path for view in views for path, each in view.of(symbol) if each.declares]
    for path in dict.fromkeys(declaring):
        views += _views(workspace, path)
    if everywhere:
        for path in dict.fromkeys([target.path, *declaring]):
            views += around(workspace, path, symbol.name)
    found = (each for view in dict.fromkeys(views) for each in view.of(symbol))
    return sorted(dict.fromkeys(found), key=lambda each: (str(each[0]), each[1].span))


def _views(workspace: Workspace, path: Path) -> list[View]:
    """Return the policies and estates that a file belongs to."""
    if workspace.is_manifest(path):
        estate = workspace.estate(path)
        return [estate, estate.policy] if estate.policy else [estate]
    policies = [workspace.policy(path), *workspace.policies()]
    estates = [each for each in workspace.estates() if each.policy and path in each.policy.survey.files]
    return [*(each for each in policies if path in each.survey.files), *estates]


# ---- where it is declared


def definition(workspace: Workspace, target: Target) -> list[Location]:
    """Return the first declaration of a symbol, or the file that it names."""
    symbol = target.occurrence.symbol
    if symbol.kind == "file":
        path = _file(target)
        return [Location(workspace.texts.uri(path), Lines("").whole)] if path else []
    if symbol.kind == "clause":
        cited = ClauseIndex(clauses_of(workspace.prose(target.path)))
        return [_line(workspace, each) for each in cited.meant(symbol.name)]
    declared = [each for each in named(workspace, target) if each[1].declares]
    if symbol.kind == "term":
        declared = (
            [min(declared, key=lambda each: (is_shipped(each[0]), str(each[0]), each[1].span))] if declared else []
        )
    return [location(workspace, path, each.span) for path, each in declared]


def _file(target: Target) -> Path | None:
    symbol = target.occurrence.symbol
    path = shipped_file(symbol.name) if symbol.vocabulary == "std" else target.path.parent / symbol.name
    try:
        return path.resolve() if path and path.is_file() else None
    except (OSError, ValueError):  # a zero byte, or a name that is too long
        return None


def _line(workspace: Workspace, clause: Clause) -> Location:
    path = Path(clause.file).resolve()
    return Location(workspace.texts.uri(path), workspace.texts.lines(path).range(Span(clause.file, clause.line, 1)))


def references(workspace: Workspace, target: Target, *, declarations: bool) -> list[Location]:
    """Return all places that name a symbol."""
    return [
        location(workspace, path, each.span)
        for path, each in named(workspace, target, everywhere=True)
        if declarations or not each.declares
    ]


def location(workspace: Workspace, path: Path, span: Span) -> Location:
    """Return a place of a file as the protocol has it."""
    return Location(workspace.texts.uri(path), workspace.texts.lines(path).range(span))


# ---- another name


def renamed(workspace: Workspace, target: Target, name: str) -> dict[str, list[TextEdit]]:
    """Return the edits that rename a symbol, by document. Raises RefusedError if that is not possible."""
    symbol = target.occurrence.symbol
    places = renamable(workspace, target, everywhere=True)
    pattern = _ID if symbol.kind in _IDS else _NAME
    if not pattern.match(name):
        raise RefusedError(f"`{name}` is not a name")
    if name == symbol.name:
        return {}
    taken = Symbol(symbol.kind, name, symbol.vocabulary)
    views = dict.fromkeys(view for path, _ in places for view in _views(workspace, path))
    if any(view.of(taken) for view in views):
        raise RefusedError(f"`{name}` is taken")
    edits: dict[Path, list[tuple[int, int, str]]] = {}
    for path, each in places:
        bare = _NAME.match(name) or not workspace.is_policy(path)
        edits.setdefault(path, []).append(_edit(workspace.texts.lines(path), each, name if bare else f'"{name}"'))
    _try(workspace, edits, list(views), taken)
    lines = {path: workspace.texts.lines(path) for path in edits}
    return {
        workspace.texts.uri(path): [TextEdit(lines[path].between(start, end), text) for start, end, text in each]
        for path, each in edits.items()
    }


def renamable(workspace: Workspace, target: Target, *, everywhere: bool = False) -> list[Named]:
    """Return the places that a rename would change. Raises RefusedError if the name is not the user's own."""
    symbol = target.occurrence.symbol
    places = named(workspace, target, everywhere=everywhere)
    if symbol.kind not in _RENAMED or not any(each.declares for _, each in places):
        raise RefusedError(f"`{symbol.name}` is not declared here")
    if any(is_shipped(path) for path, _ in places):
        raise RefusedError(f"`{symbol.name}` ships with privacy-rules")
    return places


def _edit(lines: Lines, found: Occurrence, name: str) -> tuple[int, int, str]:
    span = found.span
    start, end = lines.at(span.line, span.column), lines.at(span.end_line, span.end_column)
    if lines.text[start : start + 1] == '"':
        return start + 1, end - 1, name.strip('"')
    return start, end, name


def _try(
    workspace: Workspace, edits: dict[Path, list[tuple[int, int, str]]], views: list[View], symbol: Symbol
) -> None:
    """Try the edits on a copy. Raises RefusedError if they cause an error or change what a name refers to."""
    changed = {path: _applied(workspace.texts.lines(path).text, each) for path, each in edits.items()}
    trial = workspace.with_texts(changed)
    for view in views:
        again: View
        if isinstance(view, PolicyView):
            again = trial.policy_of(view.roots, workspace.top(view.roots[0]))
            new = _errors(again) - _errors(view)
        else:
            again = trial.estate(view.roots[0])
            new = _errors(again) - _errors(view)
        expected = sum(len(each) for path, each in edits.items() if _has(view, path))
        if new > 0 or len(again.of(symbol)) != expected:
            raise RefusedError(f"the name `{symbol.name}` would cause an error or change what a name refers to")


def _has(view: View, path: Path) -> bool:
    return path in (view.survey.files if isinstance(view, PolicyView) else view.files)


def _errors(view: View) -> int:
    found = view.survey.found if isinstance(view, PolicyView) else view.found
    return sum(each.level is Level.ERROR for each in found)


def _applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def highlights(workspace: Workspace, target: Target) -> Iterator[Occurrence]:
    """Return the places in the same file."""
    return (each for path, each in named(workspace, target) if path == target.path)
