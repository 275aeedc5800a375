"""A policy that is not written for version 1.1 may use each word of 1.1 as a name of its own, and no verdict depends on that name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from privacy_rules import engine
from privacy_rules.checking.checker import judge
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.compared_facts import TODAY
from privacy_rules.language.parser_tables import tables
from privacy_rules.source import codes
from privacy_rules.vocabulary import taxonomy
from privacy_rules.vocabulary.attributes import BUILT_IN, SINCE_1_1
from tests.builders import estate_of, policy_of, write

_OF_1_0 = """
access all allow allows_onward and applies as at attribute avoiding basis between by carries choice cites clause collected
collection contract country covers data date declared default define definition derived despite disclosure document duration
effective error exchange flag flow for forbid from gate hint in includes including is joining joins kind language legal_basis
mandate method name necessary not note notice notifies_material_changes number obligation obliges occasion of on one only or
organisation origin owner parent party permit policy privacy_contact prose protocol purpose purposes reached recipient region
require retained_for retention retention_ground right role rule safeguard safeguards scope set severity sharing source storage
stores supports system tags text title to trains_employees transforms under unless until use version vocabulary warning when
with within zone
"""
"""The keywords, built-in attributes and vocabularies of version 1.0."""
_WORDS = sorted(
    {*tables().words, *(name for _, name in BUILT_IN if "." not in name), *taxonomy.BUILT_IN, TODAY}
    - set(_OF_1_0.split())
    | {"only"}
)
_HEAD = """
use std.core
data { email name contact { phone } }
purpose { orders ads }
role { processor }
"""
_FLAG_TESTS = """
rule a { forbid flow when WORD title "t" cites "c" hint "h" severity note applies from 2020-01-01 }
rule b { require WORD on flow when not WORD unless WORD and notice unless WORD }
rule c { permit flow when WORD or WORD despite b, a applies until 2030-01-01 }
rule d { allow flow only - to processor when WORD - of name - when WORD and source under contract or WORD }
rule e { forbid flow when (WORD) and source under contract or recipient reached by email from us and WORD }
rule f { require collected with (WORD) on flow }
rule g { forbid flow when WORD }
"""
_POLICIES: dict[str, tuple[str, dict[str, object]]] = {
    "a flag of a flow": ("attribute WORD on flow: flag" + _FLAG_TESTS, {"flow": True}),
    "a define": ("define before as WORD\ndefine WORD as choice is opt_in\ndefine after as WORD" + _FLAG_TESTS, {}),
    "a flag of a system": (
        """
        attribute WORD on system: flag
        rule a { forbid system when WORD }
        rule b { forbid flow when source.WORD or source.system.WORD and recipient.WORD is declared }
        rule c { forbid storage when WORD }
        rule d { forbid joining when not WORD }
        rule e { forbid flow to (WORD and zone = "x") }
        rule f { forbid system when reached by email from (not WORD) avoiding (WORD and WORD) }
        rule g { require collected with (choice is opt_in) on flow of (email, phone) }
        """,
        {"system": True, "stores": [{"data": "email", "WORD": False}]},
    ),
    "data of a system": (
        """
        attribute WORD on system: set of data
        rule a { forbid flow when source reached by phone from processor }
        rule b { require collected with (choice is opt_in) on flow }
        rule c { require WORD includes name on system }
        rule d { forbid storage when WORD within (name) }
        """,
        {"system": ["phone"]},
    ),
    "an attribute of a contract": (
        """
        attribute WORD on contract: set of text
        rule a { require under contract on flow }
        rule b { forbid flow when recipient under contract (WORD includes "web") }
        rule c { forbid contract when WORD includes all ("web") or WORD is declared }
        rule d { forbid party when under contract (WORD within ("web")) }
        """,
        {"contract": ["web"]},
    ),
    "an attribute of everything, by default": (
        """
        attribute WORD on party, system, flow, contract, organisation: duration default 2 days
        rule a { forbid party when WORD <= 2 days }
        rule b { forbid system when WORD > 1 day }
        rule c { forbid flow when WORD = 2 days }
        rule d { forbid contract when WORD != 2 days }
        rule e { require WORD < 1 day on organisation }
        rule f { forbid flow when recipient.party.WORD > 1 day and source.system.WORD > 1 day }
        """,
        {"party": "1 day", "system": "3 days"},
    ),
    "a vocabulary": (
        """
        vocabulary WORD { high low }
        attribute level on flow: one of WORD default low
        attribute levels on system: set of WORD
        rule a { forbid flow when level is low }
        rule b { require levels includes low on system }
        """,
        {},
    ),
    "rules": (
        "rule WORD { forbid flow } rule b { permit flow when choice is opt_in despite WORD, WORD } rule c { forbid flow }",
        {},
    ),
    "a category": (
        """
        data { WORD { below } other in WORD, contact WORD "text" last }
        rule a { forbid flow of WORD from us to processor for orders }
        rule b { forbid flow when carries includes (WORD, email) and data is WORD }
        rule c { forbid flow when recipient reached by WORD from us including derived }
        rule d { forbid joining of WORD with email at us }
        rule e { forbid storage of (email, WORD) }
        rule f { forbid system when stores includes WORD }
        rule g { forbid flow when carries within WORD or carries includes all WORD }
        """,
        {"stores": ["WORD"], "joins": [["WORD", "email"]], "carries": ["WORD"]},
    ),
    "a role": (
        """
        role { WORD }
        rule a { forbid flow to WORD for orders }
        rule b { forbid flow from WORD to (us, WORD) when notice }
        rule c { forbid system at WORD }
        rule d { forbid flow when recipient.role is WORD }
        rule e { allow flow only - to WORD - from WORD when notice }
        rule f { forbid system when reached by email from us avoiding WORD }
        rule g { forbid flow to (WORD) }
        rule h { require notice on flow from WORD }
        """,
        {"role": "WORD"},
    ),
    "terms of other vocabularies": (
        """
        purpose { WORD } exchange { WORD } mandate { WORD } choice { WORD } occasion { WORD } basis { WORD } kind { WORD }
        safeguard { WORD } right { WORD } retention_ground { WORD } obligation { WORD } method { WORD } region { WORD }
        vocabulary level { WORD low }
        attribute level on flow: one of level default WORD
        rule a { forbid flow for WORD }
        rule b { forbid flow when exchange is WORD and mandate is WORD and choice is WORD and occasion is WORD }
        rule c { require legal_basis is (WORD) on flow when level is WORD }
        rule d { forbid system when kind is WORD or safeguards includes all WORD or supports within WORD }
        rule e { forbid storage when retained_for includes WORD }
        rule f { require under contract (obliges includes WORD and allows_onward) on flow }
        rule g { forbid system when reached by name from us including derived by WORD }
        rule h { forbid party when country is WORD }
        """,
        {
            "choice": "WORD",
            "legal_basis": "WORD",
            "purposes": ["WORD"],
            "kind": "WORD",
            "obliges": ["WORD"],
            "country": "WORD",
            "transforms": [{"from": "email", "to": ["name"], "method": "WORD"}],
        },
    ),
    "ids": (
        """
        rule a { forbid flow to system WORD }
        rule b { forbid flow from party WORD to party "WORD" }
        rule c { forbid system when reached by email from us avoiding system WORD }
        rule d { forbid party when parent is declared }
        rule e { require under contract on flow }
        """,
        {"id": "WORD"},
    ),
}


def _manifest(more: dict[str, object]) -> dict[str, object]:
    """The data of a manifest. `more`: an attribute's value by entity, or the value of a built-in attribute."""

    def own(entity: str, *names: str) -> dict[str, object]:
        said = {name: more[name] for name in names if name in more}
        return {**said, **({"WORD": more[entity]} if entity in more else {})}

    them = str(more.get("id", "them"))
    system = {"party": "acme", "stores": ["email"], **own("system", "stores", "joins", "kind", "transforms")}
    carried = {"carries": more.get("carries", ["email", "phone"]), "purposes": more.get("purposes", ["orders"])}
    return {
        "parties": {
            "person": {"role": "data_subject"},
            "acme": {"role": "us", **own("party", "country")},
            them: {"role": more.get("role", "processor")},
        },
        "contracts": {"signed": {"with": them, **own("contract", "obliges")}},
        "systems": {"app": {"party": "person"}, "web": system, "mailer": {"party": them}},
        "flows": [
            {"id": "in", "from": "app", "to": "web", "carries": ["email"], "purposes": ["orders"], "choice": "opt_in"},
            {"id": "out", "from": "web", "to": "mailer", **carried, **own("flow", "choice", "legal_basis")},
        ],
    }


def _verdicts(position: str, word: str, header: str = "") -> set[tuple[str, str, str]]:
    text, more = _POLICIES[position]
    policy = policy_of((header + _HEAD + text).replace("WORD", word))
    data = json.loads(json.dumps(_manifest(dict(more))).replace("WORD", word))
    graph = FlowGraph.of(estate_of(data, policy), policy)
    judged = judge(policy, graph, date(2026, 6, 15)).judgements
    return {(each.rule.name, each.subject, each.verdict.word) for each in judged}


def _named(found: set[tuple[str, str, str]], word: str) -> set[tuple[str, ...]]:
    return {tuple("WORD" if each == word else each for each in key) for key in found}


@pytest.mark.parametrize("position", _POLICIES)
def test_a_word_of_1_1_is_a_name_as_any_other(position: str) -> None:
    plain = _named(_verdicts(position, "plain"), "plain")
    assert len(plain) >= 2
    assert any(verdict == "violation" for _, _, verdict in plain)
    for word in _WORDS:
        if (position, word) == ("a role", "us"):
            continue  # a role of `std.core`
        assert _named(_verdicts(position, word, 'policy p { language "1.0" }'), word) == plain, word


@pytest.mark.parametrize("word", sorted(SINCE_1_1))
def test_a_policy_without_a_version_may_have_its_own_attribute(word: str) -> None:
    position = "an attribute of everything, by default"
    assert _verdicts(position, word) == _verdicts(position, "plain")


@pytest.mark.parametrize("declaration", ["", "attribute creates on party: flag"])
def test_help_names_creates_only_if_it_is_the_built_in_attribute(declaration: str, tmp_path: Path) -> None:
    policy = write(
        tmp_path / "p.privacy", f"{_HEAD}{declaration}\nrule r {{ forbid system when stores includes name }}"
    )
    manifest = write(tmp_path / "m.yaml", "manifest: 1\nsystems: {web: {stores: [email]}}\n")
    inputs, found = engine.load([manifest], [policy])
    assert inputs is not None, found
    report, _ = engine.check(inputs, day=date(2026, 6, 15))
    assert report is not None
    (warning,) = (each for each in report.warnings if each.code == codes.UNSOURCED)
    assert ("`creates`" in str(warning.help)) == (not declaration)
