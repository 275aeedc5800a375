"""The results of policy tests, one module for each format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from privacy_rules.testing.runner import CaseResult


class Outcome(NamedTuple):
    """The results of all cases and, as JSON, those that were asked for in addition: `coverage` and `mutation`."""

    cases: Sequence[CaseResult]
    more: Mapping[str, Any] = {}
