"""The names of the registers, on the command line and in addresses, each with what it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "processing": "the record of processing, by purpose (GDPR, article 30(1))",
        "processor": "what we process on behalf of others (GDPR, article 30(2))",
        "vendors": "contracts, when they end, and what they cover compared with what is sent",
        "transfers": "recipients by country with their safeguards, and criteria for an impact assessment",
        "data-map": "categories by recipient and country; with `--category`, where that category goes",
        "board": "what is broken, what expires within 90 days, and what has changed",
    }
)
"""Each register and what it is, in the order of a site."""
COMPARING = ("transfers", "board")
"""The registers that compare with an earlier state."""
