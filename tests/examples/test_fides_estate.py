"""The estate from Fides: what its page shows is what the commands print, and findings point into the files of Fides."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.calling import Call

HOME = Path(__file__).parents[2] / "examples" / "fides"
PAGE = (HOME / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)


def test_each_command_of_the_page_prints_what_the_page_shows(call: Call) -> None:
    blocks = re.findall(r"^```console\n\$ privacy-rules (.+?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [command.split()[0] for command, _ in blocks] == ["check", "drift"]
    for command, shown in blocks:
        printed = call(*command.split()).out
        assert [line for line in shown.splitlines() if line not in printed.splitlines()] == []


def test_the_page_shows_every_violation_that_fails_and_each_is_in_a_file_of_fides(call: Call) -> None:
    done = call("check", "--format", "json")
    assert done.code == 1
    findings = [each for each in json.loads(done.out)["findings"] if each["verdict"] == "violation"]
    assert {(each["rule"], each["severity"]) for each in findings} == {
        ("gdpr_transfers", "error"),
        ("gdpr_processors_follow_instructions", "error"),
        ("gdpr_purpose_limitation", "error"),
        ("gdpr_purpose_limitation_in_use", "warning"),
    }
    assert {each["location"]["file"] for each in findings} == {"systems.yml"}
    for each in findings:
        place = f"systems.yml:{each['location']['line']}:{each['location']['column']}: violation[{each['rule']}]"
        assert (place in PAGE) == (each["severity"] == "error")


def test_no_word_of_the_files_is_without_a_meaning(call: Call) -> None:
    report = json.loads(call("check", "--format", "json").out)
    assert [each for each in report["warnings"] if each["code"] == "W330"] == []


def test_drift_finds_the_recipient_that_nobody_declared(call: Call) -> None:
    done = call("drift", "--observed", "connections.csv", "--format", "json", "--fail-on", "new-recipient")
    assert done.code == 1
    (flow,) = json.loads(done.out)["undeclared"]
    assert (flow["from"], flow["to"], flow["new_recipient"]) == ("web_shop", "heatmap", True)
    assert "gdpr_transfers" in {each["rule"] for each in flow["findings"]}


def test_the_estate_without_what_the_page_explains_has_no_violation(call: Call, tmp_path: Path) -> None:
    """The clauses are signed, the other uses end: then only what is undetermined is left."""
    text = (HOME / "systems.yml").read_text(encoding="utf-8")
    text = re.sub(r"      - name: Look-alike audiences\n.*?(?=\n\n)", "", text, flags=re.DOTALL)
    text = text[: text.index("  - fides_key: campaigns")]
    for name in ("dataset.yml", "fernweh.map.yaml", "fernweh.privacy", "privacy-rules.toml"):
        (tmp_path / name).write_text((HOME / name).read_text(encoding="utf-8"), encoding="utf-8")
    contracts = (HOME / "contracts.yaml").read_text(encoding="utf-8").replace("audit]", "audit, standard_clauses]")
    (tmp_path / "contracts.yaml").write_text(contracts, encoding="utf-8")
    (tmp_path / "systems.yml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        done = call("check", "--fail-on", "violation", "--format", "json")
    assert done.code == 0, done.out
    assert {each["verdict"] for each in json.loads(done.out)["findings"]} == {"undetermined"}
