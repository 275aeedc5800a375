"""Help for a test that does not fit its attribute: a fitting test with the same values."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.language import syntax
from privacy_rules.vocabulary.attributes import Form, Type
from privacy_rules.vocabulary.taxonomy import Taxonomy, spelling
from privacy_rules.vocabulary.values import read_flag

VERBS = {Form.ONE: "is", Form.ROLES: "is", Form.SET: "includes", Form.TEXTS: "includes"}
"""The word between an attribute of a form and its terms."""

_EXAMPLES = {
    Form.FLAG: "write a flag alone: `{0}` or `not {0}`",
    Form.NUMBER: "write `{0} <= 5`, with the number that you mean",
    Form.DURATION: "write `{0} <= 2 years`, with the duration that you mean",
    Form.DATE: "write `{0} < 2026-11-01`, with the day that you mean",
    Form.TEXT: 'write `{0} = "…"`, with the text that you mean',
    Form.ONE: "write `{0} is …`, with the term that you mean",
    Form.ROLES: "write `{0} is …`, with the role that you mean",
    Form.SET: "write `{0} includes …`, with the term that you mean",
    Form.TEXTS: 'write `{0} includes "…"`, with the text that you mean',
}


def example(type_: Type, name: str) -> str:
    """Return an example of how an attribute is tested."""
    return _EXAMPLES.get(type_.form, "the only test for it is `{0} is declared`").format(name)


def fitting(node: syntax.HasTerms | syntax.Compared, type_: Type, taxonomy: Taxonomy | None) -> str:
    """Return the help for a test whose verb or sign does not fit its attribute."""
    name, values, how = node.name.text, _values(node), _how(node)
    if how not in ("is", "=", "!=", "includes") or not values:
        return example(type_, name)
    no = "not " if how == "!=" else ""
    match type_.form:
        case Form.FLAG:
            said = read_flag(values[0]) if len(values) == 1 else None
            return (
                example(type_, name)
                if said is None
                else f"write `{name}`"
                if said != bool(no)
                else f"write `not {name}`"
            )
        case Form.TEXT | Form.TEXTS:
            verb = "=" if type_.form is Form.TEXT else "includes"
            each = [f'{no}{name} {verb} "{value}"' for value in values]
            return (
                f"write `{' or '.join(each)}`"
                if all(map(str.isprintable, values)) and len(each) < 4
                else example(type_, name)
            )
        case Form.ONE | Form.ROLES | Form.SET if taxonomy and _are_terms(values, taxonomy):
            terms = _as_terms(values)
            test = f"`{no}{name} {VERBS[type_.form]} {terms}`"
            both = type_.form is Form.SET and len(values) > 1 and not no
            return f"write {test} for any of them, or `{name} includes all {terms}`" if both else f"write {test}"
        case _:
            return example(type_, name)


def term_test(node: syntax.Compared, taxonomy: Taxonomy) -> str | None:
    """Return the help if the judged datum or purpose is compared with terms by `=` or `!=`, or None."""
    values = _values(node)
    if node.operator not in ("=", "!=") or not values or not _are_terms(values, taxonomy):
        return None
    return f"write `{'not ' if node.operator == '!=' else ''}{node.name.text} is {_as_terms(values)}`"


def _are_terms(values: Sequence[str], taxonomy: Taxonomy) -> bool:
    return all(spelling(taxonomy.name, each) in taxonomy for each in values)


def _as_terms(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"({', '.join(values)})"


def _how(node: syntax.HasTerms | syntax.Compared) -> str:
    return node.verb if isinstance(node, syntax.HasTerms) else node.operator


def _values(node: syntax.HasTerms | syntax.Compared) -> list[str]:
    """The values on the right, if they are names or texts."""
    if isinstance(node, syntax.HasTerms):
        return [each.text for each in node.terms]
    items = node.value.items if node.value.kind == "list" else (node.value,)
    return [each.text for each in items] if all(each.kind in ("name", "text") for each in items) else []
