"""Policies to lint, one with mistakes and one without, and what is found."""

from __future__ import annotations

import json

BAD = """\
use std.core
data    { contact { email }  card }
purpose { orders  newsletter }

# nobody asks

define unasked as choice is opt_out
rule no_selling {
  cites "Selling"
  forbid disclosure of (contact, email) when not not notice
  hint "Ask the privacy desk."
}
rule kept {
  title "Kept as long as needed"
  cites "Keeping"
  allow storage of card only
    - when retention <= 2 years
    - when retention <= 1 year
  hint "Delete it."
}
"""
CLEAN = """\
use std.core
data { contact }
rule no_selling {
  title "Not sold"
  cites "Selling"
  forbid disclosure of contact when exchange is sale
  hint "End the sale."
}
"""


def found(text: str) -> list[str]:
    """The names of the lints in a JSON document."""
    return [each["lint"] for each in json.loads(text)["findings"]]
