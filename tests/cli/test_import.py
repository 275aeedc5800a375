"""`import`, and files from other tools in `check`, `--since` and `hook`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from privacy_rules.cli.affected_files import relevant
from privacy_rules.manifest.importing import suggested_map
from privacy_rules.manifest.importing.registry import FORMATS
from tests.builders import commit, edit, repository, write
from tests.cli.calling import Call, on_record
from tests.unit.manifest.importing.formats import fixture

POLICY = """\
policy p { title "p" }
use std.core
data { contact "how to reach a person" { email "e-mail address" phone } card "payment card" }
purpose { orders "deliver orders and services"  advertising }
rule no_marketer { forbid disclosure of contact to third_party }
rule stated { require purpose is orders on flow of contact }
"""
SYSTEMS = """\
system:
  - fides_key: shop
    administrating_department: Online
    egress:
      - {fides_key: leads, type: system, data_categories: [user.contact.email]}
  - fides_key: leads
"""
MAP = """\
map: 1
data: {user.contact: contact}
owners: {Online: acme}
systems: {leads: {party: broker}}
parties: {acme: {role: us}, broker: {role: data_broker}}
"""
FILES = {
    "p.privacy": POLICY,
    "fides/systems.yml": SYSTEMS,
    "fides.map.yaml": MAP,
    "privacy-rules.toml": 'policy = ["p.privacy"]\nmanifests = ["fides/*.yml"]\nmap = ["fides.map.yaml"]\n',
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return repository(tmp_path, FILES)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_manifest_of_each_format_is_on_record(
    name: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    original = fixture(name)
    write(original.name, original.read_bytes())
    done = call("import", name, original.name)
    assert done.code == 0
    on_record(f"import-{name}.txt", f"{done.out}----\n{done.err}")
    assert call("import", original.name).out == done.out
    write("p.privacy", POLICY)
    assert call("check", original.name, "--policy", "p.privacy", "--fail-on", "never").code == 0


def test_a_finding_points_into_the_original_file(project: Path, call: Call) -> None:
    done = call("check")
    assert done.code == 1
    assert "fides/systems.yml:5:9: violation[no_marketer]" in done.out
    assert json.loads(call("check", "--format", "json").out)["findings"][0]["location"]["line"] == 5


def test_the_map_may_be_an_option(project: Path, call: Call) -> None:
    (project / "privacy-rules.toml").unlink()
    without = call("check", "fides/systems.yml", "--policy", "p.privacy")
    assert without.code == 0
    assert "undetermined[no_marketer]" in without.out
    assert "warning[W330]" in without.err + without.out
    done = call("check", "fides/systems.yml", "--policy", "p.privacy", "--map", "fides.map.yaml")
    assert done.code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "old.privacy", "p.privacy", "--manifest", "fides/systems.yml"],
        ["explain", "no_marketer", "shop -> leads"],
        ["export", "csv", "-o", "tables"],
        ["graph"],
        ["impact", "system:leads"],
        ["register", "vendors"],
        ["rule", "no_marketer", "--format", "json"],
        ["what-if", "--remove", "system:leads"],
    ],
    ids=lambda words: words[0],
)
def test_each_verb_that_reads_manifests_takes_a_map(project: Path, call: Call, words: list[str]) -> None:
    write("old.privacy", POLICY.replace("contact to third_party", "card to third_party"))

    def done(*more: str) -> tuple[int, str, dict[str, str]]:
        made = call(*words, *more)
        return made.code, made.out + made.err, {each.name: each.read_text() for each in written.glob("*")}

    written = project / "tables"
    expected = done()
    edit("privacy-rules.toml", 'map = ["fides.map.yaml"]', "")
    without = done()
    assert without != expected
    assert done("--map", "fides.map.yaml") == expected


def test_only_what_is_new_since_a_commit_fails(project: Path, call: Call) -> None:
    assert call("check", "--since", "HEAD").code == 0
    edit("fides/systems.yml", "  - fides_key: leads\n", "  - {fides_key: leads}\n  - {fides_key: other}\n")
    assert call("check", "--since", "HEAD").code == 0
    edit("fides.map.yaml", "data_broker", "service_provider")
    commit(cwd=project)
    edit("fides.map.yaml", "service_provider", "data_broker")
    done = call("check", "--since", "HEAD")
    assert done.code == 1
    assert "violation[no_marketer]" in done.out


def test_the_hook_knows_files_that_a_pattern_of_the_configuration_means(project: Path, call: Call) -> None:
    write("other/systems.yml", SYSTEMS)
    assert relevant(["fides/systems.yml", "fides.map.yaml", "other/systems.yml"]) == [
        "fides/systems.yml",
        "fides.map.yaml",
    ]
    assert call("hook", "fides/systems.yml").code == 1


def test_an_imported_file_cannot_be_patched(project: Path, call: Call) -> None:
    done = call("what-if", "--remove", "flow:shop -> leads", "--patch", "-")
    assert done.code == 2
    assert "error[E340]" in done.err
    assert "it is a file from another tool" in done.err


def test_a_new_entity_goes_into_a_manifest_beside_imported_files(project: Path, call: Call) -> None:
    write("own.privacy.yaml", "manifest: 1\n")
    done = call("what-if", "fides/systems.yml", "own.privacy.yaml", "--add", "system:{id: box}", "--patch", "-")
    assert done.code == 0, done.err
    assert "own.privacy.yaml" in done.out


def test_a_first_map_has_each_word_with_its_count_and_the_nearest_term(project: Path, call: Call) -> None:
    (project / "privacy-rules.toml").unlink()
    used = "{data_categories: [user.contact.email, user.wallet], data_use: essential.service}"
    write("a.yml", f"system: [{{fides_key: a, privacy_declarations: [{used}]}}]\n")
    done = call("import", "a.yml", "--suggest-map", "--policy", "p.privacy", "-o", "map.yaml")
    assert (done.code, done.out) == (0, "")
    text = Path("map.yaml").read_text(encoding="utf-8")
    assert "  user.contact.email: email  # 1 time\n" in text
    assert "  user.wallet: null  # 1 time\n" in text
    assert "  a: {}\n" in text
    assert call("check", "a.yml", "--policy", "p.privacy", "--map", "map.yaml").code == 0
    assert (
        "not in a map"
        not in call("import", "a.yml", "--map", "fides.map.yaml", "--suggest-map", "--policy", "p.privacy").err
    )


def test_the_report_as_json_lists_what_is_lost_and_unmapped(project: Path, call: Call) -> None:
    found = json.loads(call("import", "fides/systems.yml", "--format", "json").out)
    assert found["counts"] == {"systems": 2, "flows": 1, "categories": 1, "lost": 0}
    edit("fides/systems.yml", "  - fides_key: leads\n", "  - {fides_key: leads, name: Leads}\n")
    found = json.loads(call("import", "fides/systems.yml", "--format", "json").out)
    assert found["lost"] == [{"path": "system[].name", "count": 1}]
    assert found["manifest"]["flows"][0]["carries"] == ["contact"]


def test_a_written_manifest_says_the_same_as_the_files(project: Path, call: Call) -> None:
    assert call("import", "fides/systems.yml", "-o", "written.yaml").code == 0
    done = call("check", "written.yaml")
    assert done.code == 1
    assert "written.yaml" in done.out
    assert "violation[no_marketer]" in done.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "no file is given"),
        (["csv", "fides/systems.yml"], "does not look like tables"),
        (["fides.map.yaml"], "is not in a known format"),
        (["gone.yml"], "cannot be read"),
        (["fides/systems.yml", "--map", "gone.yaml"], "`gone.yaml` cannot be read"),
    ],
)
def test_a_wrong_call_is_reported(project: Path, call: Call, words: list[str], told: str) -> None:
    done = call("import", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


CATALOGUE = """\
system:
  - fides_key: shop
    privacy_declarations:
      - data_categories: [user.contact]
        data_use: essential.service
        data_subjects: [customer]
    egress:
      - {fides_key: campaigns, type: system}
  # sends mail to those who bought something
  - fides_key: campaigns
    privacy_declarations:
      - data_categories: [user.contact]
        data_use: marketing.advertising
        data_subjects: [customer]
"""
MODEL = """\
threagile_version: 1.0.0
data_assets:
  Contact details: {id: contact-details}
technical_assets:
  Shop:
    id: shop
    data_assets_stored: [contact-details]
"""


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("systems.yml", CATALOGUE, "systems.yml:10:16: violation[stated_uses]: contact_details is used in campaigns"),
        ("model.yaml", MODEL, "model.yaml:6:9: undetermined[kept_safely]"),
    ],
)
def test_three_commands_lead_from_a_file_to_a_first_finding_in_it(
    name: str, text: str, finding: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(name, text)
    assert call("init", "--ci", "none").code == 0
    assert call("import", name, "--suggest-map", "-o", "a.map.yaml").code == 0
    fail_on = finding.partition(": ")[2].partition("[")[0]
    done = call("check", name, "--map", "a.map.yaml", "--fail-on", fail_on, "--quiet")
    assert done.code == 1
    assert finding in done.out


def test_words_beyond_the_comparisons_of_a_call_get_no_suggestion(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = write(tmp_path / "p.privacy", "use std.core\ndata { email phone }\nrule r { forbid flow of email }\n")
    categories = "[user.email, user.phone]"
    file = write(
        tmp_path / "a.yml", f"system: [{{fides_key: a, privacy_declarations: [{{data_categories: {categories}}}]}}]\n"
    )

    def drafted() -> list[str]:
        done = call("import", file, "--suggest-map", "--policy", policy)
        return [line.strip() for line in done.out.splitlines() if line.startswith("  user.")]

    assert drafted() == ["user.email: email  # 1 time", "user.phone: phone  # 1 time"]
    monkeypatch.setattr(suggested_map, "MOST_COMPARISONS", 2)  # one word with two terms
    left = "user.phone: null  # 1 time; not compared with the terms: there are too many words"
    assert drafted() == ["user.email: email  # 1 time", left]
    found = json.loads(call("import", file, "--suggest-map", "--policy", policy, "--format", "json").out)["map"]["data"]
    assert [found[each].get("compared") for each in ("user.email", "user.phone")] == [None, False]
