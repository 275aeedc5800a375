"""A finding's identity, stable over reordering and unrelated edits: the rule, the subject and the verdict."""

from __future__ import annotations

LENGTH = 32
"""How many hexadecimal digits a fingerprint has."""


def fingerprint(rule: str, kind: str, subject: str, verdict: str) -> str:
    """The first 32 hexadecimal digits of the SHA-256 of the four, apart by a character that no id may hold."""
    from hashlib import sha256  # dear, and a clean check needs none

    text = "\0".join((rule, kind, subject, verdict))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
