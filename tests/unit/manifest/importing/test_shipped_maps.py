"""The shipped vocabularies of other tools: their identifiers mean terms, both ways, and the files are what published data makes."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from privacy_rules.manifest.importing.shipped_maps import identifiers
from privacy_rules.source.language_files import language_home
from tests.builders import policy_of, write
from tests.cli.calling import Call

MAKERS = Path(__file__).parents[4] / "dsl" / "vocabularies"
SYSTEMS = """
system:
  - fides_key: campaigns
    privacy_declarations: [{data_use: marketing.advertising.first_party, data_categories: [user.contact.email, user.contact.pager]}]
"""
MARKETING = "rule r { forbid use of user_contact for marketing }"


def _declared(name: str) -> dict[str, set[str]]:
    """The terms that a shipped vocabulary adds to those of `std.core`, by the section of a map."""
    sections = {
        "data": "data",
        "purposes": "purpose",
        "roles": "role",
        "legal_bases": "basis",
        "safeguards": "safeguard",
    }
    own, core = (
        policy_of(f"use std.{name}\nrule r {{ forbid flow }}"),
        policy_of("use std.core\nrule r { forbid flow }"),
    )
    found = {key: {*own.taxonomy(each).terms} - {*core.taxonomy(each).terms} for key, each in sections.items()}
    return {key: terms for key, terms in found.items() if terms}


@pytest.mark.parametrize(("name", "package"), [("fides", "fideslang"), ("dpv", "moose")])
def test_the_files_are_what_the_published_data_makes(name: str, package: str) -> None:
    found = find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"`{package}` is not installed")
    call = [sys.executable, str(MAKERS / f"{name}.py"), "--check", str(Path(found.origin).parents[1])]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["fides", "dpv"])
def test_each_term_has_one_identifier(name: str) -> None:
    found = identifiers(policy_of(f"use std.{name}\nrule r {{ forbid flow }}"))
    lines = (language_home() / "std" / f"{name}.map.yaml").read_text(encoding="utf-8").splitlines()
    assert sum(map(len, found.values())) == sum(line.startswith("  ") for line in lines) > 150
    assert {section: set(terms) >= _declared(name)[section] for section, terms in found.items()} == dict.fromkeys(
        found, True
    )
    assert set(_declared(name)) == set(found)


def test_an_identifier_is_that_of_the_other_vocabulary() -> None:
    found = identifiers(policy_of("use std.fides\nuse std.dpv\nrule r { forbid flow }"))
    assert found["data"]["user_contact_email"] == "user.contact.email"
    assert found["purposes"]["direct_marketing"] == "https://w3id.org/dpv#DirectMarketing"
    assert found["legal_bases"]["gdpr_a9_2_a"] == "https://w3id.org/dpv/legal/eu/gdpr#A9-2-a"
    assert found["safeguards"]["encryption_in_transit"] == "https://w3id.org/dpv#EncryptionInTransfer"


def test_a_policy_without_them_has_no_identifiers() -> None:
    assert identifiers(policy_of("use std.core\nrule r { forbid flow }")) == {}


def _found(call: Call, folder: Path, policy: str, *options: str) -> str:
    write(folder / "systems.yml", SYSTEMS)
    write(folder / "p.privacy", policy)
    return call("check", folder / "systems.yml", "--policy", folder / "p.privacy", *options).out


def test_keys_of_fides_need_no_map(tmp_path: Path, call: Call) -> None:
    out = _found(call, tmp_path, f"use std.fides\n{MARKETING}")
    assert "violation[r]: user_contact and user_contact_email" in out.partition("\n")[0]
    assert "W330" not in out
    assert "marketing_advertising_first_party" in out


def test_a_map_of_the_user_takes_precedence(tmp_path: Path, call: Call) -> None:
    chosen = write(tmp_path / "m.yaml", "map: 1\ndata: {user.contact: []}\n")
    assert (
        "violation"
        not in _found(call, tmp_path, f"use std.fides\n{MARKETING}", "--map", str(chosen)).partition("\n")[0]
    )


def test_without_the_vocabulary_its_keys_mean_nothing(tmp_path: Path, call: Call) -> None:
    policy = f"use std.core\ndata {{ user_contact {{ user_contact_email }} }}\npurpose {{ marketing }}\n{MARKETING}"
    assert "do not match a term of the policy" in _found(call, tmp_path, policy)


def test_identifiers_of_dpv_are_read_too(tmp_path: Path, call: Call) -> None:
    text = SYSTEMS.replace("marketing.advertising.first_party", "https://w3id.org/dpv#DirectMarketing")
    policy = f"use std.fides\nuse std.dpv\n{MARKETING}"
    write(tmp_path / "p.privacy", policy)
    done = call("import", write(tmp_path / "s.yml", text), "--policy", tmp_path / "p.privacy")
    assert "direct_marketing" in done.out
    assert "user_contact_email" in done.out


def test_no_word_is_left_for_a_suggested_map(tmp_path: Path, call: Call) -> None:
    write(tmp_path / "p.privacy", f"use std.fides\n{MARKETING}")
    done = call("import", write(tmp_path / "s.yml", SYSTEMS), "--policy", tmp_path / "p.privacy", "--suggest-map")
    assert "user.contact" not in done.out
    assert done.code == 0
