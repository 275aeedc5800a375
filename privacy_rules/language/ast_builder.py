"""Build the syntax tree: one method for each production of the grammar, called as the parser reduces by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.language.policy import MAX_DEPTH
from privacy_rules.language.scanner import NAME, STRING, Token
from privacy_rules.language.source_text import SourceText
from privacy_rules.source.span import Span

Children = Sequence[Any]
_ESCAPE = re.compile(r'\\(["\\n])')


class TreeBuilder:
    """Makes nodes from children, which are tokens, nodes, and tuples of these."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._offsets = 0, 0

    def build(self, name: str, children: Children, start: int, end: int) -> Any:
        """Return the node of a production that extends from offset `start` to `end`."""
        self._offsets = start, end
        return getattr(self, f"_{name}")(children)

    # ---- leaves

    @property
    def _here(self) -> Span:
        """The place of the node that is made."""
        return self._source.span(*self._offsets)

    def _word(self, token: Token) -> syntax.Word:
        return syntax.Word(token.text, self._source.span(token.start, token.end))

    def _text(self, token: Token) -> syntax.Text:
        said = token.text[1:-1]
        if "\\" in said:
            said = _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], said)
        return syntax.Text(said, self._source.span(token.start, token.end))

    def _dotted(self, children: Children) -> syntax.Word:
        if len(children) == 1:
            return self._word(children[0])
        return syntax.Word("".join(each.text for each in children), self._here)

    _name = _dotted

    def _item(self, children: Children) -> syntax.Item:
        child = children[0]
        return self._text(child) if isinstance(child, Token) else child

    def _id(self, children: Children) -> syntax.Item:
        child = children[0]
        return self._text(child) if child.kind == STRING else self._word(child)

    _lifted = _id

    def _terms(self, children: Children) -> tuple[syntax.Item, ...]:
        return tuple(each for each in children if not isinstance(each, Token))

    def _literal(self, children: Children) -> syntax.Literal:
        span = self._here
        first = children[0]
        if isinstance(first, syntax.Word):
            name = syntax.Literal("name", first.text, (), first.span)
            if len(children) == 1:
                return name
            by = " ".join(each.text for each in children[1:])
            return syntax.Literal("moved", by, (name,), span)
        match first.kind:
            case "DATE":
                return syntax.Literal("date", first.text, (), span)
            case "NUMBER":
                kind: Any = "number" if len(children) == 1 else "quantity"
                return syntax.Literal(kind, " ".join(each.text for each in children), (), span)
            case "STRING":
                return syntax.Literal("text", self._text(first).text, (), span)
            case _:
                items = tuple(each for each in children if isinstance(each, syntax.Literal))
                return syntax.Literal("list", "", items, span)

    # ---- conditions

    def _bounded(self, made: syntax.Condition) -> syntax.Condition:
        return syntax.TooDeep(made.span, made.height) if made.height > MAX_DEPTH else made

    def _several(self, children: Children, made: type[Any]) -> syntax.Condition:
        parts = tuple(each for each in children if not isinstance(each, Token))
        height = 1 + max(each.height for each in parts)
        return self._bounded(made(self._here, height, parts))

    def _condition(self, children: Children) -> syntax.Condition:
        return self._several(children, syntax.Disjunction)

    def _conjunction(self, children: Children) -> syntax.Condition:
        return self._several(children, syntax.Conjunction)

    def _negated(self, children: Children) -> syntax.Condition:
        return self._bounded(syntax.Negated(self._here, children[1].height + 1, children[1]))

    def _grouped(self, children: Children) -> syntax.Condition:
        return self._bounded(syntax.Grouped(self._here, children[1].height + 1, children[1]))

    def _named(self, children: Children) -> syntax.Condition:
        return syntax.Named(self._here, 1, children[0])

    def _is_declared(self, children: Children) -> syntax.Condition:
        return syntax.IsDeclared(self._here, 1, children[0])

    def _is_terms(self, children: Children) -> syntax.Condition:
        return syntax.HasTerms(self._here, 1, children[0], "is", children[2])

    def _includes(self, children: Children) -> syntax.Condition:
        verb: Any = " ".join(each.text for each in children[1:-1])
        return syntax.HasTerms(self._here, 1, children[0], verb, children[-1])

    def _within(self, children: Children) -> syntax.Condition:
        return syntax.HasTerms(self._here, 1, children[0], "within", children[2])

    def _within_collected(self, children: Children) -> syntax.Condition:
        return syntax.WithinCollected(self._here, 1, children[0])

    def _compares(self, children: Children) -> syntax.Condition:
        return syntax.Compared(self._here, 1, children[0], children[1].text, children[2])

    def _end(self, children: Children) -> syntax.Word | None:
        return self._word(children[0]) if children[0].kind in ("SOURCE", "RECIPIENT") else None

    def _under_contract(self, children: Children, *, chain: bool = False) -> syntax.Condition:
        terms = children[-2] if isinstance(children[-2], syntax.Condition) else None
        height = 1 + (terms.height if terms else 0)
        return self._bounded(syntax.UnderContract(self._here, height, self._end(children), terms, chain))

    def _bound(self, children: Children) -> syntax.Condition:
        return self._under_contract(children, chain=True)

    def _owned(self, children: Children) -> syntax.Condition:
        owner = children[-1]
        return self._bounded(syntax.OwnedBy(self._here, owner.height + 1, self._end(children), owner))

    def _covers(self, children: Children) -> syntax.Condition:
        return syntax.Covers(self._here, 1, self._word(children[1]))

    def _collected_with(self, children: Children) -> syntax.Condition:
        how = self._word(children[1]) if children[1].kind in ("ONLY", "PARTLY") else None
        terms = children[-2]
        return self._bounded(syntax.CollectedWith(self._here, terms.height + 1, terms, how))

    def _reached(self, children: Children) -> syntax.Condition:
        data = next(each for each in children if isinstance(each, tuple))
        parts: dict[str, Any] = dict(each for each in children if isinstance(each, list))
        avoided, avoiding = parts.get("avoiding", (None, None))
        derived, methods = parts.get("derived", (False, None))
        source = parts.get("start")
        height = 1 + max((each.height for each in (source, avoiding) if each), default=0)
        span = self._here
        reached = (span, height, self._end(children), data, source, avoided, avoiding, derived, methods)
        return self._bounded(syntax.Reached(*reached))

    def _holds(self, children: Children) -> syntax.Condition:
        data = next(each for each in children if isinstance(each, tuple))
        derived, methods = next((each[1] for each in children if isinstance(each, list)), (False, None))
        return syntax.Holds(self._here, 1, self._end(children), data, derived, methods)

    def _start(self, children: Children) -> Any:
        return ["start", children[1]]

    def _avoiding(self, children: Children) -> Any:
        return ["avoiding", (self._word(children[0]), children[1])]

    def _derived(self, children: Children) -> Any:
        return ["derived", (True, children[3] if len(children) > 2 else None)]

    # ---- rules

    def _selector(self, children: Children) -> syntax.Selector:
        first, span = children[0], self._here
        if not isinstance(first, Token):
            return syntax.Roles((first,), span)
        if first.kind in ("PARTY", "SYSTEM"):
            ids = tuple(each for each in children[1:] if not isinstance(each, Token))
            return syntax.Entity(self._word(first), ids, span)
        inner = children[1]
        if isinstance(inner, syntax.Named):
            return syntax.Roles((inner.name,), span)
        if isinstance(inner, syntax.Condition):
            return syntax.Matching(inner, span, inner.height + 1)
        listed = [each for each in children if not isinstance(each, Token) or each.kind == STRING]
        return syntax.Roles(tuple(self._text(each) if isinstance(each, Token) else each for each in listed), span)

    def _limit(self, children: Children) -> syntax.Limit:
        what = children[1]
        terms, selector = (what, None) if isinstance(what, tuple) else ((), what)
        return syntax.Limit(self._word(children[0]), terms, selector, self._here)

    def _subject(self, children: Children) -> syntax.Subject:
        return syntax.Subject(self._word(children[0]), tuple(children[1:]), self._here)

    def _when(self, children: Children) -> Any:
        return ["when", children[1]]

    def _unless(self, children: Children) -> Any:
        return ["unless", tuple(each for each in children if not isinstance(each, Token))]

    def _alternative(self, children: Children) -> syntax.Alternative:
        limits = tuple(each for each in children if isinstance(each, syntax.Limit))
        when = next((each[1] for each in children if isinstance(each, list)), None)
        return syntax.Alternative(limits, when, self._here)

    def _statement(self, children: Children) -> syntax.Statement:
        parts: dict[str, Any] = dict(each for each in children if isinstance(each, list))
        word = self._word(children[0])
        return syntax.Statement(
            word=word,
            subject=next(each for each in children if isinstance(each, syntax.Subject)),
            when=parts.get("when"),
            unless=parts.get("unless", ()),
            required=next((each for each in children if isinstance(each, syntax.Condition)), None),
            alternatives=tuple(each for each in children if isinstance(each, syntax.Alternative)),
            despite=tuple(each for each in children if isinstance(each, syntax.Word | syntax.Text)),
            span=self._here,
        )

    def _meta(self, children: Children) -> syntax.Meta:
        word = self._word(children[0])
        if word.text != "applies":
            value = children[1]
            said = self._text(value) if value.kind == STRING else self._word(value)
            return syntax.Meta(word, said, None, None)
        dates = {each.kind: self._word(day) for each, day in zip(children[1::2], children[2::2], strict=True)}
        return syntax.Meta(word, None, dates.get("FROM"), dates.get("UNTIL"))

    def _rule(self, children: Children) -> syntax.Rule:
        metas = tuple(each for each in children if isinstance(each, syntax.Meta))
        statement = next(each for each in children if isinstance(each, syntax.Statement))
        return syntax.Rule(self._word(children[1]), metas, statement, self._here)

    # ---- other declarations

    def _define(self, children: Children) -> syntax.Define:
        return syntax.Define(self._word(children[1]), children[3], self._here)

    def _type(self, children: Children) -> syntax.AttributeType:
        vocabulary = self._word(children[2]) if len(children) == 3 else None
        return syntax.AttributeType(children[0].text, vocabulary, self._here)

    def _attribute(self, children: Children) -> syntax.Attribute:
        name, *entities = [each for each in children if isinstance(each, Token) and each.kind in ("NAME", "ENTITY")]
        type_ = next(each for each in children if isinstance(each, syntax.AttributeType))
        default = children[-1] if isinstance(children[-1], syntax.Literal) else None
        on = tuple(self._word(each) for each in entities)
        return syntax.Attribute(self._word(name), on, type_, default, self._here)

    def _parents(self, children: Children) -> Any:
        return ["parents", tuple(each for each in children if not isinstance(each, Token))]

    def _above(self, children: Children) -> syntax.Above:
        dates = {each.kind: self._word(day) for each, day in zip(children[1::2], children[2::2], strict=True)}
        return syntax.Above(children[0], dates.get("FROM"), dates.get("UNTIL"), self._here)

    def _children(self, children: Children) -> Any:
        return ["children", tuple(children[1:-1])]

    def _term(self, children: Children) -> syntax.Term:
        parts: dict[str, Any] = dict(each for each in children if isinstance(each, list))
        said = next((self._text(each) for each in children if isinstance(each, Token) and each.kind == STRING), None)
        return syntax.Term(self._word(children[0]), parts.get("parents", ()), said, parts.get("children", ()))

    def _vocabulary(self, children: Children) -> syntax.Vocabulary:
        name = next(each for each in children if each.kind != "VOCABULARY")
        terms = tuple(each for each in children if isinstance(each, syntax.Term))
        return syntax.Vocabulary(self._word(name), terms, self._here)

    def _use(self, children: Children) -> syntax.Use:
        target = children[1]
        adjustments = tuple(each for each in children if isinstance(each, syntax.Adjustment))
        return syntax.Use(self._text(target) if isinstance(target, Token) else target, adjustments, self._here)

    def _adjustment(self, children: Children) -> syntax.Adjustment:
        by_kind = {each.kind: each for each in children}
        rules = tuple(self._word(each) for each in children if each.kind == NAME)
        severity, reason = by_kind.get("SEVERITY_NAME"), by_kind.get(STRING)
        said = severity and self._word(severity), reason and self._text(reason)
        return syntax.Adjustment(rules, *said, self._here)

    def _clause(self, children: Children) -> syntax.Clause:
        _, cited, _, kind, reason = children
        return syntax.Clause(self._text(cited), self._word(kind), self._text(reason), self._here)

    def _field(self, children: Children) -> Any:
        return self._word(children[0]), self._text(children[1])

    def _policy(self, children: Children) -> syntax.Policy:
        fields = tuple(each for each in children if isinstance(each, tuple))
        return syntax.Policy(self._word(children[1]), fields, self._here)

    def _file(self, children: Children) -> tuple[syntax.Declaration, ...]:
        return tuple(children)
