"""Rules compared with the prose, one module for each format."""

from __future__ import annotations

from typing import NamedTuple

from privacy_rules.language.policy import Policy
from privacy_rules.tracing.coverage import Trace
from privacy_rules.tracing.lock import Accepted


class Traces(NamedTuple):
    """A trace with its policy, and what `--accept` has just recorded, if it was given."""

    trace: Trace
    policy: Policy
    accepted: Accepted | None = None
