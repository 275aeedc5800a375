"""Resolve rules: subjects with their limits, statements, and lines such as `title`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from privacy_rules.language import policy, syntax
from privacy_rules.language.condition_contexts import Place, place_of
from privacy_rules.language.literals import read_day
from privacy_rules.language.policy import MAX_DEPTH, Condition, Side
from privacy_rules.language.resolve_conditions import Conditions
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.source import codes
from privacy_rules.source.span import Span

_LIMITS = {
    Kind.FLOW: ("of", "for", "from", "to"),
    Kind.STORAGE: ("of", "at"),
    Kind.JOINING: ("of", "with", "at"),
    Kind.USE: ("of", "for", "at"),
    Kind.DERIVATION: ("of", "into", "at"),
    Kind.SYSTEM: ("at",),
}
_SIDES = {"from": Side.SOURCE, "to": Side.RECIPIENT, "at": Side.SUBJECT}
_MANY = ("cites",)


class Rules:
    """Resolves rules one by one. A wrong part is reported, and becomes None."""

    def __init__(self, conditions: Conditions, rules: Mapping[str, syntax.Rule]) -> None:
        self._conditions = conditions
        self._lexicon: Lexicon = conditions.lexicon
        self._errors = conditions.lexicon.errors
        self._rules = rules

    def resolve(self, rule: syntax.Rule) -> policy.Rule:
        """Resolve a rule, without the parts that are wrong, which are reported."""
        statement = rule.statement
        kind = Kind(statement.subject.kind.text)
        place = place_of(kind)
        if statement.word.text == "permit":
            self._check_despite(rule, kind)
        alternatives = [self._alternative(each, kind, place) for each in statement.alternatives]
        return policy.Rule(
            name=rule.name.text,
            statement=statement.word.text,  # type: ignore[arg-type]  # the grammar has no other
            subject=self._subject(statement.subject, kind),
            span=rule.span,
            when=self._whole(statement.when, place),
            unless=self._unless(statement.unless, place),
            required=self._whole(statement.required, place),
            alternatives=tuple(each for each in alternatives if each is not None),
            despite=tuple(dict.fromkeys(name for each in statement.despite for name in self._lifted(each, kind))),
            name_span=rule.name.span,
            **self._metas(rule.metas),
        )

    def _whole(self, condition: syntax.Condition | None, place: Place) -> Condition | None:
        return self._conditions.whole(condition, place) if condition else None

    def _unless(self, exceptions: Sequence[syntax.Condition], place: Place) -> Condition | None:
        """`unless E unless F unless G`: E and not (F and not G)."""
        height = 0
        for written in reversed(exceptions):
            height = 1 + max(written.height, height + 1) if height else written.height
        if height > MAX_DEPTH and len(exceptions) > 1:
            message = f"exceptions nest deeper than {MAX_DEPTH} here"
            self._errors.report(codes.TOO_DEEP, message, exceptions[0].span)
            return None
        nested: Condition | None = None
        for written in reversed(exceptions):
            found = self._whole(written, place)
            if nested and found:
                span = found.span.to(nested.span)
                inner = policy.Negation(nested.span, nested.text, nested)
                found = policy.All(span, self._conditions.words(span), (found, inner))
            nested = found or nested
        return nested

    # ---- subjects

    def _subject(self, subject: syntax.Subject, kind: Kind) -> policy.Subject:
        return policy.Subject(kind, self._limits(subject.limits, kind), subject.span, self._conditions.text(subject))

    def _alternative(self, written: syntax.Alternative, kind: Kind, place: Place) -> Condition | None:
        limits = self._limits(written.limits, kind)
        when = self._whole(written.when, place)
        parts = (*limits, when) if when else limits
        if len(parts) == 1:
            return parts[0]
        first = written.limits[0].span if written.limits else written.span
        span = first.to(written.span)
        return policy.All(span, self._conditions.words(span), parts) if parts else None

    def _limits(self, limits: Sequence[syntax.Limit], kind: Kind) -> tuple[Condition, ...]:
        allowed = [each for each in limits if self._is_known(each, kind)]
        if kind is Kind.JOINING:
            pair = [each for each in allowed if each.word.text in ("of", "with")]
            found = [self._pair(pair), *(self._limit(each, kind) for each in allowed if each not in pair)]
        else:
            found = [self._limit(each, kind) for each in allowed]
        return tuple(each for each in found if each is not None)

    def _is_known(self, limit: syntax.Limit, kind: Kind) -> bool:
        known = _LIMITS.get(kind.family, ())
        if limit.word.text in known:
            return True
        message = f"`{limit.word.text}` does not narrow {_with_article(kind)}"
        names = ", ".join(f"`{each}`" for each in known)
        self._errors.report(codes.OUT_OF_PLACE, message, limit.word.span, f"its limits are {names}" if names else None)
        return False

    def _limit(self, limit: syntax.Limit, kind: Kind) -> Condition | None:
        word, text = limit.word.text, self._conditions.text(limit)
        if kind is Kind.DERIVATION and word in ("of", "into"):
            named = self._lexicon.terms(limit.terms, "data")
            return policy.Derives(limit.span, text, "of" if word == "of" else "into", named) if named else None
        if word == "of":
            data = self._lexicon.terms(limit.terms, "data")
            return policy.JudgedIs(limit.span, text, "data", data) if data else None
        if word == "for":
            purposes = self._lexicon.terms(limit.terms, "purpose")
            return policy.JudgedIs(limit.span, text, "purpose", purposes) if purposes else None
        selector = self._selector(limit.selector) if limit.selector else None
        return selector and policy.EndMatches(limit.span, text, _SIDES[word], selector)

    def _selector(self, selector: syntax.Selector) -> Condition | None:
        if isinstance(selector, syntax.Matching) and not self._conditions.fits(selector.condition):
            return None
        return self._conditions.selector(selector)

    def _pair(self, limits: Sequence[syntax.Limit]) -> Condition | None:
        """`of A with B`: one test, because the two may match in either order."""
        by_word: dict[str, syntax.Limit] = {}
        for limit in limits:
            first = by_word.setdefault(limit.word.text, limit)
            if first is not limit:
                message = f"`{limit.word.text}` is given twice"
                self._errors.report(codes.REPEATED, message, limit.word.span, None, (first.word.span,))
        one, other = by_word.get("of"), by_word.get("with")
        if other and not one:
            message = "`with` names the other data of a joining, and needs an `of`"
            self._errors.report(codes.OUT_OF_PLACE, message, other.word.span)
        found = {word: self._lexicon.terms(limit.terms, "data") for word, limit in by_word.items()}
        terms = found.get("of")
        if one is None or terms is None or None in found.values():
            return None
        span = min(one.span, other.span).to(max(one.span, other.span)) if other else one.span
        return policy.Joins(span, self._conditions.words(span), terms, found.get("with"))

    # ---- permits

    def _lifted(self, item: syntax.Item, kind: Kind) -> list[str]:
        """The names of the rules that an item of `despite` lifts: one by its name, or all that cite a clause and may meet."""
        if isinstance(item, syntax.Word):
            return [item.text]
        return [each.name.text for each in self._citing(item) if _kind(each).family is kind.family]

    def _citing(self, clause: syntax.Text) -> list[syntax.Rule]:
        """Return the rules that cite a clause, without permits."""
        return [each for each in self._liftable() if clause.text in _citations(each.metas)]

    def _liftable(self) -> Iterator[syntax.Rule]:
        """The rules that a permit can lift: all but permits."""
        return (each for each in self._rules.values() if each.statement.word.text != "permit")

    def _check_despite(self, rule: syntax.Rule, kind: Kind) -> None:
        for word in rule.statement.despite:
            if isinstance(word, syntax.Text):
                self._check_clause(word, kind)
                continue
            target = self._rules.get(word.text)
            if target is None:
                if word.text not in self._lexicon.lost:
                    near = self._errors.near(word.text, self._rules, "rules")
                    self._errors.report(codes.DESPITE, f"unknown rule `{word.text}`", word.span, near)
            elif target.statement.word.text == "permit":
                message = f"`{word.text}` is a permit, and a permit can only lift rules"
                self._errors.report(codes.DESPITE, message, word.span, None, (target.name.span,))
            else:
                self._check_meeting(word, target, kind)

    def _check_clause(self, clause: syntax.Text, kind: Kind) -> None:
        citing = self._citing(clause)
        if citing and not self._lifted(clause, kind):
            self._check_meeting(syntax.Word(citing[0].name.text, clause.span), citing[0], kind)
        elif not citing and not (self._lexicon.lost.anything or self._lexicon.lost.names):
            cited = {text for each in self._liftable() for text in _citations(each.metas)}
            near = self._errors.near(clause.text, cited, "clauses")
            self._errors.report(codes.DESPITE, f'no rule cites "{clause.text}"', clause.span, near)

    def _check_meeting(self, word: syntax.Word, target: syntax.Rule, kind: Kind) -> None:
        other = _kind(target)
        if other.family is not kind.family:
            message = (
                f"a permit for {_with_article(kind)} never meets `{word.text}`, which judges {_with_article(other)}"
            )
            self._errors.report(codes.PERMIT, message, word.span, None, (target.name.span,))

    # ---- what is said about a rule

    def _metas(self, metas: Sequence[syntax.Meta]) -> dict[str, Any]:
        found: dict[str, Any] = {"cites": _citations(metas)}
        first: dict[str, Span] = {}
        for meta in metas:
            word = meta.word.text
            if word in _MANY:
                continue
            if word in first:
                self._errors.report(codes.REPEATED, f"`{word}` is given twice", meta.word.span, None, (first[word],))
                continue
            first[word] = meta.word.span
            if word == "applies":
                found |= {"applies_from": self._day(meta.begins), "applies_until": self._day(meta.ends)}
            else:
                found[word] = _said(meta)
        return found

    def _day(self, word: syntax.Word | None) -> date | None:
        return read_day(word, self._lexicon.errors) if word else None


def _kind(rule: syntax.Rule) -> Kind:
    return Kind(rule.statement.subject.kind.text)


def _citations(metas: Sequence[syntax.Meta]) -> tuple[str, ...]:
    return tuple(_said(each) for each in metas if each.word.text == "cites")


def _said(meta: syntax.Meta) -> str:
    return meta.value.text if meta.value else ""


def _with_article(kind: Kind) -> str:
    return "the organisation" if kind is Kind.ORGANISATION else f"a {kind}"
