"""The content of a notice: each changed rule, below the clause that it cites, before and after, in plain English."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from privacy_rules.analysis.policy_comparison import DIRECTIONS, Example, RuleDifference
from privacy_rules.analysis.vocabularies import WordChange
from privacy_rules.english.document import in_force, meaning
from privacy_rules.english.phrases import Passage
from privacy_rules.english.sentences import in_english, title_of
from privacy_rules.english.terms import capital, words
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.reports.diff.content import Compared
from privacy_rules.reports.diff.sentences import sentence
from privacy_rules.reports.notice.rewording import Reworded, reworded
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.plain_text import plain
from privacy_rules.tracing.prose import Clause

DRAFT = "This is a draft, made from the rules. Check it against the words of the policy before you publish it."
_EFFECTS = {
    "looser": "More is allowed than before.",
    "stricter": "Less is allowed than before.",
    "both": "More is allowed in some cases, and less in others.",
    "not proved": "It is not proved what this changes.",
}
_WHOLE = {
    "looser": "The policy allows more than before.",
    "stricter": "The policy allows less than before.",
    "both": "The policy allows more in some cases, and less in others.",
    "equivalent": "The policy allows and forbids the same as before.",
    "not proved": "It is not proved whether the policy allows and forbids the same as before.",
}
_UNPROVED = {
    "looser": "It is not proved that nothing else is newly allowed.",
    "stricter": "It is not proved that nothing else is newly forbidden.",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that changed.

    `before` and `after` are its sentences; they are empty if that policy does not have the rule.
    """

    title: str
    effects: tuple[str, ...]
    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A clause, or several that the same rules cite, with the words of the new prose."""

    heading: str
    quotes: tuple[str, ...]
    rules: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """The content of a notice."""

    title: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    words: tuple[str, ...]
    reworded: tuple[Reworded, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """How a format writes the parts of a notice; each returns lines."""

    heading: Callable[[int, str], Iterator[str]]
    quote: Callable[[str], Iterator[str]]
    passage: Callable[[Passage], Iterator[str]]
    text: Callable[[str], str]
    label: Callable[[str], str]


def notice(found: Compared, old: Policy, new: Policy, before: Sequence[Clause], after: Sequence[Clause]) -> Notice:
    """The notice of a comparison. `before` and `after` are the clauses of each policy's prose."""
    header = new.headers[0] if new.headers else None
    title = (header.fields.get("title") or capital(words(header.name))) if header else "the policy"
    whole = found.found.whole
    summary = [_WHOLE[whole.word], *(_UNPROVED[each] for each in whole.unproved if whole.word != "not proved")]
    if header and "effective" in header.fields:
        summary.append(f"The new policy is effective from {header.fields['effective']}.")
    changed = found.changed if whole.word != "equivalent" else ()
    cites = {cite for policy in (old, new) for rule in policy.rules for cite in rule.cites}
    told = {cite for each in changed for rule in (each.before, each.after) if rule for cite in rule.cites}
    return Notice(
        title,
        tuple(summary),
        tuple(_sections(changed, found.found.day, old, new, ClauseIndex(after))),
        tuple(_word(each) for each in found.found.words if not each.vocabulary.startswith("attributes")),
        tuple(reworded(before, after, cites, told)),
    )


def _sections(
    changed: Sequence[RuleDifference], day: date, old: Policy, new: Policy, index: ClauseIndex
) -> Iterator[Section]:
    sections: dict[tuple[str, ...], list[RuleDifference]] = {}
    for each in changed:
        sections.setdefault(_cites(each), []).append(each)
    for cites in sorted(sections, key=lambda each: not each):  # what cites nothing comes last
        clauses = [(cite, index.meant(cite)) for cite in cites]
        named = [each[0].title or each[0].id if len(each) == 1 else cite for cite, each in clauses]
        yield Section(
            plain("; ".join(named)) if named else "Other rules",
            tuple(plain(each[0].text) for _, each in clauses if len(each) == 1),
            tuple(_changed(each, old, new, day) for each in sections[cites]),
        )


def _cites(found: RuleDifference) -> tuple[str, ...]:
    return next((each.cites for each in (found.after, found.before) if each and each.cites), ())


def _changed(found: RuleDifference, old: Policy, new: Policy, day: date) -> Changed:
    rule = found.after or found.before
    assert rule is not None
    answers = [getattr(found.difference, each) for each in DIRECTIONS]
    word, unproved = found.difference.word, found.difference.unproved
    return Changed(
        title_of(rule),
        (_EFFECTS[word], *(_UNPROVED[each] for each in unproved if word != "not proved")),
        tuple(_said(found.before, old)),
        tuple(_said(found.after, new)),
        tuple(sentence(each, day) for each in answers if isinstance(each, Example)),
    )


def _said(rule: Rule | None, policy: Policy) -> Iterator[Passage]:
    """The sentences of a rule, the meanings of its words, and its exceptions."""
    if rule is None:
        return
    text = in_english(rule, policy)
    yield from text.passages
    yield from (meaning(each, among=text.notes) for each in text.notes)
    if rule.applies_from or rule.applies_until:
        yield Passage(f"This is in force {in_force(rule)}")
    for each in policy.rules:
        if rule.name in each.despite:
            yield in_english(each, policy).passages[0].after("An exception: ")


def _word(change: WordChange) -> str:
    return _place(change) + (f" (from {change.since} on)" if change.since else "")


def _place(change: WordChange) -> str:
    name, kind = words(change.name), words(change.vocabulary)
    before, after = (
        f"part of {words(each)}" if each else "not part of anything else" for each in (change.before, change.after)
    )
    match change.what:
        case "added":
            return f"{name} ({kind}): new, {after}"
        case "removed":
            return f"{name} ({kind}): no longer mentioned"
        case _:
            return f"{name} ({kind}): now {after}; before, {before}"


# ---- writing


def lines(found: Notice, write: Writer) -> Iterator[str]:
    """The lines of a notice."""
    yield from write.heading(1, f"What changes: {found.title}")
    for each in (DRAFT, *found.summary):
        yield from (write.text(each), "")
    for section in found.sections:
        yield from write.heading(2, section.heading)
        for each in section.quotes:
            yield from (*write.quote(each), "")
        for rule in section.rules:
            yield from _rule(rule, write)
    if found.reworded:
        yield from write.heading(2, "Only the words changed")
    for clause in found.reworded:
        yield from _reworded(clause, write)
    if found.words:
        yield from write.heading(2, "What the words mean")
        yield from (f"- {write.text(each)}" for each in found.words)


def _reworded(clause: Reworded, write: Writer) -> Iterator[str]:
    yield from write.heading(3, clause.heading)
    yield from (write.text(clause.note), "")
    for label, text in (("Before", clause.before), ("Now", clause.after)):
        if text is not None:
            yield from (write.label(f"{label}:"), "", *write.quote(text), "")


def _rule(rule: Changed, write: Writer) -> Iterator[str]:
    yield from write.heading(3, rule.title)
    yield from (write.text(" ".join(rule.effects)), "")
    if rule.before == rule.after:
        yield from (write.text("The sentences are the same, but the meaning of a word in them has changed:"), "")
        yield from _passages(rule.after, write)
    else:
        for label, passages in (("Before", rule.before), ("Now", rule.after)):
            yield from (write.label(f"{label}:") + ("" if passages else " no such rule"), "")
            yield from _passages(passages, write)
    for each in rule.examples:
        yield from (f"{write.text(f'For example, {each}.')}", "")


def _passages(passages: Sequence[Passage], write: Writer) -> Iterator[str]:
    for each in passages:
        yield from (*write.passage(each), "")
