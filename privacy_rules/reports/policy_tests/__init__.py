"""The results of policy tests, one module for each format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from privacy_rules.testing.runner import CaseResult


class Outcome(NamedTuple):
    """The results of all cases, and the JSON of what was asked for beside them: `coverage` and `mutation`."""

    cases: Sequence[CaseResult]
    more: Mapping[str, Any] = {}
