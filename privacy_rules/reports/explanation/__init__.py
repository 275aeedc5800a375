"""An explanation of a verdict, one module for each format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding


class Explained(NamedTuple):
    """The explanations of one rule and subject, at least one, the finding on it, if there is one, and the day of the check."""

    explanations: Sequence[Explanation]
    finding: Finding | None = None
    as_of: date | None = None
