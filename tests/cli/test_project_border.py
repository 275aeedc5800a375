"""What the files of a repository name may not lead out of it; what the call names may."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.builders import git, write
from tests.cli.calling import Call

POLICY = """use std.core
data { email_address }
rule no_selling { cites "#sold" forbid flow when exchange is sale }
"""
MANIFEST = """manifest: 1
parties: {broker: {role: data_broker}}
systems: {crm: {}, lists: {party: broker}}
flows: [{id: old, from: crm, to: lists, carries: [email_address], exchange: sale}]
"""
TESTS = """tests: 1
as_of: 2026-11-01
policy: policy.privacy
manifest: privacy.yaml
cases: [{name: sold, mode: includes, expect: [{rule: no_selling, subject: old, verdict: violation}]}]
"""
CONFIGURATION = 'policy = ["policy.privacy"]\nmanifests = ["privacy.yaml"]\n'
SECRET = "the secret line"
OUT = "leads out of the project"


@pytest.fixture(params=["in a git repository", "without git"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project beside a folder `outside`, in which nothing may be read or written."""
    folder, outside = tmp_path / "project", tmp_path / "outside"
    for name in ("secret.txt", "secret.privacy", "secret.yaml", "secret.json"):
        write(outside / name, f"{SECRET}\n")
    for name, text in {
        "policy.privacy": POLICY,
        "privacy.yaml": MANIFEST,
        "shop.tests.yaml": TESTS,
        "privacy-rules.toml": CONFIGURATION,
    }.items():
        write(folder / name, text)
    if request.param == "in a git repository":
        git("init", "--quiet", cwd=folder)
    monkeypatch.chdir(folder)
    return folder


def configure(text: str) -> None:
    write("privacy-rules.toml", text)


def refused(call: Call, *words: str) -> None:
    done = call(*words)
    assert done.code == 2, done.out
    assert OUT in done.err
    assert SECRET not in done.out + done.err


def is_untouched(folder: Path) -> bool:
    files = sorted((folder.parent / "outside").iterdir())
    return [each.name for each in files] == ["secret.json", "secret.privacy", "secret.txt", "secret.yaml"] and all(
        each.read_text() == f"{SECRET}\n" for each in files
    )


@pytest.mark.parametrize("target", ["../outside/secret.yaml", "../outside/*.yaml"])
def test_configured_manifests(project: Path, call: Call, target: str) -> None:
    configure(CONFIGURATION.replace("privacy.yaml", target))
    refused(call, "check")


def test_a_configured_manifest_outside_is_blamed_on_the_configuration(project: Path, call: Call) -> None:
    configure(CONFIGURATION.replace("privacy.yaml", "../outside/secret.yaml"))
    assert "privacy-rules.toml:2:15: error[E201]" in call("check").err


@pytest.mark.parametrize("name", ["privacy.yaml", "policy.privacy"])
def test_links_among_the_files(project: Path, call: Call, name: str) -> None:
    Path(name).unlink()
    Path(name).symlink_to(project.parent / "outside" / ("secret.yaml" if name == "privacy.yaml" else "secret.txt"))
    refused(call, "check")


@pytest.mark.parametrize("verb", ["check", "lint", "fmt", "baseline", "test"])
def test_a_configuration_that_is_a_link(project: Path, call: Call, verb: str) -> None:
    Path("privacy-rules.toml").unlink()
    Path("privacy-rules.toml").symlink_to("../outside/secret.txt")
    refused(call, verb)


def test_a_project_file_that_is_a_link(project: Path, call: Call) -> None:
    Path("privacy-rules.toml").unlink()
    other = write(project.parent / "other.toml", '[tool.other]\nname = "other"\n')
    Path("pyproject.toml").symlink_to("../other.toml")
    assert call("check", "privacy.yaml", "--policy", "policy.privacy").code == 1, "it has nothing of ours"
    write(other, f"[tool.privacy-rules]\n{SECRET}\n")
    refused(call, "check")


def test_a_link_in_a_folder_that_the_call_names(project: Path, call: Call) -> None:
    Path("linked.privacy.yaml").symlink_to("../outside/secret.yaml")
    refused(call, "check", ".")


def test_a_policy_that_a_manifest_names(project: Path, call: Call) -> None:
    configure("")
    write("privacy.yaml", MANIFEST.replace("parties", "policy: [../outside/secret.privacy]\nparties"))
    refused(call, "check", "privacy.yaml")


@pytest.mark.parametrize("words", [["check"], ["import", "privacy.yaml"], ["drift", "--observed", "seen.csv"]])
def test_a_configured_map_may_not_be_outside_unless_the_call_names_it(
    project: Path, call: Call, words: list[str]
) -> None:
    write("seen.csv", "source,destination\ncrm,lists\n")
    write("privacy.yaml", "system: [{fides_key: shop}]\n")
    configure(CONFIGURATION + 'map = ["../outside/secret.yaml"]\n')
    refused(call, *words)
    configure(CONFIGURATION)
    write("../outside/secret.yaml", "map: 1\n")
    assert call(*words, "--map", "../outside/secret.yaml").code == 0


def test_a_configured_policy_may_be_elsewhere_and_no_line_of_it_is_shown(project: Path, call: Call) -> None:
    shared = write(project.parent / "outside" / "shared.privacy", POLICY)
    configure(CONFIGURATION.replace("policy.privacy", "../outside/shared.privacy"))
    assert call("check").code == 1
    write(shared, f"{POLICY}\n{SECRET} {{")
    for words in (["check"], ["lint"], ["docs"], ["rule", "no_selling"], ["trace"]):
        done = call(*words)
        assert (done.code, SECRET in done.err) == (2, False), done.err
    configure(CONFIGURATION.replace("policy.privacy", "../outside/secret.txt"))
    refused(call, "check")


def test_the_prose_of_a_policy(project: Path, call: Call) -> None:
    write("policy.privacy", 'policy shop { text "../outside/secret.txt" }\n' + POLICY)
    refused(call, "trace")
    done = call("lint")
    assert OUT in done.out
    assert SECRET not in done.out
    Path("prose.md").symlink_to("../outside/secret.txt")
    write("policy.privacy", 'policy shop { text "prose.md" }\n' + POLICY)
    refused(call, "trace")


def test_prose_that_the_call_names_may_be_anywhere(project: Path, call: Call) -> None:
    write(project.parent / "outside" / "prose.md", "# Sold {#sold}\n\nWe never sell it.\n")
    assert call("trace", "--text", "../outside/prose.md").code == 0


def test_the_lock_of_a_trace(project: Path, call: Call) -> None:
    write("prose.md", "# Sold {#sold}\n\nWe never sell it.\n")
    write("policy.privacy", 'policy shop { text "prose.md" }\n' + POLICY)
    assert call("trace", "--accept").code == 0
    lock = Path("privacy-trace.json")
    lock.unlink()
    lock.symlink_to("../outside/secret.json")
    refused(call, "trace", "--accept")
    assert is_untouched(project)


def test_what_tests_name(project: Path, call: Call) -> None:
    for key, name in (
        ("policy: policy.privacy", "policy: ../outside/secret.privacy"),
        ("privacy.yaml", "../outside/secret.yaml"),
    ):
        write("shop.tests.yaml", TESTS.replace(key, name))
        refused(call, "test")


@pytest.mark.parametrize("verb", [["check"], ["baseline"], ["baseline", "--prune"]])
def test_a_configured_baseline(project: Path, call: Call, verb: list[str]) -> None:
    configure(f'{CONFIGURATION}baseline = "../outside/secret.json"\n')
    refused(call, *verb)
    Path("link.json").symlink_to("../outside/new.json")
    configure(f'{CONFIGURATION}baseline = "link.json"\n')
    refused(call, *verb)
    assert is_untouched(project)


def test_the_usual_baseline_as_a_link(project: Path, call: Call) -> None:
    Path("privacy-baseline.json").symlink_to("../outside/new.json")
    refused(call, "baseline")
    assert is_untouched(project)


@pytest.mark.parametrize("file", ["../outside/new.json", "link.json", "linked/new.json"])
def test_reports_that_the_configuration_asks_for(project: Path, call: Call, file: str) -> None:
    Path("link.json").symlink_to("../outside/new.json")
    Path("linked").symlink_to("../outside")
    configure(f'{CONFIGURATION}format = ["json={file}"]\n')
    refused(call, "check")
    assert is_untouched(project)
    assert call("check", "--format", f"json={project.parent}/asked.json").code == 1


@pytest.mark.parametrize("verb", [["fmt"], ["lint", "--fix"], ["fmt", "--check"]])
@pytest.mark.parametrize("named", [[], ["."]])
def test_policies_that_are_rewritten(project: Path, call: Call, verb: list[str], named: list[str]) -> None:
    Path("policy.privacy").unlink()
    Path("policy.privacy").symlink_to("../outside/secret.privacy")
    refused(call, *verb, *named)
    assert is_untouched(project)


@pytest.mark.parametrize("name", ["pyproject.toml", ".github", "privacy"])
def test_what_init_writes(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    outside = tmp_path / "outside"
    write(outside / "pyproject.toml", "[project]\nname = 'x'\n")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / name).symlink_to(outside / "pyproject.toml" if name == "pyproject.toml" else outside)
    monkeypatch.chdir(folder)
    refused(call, "init", "--ci", "github")
    assert [each.name for each in outside.iterdir()] == ["pyproject.toml"]
    assert "privacy-rules" not in (outside / "pyproject.toml").read_text()


def test_what_the_call_names_may_be_anywhere(project: Path, call: Call) -> None:
    outside = project.parent / "elsewhere"
    write(outside / "privacy.yaml", MANIFEST.replace("parties", "policy: [policy.privacy]\nparties"))
    write(outside / "policy.privacy", POLICY)
    for target in ("../elsewhere/privacy.yaml", "../elsewhere", str(outside), "../elsewhere/*.yaml"):
        done = call("check", target, "--format", "json")
        assert [each["subject"]["id"] for each in json.loads(done.out)["findings"]] == ["old"]
    assert call("fmt", "../elsewhere/policy.privacy").code == 0


@pytest.fixture
def hidden(project: Path) -> Path:
    """A `.git` folder in the project, with files that nothing may read."""
    folder = project / ".git"
    for name in ("inside.yaml", "inside.privacy", "inside.json", "inside.md"):
        write(folder / name, f"{SECRET}\n")
    return folder


def test_a_git_folder_is_outside_for_what_manifests_name(project: Path, hidden: Path, call: Call) -> None:
    write("privacy.yaml", MANIFEST.replace("parties", 'include: [".git/inside.yaml"]\nparties'))
    refused(call, "check")
    configure("")
    write("privacy.yaml", MANIFEST.replace("parties", "policy: [.git/inside.privacy]\nparties"))
    refused(call, "check", "privacy.yaml")


@pytest.mark.parametrize("name", [".git/inside.yaml", ".git/*.yaml", ".git"])
def test_a_git_folder_is_outside_for_configured_manifests(project: Path, hidden: Path, call: Call, name: str) -> None:
    configure(CONFIGURATION.replace("privacy.yaml", name))
    done = call("check")
    assert (done.code, SECRET in done.out + done.err) == (2, False)


def test_a_git_folder_is_outside_for_prose_baselines_and_reports(project: Path, hidden: Path, call: Call) -> None:
    before = sorted(each.name for each in hidden.iterdir())
    write("policy.privacy", 'policy shop { text ".git/inside.md" }\n' + POLICY)
    refused(call, "trace")
    write("policy.privacy", POLICY)
    configure(f'{CONFIGURATION}baseline = ".git/inside.json"\n')
    for verb in (["check"], ["baseline"], ["baseline", "--prune"]):
        refused(call, *verb)
    configure(f'{CONFIGURATION}format = ["json=.git/hooks/pre-commit"]\n')
    refused(call, "check")
    assert sorted(each.name for each in hidden.iterdir()) == before
    assert (hidden / "inside.json").read_text() == f"{SECRET}\n"


@pytest.mark.parametrize("name", ["privacy.yaml", "policy.privacy"])
def test_a_link_into_a_git_folder_leads_outside(project: Path, hidden: Path, call: Call, name: str) -> None:
    Path(name).unlink()
    Path(name).symlink_to(hidden / f"inside{Path(name).suffix}")
    refused(call, "check")
    if name == "policy.privacy":
        refused(call, "fmt")
        assert (hidden / "inside.privacy").read_text() == f"{SECRET}\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
@pytest.mark.parametrize("configured", [True, False])
def test_a_report_does_not_go_to_a_named_pipe_that_nobody_reads(project: Path, call: Call, configured: bool) -> None:
    os.mkfifo("pipe")
    configure(CONFIGURATION + ('format = ["json=pipe"]\n' if configured else ""))
    done = call("check", *([] if configured else ["--format", "json=pipe"]))
    assert (done.code, "error[E303]" in done.err, "pipe` cannot be written" in done.err) == (2, True, True), done.err


def test_a_read_only_report_is_not_replaced(project: Path, call: Call) -> None:
    write("kept", "mine\n")
    Path("kept").chmod(0o444)
    done = call("check", "--format", "json=kept")
    assert (done.code, "`kept` cannot be written: it is read-only" in done.err) == (2, True), done.err
    assert Path("kept").read_text() == "mine\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("privacy.yaml", ["check"]),
        ("policy.privacy", ["check"]),
        ("policy.privacy", ["fmt"]),
        ("policy.privacy", ["lint"]),
        ("policy.privacy", ["trace"]),
        ("privacy-rules.toml", ["check"]),
        ("shop.tests.yaml", ["test"]),
        ("baseline.json", ["check", "--baseline", "baseline.json"]),
        ("changes.yaml", ["what-if", "--changes", "changes.yaml"]),
        ("prose.md", ["trace", "--text", "prose.md"]),
        ("survivors.yaml", ["test", "--survivors", "survivors.yaml"]),
    ],
)
def test_a_named_pipe_is_refused_and_never_waited_for(project: Path, call: Call, name: str, words: list[str]) -> None:
    Path(name).unlink(missing_ok=True)
    os.mkfifo(name)
    done = call(*words)
    assert (done.code, "it is a pipe, a device or a socket, not a file" in done.err) == (2, True), done.err


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
def test_a_named_pipe_beside_the_configuration_is_not_read(project: Path, call: Call) -> None:
    os.mkfifo("pyproject.toml")
    assert call("check", "--show-config").code == 0
