"""What judging gives: a verdict for a rule and a subject, and why, all as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.policy import Kind, Rule
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import StoredItem, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the manifest says, or does not say, that a test rested on.

    `value` is None where it is not known; `source` tells what gave the value:
    `declared`, `manifest default`, `policy default`, `built-in default`, or `undeclared`, `null`.
    `item`: the item of a system's `stores` that says it for itself; None where the entity does.
    """

    entity: Entity
    id: str
    attribute: str
    value: Value | None
    source: str
    location: Span | None
    item: StoredItem | None = None


class Part(StrEnum):
    """What a node of an explanation is."""

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
    """A condition with its value: the whole tree, nothing cut off by a decided neighbour.

    `text` is the condition as written; `facts` stand at tests; `path` is a shortest witness (flow ids) of a path test.
    `collections` names the flows that the datum came from, for a test on collections.
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

    `proved` is False where the budget of the check was spent before a completion was found, or before it was seen that
    nothing can be left out: then it is where to look, not what decides. `item`: as of a fact.
    """

    entity: Entity
    id: str
    attribute: str
    action: str
    location: Span | None
    proved: bool = True
    item: StoredItem | None = None


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """One datum for one purpose (None: unknown, or the subject has none). A joining's `pair` is its two data."""

    data: str | None
    purpose: str | None
    verdict: Verdict
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's verdict on one subject that is not compliant.

    `judged` has every pair that is not compliant, in order, without repeats. `because` are the tests that decided the first
    pair of the judgement's own verdict; `path` their witness path, if one is about paths; `missing` for undetermined ones.
    `permits`: names of those that may lift the rule or not, of which an undetermined one hangs. All four are empty where it is not `explained`: there are too many judgements to explain them all.
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


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How a rule fared. `subjects`: how many subjects of its kind the estate has; `applies`: how many its
    kind and limits do not surely leave out, `when` aside (where it is 0 the rule spoke of nothing); the others count those by verdict (`compliant` = subjects - violations - undetermined).
    """

    rule: Rule
    subjects: int
    applies: int
    compliant: int
    violations: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """A default that some judged subject rests on: `kind` and `attribute` of what, the value, and how many entities."""

    entity: Entity
    attribute: str
    value: Value | None
    source: str
    subjects: int
    location: Span | None


@dataclass(frozen=True, slots=True)
class Judged:
    """All that one check found, in no promised order beyond that it is the same every time."""

    judgements: tuple[Judgement, ...]
    counts: tuple[RuleCount, ...]
    assumptions: tuple[Assumption, ...]
