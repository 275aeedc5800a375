"""Find rules that together cover something: whenever it is true, at least one of them is violated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from privacy_rules.analysis.implication_filter import Candidates
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Wish
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.lint.framework.redundancy_claims import met, overlap, within
from privacy_rules.source.fast_dataclasses import dataclass

Asked = Callable[[int], list[Wish]]
"""Returns the wishes that something has at least this truth value."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The rules of one family of subjects, each with the permits that lift it."""

    ask: Questions
    rules: Sequence[Rule]
    verdicts: Sequence[int]
    candidates: Candidates
    depends: Sequence[Mapping[int, set[tuple[int, bool]]]]
    """For each verdict, the tests that it depends on, by variable, and whether it gets truer if the test does."""

    @classmethod
    def of(cls, ask: Questions, policy: Policy, rules: Sequence[Rule], permits: Mapping[str, list[Rule]]) -> Covering:
        """Prepare the rules. `permits` are those that lift each rule, by its name."""
        verdicts = [ask.verdict_of(each, permits.get(each.name, ())) for each in rules]
        depends = [ask.signs(each) for each in verdicts]
        return cls(ask, rules, verdicts, Candidates(policy, ask.make, verdicts), depends)

    def near(self, variables: set[int], node: int) -> list[int]:
        """Return the numbers of the rules that depend on one of the variables, and may be violated if a node is true."""
        return [at for at in self.candidates.beside(node) if not variables.isdisjoint(self.depends[at].keys())]

    def by(self, asked: Asked, counts: Callable[[Rule], bool], *, undetermined: bool = True) -> list[Rule] | None:
        """Return a minimal set of those rules that count and together cover what is asked; None if no set is proved to.

        `undetermined`: they must also cover undetermined subjects.
        """
        added: list[int] = []
        while (example := self.ask.example(self._wishes(asked, added, TRUE))) is not None:
            may = (at for at in self.candidates.of(example) if at not in added)
            more = [at for at in may if counts(self.rules[at])]
            if not more:
                return None
            added += more
        values = (TRUE, UNKNOWN) if undetermined else (TRUE,)

        def covered(by: Sequence[int]) -> bool:
            return all(self.ask.never(self._wishes(asked, by, value)) for value in values)

        if not added or not covered(added):
            return None
        for each in list(added):
            fewer = [at for at in added if at != each]
            if covered(fewer):
                added = fewer
        return [self.rules[at] for at in sorted(added)]

    def implying(self, rule: Rule, permits: Sequence[Rule], counts: Callable[[Rule], bool]) -> list[Rule] | None:
        """Return rules that together find everything that a rule finds, and are in force whenever it is."""
        verdict = self.ask.verdict_of(rule, permits)
        return self.by(
            lambda value: [(verdict, True, value)],
            lambda other: other is not rule and counts(other) and within(rule, other),
        )

    def opposing(self, rule: Rule, permits: Sequence[Rule]) -> list[Rule] | None:
        """Return rules, in force on a common day with a rule, such that whatever complies with it violates one of them."""
        complies = met(self.ask, rule, permits)
        found = self.by(
            lambda _: [(complies, True, TRUE)],
            lambda other: other is not rule and overlap(rule, other),
            undetermined=False,
        )
        return found if found and overlap(rule, *found) else None

    def forbidding(self, rule: Rule, without: int, verdict: int, counts: Callable[[Rule], bool]) -> list[Rule] | None:
        """Return rules that forbid everything that a part of a rule lets through.

        `without` and `verdict` are the nodes of the rule's verdict without and with the part.
        """
        wishes: list[Wish] = [(without, True, TRUE), (verdict, False, UNKNOWN)]
        return self.by(lambda _: wishes, lambda other: other is not rule and counts(other), undetermined=False)

    def _wishes(self, asked: Asked, added: Sequence[int], value: int) -> list[Wish]:
        return [*asked(value), *((self.verdicts[at], False, value) for at in added)]
