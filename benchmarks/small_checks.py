"""More files of at most 256 KiB that are made to hurt `check`: kinds that were found by trying combinations of tests and declarations.

`small_inputs.py` measures them with its own.
"""

from __future__ import annotations

from small_files import Maker

HEAD = "use std.core\ndata { contact { email name } card }\npurpose { orders support }\n"
ODDS = "vocabulary odd { " + " ".join(f"o{n}" for n in range(14)) + " }\nattribute odds on flow: set of odd\n"
DATES = "attribute x on flow: date\nattribute y on flow: date\n"
OF_PARTY = "attribute kept on party: duration\n"
AVOIDING = "from (role is organisation) avoiding (retention <= @ days)"

POLICIES: dict[str, tuple[str, str]] = {
    "declared": ("rule r@ { require retention is declared on flow }", HEAD),
    "asked-twice": ("rule r@ { forbid flow when safeguards includes all (access_control, backup) }", HEAD),
    "sets": ("rule r@ { forbid flow when odds includes all (o1, o7) }", HEAD + ODDS),
    "sets-only": ("rule r@ { forbid flow when odds includes only (o2, o5, o7) }", HEAD + ODDS),
    "shifts": ("rule r@ { forbid flow when x > y + @ days }", HEAD + DATES),
    "owned": ("rule r@ { forbid party when owned by (kept <= @ days) }", HEAD + OF_PARTY),
    "holds-derived": ("rule r@ { forbid party when holds email including derived }", HEAD),
    "covers-open": ("rule r@ { require under contract (covers data and covers purpose) on flow }", HEAD),
    "paths-avoiding": (f"rule r@ {{ forbid flow to (reached by email {AVOIDING}) }}", HEAD),
    "paths-avoiding-derived": (f"rule r@ {{ forbid flow to (reached by email {AVOIDING} including derived) }}", HEAD),
    "paths-derived": (
        "rule r@ { forbid flow to (reached by email from (retention <= @ days) including derived) }",
        HEAD,
    ),
}
"""The rule that is repeated, and what comes before."""

PEOPLE = "manifest: 1\nas_of: 2026-11-01\nparties:\n  p: {role: data_subject}\n  u: {role: us}\n"


def subsets(size: int) -> str:
    """Flows that each declare another set of terms."""
    sets = (", ".join(f"o{bit}" for bit in range(14) if number >> bit & 1) for number in range(1, size // 110))
    flows = (f"- {{id: f{n}, from: a, to: b, odds: [{each}]}}\n" for n, each in enumerate(sets))
    return f"{PEOPLE}systems:\n  a: {{party: u}}\n  b: {{party: p}}\nflows:\n" + "".join(flows)


def dates(size: int) -> str:
    """Flows that each declare other dates."""

    def day(number: int) -> str:
        return f"{2020 + number // 336 % 30}-{number % 12 + 1:02}-{number // 12 % 28 + 1:02}"

    flows = (f"- {{id: f{n}, from: a, to: b, x: {day(n)}, y: {day(3 * n)}}}\n" for n in range(size // 64))
    return f"{PEOPLE}systems:\n  a: {{party: u}}\n  b: {{party: p}}\nflows:\n" + "".join(flows)


def owners(size: int) -> str:
    """Parties that each own the next one."""
    return PEOPLE + "".join(
        f"  v{n}: {{role: service_provider, parent: {f'v{n - 1}' if n else 'none'}, kept: {n} days}}\n"
        for n in range(size // 66)
    )


def one_vendor(size: int) -> str:
    """A vendor with a contract for each of its systems."""
    numbers = range(size // 190)
    return (
        f"{PEOPLE}  v: {{role: service_provider}}\nsystems:\n  b: {{party: u}}\n"
        + "".join(f"  s{n}: {{party: v}}\n" for n in numbers)
        + "contracts:\n"
        + "".join(f"  c{n}: {{with: v, kept: {n} days, systems: [s{n}, s0]}}\n" for n in numbers)
        + "flows:\n"
        + "".join(f"- {{id: f{n}, from: b, to: s{n}, carries: [email], purposes: [orders]}}\n" for n in numbers)
    )


def open_contracts(size: int) -> str:
    """Vendors whose contracts, and what goes to them, are only partly known."""
    numbers = range(size // 230)
    return (
        PEOPLE
        + "".join(f"  v{n}: {{role: service_provider}}\n" for n in numbers)
        + "systems:\n  b: {party: u}\n"
        + "".join(f"  s{n}: {{party: v{n}}}\n" for n in numbers)
        + "contracts:\n"
        + "".join(f"  c{n}: {{with: v{n}, from: null, until: null}}\n" for n in numbers)
        + "flows:\n"
        + "".join(f"- {{id: f{n}, from: b, to: s{n}, carries: [contact], purposes: [orders]}}\n" for n in numbers)
    )


def origins(named: str) -> Maker:
    """Return a maker of a chain of systems that each collect data, with the origin of what is passed on; `@` is a number."""

    def make(size: int) -> str:
        numbers = range(size // 172)
        flows = (
            f"- {{id: g{n}, from: a, to: s{n}, carries: [email]}}\n"
            f"- {{id: f{n}, from: s{n}, to: s{n + 1}, carries: [email], origin: {named.replace('@', str(n // 2))}}}\n"
            for n in numbers[:-1]
        )
        systems = (f"  s{n}: {{party: u, retention: {n} days}}\n" for n in numbers)
        return f"{PEOPLE}systems:\n  a: {{party: p}}\n{''.join(systems)}flows:\n{''.join(flows)}"

    return make


ESTATES: dict[str, Maker] = {
    "subsets": subsets,
    "dates": dates,
    "owners": owners,
    "one-vendor": one_vendor,
    "open-contracts": open_contracts,
    "origins": origins("[g@]"),
    "origins-unknown": origins("null"),
}

PAIRS = [
    ("declared", "values"), ("asked-twice", "silent"), ("sets", "subsets"), ("sets-only", "subsets"), ("shifts", "dates"), ("owned", "owners"),
    ("holds-derived", "ends"), ("covers-open", "open-contracts"), ("contracts", "one-vendor"), ("chain", "one-vendor"), ("collected", "origins"),
    ("paths-avoiding", "origins"), ("paths-avoiding-derived", "origins"), ("paths-derived", "origins"), ("paths-derived", "origins-unknown"),
]  # fmt: skip
