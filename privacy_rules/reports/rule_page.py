"""A rule's page, as text and as JSON: clauses, text, who lifts it, and which subjects it spoke of in a run.

no_selling: Contact information is not sold or rented
  at        iapmo.privacy:24:1, severity error
  clause    #no-selling
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.reports.json_document import Json, dumps, place
from privacy_rules.reports.terminal import Colour, Ink
from privacy_rules.source.words import first_few

_LABEL = 10
_MOST = 20
_COLOURS: dict[Verdict, Colour] = {
    Verdict.VIOLATION: "red",
    Verdict.UNDETERMINED: "yellow",
    Verdict.COMPLIANT: "green",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A rule, as its policy has it.

    `source` is its text, None where its file cannot be read any more; `spoken_of` are the subjects of a run with their verdicts,
    None where there was no run; `waived` are those of them whose finding a waiver shelters.
    """

    rule: Rule
    lifted_by: tuple[str, ...]
    source: str | None
    spoken_of: tuple[tuple[str, Verdict], ...] | None
    waived: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        policy: Policy,
        rule: Rule,
        source: str | None,
        spoken_of: tuple[tuple[str, Verdict], ...] | None,
        waived: frozenset[str] = frozenset(),
    ) -> Page:
        """The page of a rule of a policy."""
        lifted_by = tuple(each.name for each in policy.rules if rule.name in each.despite)
        return cls(rule, lifted_by, source, spoken_of, waived)

    def with_verdict(self, verdict: Verdict) -> list[str]:
        """The subjects that have a verdict."""
        return [subject for subject, each in self.spoken_of or () if each is verdict]


def as_text(page: Page, ink: Ink) -> str:
    """The page in words."""
    rule = page.rule
    title = f": {rule.title}" if rule.title else ""
    lines = [f"{ink(rule.name, bold=True)}{ink(title)}"]
    lines += [f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(told)}" for label, told in _about(page)]
    if page.source is not None:
        lines += ["", *(f"  {ink(line)}" for line in page.source.split("\n"))]
    if page.spoken_of is not None:
        lines += ["", *_spoken_of(page, ink)]
    return "".join(f"{line}\n" for line in lines)


def _about(page: Page) -> Iterator[tuple[str, str]]:
    rule = page.rule
    yield "at", str(rule.span) if rule.statement == "permit" else f"{rule.span}, severity {rule.severity}"
    if rule.applies_from or rule.applies_until:
        told = [f"from {rule.applies_from}" if rule.applies_from else ""]
        told += [f"until {rule.applies_until}" if rule.applies_until else ""]
        yield "applies", " ".join(filter(None, told))
    yield from (("" if number else "clause", cite) for number, cite in enumerate(rule.cites))
    if rule.despite:
        yield "lifts", ", ".join(rule.despite)
    if page.lifted_by:
        yield "lifted by", ", ".join(page.lifted_by)
    if rule.hint:
        yield "hint", rule.hint


def _spoken_of(page: Page, ink: Ink) -> Iterator[str]:
    if page.rule.statement == "permit":
        yield f"  {ink('a permit judges nothing itself')}"
    elif not page.spoken_of:
        yield f"  {ink('it spoke of nothing in this run')}"
    for verdict in sorted(Verdict, reverse=True):
        subjects = [f"{each} (waived)" if each in page.waived else each for each in page.with_verdict(verdict)]
        if subjects:
            head = f"{verdict.word} ({len(subjects):,})"
            yield f"  {ink(head, _COLOURS[verdict])}: {ink(first_few(subjects, _MOST))}"


def as_json(page: Page) -> str:
    """The same as a JSON document."""
    rule = page.rule
    spoken: Json = None
    if page.spoken_of is not None:
        spoken = [
            {"subject": subject, "verdict": verdict.word, "waived": subject in page.waived}
            for subject, verdict in page.spoken_of
        ]
    return dumps(
        {
            "version": 1,
            "name": rule.name,
            "title": rule.title,
            "statement": rule.statement,
            "severity": None if rule.statement == "permit" else rule.severity,
            "cites": list(rule.cites),
            "hint": rule.hint,
            "applies_from": str(rule.applies_from) if rule.applies_from else None,
            "applies_until": str(rule.applies_until) if rule.applies_until else None,
            "lifts": list(rule.despite),
            "lifted_by": list(page.lifted_by),
            "kind": rule.subject.kind.family.value,
            "text": page.source,
            "location": place(rule.span),
            "spoken_of": spoken,
        }
    )
