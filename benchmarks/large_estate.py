"""A large estate in the words of the example policy, the same for the same seed.

    python benchmarks/large_estate.py --flows 100000 --systems 20000 > large.privacy.json

Written as JSON to standard output. The shape is that of a big company: a few forms where people give data, layers
of systems that pass it on, processors under contract, and a small share of mistakes (a purpose that nobody stated, a
contract that ran out, a fact that nobody declared), so that reports have something to say.
"""

from __future__ import annotations

import argparse
import json
import random
import sys

CONTACT = ["name", "mailing_address", "phone_number", "email_address", "contact_preferences"]
ORDERS = ["order_details", "payment_card", "billing_address", "product_serial", "purchase_date"]
TRAFFIC = ["ip_address", "page_views", "proxy_address"]
PURPOSES = ["payment", "order_fulfilment", "product_delivery", "customer_service", "information_processing", "research"]
SAFE = ["access_control", "audit_log", "backup", "integrity_check", "encryption_at_rest", "training"]
REQUESTS = ["access_request", "correction_request", "deletion_request"]


def estate(
    flows: int, systems: int, seed: int = 7, mistakes: float = 0.0005, *, clean: bool = False
) -> dict[str, object]:
    """A manifest as plain data with that many flows and systems; a `clean` one breaks no rule."""
    mistakes = 0 if clean else mistakes
    draw = random.Random(seed)
    vendors = [f"vendor-{number:03}" for number in range(max(4, systems // 200))]
    parties: dict[str, object] = {
        "people": {"role": "data_subject"},
        "us": {"role": "us", "country": "US"},
        "sister": {"role": "group_member", "country": "US"},
    }
    contracts: dict[str, object] = {}
    for vendor in vendors:
        parties[vendor] = {"role": "service_provider", "country": draw.choice(["US", "IE", "DE"])}
        until = "2026-10-31" if draw.random() < 0.01 and not clean else "2029-01-01"
        terms = {
            "from": "2024-01-01",
            "until": until,
            "covers": {"data": [*CONTACT, *ORDERS], "purposes": PURPOSES},
            "obliges": ["policy_protection", "deletion_on_request"],
            "allows_onward": True,
        }
        contracts[f"{vendor}-terms"] = {"with": vendor, **terms}
        if clean:
            contracts[f"{vendor}-sister-terms"] = {"between": [vendor, "sister"], **terms}
    names = [f"system-{number:06}" for number in range(systems)]
    people = max(1, systems // 100)
    owners: dict[str, str] = {}
    declared: dict[str, object] = {}
    for number, name in enumerate(names):
        owner = "people" if number < people else draw.choices(["us", "sister", draw.choice(vendors)], [70, 10, 20])[0]
        owners[name] = owner
        system: dict[str, object] = {"party": owner, "kind": "person" if owner == "people" else "service"}
        system |= {"safeguards": SAFE, "supports": ["access", "correction", "deletion"]}
        stores = [] if owner == "people" or draw.random() < 0.8 else draw.sample(CONTACT, 2)
        declared[name] = system | {"stores": stores, "joins": [], "transforms": []}
    return {
        "manifest": 1,
        "name": f"{flows} flows",
        "as_of": "2026-11-01",
        "organisation": {"privacy_contact": "desk", "trains_employees": True, "notifies_material_changes": True},
        "parties": parties,
        "contracts": contracts,
        "systems": declared,
        "flows": [
            _flow(draw, number, names, people, owners=owners, mistakes=mistakes, clean=clean) for number in range(flows)
        ],
    }


def _flow(
    draw: random.Random,
    number: int,
    names: list[str],
    people: int,
    *,
    owners: dict[str, str],
    mistakes: float,
    clean: bool,
) -> dict[str, object]:
    given = number < len(names) - people  # first, somebody gives every system something: data and requests
    target = people + number if given else draw.randrange(people, len(names))
    source = draw.randrange(people) if given else draw.randrange(people, len(names))
    carries = draw.sample(CONTACT, 2) + REQUESTS if given else draw.sample([*CONTACT, *ORDERS], 2)
    if draw.random() < 0.1 and not (given and clean):  # traffic without requests: nobody could ask for what is kept
        carries = draw.sample(TRAFFIC, 2)
    if owners[names[source]].startswith("vendor"):  # a processor answers with figures, not with people
        carries = ["satisfaction_scores"]
    purposes = ["site_analytics"] if carries[0] in TRAFFIC else draw.sample(PURPOSES, 1)
    flow: dict[str, object] = {
        "id": f"flow-{number:07}",
        "from": names[source],
        "to": names[target],
        "carries": carries,
        "purposes": purposes,
        "exchange": "none",
        "necessary": True,
        "legal_basis": "legitimate_interest",
        "occasion": "contact_form",
        "notice": True,
        "choice": "opt_in",
        "safeguards": ["encryption_in_transit", "integrity_check"],
        "owner": f"team {target % 40}",
    }
    if draw.random() < mistakes:
        flow["purposes"] = ["advertising"]
    if draw.random() < mistakes:
        del flow[draw.choice(["exchange", "necessary", "safeguards", "purposes"])]
    return flow


def undeclared(flows: int) -> dict[str, object]:
    """A ring of as many systems as flows, of which nothing is declared but who sends to whom."""
    names = [f"s{number}" for number in range(flows)]
    return {
        "manifest": 1,
        "as_of": "2026-11-01",
        "parties": {"us": {"role": "us"}},
        "systems": {name: {} for name in names},
        "flows": [{"id": f"f{n}", "from": name, "to": names[(n + 1) % flows]} for n, name in enumerate(names)],
    }


def main() -> None:
    """Writes an estate to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flows", type=int, default=100_000)
    parser.add_argument("--systems", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--undeclared", action="store_true", help="a ring of FLOWS systems with nothing declared")
    chosen = parser.parse_args()
    made = undeclared(chosen.flows) if chosen.undeclared else estate(chosen.flows, chosen.systems, chosen.seed)
    json.dump(made, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
