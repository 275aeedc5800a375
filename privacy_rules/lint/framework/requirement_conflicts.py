"""Find subjects for which one rule requires what others forbid, so that one of the rules is always violated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from privacy_rules.analysis.checked_examples import CheckedExample
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Model, No, Wish
from privacy_rules.analysis.variables import PARTIES_DIFFER, DerivedTerm, EntityOf, ValueOf
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN, Verdict
from privacy_rules.language.policy import Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.lint.framework.covering import Covering
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import overlap
from privacy_rules.lint.framework.rule_conflicts import conflicts
from privacy_rules.source.fast_dataclasses import dataclass

_MOST_SUBJECTS = 12
"""The search for two rules ends after this many kinds of subjects that have a way to comply."""
_WHO_AND_WHAT = ("role", "party", "carries", "purposes", "stores", "uses", "joins", "transforms")


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A rule, and others that forbid what this one requires of the example's subject."""

    rule: Rule
    others: tuple[Rule, ...]
    example: CheckedExample


def dead_ends(lint_input: LintInput) -> Iterator[DeadEnd]:
    """Yield the first dead end of each examined rule that contradicts no other rule as a whole, once for the same rules."""
    known = set[frozenset[str]]()
    silent = {each.rule.name for each in conflicts(lint_input)}
    for rule, _ in lint_input.rules:
        if rule.name not in silent and (rule.required or rule.alternatives):
            found = _Rule(lint_input, rule, lint_input.coverings[rule.subject.kind.family], known).dead_end()
            if found is not None:
                known.add(_names(rule, found.others))
                yield found


class _Rule:
    """One rule, and its course: the facts that a subject can choose so as to comply.

    Data, purposes and parties do not count.
    """

    def __init__(self, lint_input: LintInput, rule: Rule, family: Covering, known: Collection[frozenset[str]]) -> None:
        self._input, self._rule, self._family, self._known = lint_input, rule, family, known
        self._ask: Questions = lint_input.questions
        permits = [self._ask.scope(each) for each in lint_input.permits_of(rule)]
        self._scope = self._ask.scope(rule)
        self._is_known = False  # whether the first dead end is one of another rule
        self._easy: list[Wish] = []  # subjects that can comply with this rule and all near ones
        self._ways = self._ask.make.any_of([*self._ask.requirements(rule), *permits])

    @cached_property
    def _course(self) -> set[int]:
        return self._course_of(self._rule)

    def _course_of(self, rule: Rule) -> set[int]:
        of_way = self._ask.variables(self._ask.requirements(rule))
        return {each for each in of_way if not self._is_who_or_what(each)}

    @cached_property
    def _seeds(self) -> list[int]:
        """The near rules for which some course is not the best. Each dead end has at least one of them."""
        best = self._near
        for each in self._ask.requirements(self._rule):
            course = self._course_that_meets(each)
            left = [at for at in self._near if not self._is_best_for(course, at)] if course else self._near
            best = min(best, left, key=len)
        return best

    def _course_that_meets(self, requirement: int) -> Model | None:
        """A course that surely meets a requirement, and is as good as possible for the near rules."""
        model = self._ask.example([(requirement, True, TRUE), (self._scope, True, TRUE)])
        course = {each: answers for each, answers in (model or {}).items() if each in self._course}
        if not course or not self._ask.true_of([requirement], course)[0]:
            return None
        return {each: self._best_row(each, answers) for each, answers in course.items()}

    def _best_row(self, variable: int, answers: dict[int, int]) -> dict[int, int]:
        signs = [self._family.depends[at].get(variable, ()) for at in self._near]
        fitting = self._ask.rows(variable, (test for tests in signs for test, _ in tests), answers)
        return max(fitting, key=lambda row: sum(_is_best(row, tests) for tests in signs), default=answers)

    def _is_best_for(self, course: Model, at: int) -> bool:
        """Whether a subject that does not comply with a near rule on this course cannot comply with it on another."""
        depends = self._family.depends[at]
        return all(_is_best(answers, depends.get(variable, ())) for variable, answers in course.items())

    @cached_property
    def _near(self) -> list[int]:
        """The other rules that depend on the course and apply to the same subjects, by number."""
        found = self._family.near(self._course, self._scope) if self._course else []
        rules = self._family.rules
        return [at for at in found if rules[at] is not self._rule and overlap(self._rule, rules[at])]

    def _is_who_or_what(self, variable: int) -> bool:
        key = self._ask.make.variables[variable].key
        if isinstance(key, ValueOf):
            return key.name in _WHO_AND_WHAT
        kinds = [each.value for each in Kind]
        return isinstance(key, EntityOf | DerivedTerm) or key in ("data", "purpose", "pair", PARTIES_DIFFER, *kinds)

    def dead_end(self) -> DeadEnd | None:
        """The first dead end, with as few rules as are enough."""
        for at in self._seeds:
            self._input.checkpoint()
            found = self._with(at)
            if found is not None or self._is_known:
                return found
        return None

    def _with(self, at: int) -> DeadEnd | None:
        ask, blocked = self._ask, [*self._easy]
        course = self._course | self._course_of(self._family.rules[at])
        applies: list[Wish] = [(self._scope, True, TRUE)]
        meets: list[Wish] = [*applies, (self._ways, True, TRUE)]
        for _ in range(_MOST_SUBJECTS):
            bad = ask.example([*meets, (self._family.verdicts[at], True, TRUE), *blocked])
            if bad is None:
                return None
            subject = {each: bad[each] for each in bad if each not in course}
            others, way, keeps_all = self._others(meets, at, subject)
            if way is not None:
                way = dict(sorted(way.items(), key=lambda each: each[0] in course))  # what is left out first
                least = ask.enough(self._avoiding(meets, others), way) or way
                easy = {each: least[each] for each in least if each not in course}
                blocked.append((ask.node_of(easy), False, TRUE))
                self._easy += blocked[-1:] if keeps_all else []
                continue
            kept = ask.example(self._avoiding(applies, others), subject)
            if ask.never(self._avoiding(meets, others), subject) and kept is not None:
                needed = self._needed(meets, others, subject)
                self._is_known = _names(self._rule, [self._family.rules[each] for each in needed]) in self._known
                found = None if self._is_known else self._shown(meets, needed, subject)
                if found is not None or self._is_known:
                    return found
            blocked.append((ask.node_of(subject), False, TRUE))
        self._input.unproved.add(self._rule.name)
        return None

    def _others(self, wishes: Sequence[Wish], at: int, subject: Model) -> tuple[list[int], Model | None, bool]:
        """Return the rules that leave the subject no way to comply with all of them, with None and False.

        If there is such a way, return the rules so far, the way, and whether it complies with all near rules.
        """
        others = [at]
        while True:
            way = self._ask.example(self._avoiding(wishes, others), subject)
            if way is None:
                return others, None, False
            more = [each for each in self._violated({**subject, **way}) if each not in others]
            keeps_all = not more
            more = [each for each in more if overlap(self._rule, *(self._family.rules[one] for one in (*others, each)))]
            if not more or len(others) > _MOST_SUBJECTS:
                return others, way, keeps_all
            others += more[:1]

    def _violated(self, way: Model) -> list[int]:
        """The near rules that a way to comply with this rule violates."""
        family, near = self._family, set(self._near)
        may = [at for at in family.candidates.of(way) if at in near]
        true = self._ask.true_of([family.verdicts[at] for at in may], way)
        return [at for at, is_true in zip(may, true, strict=True) if is_true]

    def _avoiding(self, wishes: Sequence[Wish], others: Sequence[int]) -> list[Wish]:
        return [*wishes, *((self._family.verdicts[each], False, UNKNOWN) for each in others)]

    def _needed(self, wishes: Sequence[Wish], others: list[int], subject: Model) -> list[int]:
        for each in list(others):
            fewer = [other for other in others if other != each]
            if fewer and self._ask.never(self._avoiding(wishes, fewer), subject):
                others = fewer
        return others

    def _shown(self, wishes: Sequence[Wish], others: Sequence[int], subject: Model) -> DeadEnd | None:
        rules = [self._family.rules[each] for each in others]
        settled: Wish = (self._ask.node_of(subject), True, TRUE)
        for at, rule in zip(others, rules, strict=True):
            wanted = {self._rule.name: Verdict.COMPLIANT, rule.name: Verdict.VIOLATION}
            violates: Wish = (self._family.verdicts[at], True, TRUE)
            found = self._input.examples.of(self._rule, [*wishes, violates, settled], wanted)
            if not isinstance(found, No):
                return DeadEnd(self._rule, tuple(rules), found)
        return None


def _names(rule: Rule, others: Iterable[Rule]) -> frozenset[str]:
    return frozenset((rule.name, *(each.name for each in others)))


def _is_best(answers: Mapping[int, int], tests: Collection[tuple[int, bool]]) -> bool:
    """Whether other answers to its tests cannot improve a verdict."""
    return all(answers.get(test) == (FALSE if truer else TRUE) for test, truer in tests)
