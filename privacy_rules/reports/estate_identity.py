"""The identity of an estate, which keeps reports of two estates in one repository apart.

identity("services/shop", ("Shop",)) == "services/shop/name=Shop"
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

TOOL = "privacy-rules"
_LONGEST = 100


def identity(folder: str, names: Sequence[str]) -> str:
    """Identify an estate by the folder of its configuration, relative to the top of the repository, and the names in its manifests.

    The identity is empty for an unnamed estate that is configured at the top. Names are sorted, so that the order of the
    manifests does not matter.
    """
    named = "+".join(_part(each) for each in sorted(set(names)))
    if len(named) > _LONGEST:
        named = f"{named[:_LONGEST]}…{digest(named)[:8]}"
    return "/".join(each for each in (folder, f"name={named}" if named else "") if each)


def run_id(estate: str, *kinds: str) -> str:
    """The `automationDetails.id` of a SARIF run: code scanning closes an alert only if a later run of this id lacks it."""
    return "".join(f"{each}/" for each in (TOOL, *kinds, estate) if each)


def fingerprint_in(estate: str, fingerprint: str) -> str:
    """The fingerprint of a finding within an estate; unchanged if the estate has no identity."""
    return digest(estate, fingerprint)[: len(fingerprint)] if estate else fingerprint


def digest(*words: str) -> str:
    """The SHA-256 of words in hexadecimal. The words are separated by a zero byte."""
    return sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _part(name: str) -> str:
    """A name with escapes for characters that have a meaning in an identity, and for invisible ones."""
    return "".join(f"%{ord(each):02X}" if each in "%/+" or not each.isprintable() else each for each in name)
