"""Repairs: the cheapest change sets after which a check passes."""
