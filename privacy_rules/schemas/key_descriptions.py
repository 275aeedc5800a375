"""What each key of a manifest says, in words: an editor shows them beside the key."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.vocabulary.attributes import Entity

KEYS: Mapping[str, str] = {
    "manifest": "The version of the format: 1",
    "name": "What people call the estate",
    "policy": "The policy files, relative to this file; the command line and the configuration win",
    "as_of": "The day on which contracts and rules are judged; without it, today",
    "include": 'Further manifests, relative to this file: names and patterns such as "services/*/privacy.yaml"',
    "defaults": "What holds for all in this file that do not say it themselves; each report lists it as an assumption",
    "organisation": "The organisation that makes the policy's promises",
    "parties": "Who takes part: a map from an id to a party",
    "contracts": "What binds parties: a map from an id to a contract",
    "systems": "Where data is: a map from an id to a system",
    "flows": "What data goes from where to where, and what for",
    "waivers": "Findings that are accepted for a time",
}
"""The keys of the file itself."""

WAIVER: Mapping[str, str] = {
    "rule": "The rule that is waived",
    "subject": "The id that the finding shows",
    "until": "The first day on which the waiver no longer shelters",
    "reason": "Why the finding is accepted",
    "approved_by": "Who accepts it",
    "from": "The first day on which the waiver shelters",
    "data": "The categories that the waiver is limited to",
}

ATTRIBUTES: Mapping[tuple[Entity, str], str] = {
    (Entity.PARTY, "name"): "What people call the party",
    (Entity.PARTY, "role"): "What the party is to the organisation; one with several roles has each of them",
    (Entity.PARTY, "country"): "Where the party is",
    (Entity.PARTY, "parent"): "The party that it belongs to",
    (Entity.PARTY, "tags"): "Labels for whatever you sort by",
    (Entity.PARTY, "owner"): "Who answers for it",
    (Entity.SYSTEM, "party"): "Who runs the system; unknown, it may be anybody",
    (Entity.SYSTEM, "kind"): "What kind of system it is",
    (
        Entity.SYSTEM,
        "stores",
    ): "What it keeps: categories, or maps with `data` and what holds for that item alone; [] says that it keeps nothing",
    (Entity.SYSTEM, "joins"): "Which categories it brings together",
    (Entity.SYSTEM, "transforms"): "What it makes of which category; without any, data passes through as it is",
    (Entity.SYSTEM, "supports"): "The rights that people can use on what it keeps",
    (Entity.SYSTEM, "retention"): "How long it keeps data",
    (Entity.SYSTEM, "retained_for"): "The grounds on which it keeps data",
    (Entity.SYSTEM, "safeguards"): "What protects the data in it",
    (Entity.SYSTEM, "country"): "Where the system is; without it, where its party is",
    (Entity.SYSTEM, "zone"): "The part of the network that it stands in",
    (Entity.SYSTEM, "access"): "Who gets at it",
    (Entity.SYSTEM, "tags"): "Labels for whatever you sort by",
    (Entity.SYSTEM, "owner"): "Who answers for it",
    (Entity.FLOW, "from"): "The system that sends",
    (Entity.FLOW, "to"): "The system that receives",
    (Entity.FLOW, "carries"): "What it carries; each category is judged",
    (Entity.FLOW, "purposes"): "What it is for; each purpose is judged",
    (Entity.FLOW, "origin"): "The collections that its data came from",
    (Entity.FLOW, "exchange"): "What is given for the data; `none` where nothing is",
    (Entity.FLOW, "mandate"): "What outside demand it answers",
    (Entity.FLOW, "legal_basis"): "The legal basis that it rests on",
    (Entity.FLOW, "occasion"): "The occasion on which data is collected",
    (Entity.FLOW, "notice"): "Whether people are told when it is collected",
    (Entity.FLOW, "choice"): "What say people have in it",
    (Entity.FLOW, "necessary"): "Whether its purposes need what it carries",
    (Entity.FLOW, "safeguards"): "What protects the data on its way",
    (Entity.FLOW, "retention"): "How long the recipient keeps what it carries",
    (Entity.FLOW, "protocol"): "How it is sent",
    (Entity.FLOW, "tags"): "Labels for whatever you sort by",
    (Entity.FLOW, "owner"): "Who answers for it",
    (Entity.CONTRACT, "with"): "The other party of a contract with us",
    (Entity.CONTRACT, "between"): "The parties, where none of them need be us",
    (Entity.CONTRACT, "from"): "The first day on which it holds; without it, it holds from ever",
    (Entity.CONTRACT, "until"): "The first day on which it no longer holds; without it, it holds until it is ended",
    (Entity.CONTRACT, "covers.data"): "The categories that it is about",
    (Entity.CONTRACT, "covers.purposes"): "The purposes that it is about",
    (Entity.CONTRACT, "obliges"): "What it obliges the parties to",
    (Entity.CONTRACT, "allows_onward"): "Whether the other party may pass the data on",
    (Entity.CONTRACT, "document"): "Where the contract itself is",
    (Entity.CONTRACT, "tags"): "Labels for whatever you sort by",
    (Entity.ORGANISATION, "notifies_material_changes"): "Whether people are told of material changes to the policy",
    (Entity.ORGANISATION, "trains_employees"): "Whether employees are trained in what the policy promises",
    (Entity.ORGANISATION, "privacy_contact"): "Whom to ask about privacy",
}
"""The built-in attributes of each entity."""
