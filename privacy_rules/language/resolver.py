"""Resolve the trees of policy files into one policy: names are looked up and types are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import TypeVar

from privacy_rules.language import declarations, policy, syntax
from privacy_rules.language.adjustments import NONE, Adjustments
from privacy_rules.language.condition_contexts import Names
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.nesting import measure
from privacy_rules.language.policy_errors import Errors
from privacy_rules.language.resolve_attributes import resolve_attributes, resolve_names
from privacy_rules.language.resolve_conditions import Conditions
from privacy_rules.language.resolve_rules import Rules
from privacy_rules.language.resolve_vocabularies import resolve_vocabularies
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.language.versions import is_for_1_1
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span

_D = TypeVar("_D", bound=syntax.Declaration)


def resolve(files: Sequence[syntax.File], adjusted: Adjustments = NONE) -> tuple[policy.Policy, tuple[Diagnostic, ...]]:
    """Return the policy that the files make together, and the errors; with errors, the policy is incomplete. `adjusted`: what `use` lines say of rules."""
    errors = Errors()
    lost = reduce(or_, (file.lost for file in files), Lost())
    vocabularies = resolve_vocabularies(files, lost, errors)
    lexicon = Lexicon(vocabularies, lost, errors)
    new = frozenset(file.source.file for file in files if is_for_1_1(file))
    attributes, places = resolve_attributes(list(_all(files, syntax.Attribute)), lexicon, new)
    defines = resolve_names(_all(files, syntax.Define), places, lexicon, new)
    nesting = measure(defines, errors)
    sources = {file.source.file: file.source for file in files}
    conditions = Conditions(sources, Names(attributes), lexicon, defines, nesting)
    named = _rules_by_name(_all(files, syntax.Rule), errors)
    rules = Rules(conditions, named)
    found = [rules.resolve(each) for each in _all(files, syntax.Rule)]
    conditions.defines.report_unsound()
    made = policy.Policy(
        headers=_headers(files, errors),
        vocabularies=vocabularies,
        attributes=attributes,
        rules=tuple(sorted(adjusted.applied(found), key=lambda each: each.span)),
        clauses=_clauses(_all(files, syntax.Clause), errors),
        defines=tuple(
            declarations.Define(each.name.text, conditions.text(each.condition), each.span) for each in defines.values()
        ),
        mentions=tuple(sorted(conditions.mentions, key=lambda each: (each.span, each.entity, each.id))),
        files=tuple(sources),
        left_out=tuple(adjusted.left_out.values()),
    )
    return made, tuple(errors.found)


def _all(files: Iterable[syntax.File], kind: type[_D]) -> Iterator[_D]:
    return (each for file in files for each in file.declarations if isinstance(each, kind))


def _rules_by_name(rules: Iterable[syntax.Rule], errors: Errors) -> dict[str, syntax.Rule]:
    found: dict[str, syntax.Rule] = {}
    for rule in rules:
        first = found.setdefault(rule.name.text, rule)
        if first is not rule:
            message = f"another rule is named `{rule.name.text}`"
            errors.report(codes.DUPLICATE, message, rule.name.span, None, (first.name.span,))
    errors.report_twins("rule", {name: rule.name.span for name, rule in found.items()})
    return found


def _clauses(clauses: Iterable[syntax.Clause], errors: Errors) -> tuple[declarations.Clause, ...]:
    found: dict[str, declarations.Clause] = {}
    for each in clauses:
        cited = each.cited.text
        if cited in found:
            message = f"clause `{cited}` is accounted for twice"
            errors.report(codes.REPEATED, message, each.span, None, (found[cited].span,))
            continue
        found[cited] = declarations.Clause(cited, each.kind.text, each.reason.text, each.span)  # type: ignore[arg-type]
    return tuple(sorted(found.values(), key=lambda each: each.span))


def _headers(files: Iterable[syntax.File], errors: Errors) -> tuple[declarations.Header, ...]:
    found: list[declarations.Header] = []
    for file in files:
        blocks = list(_all([file], syntax.Policy))
        for extra in blocks[1:]:
            message = "a file has one `policy` block"
            errors.report(codes.REPEATED, message, extra.name.span, None, (blocks[0].name.span,))
        found += [_header(block, errors) for block in blocks[:1]]
    return tuple(found)


def _header(block: syntax.Policy, errors: Errors) -> declarations.Header:
    fields: dict[str, str] = {}
    places: dict[str, Span] = {}
    for word, said in block.fields:
        if word.text in fields:
            message = f"`{word.text}` is given twice"
            errors.report(codes.REPEATED, message, word.span, None, (places[word.text],))
            continue
        fields[word.text], places[word.text] = said.text, word.span
    prose = next((said.span for word, said in block.fields if word.text == "text"), None)
    return declarations.Header(block.name.text, fields, block.span, prose)
