"""The data of policy tests: suites, and cases with their changed estate, day and expected findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

FEWER = "run fewer cases with `--case`"
"""What to do if there are too many."""
Mode = Literal["exact", "includes"]
"""`exact`: exactly the expected findings. `includes`: the expected findings, and possibly others."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An expected judged pair. Only `fields`, those that the case names, are compared."""

    fields: tuple[str, ...]
    data: str | None = None
    purpose: str | None = None
    pair: tuple[str, str] | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """An expected verdict of a rule on a subject. `judged` and `waived` are compared if they are not None."""

    rule: str
    kind: Kind
    subject: str
    verdict: Verdict
    judged: tuple[Pair, ...] | None = None
    waived: bool | None = None
    where: Span | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Rule and subject, which identify a finding, because a rule judges subjects of one kind."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Case:
    """One test: an estate with its changes made, a day, and the expected findings."""

    name: str
    estate: Estate
    day: date
    expected: tuple[Expectation, ...]
    mode: Mode = "exact"
    where: Span | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one test file, and the policy that they test."""

    file: str
    policy: Policy
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The suites of one call."""

    suites: tuple[Suite, ...] = ()

    @property
    def cases(self) -> Sequence[tuple[Suite, Case]]:
        """Every case with its suite, in order."""
        return [(suite, case) for suite in self.suites for case in suite.cases]

    def named(self, parts: Sequence[str]) -> Loaded:
        """Return the cases whose name contains one of the texts, ignoring case."""
        wanted = [each.casefold() for each in parts]

        def kept(case: Case) -> bool:
            return any(each in case.name.casefold() for each in wanted)

        suites = (replace(suite, cases=tuple(filter(kept, suite.cases))) for suite in self.suites)
        return Loaded(tuple(each for each in suites if each.cases))
