"""A comparison of policies that differ in too much is refused."""

from __future__ import annotations

import pytest

from privacy_rules.analysis import policy_comparison
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import InputError
from tests.builders import policy_of
from tests.properties.checking import TODAY

WORDS = "use std.core\ndata { email }\npurpose { orders }\n"


def test_too_many_examples_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (policy_of(f"{WORDS}rule r {{ forbid {kind} of email }}") for kind in ("flow", "disclosure"))
    assert policy_comparison.compare(old, new, TODAY).whole.word == "looser"
    monkeypatch.setattr(policy_comparison, "MOST_EXAMPLES", 5)
    with pytest.raises(InputError, match="the differences are too large: more than 5 examples") as refused:
        policy_comparison.compare(old, new, TODAY)
    assert refused.value.diagnostics[0].code == codes.TOO_LARGE_CHECK
    assert policy_comparison.compare(old, old, TODAY).whole.word == "equivalent"
