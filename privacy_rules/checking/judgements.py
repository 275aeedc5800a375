"""The results of judging as data: a verdict for each rule and subject, and the reasons for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from typing import Literal

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.policy import Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.dated_edges import Dated
from privacy_rules.vocabulary.values import Item, Transform, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that a test depends on, declared or not.

    `value` is None if it is not known. `source` says where the value comes from: `declared`, `manifest default`,
    `shared default`, `policy default`, `built-in default`, or `undeclared`, `null`. `item` is the item of one of the
    entity's lists that declares it; None if the entity itself does. `about` has the categories that nothing brings to a
    system (for `creates`), or the collections that a flow's `origin` may name. `own`: the policy adds the attribute.
    """

    entity: Entity
    id: str
    attribute: str
    value: Value | None
    source: str
    location: Span | None
    item: Item | Transform | None = None
    about: tuple[str, ...] = ()
    own: bool = False


Topic = Literal["subject", "contract", "chain", "path", "collection", "owner", "day", "other"]
"""The topic of a test: the choice of subjects (by kind, data, purposes or ends), contracts, paths, collections, owners, or anything else."""


class Part(StrEnum):
    """The kind of a node of an explanation."""

    SCOPE = "scope"
    REQUIREMENT = "requirement"
    ALL = "and"
    ANY = "or"
    NOT = "not"
    DEFINE = "define"
    TEST = "test"
    LIMIT = "limit"
    SUBJECT = "subject"  # that the subject is of the rule's kind (a disclosure, a storage …)
    WHEN = "when"
    EXCEPTION = "unless"
    ALTERNATIVE = "alternative"
    PERMIT = "permit"
    REQUIRED = "require"


@dataclass(frozen=True, slots=True)
class Explained:
    """A condition with its value, and with the values of all conditions inside it, even if one of them alone decides.

    `text` is the condition as written. Tests have `facts`; `path` is a shortest witness (flow ids) of a path test, and
    `carried` has the category that each of its flows forwards; `made_from` is the category that the first was made from
    in the system where the path begins, or None. `collections` names the flows that the datum came from, for a test on
    collections. `topic` is the kind of a test, for readers. `dated` are the edges of vocabularies whose dates decide
    it. `contract` is the id of the contract that a node is about. `lacks` has the terms that a test `includes all` asks
    for and the set does not have. In reasons, `within` is the part of the rule that a test is in, and `defined` names
    the defines that lead to it.
    """

    part: Part
    text: str
    value: Truth
    span: Span | None = None
    children: tuple[Explained, ...] = field(
        default=(), hash=False
    )  # a whole tree would be hashed again for each parent
    facts: tuple[Fact, ...] = ()
    path: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    made_from: str | None = None
    topic: Topic = "other"
    contract: str | None = None
    lacks: tuple[str, ...] = ()
    dated: tuple[Dated, ...] = ()
    within: Part | None = None
    defined: tuple[str, ...] = ()

    @property
    def brought(self) -> tuple[str, ...]:
        """The categories along the path of a path test, including the one that the first was made from."""
        return (self.made_from, *self.carried) if self.made_from else self.carried

    @property
    def contracts(self) -> tuple[Explained, ...]:
        """The contracts that a test on contracts found to concern the parties, each with its parts."""
        return tuple(each for each in self.children if each.contract is not None)

    def walk(self) -> Iterator[Explained]:
        """Yield this node and every node inside it, in order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


@dataclass(frozen=True, slots=True)
class Missing:
    """An undeclared (`declare`) or too broad (`narrow`) fact that, with the others beside it, would decide.

    `proved` is False if the check's budget ended before a completion was found, or before it was clear that no fact can
    be left out. Then the fact is a place to look, and may not decide. `item` and `about` are as in a fact.
    """

    entity: Entity
    id: str
    attribute: str
    action: str
    location: Span | None
    proved: bool = True
    item: Item | Transform | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """One fact of a completion: what is declared, or narrowed, and its value. `item` is as in a fact."""

    entity: Entity
    id: str
    attribute: str
    action: str
    value: Value
    item: Item | Transform | None = None


@dataclass(frozen=True, slots=True)
class EachWay:
    """Two completions of the manifest, confirmed by judging it: one in which the subject complies, and one in which it violates.

    None if no such completion was found: the fact cannot be declared, or there are too many completions to try.
    """

    complies: tuple[Completed, ...] | None
    violates: tuple[Completed, ...] | None


PairKey = tuple[str | None, str | None, tuple[str, str] | None]
"""What identifies a judged pair of a subject: its datum and purpose, or its two joined data."""


@dataclass(frozen=True, slots=True)
class Change:
    """One declaration to change. `value` is the present value; None if there is none.

    `action` is `renew` (a contract that has ended), `advance` (one that has not begun), `widen` (one that does not
    cover enough), `sign` (one that is not declared; then `id` names one party, and `value` the other, unless that may
    be any of our parties), `declare` or `narrow`.
    """

    entity: Entity
    id: str
    attribute: str
    action: str
    value: Value | None
    location: Span | None


@dataclass(frozen=True, slots=True)
class Cause:
    """The changes that together would resolve a finding. Findings with equal causes have the same cause."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """One datum for one purpose (None: unknown, or the subject has none) with its verdict. A joining's `pair` is its two data,
    a derivation's is what the transform takes and one category that it makes.

    `word` is the word between the two; `waived` says whether a waiver covers the pair, which is known only in findings.
    """

    data: str | None
    purpose: str | None
    verdict: Verdict
    pair: tuple[str, str] | None = None
    waived: bool = False
    word: str = field(default="with", compare=False)

    @property
    def together(self) -> str:
        """The two data of a pair in words: `email with card`; for a derivation, `email to user_key`. Empty without a pair."""
        return f" {self.word} ".join(self.pair) if self.pair else ""

    @property
    def key(self) -> PairKey:
        """A key that identifies the pair among those of its subject."""
        return self.data, self.purpose, self.pair


def pair_word(family: Kind) -> str:
    """Return the word between the two data of a judged pair."""
    return "to" if family is Kind.DERIVATION else "with"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's verdict on one subject that is not compliant.

    `judged` has every pair that is not compliant, in order, without repeats. `because` are the tests that decided the
    first pair of the judgement's own verdict; `path` is their witness path, if one is about paths; undetermined ones
    have `missing`. `permits` names the permits of which it is unknown whether they lift the rule. `cause` is the one
    change that would resolve it, if one is known. All five are empty if the judgement is not `explained`, because there
    are too many. `in_every_case`: it is a violation whatever the open facts are. `too_many_cases`: it is undetermined,
    but might be decided if all of its cases could be tried.
    """

    rule: Rule
    kind: Kind  # FLOW for all four kinds of flow
    subject: str
    verdict: Verdict
    judged: tuple[JudgedPair, ...]
    explained: bool = True
    because: tuple[Explained, ...] = ()
    path: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    permits: tuple[str, ...] = ()
    cause: Cause | None = None
    in_every_case: bool = False
    too_many_cases: bool = False

    @property
    def brought(self) -> tuple[str, ...]:
        """The categories along the witness path, from what its first flow carries or is made from; empty without one."""
        test = next((test for test in self.because if test.path), None)
        return test.brought if test else ()


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The figures of a rule.

    `subjects` is the number of subjects of its kind, and `applies` the number that its limits include or may include,
    whatever its `when`. The other figures count subjects by verdict, and add up to `subjects`.
    """

    rule: Rule
    subjects: int
    applies: int
    compliant: int
    violations: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """A default that verdicts depend on: an attribute of a kind of entity, its value, and how many `subjects` have it."""

    entity: Entity
    attribute: str
    value: Value | None
    source: str
    subjects: int
    location: Span | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The result of judging. The order is the same every time, but not specified."""

    judgements: tuple[Judgement, ...]
    counts: tuple[RuleCount, ...]
    assumptions: tuple[Assumption, ...]
