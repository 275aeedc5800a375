"""The estate of the tests of registers, and calls of `register`."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.calling import Call

POLICY = """\
policy acme { title "Acme's promises" text "prose.md" }
use std.core
use std.registers
data { contact { email  phone }  card  hash  health in special_category_data }
purpose { orders  newsletter  scoring in profiling }
rule contracted {
  title "Vendors have a contract"
  cites "#vendors"
  allow disclosure of contact only
    - when under contract (covers data and covers purpose)
}
rule kept { title "Nothing is kept for more than two years" require retention <= 2 years on storage }
"""
MANIFEST = """\
manifest: 1
name: Acme's estate
as_of: 2026-06-15
organisation: {privacy_contact: desk@acme.example}
parties:
  visitor: {name: Visitors, role: data_subject, number_of_people: 250000}
  acme:    {name: Acme, role: us, country: DE}
  mail:    {name: Mailhouse, role: service_provider, country: US}
  post:    {name: Post, role: service_provider, country: FR}
  client:  {name: A client, role: strategic_partner, country: AT}
contracts:
  mail-terms: {with: mail, until: 2026-08-01, covers: {data: [email], purposes: [newsletter]}, obliges: [audit], allows_onward: yes}
  client-terms: {with: client, our_capacity: processor}
systems:
  app:    {party: visitor, transforms: []}
  crm:    {party: acme, stores: [email, {data: card, retention: 3 years}], retention: 1 year, safeguards: [backup], transforms: [{from: email, to: hash, method: hashing}]}
  mailer: {party: mail, stores: [email]}
  labels: {party: post, stores: []}
  box:    {}
  desk:   {party: client}
flows:
  - {id: signup,  from: app, to: crm, carries: [email, card], purposes: [{purpose: newsletter, legal_basis: consent}, orders]}
  - {id: mailing, from: crm, to: mailer, carries: [email, phone], purposes: [newsletter], safeguards: [encryption_in_transit], owner: growth}
  - {id: print,   from: mailer, to: labels, carries: [email], purposes: [newsletter]}
  - {id: scores,  from: crm, to: box, carries: [hash], purposes: [scoring]}
  - {id: silent,  from: crm, to: mailer}
  - {id: case,    from: desk, to: crm, carries: [health], purposes: [orders]}
"""
PROSE = "# Vendors {#vendors}\n\nWe have a contract with each of them.\n"


def call_of(kind: str, *words: str) -> tuple[str, ...]:
    return ("register", kind, "--manifest", "estate.yaml", "--policy", "acme.privacy", *words)


def tables(call: Call, kind: str, *words: str) -> dict[str, list[dict[str, list[Any]]]]:
    """The rows of each table, as the values of their cells."""
    done = call(*call_of(kind, *words, "--format", "json"))
    assert (done.code, done.err) == (0, "")
    return {
        table["name"]: [
            {key: [each["value"] for each in cell] for key, cell in row["cells"].items()} for row in table["rows"]
        ]
        for table in json.loads(done.out)["tables"]
    }


def row_of(rows: list[dict[str, list[Any]]], key: str, value: str) -> dict[str, list[Any]]:
    (found,) = [each for each in rows if each[key] == [value]]
    return found
