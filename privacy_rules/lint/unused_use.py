"""Report a `use` of a file from which the policy uses no term, attribute, define or rule.

use std.regions                                     # found
rule r { forbid flow of card }

use std.regions
rule r { forbid flow of card to (country is US) }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.language import syntax
from privacy_rules.language.scanner import NAME, tokens
from privacy_rules.language.syntax_walks import walk_terms
from privacy_rules.lint.framework import references
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput


def _check(lint_input: LintInput) -> Iterable[Problem]:
    takes: dict[str, bool] = {}
    for file in lint_input.looked_at:
        for use in lint_input.uses(file):
            target = lint_input.used(use)
            if target is not None and target not in takes:
                takes[target] = _takes(lint_input, target)
            if target is not None and not takes[target]:
                message = f"no declaration of `{use.target.text}` is used"
                yield Problem(use.span, message, "remove it; manifests then no longer know its terms")


def _takes(lint_input: LintInput, target: str) -> bool:
    """Return whether a file outside the target's own files uses something that they declare."""
    brought = lint_input.brought_by(target)
    files = [file for name, file in lint_input.files.items() if name in brought]
    if any(isinstance(each, syntax.Rule) for file in files for each in file.declarations):
        return True
    vocabularies = {
        each.name.text for file in files for each in file.declarations if isinstance(each, syntax.Vocabulary)
    }
    if not vocabularies.isdisjoint(references.whole_vocabularies(lint_input)):
        return True
    declared = {name for file in files for name in _declared(file)}
    others = [file for name, file in lint_input.files.items() if name not in brought]
    return any(name in declared for file in others for name in _spoken(file))


def _declared(file: syntax.File) -> Iterable[str]:
    for each in file.declarations:
        if isinstance(each, syntax.Vocabulary):
            yield from (term.name.text.casefold() for term in walk_terms(each.terms))
        elif isinstance(each, syntax.Attribute | syntax.Define):
            yield each.name.text.casefold()


def _spoken(file: syntax.File) -> Iterable[str]:
    """Return the words of a file, and the roles implied by its kinds of subjects and its contracts."""
    uses = {use.target.span.line for use in file.declarations if isinstance(use, syntax.Use)}
    for token in tokens(file.source.text):
        if token.kind == NAME and file.source.span(token.start, token.end).line not in uses:
            yield token.text.casefold()
            yield from _IMPLIED.get(token.text, ())


_IMPLIED = {
    "disclosure": ("outside",),
    "collection": ("organisation",),
    "sharing": ("organisation",),
    "contract": ("us",),
}


LINT = Lint("unused-use", "L135", "warning", "a `use` of a file from which nothing is used", _check)
