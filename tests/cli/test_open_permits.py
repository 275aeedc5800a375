"""A finding that hangs of a permit names the permit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

POLICY = """\
policy p {{ language "1.0" }}
use std.core
data {{ card name }}
rule no_cards {{ title "No cards" {statement} }}
rule sometimes {{ title "Cards may go" permit flow when necessary despite no_cards }}
rule elsewhere {{ title "Names may go" permit flow of name when necessary despite no_cards }}
"""
ESTATE = """\
manifest: 1
policy: [p.privacy]
parties: {{us: {{role: us}}, ads: {{role: marketer}}}}
systems: {{shop: {{party: us}}, board: {{party: ads}}}}
flows:
  - {{id: out, from: shop, to: board, carries: [card]{more}}}
"""


def declare(statement: str, more: str = "") -> None:
    write("p.privacy", POLICY.format(statement=statement))
    write("estate.yaml", ESTATE.format(more=more))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("forbid flow of card to marketer", "(marketer) without the permit `sometimes`\n"),
        ("forbid flow of card to marketer unless notice", "(marketer) without `notice` or the permit `sometimes`\n"),
        ("require notice on flow of card", "without `notice` or the permit `sometimes`\n"),
        ("allow flow of card only - to us", "or the permit `sometimes` covers this: "),
    ],
    ids=["forbid", "unless", "require", "allow"],
)
def test_what_cannot_be_decided_for_want_of_a_permit_names_it(
    here: Path, call: Call, statement: str, told: str
) -> None:
    declare(statement)
    done = call("check", "estate.yaml")
    assert "undetermined[no_cards]: cannot decide whether" in done.out
    assert told in done.out
    assert "elsewhere" not in done.out  # it speaks of other data
    (finding,) = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    assert told in f"{finding['message']}\n"
    explained = call("explain", "no_cards", "out", "--manifest", "estate.yaml").out
    assert "permit sometimes: unknown" in explained


def test_a_permit_that_surely_lifts_nothing_is_not_named(here: Path, call: Call) -> None:
    declare("forbid flow of card to marketer", ", necessary: false")
    done = call("check", "estate.yaml")
    assert "violation[no_cards]" in done.out
    assert "sometimes" not in done.out
