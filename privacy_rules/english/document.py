"""A policy as a document for people: its rules in English, the words that they use, and who may get which data for which purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from privacy_rules.english.glossary import Tree, trees
from privacy_rules.english.matrix import Matrix, matrix
from privacy_rules.english.phrases import Passage
from privacy_rules.english.sentences import Note, RuleText, in_english, named
from privacy_rules.english.terms import capital, words
from privacy_rules.language.declarations import Clause
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import listed


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a page. `numbers` are the numbers of the rules; `day` is the day of the matrix if rules begin or cease to apply, else None."""

    policy: Policy
    title: str
    about: tuple[str, ...]
    texts: tuple[RuleText, ...]
    numbers: Mapping[str, int]
    lifted_by: Mapping[str, tuple[str, ...]]
    clauses: tuple[Clause, ...]
    trees: tuple[Tree, ...]
    definitions: tuple[Note, ...]
    unused: tuple[str, ...]
    matrix: Matrix | None
    day: date | None
    signing: Signing


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words of a clause that rules cite, and where it is in the prose."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What readers compare and sign: the words of clauses by the cite that means them, and the record of their review."""

    quoted: Mapping[str, Quoted] = field(default_factory=dict)
    review: str | None = None
    day: date | None = None


UNSIGNED = Signing()


def document(policy: Policy, day: date, signing: Signing = UNSIGNED) -> Document:
    """Return the document of a policy, with the matrix of disclosures on `day`."""
    texts = tuple(in_english(rule, policy) for rule in policy.rules)
    definitions = _definitions(texts)
    known = {each.name for each in definitions}
    dated = any(rule.applies_from or rule.applies_until for rule in policy.rules)
    header = policy.headers[0] if policy.headers else None
    return Document(
        policy,
        (header.fields.get("title") or capital(words(header.name))) if header else "A policy",
        _about(policy),
        texts,
        {rule.name: number for number, rule in enumerate(policy.rules, start=1)},
        {rule.name: _lifting(policy, rule) for rule in policy.rules},
        policy.clauses,
        trees(policy),
        definitions,
        tuple(sorted(words(each.name) for each in policy.defines if words(each.name) not in known)),
        matrix(policy, day),
        day if dated else None,
        signing,
    )


def _lifting(policy: Policy, rule: Rule) -> tuple[str, ...]:
    return tuple(named(each.name, policy) for each in policy.rules if rule.name in each.despite)


def _about(policy: Policy) -> tuple[str, ...]:
    """The fields of the headers besides the title."""
    lines = []
    for header in policy.headers:
        fields = [f"{key} {header.fields[key]}" for key in ("version", "effective", "owner") if key in header.fields]
        if fields:
            lines.append(", ".join(fields))
    return tuple(lines)


def _definitions(texts: Sequence[RuleText]) -> tuple[Note, ...]:
    """The meanings of defined names, in order of name. A name with two meanings appears twice."""
    found: dict[tuple[str, str], Note] = {}
    for text in texts:
        for each in text.definitions:
            found.setdefault((each.name, each.meaning.whole), each)
    return tuple(found[key] for key in sorted(found))


def facts(rule: Rule, lifted_by: Sequence[str]) -> list[tuple[str, str]]:
    """Further facts about a rule, each with its label."""
    labelled = [("clause", ", ".join(rule.cites) or "none is cited")]
    if rule.statement != "permit":  # it has no findings of its own that could be more or less severe
        labelled.append(("severity", rule.severity))
    if rule.applies_from or rule.applies_until:
        labelled.append(("in force", in_force(rule)))
    if lifted_by:
        labelled.append(("lifted by", listed(lifted_by)))
    return [*labelled, ("if it is broken", rule.hint)] if rule.hint else labelled


def in_force(rule: Rule) -> str:
    """The days on which a dated rule is in force: `from 2027-01-01 on`."""
    since = f"from {rule.applies_from} on" if rule.applies_from else ""
    until = f"until the day before {rule.applies_until}" if rule.applies_until else ""
    return ", ".join(filter(None, (since, until)))


def meaning(note: Note, *, among: Sequence[Note], lead: str = "Here ") -> Passage:
    """`Here “work for us” means that …`; if the name has two meanings, with what it applies to."""
    several = sum(each.name == note.name for each in among) > 1
    of = f", said of {note.of}," if several else ""
    return note.meaning.after(f"{lead}“{note.name}”{of} means that ")


def quotes(rule: Rule, found: Document) -> list[tuple[str, Quoted]]:
    """Return the cites of a rule whose clauses are known, each with the clause's own words."""
    return [(cite, found.signing.quoted[cite]) for cite in rule.cites if cite in found.signing.quoted]


def versions(found: Document) -> list[tuple[str, str]]:
    """Return what is signed: each policy with its version, the day, and the record of the review."""
    rows = [
        (f"policy {each.name}", each.fields.get("version") or "no version is declared") for each in found.policy.headers
    ]
    rows += [("as of", str(found.signing.day))] if found.signing.day else []
    return [*rows, ("review of the clauses", found.signing.review or "none is recorded; `trace --accept` records one")]


def all_but(some: Sequence[str], every: Sequence[str], noun: str) -> tuple[str, tuple[str, ...]]:
    """The start of a list and the names after it: `every purpose`, `every purpose but` some, or just some."""
    left = tuple(each for each in every if each not in some)
    if len(every) == 1:
        return "", tuple(some)
    if not left:
        return f"every {noun}", ()
    return (f"every {noun} but", left) if len(left) < len(some) / 2 else ("", tuple(some))
