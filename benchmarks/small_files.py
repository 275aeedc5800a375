"""Makers of policies and manifests of a size, with one entry again and again, and what these start with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

HEAD = "use std.core\ndata { contact { email name } card }\npurpose { orders support }\nattribute odd on flow, system: one of exchange\n"
PARTIES = "manifest: 1\nas_of: 2026-11-01\nparties:\n  p: {role: data_subject}\n  u: {role: us}\n  v: {role: service_provider}\n"
SYSTEMS = "systems:\n  a: {party: p}\n  b: {party: u}\n  c: {party: v}\n"

Maker = Callable[[int], str]


def within(size: int, pieces: Iterator[str], head: str = "", tail: str = "") -> str:
    """As many pieces as fit."""
    parts, left = [head], size - len(head) - len(tail)
    for each in pieces:
        left -= len(each)
        if left < 0:
            break
        parts.append(each)
    return "".join([*parts, tail])


def rules(text: str, head: str = HEAD) -> Maker:
    """Return a maker of a policy of one rule again and again; `@` is its number."""
    return lambda size: within(size, (text.replace("@", str(n)) + "\n" for n in count(1)), head)


def flows(text: str, head: str = PARTIES + SYSTEMS, **shares: str) -> Maker:
    """Return a maker of a manifest of numbered flows; each of `shares` is a section of as many numbered entries."""

    def make(size: int) -> str:
        each = (size - len(head)) // (len(shares) + 1)
        sections = [
            within(each, (f"  {line.replace('@', str(n))}\n" for n in count(1)), f"{name}:\n")
            for name, line in shares.items()
        ]
        return (
            head + "".join(sections) + within(each, (f"- {text.replace('@', str(n))}\n" for n in count(1)), "flows:\n")
        )

    return make


SHORT = "{id: f@, from: b, to: c, carries: [email], purposes: [orders], retention: @ days}"
BARE = "{id: f@, from: b, to: c, retention: @ days}"
GIVEN = "{id: f@, from: a, to: b, carries: [email], purposes: [orders], retention: @ days}"


def vendors(
    contract: str = "c@: {with: v@, retention: @ days}",
    flow: str = "{id: f@, from: b, to: s@, carries: [email], purposes: [orders], retention: @ days}",
) -> Maker:
    """Return a maker of a manifest of a vendor, a system, a contract and a flow for each number."""

    def make(size: int) -> str:
        kinds = {
            "parties": "v@: {role: service_provider}",
            "systems": "s@: {party: v@}",
            "contracts": contract,
            "flows": f"- {flow}",
        }
        one = sum(len(each.replace("@", "1000")) + 3 for each in kinds.values())
        many = (size - len(PARTIES) - len(SYSTEMS)) // one

        def lines(name: str) -> str:
            return "".join(f"  {kinds[name].replace('@', str(n))}\n" for n in range(1, many))

        return (
            PARTIES
            + lines("parties")
            + SYSTEMS
            + lines("systems")
            + "contracts:\n"
            + lines("contracts")
            + "flows:\n"
            + lines("flows")
        )

    return make


def shared_lists(data: int, purposes: int) -> Maker:
    """Return a maker of flows that share one long list of data and one of purposes."""
    carries = ", ".join(f"d{n}" for n in range(data))
    meant = ", ".join(f"q{n}" for n in range(purposes))
    first = f"{{id: f0, from: b, to: c, carries: &d [{carries}], purposes: &q [{meant}], retention: 1 day}}"
    return lambda size: within(
        size,
        (f"- {{id: f{n}, from: b, to: c, carries: *d, purposes: *q, retention: {n} days}}\n" for n in count(1)),
        f"{PARTIES}{SYSTEMS}flows:\n- {first}\n",
    )


def many_terms(data: int, purposes: int = 1) -> str:
    return (
        "use std.core\ndata { email " + " ".join(f"d{n}" for n in range(data)) + " }\n"
        "purpose { orders " + " ".join(f"q{n}" for n in range(purposes)) + " }\n"
    )


ON_CONTRACT = HEAD + "attribute kept on contract: duration\n"
