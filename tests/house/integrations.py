"""A scratch repository, and the files by which pre-commit, GitHub and GitLab run us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from privacy_rules.starter.detection import Ci
from privacy_rules.starter.plan import Layout, plan
from privacy_rules.starter.writing import write
from tests.builders import edit

ROOT = Path(__file__).parents[2]
ACTION_FILE, GITLAB_FILE = ROOT / "action.yml", ROOT / "ci" / "gitlab.yml"
ACTION: dict[str, Any] = yaml.safe_load(ACTION_FILE.read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
LOOSER = ("exchange is (sale, rental, barter)", "exchange is (sale, rental)")
"""An edit of the policy that `init` writes, which allows what was forbidden."""
needs_bash = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="runs shell scripts")


def assert_fits(schema: str, *files: Path) -> None:
    """Check that files fit the schema that a host publishes, in this process: the checker takes seconds to import."""
    from check_jsonschema import main

    done = CliRunner().invoke(main, ["--builtin-schema", f"vendor.{schema}", *map(str, files)])
    assert done.exit_code == 0, done.output


@dataclass(frozen=True)
class Done:
    code: int
    out: str


@dataclass(frozen=True)
class Project:
    """A scratch repository with what `init` writes committed, and `privacy-rules` on its PATH."""

    folder: Path
    aside: Path

    def run(self, *words: str, **environment: str) -> Done:
        known = {"PATH": f"{self.aside / 'bin'}:{os.environ['PATH']}", "HOME": str(self.aside)}
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**known, "PRE_COMMIT_HOME": str(self.aside / "pre-commit"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stdout
        return Done(done.returncode, done.stdout)

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
        done = self.run("git", *who, *words)
        assert done.code == 0, done.out
        return done.out.strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")
        return self.git("rev-parse", "HEAD")

    def replace(self, file: str, old: str, new: str) -> None:
        edit(self.folder / file, old, new)

    def sell(self) -> None:
        """The newsletter's list is sold: a violation in privacy.yaml."""
        self.replace(
            "privacy.yaml", "    carries: [name, email_address]\n", "    carries: [name]\n    exchange: sale\n"
        )

    def comment(self) -> None:
        """A change that breaks nothing."""
        self.replace("privacy.yaml", "manifest: 1\n", "manifest: 1    # the format's version\n")


def scratch(folder: Path, ci: Ci = "none", layout: Layout = "single") -> Project:
    """A scratch repository below the folder. Its `python` is the one that runs the tests, and fetches nothing."""
    here = Project(folder / "project", folder / "aside")
    write(plan(here.folder, "Acme", ci, layout))
    shims = {"python": '"$@"', "privacy-rules": '-m privacy_rules "$@"'}
    for name, words in shims.items():
        shim = here.aside / "bin" / name
        shim.parent.mkdir(parents=True, exist_ok=True)
        shim.write_text(f'#!/bin/sh\nPIP_NO_INDEX=1 PYTHONPATH="{ROOT}" exec "{sys.executable}" {words}\n')
        shim.chmod(0o755)
    here.git("init", "--quiet", "--initial-branch=main")
    here.git("commit", "--quiet", "--allow-empty", "--message", "before the check")
    here.commit()
    return here
