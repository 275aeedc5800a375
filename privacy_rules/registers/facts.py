"""What each register says of itself: who is responsible, whom to ask, and from what and for which day it was made."""

from __future__ import annotations

from privacy_rules.checking.checker import MOST_KEPT
from privacy_rules.registers.material import Material
from privacy_rules.registers.model import MISSING, Cell, Entry, declared, missing, once, possibly


def facts(material: Material) -> tuple[tuple[str, Cell], ...]:
    """Return the facts of a register, in order."""
    estate, us = material.graph.estate, [material.graph.estate.parties[each] for each in material.us]
    may_be_us = (estate.parties[each] for each in material.evaluator.roles.us if each not in material.us)
    contact, _ = material.value(estate.organisation, "privacy_contact")
    lands = [(material.value(each, "country")[0], each.location("country")) for each in us]
    found: list[tuple[str, Cell]] = [
        ("Organisation", (*map(material.party, us), *map(possibly, map(material.party, may_be_us))) or MISSING),
        ("Country", once(Entry(str(land).upper(), at) if land else missing(at) for land, at in lands) or MISSING),
        ("Contact", declared(contact, estate.organisation.location("privacy_contact"))),
        ("Estate", (Entry(estate.name),) if estate.name else MISSING),
        ("Policy", tuple(_policy(material))),
        ("Day", (Entry(material.day),)),
    ]
    if material.category is not None:
        found.append(("Only", (Entry(f"what may be {material.category}"),)))
    return tuple(found)


def left_out(material: Material) -> tuple[str, ...]:
    """Return a note for registers with findings, if there are too many findings to list them all."""
    if not material.left_out:
        return ()
    return (f"The first {MOST_KEPT:,} findings are listed and counted; {material.left_out:,} more are left out.",)


def _policy(material: Material) -> Cell:
    headers = material.policy.headers
    named = (
        Entry(_named(each.name, each.fields.get("title"), each.fields.get("version")), each.span) for each in headers
    )
    return tuple(named) or MISSING


def _named(name: str, title: str | None, version: str | None) -> str:
    return f"{title or name}, version {version}" if version else title or name
