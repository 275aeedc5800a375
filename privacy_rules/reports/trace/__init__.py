"""Rules compared with the prose, one module for each format."""

from __future__ import annotations

from typing import NamedTuple

from privacy_rules.language.policy import Policy
from privacy_rules.tracing.coverage import Trace
from privacy_rules.tracing.lock import Accepted


class Traces(NamedTuple):
    """A trace with the policy that it is of, and what `--accept` has just written down, if it has."""

    trace: Trace
    policy: Policy
    accepted: Accepted | None = None
