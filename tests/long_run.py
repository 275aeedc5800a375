"""What only the long run does: `PRIVACY_RULES_EXAMPLES=2000 ./try test`."""

from __future__ import annotations

import os

import pytest

EXAMPLES = int(os.environ.get("PRIVACY_RULES_EXAMPLES", "40"))
"""How many random examples each property is tried with."""
LONG = EXAMPLES > 300
in_the_long_run = pytest.mark.skipif(not LONG, reason="only the long run does this: PRIVACY_RULES_EXAMPLES=2000")
"""For the slowest tests, if faster ones of the same kind are always run."""
