"""Check which version of the language a policy file is written for, and that it uses no newer construct."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from privacy_rules.language import syntax
from privacy_rules.language.compared_facts import ENDS, TODAY
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.language.syntax_walks import Node, walk, walk_declaration, walk_terms
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.language_files import language_version
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, SINCE_1_1

_NEW_VOCABULARIES = ("trigger",)
_NEW_PACKS = ("obligations", "fides", "dpv")
_VERSION = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\Z")


def newer_language(file: syntax.File) -> Diagnostic | None:
    """Return the error if a file's `language` is not a version, or is newer than this tool reads."""
    return next((wrong for said in _stated(file) if (wrong := _wrong(said))), None)


def is_for_1_1(file: syntax.File) -> bool:
    """Return whether a file says that it is written for version 1.1 of the language, or for a newer one."""
    said = next(_stated(file), None)
    return said is not None and _VERSION.match(said.text) is not None and _numbers(said.text) >= (1, 1)


def newer_constructs(files: Iterable[syntax.File]) -> Iterator[Diagnostic]:
    """Yield an error for each construct that is newer than the `language` of its file; a file without `language` may use all.

    `files`: all files of a policy, because each may use the attributes and defines of the others.
    """
    every = [each for file in files for each in file.declarations]
    own = {each.name.text for each in every if isinstance(each, syntax.Attribute)}
    vocabularies = {each.name.text for each in every if isinstance(each, syntax.Vocabulary) and _is_own(each)}
    for file in files:
        said = next(_stated(file), None)
        if said is None or _VERSION.match(said.text) is None or is_for_1_1(file):
            continue
        asking = _asking_collections(each for each in every if isinstance(each, syntax.Define))
        for construct, span in (*_declared_of_1_1(file, vocabularies), *_of_1_1(file, own, asking)):
            message = f"{construct} needs version 1.1 of the language, and this file is written for {said.text}"
            yield Diagnostic(codes.NEWER_CONSTRUCT, message, span, 'declare `language "1.1"`', (said.span,))


def _stated(file: syntax.File) -> Iterator[syntax.Text]:
    for block in file.declarations:
        if isinstance(block, syntax.Policy):
            yield from (said for word, said in block.fields if word.text == "language")


def _of_1_1(file: syntax.File, own: Container[str], asking: Container[str]) -> Iterator[tuple[str, Span]]:
    """Yield the constructs of version 1.1, in words, with their places."""
    for declaration in file.declarations:
        if isinstance(declaration, syntax.Rule):
            yield from _rule_of_1_1(declaration, asking)
        for node in walk_declaration(declaration):
            if isinstance(node, syntax.Compared) and _is_fact(node.value, own):
                yield "a comparison with another fact, or with today,", node.value.span
            elif construct := _test_of_1_1(node):
                yield construct, node.span
            if isinstance(node, syntax.HasTerms | syntax.IsDeclared | syntax.Compared) and _is_new(node.name, own):
                yield f"the attribute `{node.name.text}`", node.name.span


def _declared_of_1_1(file: syntax.File, own: Container[str]) -> Iterator[tuple[str, Span]]:
    """Yield the parts of declarations that version 1.1 added.

    `own` has the vocabularies that the policy declares as such.
    """
    for each in file.declarations:
        named: syntax.Word | None = None
        if isinstance(each, syntax.Vocabulary):
            dated = (above for term in walk_terms(each.terms) for above in term.parents if above.begins or above.ends)
            yield from (("a parent with dates", above.span) for above in dated)
        match each:
            case syntax.Vocabulary(name=name) if not _is_own(each):
                named = name
            case syntax.Attribute() if each.type.vocabulary and each.type.vocabulary.text not in own:
                named = each.type.vocabulary
            case syntax.Use(target=syntax.Word(text=text, span=span)) if _is_new_file(text):
                yield f"`use {text}`", span
            case syntax.Use(adjustments=adjustments) if adjustments:
                yield "a `use` that adjusts rules", adjustments[0].span
        if named is not None and named.text in _NEW_VOCABULARIES:
            yield f"the vocabulary `{named.text}`", named.span


def _is_new_file(name: str) -> bool:
    return name.startswith("pack.") or name.rpartition(".")[2] in _NEW_PACKS


def _is_own(block: syntax.Vocabulary) -> bool:
    """Return whether a block of terms is written `vocabulary NAME { … }`."""
    return (block.span.line, block.span.column) != (block.name.span.line, block.name.span.column)


def _rule_of_1_1(rule: syntax.Rule, asking: Container[str]) -> Iterator[tuple[str, Span]]:
    for each in rule.statement.despite:
        if isinstance(each, syntax.Text):
            yield "`despite` with the text of a clause", each.span
    kind = rule.statement.subject.kind
    if kind.text in (Kind.USE, Kind.DERIVATION):
        yield f"the subject `{kind.text}`", kind.span
    if kind.text == Kind.JOINING:
        for node in walk_declaration(rule):
            collected = isinstance(node, syntax.CollectedWith) and node.how is None
            if collected or (isinstance(node, syntax.Named) and node.name.text in asking):
                yield "`collected with` on a joining", node.span


def _asking_collections(defines: Iterable[syntax.Define]) -> set[str]:
    """Return the names of the defines that contain `collected with`, over others or in their own condition."""
    waiting: list[str] = []
    users: dict[str, list[str]] = defaultdict(list)
    for define in defines:
        for node in walk(define.condition):
            if isinstance(node, syntax.CollectedWith):
                waiting.append(define.name.text)
            elif isinstance(node, syntax.Named):
                users[node.name.text].append(define.name.text)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += users[name]
    return found


def _test_of_1_1(node: Node) -> str | None:
    """Return the words for a test or a selector of version 1.1; None for any other."""
    match node:
        case syntax.HasTerms(verb="includes only"):
            return "`includes only`"
        case syntax.Holds():
            return "`holds`"
        case syntax.CollectedWith(how=how) if how:
            return f"`collected {how.text} with`"
        case syntax.UnderContract(chain=True):
            return "`bound to us`"
        case syntax.OwnedBy():
            return "`owned by`"
        case syntax.Entity(entity=entity, ids=ids) if len(ids) > 1:
            return f"`{entity.text}` with several ids"
        case _:
            return None


def _is_new(name: syntax.Word, own: Container[str]) -> bool:
    """Return whether a name means an attribute of version 1.1. Before, a bare `role` meant that of the party."""
    before, _, last = name.text.rpartition(".")
    return (last in SINCE_1_1 and last not in own) or (last == "role" and before.rpartition(".")[2] == "system")


def _is_fact(value: syntax.Literal, own: Container[str]) -> bool:
    """Return whether the right side of a comparison is a fact or a day. Any other name is a term, or an error of its own."""
    if value.kind != "name":
        return value.kind == "moved"
    end, dot, last = value.text.rpartition(".")
    if dot:
        return end.partition(".")[0] in ENDS
    return last == TODAY or last in own or any(last == name for _, name in BUILT_IN)


def _wrong(said: syntax.Text) -> Diagnostic | None:
    ours = language_version()
    written = _VERSION.match(said.text)
    if written is None:
        message = f"`{said.text}` is not a version of the language"
        return Diagnostic(codes.LITERAL, message, said.span, f"a version is written `{ours}`")
    if _numbers(said.text) <= _numbers(ours):
        return None
    message = f"this file is written for version {said.text} of the language, and this tool reads {ours}"
    return Diagnostic(codes.UNREADABLE_POLICY, message, said.span, "use a newer version of the tool")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split("."))
