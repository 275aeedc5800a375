"""Resolve conditions: names are looked up, types are checked, and defines are resolved where they are used."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.language import declarations, policy, syntax
from privacy_rules.language.condition_contexts import COLLECTED, END, FLOWS, IN_SYSTEMS, OWNER, Names, Place, Site
from privacy_rules.language.defines import Defines
from privacy_rules.language.nesting import Nesting
from privacy_rules.language.policy import Owner, Reference, Side
from privacy_rules.language.resolve_tests import Tests
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.source import codes
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity

_ENDS = {"source": Side.SOURCE, "recipient": Side.RECIPIENT}
_WITH_PARTY = (Site.SYSTEM, *IN_SYSTEMS, Site.PARTY)
Condition = policy.Condition


class Conditions:
    """Resolves conditions. A wrong one is reported to the lexicon's errors, and becomes None."""

    def __init__(
        self,
        sources: Mapping[str, SourceText],
        names: Names,
        lexicon: Lexicon,
        defines: Mapping[str, syntax.Define],
        nesting: Nesting,
    ) -> None:
        self.lexicon = lexicon
        self.mentions: set[declarations.Mention] = set()
        self._sources = sources
        self._errors = lexicon.errors
        self._nesting = nesting
        self._tests = Tests(names, lexicon, defines, self.text)
        self.defines = Defines(defines, nesting, self.resolve, lexicon.errors)

    def text(self, node: syntax.Condition | syntax.Selector | syntax.Limit | syntax.Subject) -> str:
        """A node as it was written, white space folded."""
        return self.words(node.span)

    def words(self, span: Span) -> str:
        """The words of a place, white space folded."""
        return self._sources[span.file].between(span)

    def fits(self, condition: syntax.Condition) -> bool:
        """Return whether a whole condition nests at most 100 deep, or report that it does not."""
        return self._nesting.fits(condition, self._errors)

    def whole(self, condition: syntax.Condition, place: Place) -> Condition | None:
        """Resolve a whole condition, which must not nest too deep."""
        return self.resolve(condition, place) if self.fits(condition) else None

    def resolve(self, node: syntax.Condition, place: Place) -> Condition | None:
        """Resolve a condition, or a part of one, that nests at most 100 deep."""
        match node:
            case syntax.Conjunction(parts=parts):
                return self._several(policy.All, node, parts, place)
            case syntax.Disjunction(parts=parts):
                return self._several(policy.AnyOf, node, parts, place)
            case syntax.Negated(part=part):
                inner = self.resolve(part, place)
                return inner and policy.Negation(node.span, self.text(node), inner)
            case syntax.Grouped(part=part):
                return self.resolve(part, place)
            case syntax.Named(name=name) if self.defines.knows(name.text):
                return self.defines.use(name, place)
            case syntax.UnderContract():
                return self._under_contract(node, place)
            case syntax.OwnedBy():
                return self._owned(node, place)
            case syntax.CollectedWith():
                return self._collected_with(node, place)
            case syntax.Holds():
                return self._holds(node, place)
            case syntax.Reached():
                return self._reached(node, place)
            case _:
                return self._tests.resolve(node, place)

    def _several(
        self,
        made: type[policy.All | policy.AnyOf],
        node: syntax.Condition,
        parts: tuple[syntax.Condition, ...],
        place: Place,
    ) -> Condition | None:
        found = [self.resolve(part, place) for part in parts]
        known = tuple(each for each in found if each is not None)
        return made(node.span, self.text(node), known) if len(known) == len(parts) else None

    # ---- contracts, collections, paths

    def _under_contract(self, node: syntax.UnderContract, place: Place) -> Condition | None:
        between = place.site in FLOWS and not node.end and not node.chain
        side = Side.BOTH if between else self._side(node.end, place, _WITH_PARTY)
        if side is None:
            self._misplaced("bound to us" if node.chain else "under contract", node, place, node.end)
            return None
        inside = Place(Site.TERMS) if node.chain else place.terms()
        terms = self.resolve(node.terms, inside) if node.terms else None
        if node.terms and terms is None:
            return None
        return policy.UnderContract(node.span, self.text(node), side, terms, node.chain)

    def _owned(self, node: syntax.OwnedBy, place: Place) -> Condition | None:
        side = self._side(node.end, place, (*_WITH_PARTY, Site.END))
        if side is None:
            self._misplaced("owned by", node, place, node.end)
        if isinstance(node.owner, syntax.Entity) and node.owner.entity.text == Entity.SYSTEM:
            self._errors.report(
                codes.OUT_OF_PLACE, "a system owns nobody", node.owner.span, "name the party that owns: `party`"
            )
            return None
        owner = self.selector(node.owner, OWNER)
        return None if side is None or owner is None else policy.OwnedBy(node.span, self.text(node), side, owner)

    def _side(self, end: syntax.Word | None, place: Place, sites: tuple[Site, ...]) -> Side | None:
        if place.site in FLOWS:
            return _ENDS[end.text] if end else Side.RECIPIENT
        return Side.SUBJECT if place.site in sites and not end else None

    def _collected_with(self, node: syntax.CollectedWith, place: Place) -> Condition | None:
        if place.site not in (Site.FLOW, Site.STORAGE, Site.JOINING, Site.USE):
            self._misplaced(f"collected {node.how.text} with" if node.how else "collected with", node, place, None)
            return None
        terms = self.resolve(node.terms, COLLECTED)
        how = None if node.how is None else policy.HOW[node.how.text]
        return terms and policy.CollectedWith(node.span, self.text(node), terms, how)

    def _reached(self, node: syntax.Reached, place: Place) -> Condition | None:
        side = self._side(node.end, place, (*_WITH_PARTY, Site.END))
        if side is None:
            self._misplaced("reached by", node, place, node.end)
        if node.avoided and not node.start:
            message = "`avoiding` has no effect without `from`"
            self._errors.report(codes.OUT_OF_PLACE, message, node.avoided.span, "name where the path starts")
        data = self.lexicon.terms(node.data, "data")
        start = self.selector(node.start) if node.start else None
        avoiding = self.selector(node.avoiding) if node.avoiding else None
        methods = self.lexicon.terms(node.methods, "method") if node.methods else None
        missing = (node.start and not start) or (node.avoiding and not avoiding) or (node.methods and not methods)
        if side is None or data is None or missing or (node.avoided and not node.start):
            return None
        return policy.Reached(node.span, self.text(node), side, data, start, avoiding, node.derived, methods)

    def _holds(self, node: syntax.Holds, place: Place) -> Condition | None:
        side = self._side(node.end, place, (*_WITH_PARTY, Site.END))
        if side is None:
            self._misplaced("holds", node, place, node.end)
        data = self.lexicon.terms(node.data, "data")
        methods = self.lexicon.terms(node.methods, "method") if node.methods else None
        if side is None or data is None or (node.methods and not methods):
            return None
        text = self.text(node)
        received = policy.Reached(node.span, text, side, data, None, None, node.derived, methods)
        return policy.Holds(node.span, text, side, data, received)

    def _misplaced(self, what: str, node: syntax.Condition, place: Place, end: syntax.Word | None) -> None:
        if end:
            message, help_ = (
                f"`{end.text}` is an end of a flow, but the subject here is {place.site}",
                f"write `{what}`",
            )
        else:
            message, help_ = f"`{what}` does not apply to {place.site}", None
        self._errors.report(codes.OUT_OF_PLACE, message, node.span, help_)

    # ---- selectors

    def selector(self, node: syntax.Selector, place: Place = END) -> Condition | None:
        """Resolve a selector, as a condition on its end or, at `OWNER`, on an owner."""
        match node:
            case syntax.Roles(items=items):
                roles = self.lexicon.terms(items, "role")
                whose = (Owner.SYSTEM, Entity.SYSTEM) if place == END else (Owner.PARTY, Entity.PARTY)
                reference = Reference(Side.SUBJECT, whose[0], BUILT_IN[whose[1], "role"], "role")
                return policy.IsTerm(node.span, self.text(node), reference, roles) if roles else None
            case syntax.Entity(entity=word, ids=ids):
                entity = Entity(word.text)
                self.mentions.update(declarations.Mention(entity, named.text, named.span) for named in ids)
                if len(ids) == 1:
                    return policy.IsEntity(node.span, self.text(node), entity, ids[0].text)
                each = (policy.IsEntity(named.span, f'{entity} "{named.text}"', entity, named.text) for named in ids)
                return policy.AnyOf(node.span, self.text(node), tuple(each))
            case syntax.Matching(condition=condition):
                return self.resolve(condition, place)
