"""The prose of a policy: which files it is in, and what may be read of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.language.loader import load
from privacy_rules.language.policy import Policy
from privacy_rules.source.file_system import DISK, POLICY_LIMIT, FileSystem
from privacy_rules.source.project_boundary import Confined
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose_loader import Prose, clauses_of, prose_of

RULE = 'rule r { title "R" forbid flow }'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "shop").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def policy(*texts: str) -> Policy:
    """A policy of several files in the folder `shop`, each with its prose."""
    files = [Path("shop") / f"{number}.privacy" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(f'policy p{file.stem} {{ text "{text}" }}\n', encoding="utf-8")
    with files[0].open("a", encoding="utf-8") as first:
        first.write(RULE)
    found, wrong = load(files)
    assert found, wrong
    return found


def only(found: Policy, disk: FileSystem = DISK, texts: dict[Path, str] | None = None) -> Prose:
    (prose,) = prose_of(found, disk, texts)
    return prose


def test_prose_is_beside_the_policy_that_names_it(project: Path) -> None:
    (project / "shop" / "ours.md").write_text("\ufeff# Shop\n\n## Selling\n\nWe sell nothing.\n", encoding="utf-8")
    prose = only(policy("ours.md"))
    assert [(each.id, each.file, each.line) for each in prose.clauses] == [("Selling", "shop/ours.md", 3)]
    (at,) = prose.named_at
    assert (at.file, at.line, at.column) == ("shop/0.privacy", 1, 18)


def test_two_headers_that_name_one_file_name_it_once(project: Path) -> None:
    (project / "shop" / "ours.md").write_text("# Selling\n\nWe sell nothing.\n", encoding="utf-8")
    prose = only(policy("ours.md", "ours.md"))
    assert [each.file for each in prose.named_at] == ["shop/0.privacy", "shop/1.privacy"]


def test_clauses_of_one_name_in_two_files_have_ids_of_their_own(project: Path) -> None:
    for name in ("a.md", "b.md"):
        (project / "shop" / name).write_text("# Selling\n\nWe sell nothing.\n", encoding="utf-8")
    found = ClauseIndex(clauses_of(prose_of(policy("a.md", "b.md"), DISK))).meant("Selling")
    assert [each.id for each in found] == ["Selling", "Selling (b.md)"]


def test_prose_outside_the_project_is_not_read(project: Path) -> None:
    (project.parent / "secret.md").write_text("# Secret\n\nWords.\n", encoding="utf-8")
    prose = only(policy("../../secret.md"), Confined(DISK, [project]))
    assert prose.clauses == ()
    assert "leads out of the project" in prose.reason


def test_prose_is_read_up_to_the_limit_of_a_policy(project: Path) -> None:
    with (project / "shop" / "long.md").open("wb") as file:
        file.truncate(POLICY_LIMIT + 1)
    assert "larger than the limit" in only(policy("long.md")).reason


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "no such file or directory"), (b"\xe9\n", "it is not UTF-8"), (b"# P\n", "")]
)
def test_a_reason_says_why_prose_cannot_be_read(project: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (project / "shop" / "ours.md").write_bytes(content)
    assert only(policy("ours.md")).reason == reason


@pytest.mark.usefixtures("project")
def test_an_impossible_name_is_not_taken_for_a_wrong_encoding() -> None:
    reason = only(policy("a\0b.md")).reason
    assert reason
    assert "UTF-8" not in reason


def test_an_open_document_replaces_the_file_on_disk(project: Path) -> None:
    (project / "shop" / "ours.md").write_text("# Before\n\nWe sell nothing.\n", encoding="utf-8")
    texts = {(project / "shop" / "ours.md").resolve(): "# After\n\nWe sell it.\n"}
    assert [each.id for each in only(policy("ours.md"), DISK, texts).clauses] == ["After"]
