"""Warnings about defaults of a manifest that repeat those of the policy or differ from them."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.declaration_reader import DEFAULTS, SHARED_DEFAULTS, Declarations
from privacy_rules.manifest.nodes import quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.values import Value, show


def defaults_against_policy(declarations: Declarations, policy: Policy) -> Iterator[Diagnostic]:
    """Yield a warning for each default of a file that repeats the policy's default or differs from it."""
    for section, by_kind in ((DEFAULTS, declarations.defaults), (SHARED_DEFAULTS, declarations.shared)):
        for entity, defaults in by_kind.items():
            for name, value in defaults.items():
                attribute = policy.attributes.get((entity, name))
                if attribute is not None and attribute.default is not None:
                    yield _beside_policy(declarations.document, section, attribute, value)


def _beside_policy(document: object, section: str, attribute: Attribute, value: Value | None) -> Diagnostic:
    inner = attribute.name.split(".") if attribute.entity is Entity.CONTRACT else [attribute.name]
    span = document.place((section, attribute.entity.value, *inner)) if isinstance(document, Document) else None
    of_policy = quoted(show(attribute.default))
    also = (attribute.span,) if attribute.span else ()
    excerpt = document.excerpt(span) if span and isinstance(document, Document) else None
    if value == attribute.default:
        message = f"the policy's default for a {attribute.entity}'s `{attribute.name}` is already {of_policy}"
        code, help_ = codes.REPEATED_DEFAULT, "remove it; it has no effect"
    else:
        here = "`null`" if value is None else quoted(show(value))
        message = (
            f"the default of a {attribute.entity}'s `{attribute.name}` is {here} here and {of_policy} in the policy"
        )
        code = codes.CONTRARY_DEFAULT
        help_ = f"declare `{attribute.name}` for each {attribute.entity} that differs, or accept that this file does"
    return Diagnostic(code, message, span, help_, also, excerpt, level=Level.WARNING)
