"""Descriptions of the keys of a manifest, for editors."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.vocabulary.attributes import Entity

KEYS: Mapping[str, str] = {
    "manifest": "The version of the format: 1",
    "name": "The name of the estate",
    "policy": "The policy files, relative to this file; the command line and the configuration take precedence",
    "as_of": "The day of the check, for contracts, rules and waivers; without it, today",
    "include": 'Further manifests, relative to this file: names and patterns such as "services/*/privacy.yaml"',
    "shared_defaults": "Values for all entities in all files of a check, if neither they nor their file's `defaults` give them",
    "defaults": "Values for all entities in this file that do not give their own; each report lists them as assumptions",
    "organisation": "The organisation whose policy it is",
    "parties": "Persons, companies and authorities: a map from an id to a party",
    "contracts": "Contracts between parties: a map from an id to a contract",
    "systems": "Where data is stored and used: a map from an id to a system",
    "flows": "Which data goes from one system to another, and why: a list",
    "waivers": "Findings that are tolerated for a time",
}
"""The keys of the file itself."""

WAIVER: Mapping[str, str] = {
    "rule": "The rule that is waived",
    "subject": "The id that the finding shows",
    "until": "The first day on which the waiver no longer applies",
    "reason": "Why the finding is tolerated",
    "approved_by": "Who approved the waiver",
    "from": "The first day on which the waiver applies",
    "data": "The categories that the waiver is limited to",
}

ATTRIBUTES: Mapping[tuple[Entity, str], str] = {
    (Entity.PARTY, "name"): "The name of the party",
    (Entity.PARTY, "role"): "What the party is to the organisation; a party may have several roles",
    (Entity.PARTY, "country"): "The country of the party",
    (Entity.PARTY, "parent"): "The party that owns it; `none` if nobody does",
    (Entity.PARTY, "tags"): "Labels of your own",
    (Entity.PARTY, "owner"): "Who is responsible for it",
    (Entity.SYSTEM, "party"): "The party that runs the system; null if it is not known",
    (Entity.SYSTEM, "kind"): "What kind of system it is",
    (
        Entity.SYSTEM,
        "stores",
    ): "What it stores: categories, or maps with `data` and attributes of that item alone; [] means that it stores nothing",
    (
        Entity.SYSTEM,
        "uses",
    ): "What the system itself uses: categories, or maps with `data`, `purposes` and attributes of that item only; [] means nothing",
    (Entity.SYSTEM, "purposes"): "What the use is for; each purpose is judged",
    (Entity.SYSTEM, "method"): "How it makes them",
    (Entity.SYSTEM, "creates"): "The categories that come into being in the system; no flow has to bring them",
    (Entity.SYSTEM, "joins"): "Pairs of categories that it combines",
    (
        Entity.SYSTEM,
        "transforms",
    ): "Which categories it turns into which others; without any, data passes through unchanged",
    (Entity.SYSTEM, "supports"): "The rights that people can exercise on what it stores",
    (Entity.SYSTEM, "retention"): "How long it stores data",
    (Entity.SYSTEM, "retention_from"): "What the retention period starts with",
    (Entity.SYSTEM, "retained_for"): "The grounds on which it stores data",
    (Entity.SYSTEM, "safeguards"): "What protects the data in it",
    (Entity.SYSTEM, "role"): "The role that its party plays here; without it, the party's own role",
    (Entity.SYSTEM, "country"): "The country of the system; without it, that of its party",
    (Entity.SYSTEM, "zone"): "The part of the network that it is in",
    (Entity.SYSTEM, "access"): "Who has access to it",
    (Entity.SYSTEM, "aliases"): "Other names of it, by which observations name it",
    (Entity.SYSTEM, "tags"): "Labels of your own",
    (Entity.SYSTEM, "owner"): "Who is responsible for it",
    (Entity.FLOW, "from"): "The system that sends",
    (Entity.FLOW, "to"): "The system that receives",
    (
        Entity.FLOW,
        "carries",
    ): "The categories that the flow carries, or maps with `data` and attributes of that category only; each is judged",
    (
        Entity.FLOW,
        "purposes",
    ): "The purposes of the flow, or maps with `purpose` and attributes of that purpose only; each is judged",
    (Entity.FLOW, "origin"): "The collections that its data comes from",
    (Entity.FLOW, "exchange"): "What is given in exchange for the data; `none` if nothing is",
    (Entity.FLOW, "mandate"): "The demand from outside that the flow answers",
    (Entity.FLOW, "legal_basis"): "The legal basis of the use",
    (Entity.FLOW, "occasion"): "The occasion on which data is collected",
    (Entity.FLOW, "notice"): "Whether people are informed when data is collected",
    (Entity.FLOW, "choice"): "The choice that people have",
    (Entity.FLOW, "necessary"): "Whether the purposes require the data",
    (Entity.FLOW, "safeguards"): "What protects the data in transit",
    (Entity.FLOW, "retention"): "How long the recipient stores what it carries",
    (Entity.FLOW, "retention_from"): "What the retention period starts with",
    (Entity.FLOW, "protocol"): "How the data is sent",
    (Entity.FLOW, "tags"): "Labels of your own",
    (Entity.FLOW, "owner"): "Who is responsible for it",
    (Entity.CONTRACT, "with"): "The other party of a contract with us",
    (Entity.CONTRACT, "between"): "The parties, none of which need be us",
    (Entity.CONTRACT, "from"): "The first day on which it is in force; without it, it has always been",
    (Entity.CONTRACT, "until"): "The first day on which it is no longer in force; without it, it has no end",
    (Entity.CONTRACT, "systems"): "The systems to which the contract is limited; without it, it applies to all",
    (Entity.CONTRACT, "covers.data"): "The categories that it covers",
    (Entity.CONTRACT, "covers.purposes"): "The purposes that it covers",
    (Entity.CONTRACT, "obliges"): "The obligations of the parties",
    (Entity.CONTRACT, "allows_onward"): "Whether the other party may pass the data on",
    (Entity.CONTRACT, "document"): "Where the contract's text is",
    (Entity.CONTRACT, "tags"): "Labels of your own",
    (Entity.ORGANISATION, "notifies_material_changes"): "Whether people are notified of material changes to the policy",
    (Entity.ORGANISATION, "trains_employees"): "Whether employees are trained on the policy",
    (Entity.ORGANISATION, "privacy_contact"): "Whom to contact about privacy",
}
"""The built-in attributes of each entity."""
