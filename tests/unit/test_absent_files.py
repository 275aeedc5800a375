"""Help for files that do not exist."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.project_boundary import confined_to
from tests.builders import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name in ("shop.privacy", "estate.yaml", "estate.privacy.yaml", "teams/ads/privacy.yaml"):
        write(folder / name, "")
    write(tmp_path / "secret" / "accounts.yaml", "")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("shp.privacy", "shop.privacy"),
        ("Shop.privacy", "shop.privacy"),
        ("shop", "shop.privacy"),
        ("estate.yml", "estate.yaml"),
        ("team/ads/privacy.yaml", "teams/ads/privacy.yaml"),
        ("teams/ad/privacy.yaml", "teams/ads/privacy.yaml"),
        ("team/*/privacy.yaml", "teams/*/privacy.yaml"),
    ],
)
def test_the_nearest_name_that_exists_is_offered(project: Path, written: str, meant: str) -> None:
    assert help_for_absent(written) == f"did you mean `{meant}`?"
    assert help_for_absent(written, project) == f"did you mean `{meant}`?"


@pytest.mark.parametrize("written", ["customers.privacy", "teams/*/x.yaml", "team/other.yaml", "a\0b", "x" * 5000])
def test_nothing_is_offered_that_may_not_be_meant(project: Path, written: str) -> None:
    assert help_for_absent(written) is None


@pytest.mark.skipif(os.sep != "/", reason="here `\\` separates folders")
def test_a_backslash_is_not_a_sign_between_folders(project: Path) -> None:
    assert help_for_absent("teams\\*.yaml") == "write `/` between folders, on every system: `teams/*.yaml`"


def test_names_outside_the_project_are_not_offered(project: Path) -> None:
    assert help_for_absent("../secret/account.yaml") == "did you mean `../secret/accounts.yaml`?"
    assert help_for_absent("../secret/account.yaml", disk=confined_to([], project)) is None
