"""Hover text for a symbol, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.english.document import meaning
from privacy_rules.english.sentences import in_english
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.lsp.symbols import Symbol
from privacy_rules.reports.markup.paragraphs import markdown
from privacy_rules.schemas.key_descriptions import ATTRIBUTES, KEYS, WAIVER
from privacy_rules.source.words import counted, first_few
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.values import show

_LISTED = 12


def shown(symbol: Symbol, policy: Policy, *, whole: bool) -> str | None:
    """Return what a policy says about a symbol; None if nothing. `whole`: the policy has no errors."""
    match symbol.kind:
        case "term":
            lines = list(_term(symbol, policy))
        case "attribute":
            lines = list(_attribute(symbol.name, policy))
        case "define":
            found = next((each for each in policy.defines if each.name == symbol.name), None)
            lines = [code(f"define {found.name} as {found.text}")] if found else []
        case "rule":
            rule = policy.rule(symbol.name)
            lines = list(_rule(rule, policy, whole=whole)) if rule else []
        case "vocabulary":
            lines = list(_vocabulary(symbol.name, policy))
        case "key":
            lines = list(_key(symbol, policy))
        case _:
            lines = []
    return "\n\n".join(lines) or None


def code(text: str) -> str:
    """Return a fenced block of policy text."""
    return f"```privacy\n{text}\n```"


def _listed(names: tuple[str, ...]) -> str:
    return first_few([f"`{each}`" for each in names], _LISTED)


def _term(symbol: Symbol, policy: Policy) -> Iterator[str]:
    taxonomy = policy.taxonomy(symbol.vocabulary)
    if symbol.name not in taxonomy:
        return
    yield f"`{symbol.name}` – {symbol.vocabulary}"
    if said := taxonomy.descriptions.get(symbol.name):
        yield said
    if parents := taxonomy.parents[symbol.name]:
        yield f"is below {_listed(parents)}"
    for parent in parents:
        for period in taxonomy.periods.get((symbol.name, parent), ()):
            yield f"in `{parent}` only {period}"
    below = tuple(each for each in taxonomy.descendants(symbol.name) if each != symbol.name)
    if below:
        yield f"covers {_listed(below)}"


def _vocabulary(name: str, policy: Policy) -> Iterator[str]:
    taxonomy = policy.taxonomy(name)
    yield f"vocabulary `{name}`: {counted(len(taxonomy.terms), 'term')}"
    tops = tuple(term for term in taxonomy.terms if not taxonomy.parents[term])
    if tops:
        yield f"at the top {_listed(tops)}"


def _attribute(name: str, policy: Policy) -> Iterator[str]:
    found = [each for (_, known), each in policy.attributes.items() if known == name]
    for each in found:
        yield _of_entity(each)
        if said := ATTRIBUTES.get((each.entity, name)):
            yield said
    if found:
        yield from _values(found[0], policy)


def _of_entity(attribute: Attribute) -> str:
    default = "" if attribute.default is None else f", by default `{show(attribute.default)}`"
    return f"`{attribute.name}` of a {attribute.entity}: {attribute.type}{default}"


def _values(attribute: Attribute, policy: Policy) -> Iterator[str]:
    if attribute.type.vocabulary:
        yield f"values: {_listed(policy.taxonomy(attribute.type.vocabulary).terms)}"


def _key(symbol: Symbol, policy: Policy) -> Iterator[str]:
    if symbol.vocabulary in set(Entity):
        entity = Entity(symbol.vocabulary)
        if attribute := policy.attributes.get((entity, symbol.name)):
            yield _of_entity(attribute)
            if said := ATTRIBUTES.get((entity, symbol.name)):
                yield said
            yield from _values(attribute, policy)
    elif said := (WAIVER if symbol.vocabulary == "waiver" else KEYS).get(symbol.name):
        yield said


def _rule(rule: Rule, policy: Policy, *, whole: bool) -> Iterator[str]:
    yield f"**{rule.title or rule.name}**"
    if whole:  # no sentence would be true of an incomplete rule
        text = in_english(rule, policy)
        notes = [meaning(each, among=text.notes) for each in text.notes]
        yield from ("\n".join(markdown(each)) for each in (*text.passages, *notes))
    yield code(sentence(rule))
    lifted = [each.name for each in policy.rules if rule.name in each.despite]
    if lifted:
        yield f"lifted by {_listed(tuple(lifted))}"
    if rule.hint:
        yield rule.hint


def sentence(rule: Rule) -> str:
    """Return a rule's statement on one line, white space folded."""
    words: list[str] = [rule.statement]
    if rule.required:
        words += [rule.required.text, "on"]
    words.append(rule.subject.text)
    if rule.alternatives:
        words.append("only" + "".join(f"\n  - {each.text}" for each in rule.alternatives))
    if rule.when:
        words += ["when", rule.when.text]
    if rule.unless:
        words += ["unless", rule.unless.text]
    if rule.despite:
        words += ["despite", ", ".join(rule.despite)]
    return " ".join(words)
