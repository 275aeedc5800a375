"""The estate of a retailer, the same for the same size and seed.

    python benchmarks/retailer.py --systems 120 > retailer.privacy.json
    privacy-rules check retailer.privacy.json --policy benchmarks/retailer.privacy

Teams have systems; shops, apps and forms collect data, services pass on what they hold, and vendors get it under contracts.
A share of what is declared is wrong or missing, as in a real estate: contracts that have expired, a sale, an unencrypted flow, an
unknown retention. 120 systems have 25 parties, 308 flows and 30 contracts.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import dataclass, field

AS_OF = "2026-11-01"
FLOWS_EACH = 308 / 120
"""How many flows there are for each system."""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of `key: values` as a dictionary."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {key: tuple(values.split()) for key, values in rows}


TEAMS = _table("""
web-shop: storefront product-search basket recommendations
app: mobile-backend push-sender store-finder
checkout: order-api order-database payment-service invoice-archive voucher-service
accounts: identity-service customer-database consent-register preference-centre
logistics: warehouse-system shipping-service returns-portal address-check
stores: till-system click-and-collect store-stock gift-card-service
loyalty: loyalty-engine loyalty-database partner-offers
marketing: campaign-manager audience-builder newsletter-tool ad-connector attribution
service: ticket-system call-recorder chat-bot knowledge-base
data: event-stream data-lake warehouse reporting feature-store
finance: ledger tax-reports debt-collection
risk: fraud-scoring chargeback-desk device-check
""")
CHANNELS = ("browser", "phone-app", "store-visit", "phone-call")
ENDS = ("2026-12-31", "2027-06-30", "2028-03-31", "2029-12-31")
COLLECTORS = ("storefront", "mobile-backend", "till-system", "ticket-system", "identity-service", "call-recorder")
NEEDS = {"audience-builder": "email", "reporting": "order_value", "payment-service": "card_number"}
CHANNEL_OF = {"mobile-backend": "phone-app", "till-system": "store-visit", "call-recorder": "phone-call"}
HASHING = {"from": "email", "to": "hashed_email", "method": "hashing"}
SUMS = {"from": "order_value", "to": "sales_figures", "method": "aggregation"}


@dataclass(frozen=True)
class Vendor:
    """A party that works for the retailer, or takes its data: what it gets, for which purposes, from which teams."""

    id: str
    role: str
    country: str
    system: str
    data: tuple[str, ...]
    purposes: tuple[str, ...]
    teams: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> Vendor:
        """The vendor of a line of the table below."""
        id_, role, country, system, *lists = (each.strip() for each in line.split("|"))
        return cls(id_, role, country, system, *(tuple(each.split()) for each in lists))


VENDORS = tuple(
    map(
        Vendor.of,
        """
paywell | service_provider | NL | payment-gateway | payment order_value | payment_handling | checkout stores
klarpay | service_provider | SE | pay-later | contact order_value | payment_handling | checkout
paketweg | service_provider | DE | parcel-api | contact | delivery returns_handling | logistics
norpost | service_provider | NO | post-api | contact | delivery | logistics
swiftship | service_provider | GB | courier-api | contact order_items | delivery | logistics
letterbird | service_provider | IE | mail-sender | contact preferences | newsletter personal_offers | marketing loyalty
textline | service_provider | US | sms-sender | phone name | delivery personal_offers | app logistics
cloudhaus | service_provider | DE | object-store | personal | analytics order_handling | data checkout
bigquarry | service_provider | US | query-engine | orders behaviour pseudonymous | analytics | data
helpnest | service_provider | US | help-desk | contact support | customer_care | service
callforce | service_provider | PL | call-centre | contact support orders | customer_care | service
scorecheck | service_provider | DE | score-api | contact order_value device_id | fraud_prevention | risk
collecto | service_provider | DE | debt-desk | contact order_value | accounting | finance
taxbridge | service_provider | AT | tax-filing | order_value name | accounting | finance
stargazer | strategic_partner | DK | review-platform | email order_items ratings | market_research customer_care | service web-shop
milesclub | strategic_partner | DE | miles-hub | loyalty email | personal_offers | loyalty
pagewatch | analytics_vendor | US | web-analytics | behaviour device_id | analytics | web-shop app
adloop | advertiser | US | ad-exchange | pseudonymous | advertising | marketing
social-hub | advertiser | IE | custom-audiences | pseudonymous | advertising | marketing
listmonger | data_broker | GB | list-exchange | audience_figures | market_research | marketing
tax-office | public_authority | DE | audit-portal | order_value name | accounting | finance
""".strip().splitlines(),
    )
)
GROUP = ("retail-group", "retail-austria", "retail-nederland")
LEAVES = _table("""
contact: name email phone postal_address
account: login preferences
orders: order_items order_value returns_made
payment: card_number bank_account
behaviour: page_views searches app_events
loyalty: loyalty_points loyalty_tier
support: messages call_recordings
ratings: reviews survey_answers
special: health_interest
profile: segment fraud_score
pseudonymous: hashed_email device_id
""")
PURPOSES = {
    "web-shop": "order_handling", "app": "account_care", "checkout": "order_handling", "accounts": "account_care",
    "logistics": "delivery", "stores": "order_handling", "loyalty": "personal_offers", "marketing": "newsletter",
    "service": "customer_care", "data": "analytics", "finance": "accounting", "risk": "fraud_prevention",
}  # fmt: skip
COLLECTED = _table("""
storefront: email name postal_address order_items order_value card_number page_views device_id
mobile-backend: email phone app_events order_items device_id order_value
till-system: name order_items order_value loyalty_points
ticket-system: name email messages reviews survey_answers
identity-service: login email name phone preferences postal_address
call-recorder: phone call_recordings name
""")


def leaves(terms: tuple[str, ...]) -> set[str]:
    """The narrowest categories of some terms."""
    if "personal" in terms:
        return {each for below in LEAVES.values() for each in below}
    return {each for term in terms for each in LEAVES.get(term, (term,))}


@dataclass
class Builder:
    """An estate in the making: `held` has what each system may send on."""

    draw: random.Random
    wanted: int
    systems: dict[str, dict[str, object]] = field(default_factory=dict)
    flows: list[dict[str, object]] = field(default_factory=list)
    team: dict[str, str] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    linked: set[tuple[str, str]] = field(default_factory=set)

    def rarely(self, share: float) -> bool:
        """Whether something that is wrong with a share of all things is wrong with this one."""
        return self.draw.random() < share

    def some(self, found: set[str], most: int) -> list[str]:
        """Up to that many of the categories, at least one."""
        ordered = sorted(found)
        return sorted(self.draw.sample(ordered, min(len(ordered), self.draw.randint(1, most))))

    def flow(self, source: str, target: str, carries: list[str], purpose: str, **more: object) -> None:
        """Declare a flow, and that its target has what it carries."""
        flow: dict[str, object] = {"id": f"{source}-to-{target}", "from": source, "to": target, "carries": carries}
        flow |= {
            "purposes": [purpose],
            "exchange": "none",
            "safeguards": ["encryption_in_transit"],
            "owner": self.team.get(source, "partner management"),
        }
        flow |= more
        self.flows.append(flow)
        self.linked.add((source, target))
        self.held.setdefault(target, set()).update(carries)


def estate(systems: int, seed: int = 43) -> dict[str, object]:
    """A manifest as plain data with that many systems."""
    made = Builder(random.Random(seed), round(systems * FLOWS_EACH))
    _own_systems(made, systems)
    collectors = _collections(made)
    _inside(made, collectors)
    _to_vendors(made)
    _more_inside(made)
    _stores(made)
    return {
        "manifest": 1,
        "name": f"A retailer with {systems} systems",
        "policy": ["retailer.privacy"],
        "as_of": AS_OF,
        "organisation": {"privacy_contact": "privacy@retailer.example"},
        "parties": _parties(),
        "contracts": _contracts(made),
        "systems": made.systems,
        "flows": made.flows,
    }


def _parties() -> dict[str, object]:
    named = {each.id: {"name": each.id.title(), "role": each.role, "country": each.country} for each in VENDORS}
    group = {"retail-austria": "AT", "retail-nederland": "NL"}
    return {
        "customers": {"name": "Customers", "role": "data_subject"},
        "retail-group": {"name": "Retail Group", "role": "us", "country": "DE"},
        **{
            key: {"name": key.title(), "role": "group_member", "country": land, "parent": "retail-group"}
            for key, land in group.items()
        },
        **named,
    }


def _own_systems(made: Builder, count: int) -> None:
    """Declare the systems: the customers' and the vendors', then those of the teams, round after round."""
    for channel in CHANNELS:
        made.systems[channel] = {"party": "customers", "kind": "person", "stores": [], "joins": [], "transforms": []}
    for each in VENDORS:
        made.systems[each.system] = {"party": each.id, "kind": "saas", "stores": [], "joins": [], "transforms": []}
        made.held[each.system] = set()
    parts = [(team, part) for team, every in TEAMS.items() for part in every]
    number = 0
    while len(made.systems) < count:
        turn, at = divmod(number, len(parts))
        team, part = parts[at]
        number += 1
        name = part if turn == 0 else f"{part}-{('at', 'nl')[turn - 1] if turn < 3 else turn}"
        made.team[name] = team if turn == 0 else f"{team} {turn}"
        made.held[name] = set()
        owner = {} if made.rarely(0.02) else {"owner": made.team[name]}
        kind = "database" if "database" in part else "service"
        made.systems[name] = {"party": GROUP[turn % 3], "kind": kind, **owner, "joins": [], "transforms": []}
        if part == "audience-builder":
            made.systems[name]["transforms"] = [HASHING]
        if part == "reporting":
            made.systems[name]["transforms"] = [SUMS]
        if part == "attribution":
            made.systems[name]["creates"] = ["audience_figures"]


def _part(name: str) -> str:
    """The kind of system that a name is of, without its country or number."""
    head, _, tail = name.rpartition("-")
    return head if tail in ("at", "nl") or tail.isdigit() else name


def _collections(made: Builder) -> list[str]:
    collectors = [name for name in made.team if _part(name) in COLLECTORS]
    for name in collectors:
        channel = CHANNEL_OF.get(_part(name), "browser")
        choice = "none" if made.rarely(0.1) else "opt_out"
        facts = {"legal_basis": "contract", "notice": True, "choice": choice, "owner": made.team[name]}
        if made.rarely(0.12):
            del facts["legal_basis"]
        carries = list(COLLECTED[_part(name)])
        if made.rarely(0.05):
            carries.append("health_interest")
        made.flow(channel, name, sorted(carries), PURPOSES[made.team[name].split()[0]], **facts)
        if _part(name) in ("storefront", "identity-service"):
            basis = "legitimate_interest" if made.rarely(0.25) else "consent"
            consent = {"legal_basis": basis, "notice": True, "choice": "opt_in", "id": f"{channel}-signs-up-at-{name}"}
            made.flow(channel, name, ["email", "preferences"], "newsletter", **consent)
    return collectors


def _inside(made: Builder, reached: list[str]) -> None:
    """Let every system of the teams get data from one that has some, mostly of the same team or region."""
    reached = list(reached)
    waiting = [name for name in made.team if name not in reached]
    made.draw.shuffle(waiting)
    for name in waiting:
        near = [
            each
            for each in reached
            if made.team[each] == made.team[name] or made.systems[each]["party"] == made.systems[name]["party"]
        ]
        taken = NEEDS.get(_part(name))
        fit = [each for each in near or reached if taken is None or taken in made.held[each]]
        source = made.draw.choice(fit or near or reached)
        _pass_on(made, source, name, most=6, also=taken)
        reached.append(name)


def _pass_on(made: Builder, source: str, target: str, most: int, also: str | None = None) -> None:
    carries = made.some(made.held[source] | ({"hashed_email"} if _part(source) == "audience-builder" else set()), most)
    if also in made.held[source] and also not in carries:
        carries = sorted([*carries, also])
    more: dict[str, object] = {}
    if made.rarely(0.03):
        more["safeguards"] = ["integrity_check"]
    elif made.rarely(0.012):
        more["safeguards"] = None
    made.flow(source, target, carries, PURPOSES[made.team[source].split()[0]], **more)


def _to_vendors(made: Builder) -> None:
    """Send every vendor what its contract is about, from each team that works with it."""
    for vendor in VENDORS:
        wanted = leaves(vendor.data)
        for name, team in made.team.items():
            makes = {"hashed_email"} if _part(name) == "audience-builder" else set()
            makes |= {"sales_figures", "audience_figures"} if _part(name) in ("reporting", "attribution") else set()
            fit = wanted & (made.held[name] | makes)
            if team.split()[0] in vendor.teams and fit and (vendor.role == "advertiser" or made.draw.random() < 0.45):
                _disclose(made, name, vendor, fit)


def _disclose(made: Builder, name: str, vendor: Vendor, fit: set[str]) -> None:
    carries, more = made.some(fit, 4), dict[str, object]()
    if made.rarely(0.04):
        carries = sorted({*carries, *made.some(made.held[name], 1)})
    if made.rarely(0.02):
        more["exchange"] = "barter"
    elif made.rarely(0.05):
        more["exchange"] = None
    purpose = "selling_on" if made.rarely(0.01) else made.draw.choice(vendor.purposes)
    made.flow(name, vendor.system, carries, purpose, **more)


def _more_inside(made: Builder) -> None:
    """Add flows between systems of ours until there are enough."""
    names, tries = sorted(made.team), 0
    while len(made.flows) < made.wanted and tries < 60 * made.wanted:
        tries += 1
        source, target = made.draw.choice(names), made.draw.choice(names)
        same = made.systems[source]["party"] == made.systems[target]["party"]
        if (
            source != target
            and (source, target) not in made.linked
            and made.held[source]
            and (same or made.rarely(0.1))
        ):
            _pass_on(made, source, target, most=4)


def _stores(made: Builder) -> None:
    """Declare what systems of ours store, and how."""
    for name in made.team:
        system = made.systems[name]
        keeps = "database" in name or made.draw.random() < 0.35
        system["stores"] = made.some(made.held[name], 3) if keeps and made.held[name] else []
        if not system["stores"]:
            continue
        behaviour = set(system["stores"]) & leaves(("behaviour",))  # type: ignore[call-overload]
        system["retention"] = "1 year" if behaviour else made.draw.choice(("2 years", "5 years", "10 years"))
        system["safeguards"] = ["encryption_at_rest", "access_control", "audit_log"]
        system["supports"] = ["access", "correction", "deletion"]
        _spoil(made, system)


def _spoil(made: Builder, system: dict[str, object]) -> None:
    if made.rarely(0.1):
        system["supports"] = ["access"]
    if made.rarely(0.08):
        system["safeguards"] = ["access_control"]
    if made.rarely(0.06):
        system["retention"] = "12 years"
    elif made.rarely(0.1):
        del system["retention"]
    if made.rarely(0.05):
        del system["supports"]


def _contracts(made: Builder) -> dict[str, object]:
    """A contract with each vendor but the authority, and a second one with some; a few have expired or cover too little."""
    found: dict[str, object] = {}
    vendors = [each for each in VENDORS if each.role not in ("public_authority", "data_broker")]
    for number, vendor in enumerate(vendors):
        end = "2026-09-30" if number in (5, 10) else made.draw.choice(ENDS)
        covers = {"data": list(vendor.data), "purposes": list(vendor.purposes)}
        obliges = ["confidentiality", "breach_notice"] + (["audit"] if number != 9 else [])
        terms = {"from": "2024-01-01", "until": end, "covers": covers, "obliges": obliges, "allows_onward": False}
        found[f"{vendor.id}-terms"] = {"with": vendor.id, **terms}
    for vendor in vendors[::2][:9]:
        covers = {"data": list(vendor.data), "purposes": ["analytics"]}
        found[f"{vendor.id}-pilot"] = {"with": vendor.id, "from": "2025-01-01", "until": "2025-12-31", "covers": covers}
    found["group-agreement"] = {"between": list(GROUP), "covers": {"data": ["personal"]}}
    found["insurer-framework"] = {"with": "collecto", "from": "2023-01-01", "until": "2024-12-31"}
    return found


def main() -> None:
    """Writes an estate to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", type=int, default=120)
    parser.add_argument("--seed", type=int, default=43)
    chosen = parser.parse_args()
    json.dump(estate(chosen.systems, chosen.seed), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
