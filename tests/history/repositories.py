"""Git repositories made for tests, good ones and malicious ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests import builders
from tests.builders import git

POLICY = """use std.core
data { email_address }
rule no_selling { forbid flow when exchange is sale }
"""
CONFIGURATION = 'policy = ["policy.privacy"]\nmanifests = ["privacy.yaml"]\n'


def flow(name: str, exchange: str = "sale") -> str:
    """A line of a manifest, which declares a flow."""
    return f"  - {{id: {name}, from: crm, to: lists, carries: [email_address], exchange: {exchange}}}\n"


def manifest(*flows: str) -> str:
    """A manifest in which these flows sell."""
    head = "manifest: 1\nparties: {broker: {role: data_broker}}\n"
    systems = "systems: {crm: {}, lists: {party: broker}}\n"
    return head + systems + "flows:\n" + "".join(map(flow, flows))


def repository(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A repository of these files, in one commit; without any, of a policy, a manifest with one sale, and a configuration."""
    usual = {"policy.privacy": POLICY, "privacy.yaml": manifest("old"), "privacy-rules.toml": CONFIGURATION}
    return builders.repository(folder, usual if files is None else files)


def stored(content: bytes, kind: str = "blob") -> str:
    """Writes an object as it is, well-formed or not; its id."""
    return git("hash-object", "-w", "-t", kind, "--stdin", "--literally", given=content)


def tree(entries: Iterable[tuple[str, str, str]]) -> str:
    """A folder of (mode, name, id), whatever they are."""
    return stored(b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries), "tree")


def commit_of(top: str) -> str:
    """A commit of a folder."""
    return git("commit-tree", top, "-m", "made by hand")
