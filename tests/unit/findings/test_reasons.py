"""Reasons say which fact decides, and findings of one cause come together."""

from __future__ import annotations

from typing import Any

import pytest

from privacy_rules.findings.finding import Finding
from privacy_rules.findings.reasons import cause_words, grouped, reason_lines
from privacy_rules.findings.report import Report, report
from privacy_rules.reports.check.markdown import render as as_markdown
from privacy_rules.reports.check.text import render as as_text
from privacy_rules.reports.registry import View
from tests.builders import flow
from tests.unit.checking.judging import DAY, case, manifest

BOUND = "rule bound { require under contract (covers data and covers purpose) on disclosure }"


def report_of(rules: str, data: dict[str, Any]) -> Report:
    found = case(rules, data)
    return report(found.policy, found.graph.estate, found.judged(), DAY)


def reasons(rules: str, data: dict[str, Any], subject: str = "it") -> list[str]:
    (finding,) = [each for each in report_of(rules, data).findings if each.subject.id == subject]
    return list(reason_lines(finding, DAY, 10))


def sent(*data: str, **more: Any) -> dict[str, Any]:
    return flow("it", "crm", "post", list(data), purposes=["delivery"], **more)


def contract(**more: Any) -> dict[str, Any]:
    whole = {"data": ["contact"], "purposes": ["service"]}
    return {"with": "mailer", "covers": whole, "until": "2027-01-01", **more}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (contract(until="2026-10-01"), "contract paper ended on 2026-10-01 (the check is as of 2026-11-01)"),
        (contract(**{"from": "2026-12-01"}), "contract paper begins on 2026-12-01 (the check is as of 2026-11-01)"),
        (
            contract(covers={"data": ["clicks"], "purposes": ["service"]}),
            "contract paper does not meet `covers data` (its `covers.data` is (clicks))",
        ),
        (
            contract(covers={"data": ["contact"], "purposes": ["marketing"]}),
            "contract paper does not meet `covers purpose` (its `covers.purposes` is (marketing))",
        ),
        (
            contract(covers={"data": ["contact"]}),
            "contract paper might not meet `covers purpose` (its `covers.purposes` is not declared)",
        ),
        (contract(systems=["market"]), "contract paper applies only to (market)"),
        (
            contract(systems=["crm", "nobodys"]),
            "contract paper might not apply to these systems: `party` of system nobodys is not declared",
        ),
        (None, "no contract between we and mailer is declared"),
    ],
)
def test_a_contract_is_named_with_what_it_lacks(said: dict[str, Any] | None, words: str) -> None:
    data = {**manifest(sent("email")), **({"contracts": {"paper": said}} if said else {})}
    data["systems"]["nobodys"] = {}
    (told,) = reasons(BOUND, data)
    assert told.endswith(f": {words}")


def test_a_contract_of_which_a_date_is_unknown_is_named_with_the_date() -> None:
    (told,) = reasons(BOUND, {**manifest(sent("email")), "contracts": {"paper": contract(until=None)}})
    assert told.endswith(": contract paper might not be in force on 2026-11-01 (its `until` is declared unknown)")


def test_without_a_contract_an_unknown_party_is_named() -> None:
    rule = "rule bound { require recipient under contract on flow }"
    (told,) = reasons(rule, manifest(flow("it", "crm", "stray", ["email"])))
    assert told.endswith("and `party` of system stray is not declared")


def test_of_many_contracts_those_that_lack_least_are_named_and_the_rest_is_counted() -> None:
    papers = {f"p{number}": contract(until="2026-10-01") for number in range(5)}
    (told,) = reasons(BOUND, {**manifest(sent("email")), "contracts": papers})
    assert told.count(" ended on ") == 3
    assert told.endswith("; 2 other contracts also lack something")


def test_a_contract_that_may_not_bind_the_parties_is_named_with_the_role_that_is_unknown() -> None:
    rule = "rule bound { require recipient under contract on flow to service_provider }"
    parties = {"we": {}, "mailer": {"role": "service_provider"}}
    data = {
        **manifest(sent("email"), parties=parties),
        "contracts": {"paper": {"with": "mailer", "until": "2027-01-01"}},
    }
    (told,) = reasons(rule, data)
    assert "contract paper might not bind them: `role` of party" in told


def test_a_flow_within_one_party_is_said_to_have_no_contract() -> None:
    (told,) = reasons("rule bound { require under contract on flow }", manifest(flow("it", "crm", "site", ["email"])))
    assert told.endswith(": both ends belong to we, which has no contract with itself")


def test_reasons_beyond_the_limit_are_counted() -> None:
    rule = "rule told { require notice and necessary and reviewed_by_counsel on flow }"
    added = "attribute reviewed_by_counsel on flow: flag "
    data = manifest(sent("email", notice=False, necessary=False, reviewed_by_counsel=False))
    (finding,) = report_of(added + rule, data).findings
    assert list(reason_lines(finding, DAY, 2))[2:] == ["and 1 more"]


def test_what_is_false_comes_before_what_is_unknown_and_both_are_reported() -> None:
    rule = "rule keep { require retention <= 3 years on storage of email unless reviewed > 2026-01-01 }"
    systems = {"crm": {"party": "we", "stores": ["email"], "retention": "5 years"}}
    assert reasons(rule, manifest(systems=systems), "crm") == [
        "`retention <= 3 years` is false: `retention` of system crm is 5 years",
        "`reviewed > 2026-01-01` is unknown: `reviewed` of system crm is not declared",
    ]


def test_a_define_is_named_beside_the_test_that_it_leads_to() -> None:
    rule = "define fair as notice and necessary  rule told { require fair on flow }"
    assert reasons(rule, manifest(sent("email", notice=True, necessary=False))) == [
        "`necessary` (in `fair`) is false: `necessary` of flow it is no"
    ]


def test_every_false_part_of_a_compound_test_is_a_reason() -> None:
    rule = "rule told { require notice and necessary on flow }"
    told = reasons(rule, manifest(sent("email", notice=False, necessary=False)))
    assert [each.split(" is ")[0] for each in told] == ["`notice`", "`necessary`"]


def test_an_alternative_for_other_parties_is_no_reason_beside_one_for_these() -> None:
    rule = "rule out { allow disclosure only - to service_provider when under contract - to data_broker when notice }"
    told = reasons(rule, manifest(sent("email")))
    assert [each.split(" is ")[0] for each in told] == ["`under contract`"]


def test_of_alternatives_for_others_those_that_come_closest_are_reasons() -> None:
    rule = (
        "rule out { allow disclosure only - from data_subject to data_broker when notice - to data_broker when notice }"
    )
    told = reasons(rule, manifest(sent("email", notice=True)))
    assert [each.split(" is ")[0] for each in told] == ["`to data_broker`"]


def test_tests_with_the_same_grounds_are_one_reason() -> None:
    rule = "rule out { require reached by email from data_subject and reached by phone from data_subject on system }"
    (told,) = reasons(rule, manifest(), "crm")
    assert told == (
        "`reached by email from data_subject` and `reached by phone from data_subject` are false: there is no such path"
    )


def test_a_set_that_should_include_all_is_said_to_lack_some() -> None:
    rule = "rule safe { require safeguards includes all (encryption, backup, training) on flow }"
    (told,) = reasons(rule, manifest(sent("email", safeguards=["encryption_at_rest"])))
    assert told.endswith(" is (encryption_at_rest), which lacks backup and training")


def test_a_contract_that_should_oblige_to_all_is_said_to_lack_some() -> None:
    rule = "rule bound { require under contract (obliges includes all (audit, confidentiality)) on disclosure }"
    papers = {"paper": contract(obliges=["audit"])}
    (told,) = reasons(rule, {**manifest(sent("email")), "contracts": papers})
    assert told.endswith("(its `obliges` is (audit), which lacks confidentiality)")


def test_an_open_test_names_what_keeps_it_open() -> None:
    told = reasons("rule none { forbid disclosure }", manifest(flow("it", "crm", "dark", ["email"])))
    assert told == ["`disclosure` is unknown: `role` of party somebody is not declared"]


def test_one_datum_of_several_is_said_to_be_among_them() -> None:
    rule = "rule few { require data is phone on flow }"
    (told,) = reasons(rule, manifest(sent("email", "phone")))
    assert told.endswith(": `carries` of flow it includes email")


def test_of_several_contracts_the_one_that_lacks_least_comes_first() -> None:
    poor = contract(until="2026-10-01", covers={"data": ["clicks"], "purposes": ["service"]})
    papers = {"a_poor_one": poor, "b_good_one": contract(until="2026-10-01")}
    (told,) = reasons(BOUND, {**manifest(sent("email")), "contracts": papers})
    assert told.split(": ", 1)[1] == (
        "contract b_good_one ended on 2026-10-01 (the check is as of 2026-11-01); "
        "contract a_poor_one ended on 2026-10-01 (the check is as of 2026-11-01) and does not meet `covers data` "
        "(its `covers.data` is (clicks))"
    )


def test_a_path_is_reported_by_what_arrives_what_it_was_made_from_and_the_flow_that_brings_it() -> None:
    rule = "rule far { forbid system at data_broker when reached by email including derived }"
    made = {"from": "email", "to": "hashed_email", "method": "hashing"}
    systems = {"crm": {"party": "we", "transforms": [made]}}
    data = manifest(
        flow("in", "browser", "crm", ["email"]), flow("out", "crm", "market", ["hashed_email"]), systems=systems
    )
    (finding,) = report_of(rule, data).findings
    assert finding.message.startswith("hashed_email (made from email) reaches system market")
    (told,) = reason_lines(finding, DAY, 10)
    assert told.endswith(": hashed_email, made from email, arrives by flow out")


def test_the_headline_names_the_data_and_not_the_term_of_the_rule() -> None:
    rule = "rule none { forbid disclosure of contact }"
    (finding,) = report_of(rule, manifest(sent("email", "phone"))).findings
    assert finding.message == "email and phone are disclosed to mailer (service_provider)"


def cause(found: Finding) -> str | None:
    return cause_words(found.cause) if found.cause else None


def test_findings_that_one_contract_would_resolve_come_together() -> None:
    flows = [flow(name, "crm", "post", ["email"], purposes=["delivery"]) for name in ("a", "b", "c")]
    other = flow("d", "crm", "market", ["email"], purposes=["delivery"])
    data = {**manifest(*flows, other), "contracts": {"paper": contract(until="2026-10-01")}}
    ((found, together),), alone = grouped(report_of(BOUND, data).findings)
    assert cause_words(found) == "contract paper ended on 2026-10-01"
    assert [each.subject.id for each in together] == ["a", "b", "c"]
    assert [each.subject.id for each in alone] == ["d"]


def test_a_contract_that_lacks_more_than_its_end_is_not_the_cause() -> None:
    said = contract(until="2026-10-01", covers={"data": ["clicks"], "purposes": ["service"]})
    (finding,) = report_of(BOUND, {**manifest(sent("email")), "contracts": {"paper": said}}).findings
    assert finding.cause is None


def test_a_change_that_helps_one_datum_and_not_the_other_is_not_the_cause() -> None:
    said = contract(until="2026-10-01")
    (finding,) = report_of(BOUND, {**manifest(sent("email", "clicks")), "contracts": {"paper": said}}).findings
    assert finding.data == ("clicks", "email")
    assert finding.cause is None


def test_undetermined_findings_share_the_facts_that_they_miss() -> None:
    rule = "rule none { forbid disclosure to data_broker }"
    flows = [flow(name, "crm", "dark", ["email"]) for name in ("a", "b")]
    ((found, together),), _ = grouped(report_of(rule, manifest(*flows)).findings)
    assert cause_words(found) == "`role` of party somebody is not declared"
    assert len(together) == 2


def test_a_group_shows_its_cause_once_and_each_finding_with_its_subject() -> None:
    flows = [flow(name, "crm", "post", ["email"], purposes=["delivery"]) for name in ("a", "b")]
    found = report_of(BOUND, {**manifest(*flows), "contracts": {"paper": contract(until="2026-10-01")}})
    text, markdown = as_text(found, View()), as_markdown(found, View())
    assert text.splitlines()[0] == "contract paper ended on 2026-10-01: 2 findings"
    assert [line.endswith(f"(flow {name})") for line, name in zip(text.splitlines()[1:3], "ab", strict=True)] == [
        True
    ] * 2
    assert "### contract paper ended on 2026-10-01: 2 findings\n" in markdown
    assert markdown.count("- **violation** `bound`") == 2
    assert "ended" not in as_text(found, View(verbose=True)).splitlines()[0]


def test_findings_to_parties_without_a_contract_share_the_contract_to_be_signed() -> None:
    flows = [flow(name, "crm", "post", ["email"], purposes=["delivery"]) for name in ("a", "b")]
    ((found, _),), _ = grouped(report_of(BOUND, manifest(*flows)).findings)
    assert cause_words(found) == "no contract between we and mailer is declared"


def test_the_role_that_a_party_plays_at_a_system_is_named_instead_of_its_own() -> None:
    data = manifest(sent("email"), systems={"post": {"party": "mailer", "role": "data_broker"}})
    (found,) = report_of("rule r { forbid disclosure }", data).findings
    assert found.message == "email is disclosed to mailer (data_broker)"
    data["systems"]["post"]["role"] = None
    assert reasons("rule r { forbid disclosure to marketer }", data) == [
        "`disclosure` and `to marketer` are unknown: `role` of system post is declared unknown"
    ]


@pytest.mark.parametrize(
    ("parents", "rule", "words"),
    [
        (
            {"mailer": "group", "group": "fund", "fund": "none"},
            "forbid disclosure to (owned by (country is us))",
            "mailer is owned by fund (through group) and `country` of party fund is us",
        ),
        (
            {"mailer": "group", "group": "none"},
            "require owned by (country is us) on disclosure",
            "mailer is owned by group, and by nobody else and `country` of party group is fr",
        ),
        ({"mailer": "none"}, "require owned by (country is us) on disclosure", "nobody owns mailer"),
        (
            {"mailer": "group"},
            "forbid disclosure when owned by (country is us)",
            "mailer is owned by group and `parent` of party group is not declared",
        ),
    ],
)
def test_an_owner_is_named_with_those_between(parents: dict[str, str], rule: str, words: str) -> None:
    data = manifest(sent("email"))
    for party, country in {"mailer": "de", "group": "fr", "fund": "us"}.items():
        data["parties"][party] = {"country": country, "role": "service_provider"}
        if party in parents:
            data["parties"][party]["parent"] = parents[party]
    found = reasons(f"rule r {{ {rule} }}", data)
    assert any(words in each for each in found), found
