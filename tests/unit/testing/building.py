"""A small policy, a manifest and tests of them in a folder, and short ways to load and run them."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.testing.loader import load
from privacy_rules.testing.runner import Results, run
from privacy_rules.testing.suite import Loaded
from tests.builders import write

POLICY = """
use std.core
data { contact { name email } card }
purpose { orders newsletter }
define told as notice and choice is (opt_in, opt_out)
rule no_sale { forbid disclosure of contact when exchange is (sale, rental) unless told }
rule bound {
  allow disclosure to (service_provider, public_authority) only
    - to service_provider when under contract (covers data and obliges includes policy_protection)
    - of card for orders
}
rule by_law { permit disclosure to public_authority when mandate is law despite bound }
rule kept { require retention <= 2 years on storage of contact at organisation }
rule apart { forbid joining of contact with card }
rule contact_named { require privacy_contact is declared on organisation }
"""

ESTATE = """
manifest: 1
as_of: 2026-06-15
defaults:
  system: {stores: [], joins: [], transforms: []}
  flow: {exchange: none}
organisation: {privacy_contact: desk}
parties:
  acme: {role: us}
  vendor: {role: service_provider}
  broker: {role: data_broker}
  office: {role: regulator}
contracts:
  terms: {with: vendor, covers: {data: [contact]}, obliges: [policy_protection]}
systems:
  crm: {party: acme, stores: [email], retention: 1 year}
  mailer: {party: vendor}
  leads: {party: broker}
  files: {party: office}
flows:
  - {id: letters, from: crm, to: mailer, carries: [email], purposes: [newsletter]}
  - {id: list, from: crm, to: leads, carries: [email], purposes: [newsletter]}
  - {id: answer, from: crm, to: files, carries: [email], purposes: [orders], mandate: law}
"""

HEAD = "tests: 1\npolicy: p.privacy\nmanifest: estate.yaml\ncases:\n"


def folder_of(folder: Path, tests: str, policy: str = POLICY, estate: str = ESTATE) -> Path:
    """The file of tests, with policy and manifest beside it."""
    write(folder / "p.privacy", policy)
    write(folder / "estate.yaml", estate)
    return write(folder / "p.tests.yaml", tests)


def loaded(folder: Path, cases: str, head: str = HEAD, **more: str) -> Loaded:
    """The suites of a file with these cases, in which nothing is wrong."""
    found, wrong, _ = load([folder_of(folder, head + cases, **more)], root=folder)
    assert found is not None, wrong
    return found


def results(folder: Path, cases: str, head: str = HEAD, **more: str) -> Results:
    found, wrong = run(loaded(folder, cases, head, **more))
    assert found is not None, wrong
    return found


def wrong(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Code, place and message of all that is wrong with a file of tests."""
    found, told, _ = load([folder_of(folder, text)], root=folder)
    assert found is None
    return [(each.code, _place(each), each.message) for each in told]


def _place(each: Diagnostic) -> str:
    return f"{each.span.line}:{each.span.column}" if each.span else ""
