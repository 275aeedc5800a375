"""The fixtures of the formats, and what an import makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.file_set import Documents
from privacy_rules.manifest.importing.registry import FORMATS
from privacy_rules.manifest.importing.result import Result, import_files
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.loader import read
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.file_system import LIMIT
from tests.builders import policy_of

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples"
"""Real files from other tools. They are not part of the repository: tests that read them are skipped where they are absent."""

POLICY = policy_of(
    """
    policy p { title "p" }
    use std.core
    data { contact "how to reach a person" { email "e-mail address" phone name } card "payment card" cookie traffic }
    purpose { orders newsletter advertising }
    rule no_marketer { forbid disclosure of contact to third_party }
    """
)


def fixture(name: str) -> Path:
    """The fixture of a format."""
    found = sorted(FIXTURES.glob(f"{name}.*"))
    assert len(found) == 1, f"the format {name} needs one fixture"
    return found[0]


def imported(*files: Path, maps: tuple[Path, ...] = (), policy: Policy | None = None) -> Result:
    """What an import makes of files without errors."""
    result, found = import_files(files, maps=maps, lexicon=Lexicon(policy) if policy else None, limit=LIMIT)
    assert result is not None, found
    return result


def manifest(*files: Path, **more: Any) -> dict[str, Any]:
    """The sections of the manifest, with lists of flows by id."""
    found = dict(imported(*files, **more).manifest)
    return {**found, "flows": {each["id"]: each for each in found.get("flows", [])}}


def errors(*files: Path) -> list[Diagnostic]:
    """The errors that an import reports, of which there is at least one."""
    result, found = import_files(files, limit=LIMIT)
    assert result is None
    assert found
    return list(found)


def read_with(*files: Path, maps: tuple[Path, ...] = ()) -> Documents:
    """Files and maps as a check reads them."""
    documents, found = read(files, maps=maps)
    assert documents is not None
    assert not found
    return documents


__all__ = ["FIXTURES", "FORMATS", "POLICY", "SAMPLES", "errors", "fixture", "imported", "manifest", "read_with"]
