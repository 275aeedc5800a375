"""Fingerprints: a finding's identity, which stays the same if files are reordered or edited elsewhere."""

from __future__ import annotations

LENGTH = 32
"""How many hexadecimal digits a fingerprint has."""


def fingerprint(rule: str, kind: str, subject: str, verdict: str) -> str:
    """Return 32 hexadecimal digits of the SHA-256 of the four, separated by a character that ids cannot contain."""
    from hashlib import sha256  # slow to import, and a check without findings does not need it

    text = "\0".join((rule, kind, subject, verdict))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
