"""Builders that tests share: files, policies, estates, manifest data and git repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from privacy_rules.language.loader import load_text
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.manifest.model import Estate


def write(file: str | Path, content: str | bytes) -> Path:
    """Write a file exactly as given, and make the folders that it needs."""
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_all(folder: str | Path, files: Mapping[str, str]) -> Path:
    """Write several files into a folder; return the folder."""
    for name, text in files.items():
        write(Path(folder, name), text)
    return Path(folder)


def edit(file: str | Path, old: str, new: str) -> Path:
    """Replace a text wherever a file contains it, which has to be somewhere."""
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    return write(file, text.replace(old, new))


def policy_of(text: str, file: str = "policy.privacy") -> Policy:
    """Return the policy of a text without errors or warnings."""
    policy, found = load_text(text, file=file)
    assert policy is not None, f"{text}\n{found}"
    assert not found
    return policy


def estate_of(data: Mapping[str, Any], policy: Policy) -> Estate:
    """Return the estate of manifest data without errors or warnings."""
    estate, found = estate_from_data(data, policy)
    assert estate is not None, f"{data}\n{found}"
    assert not found
    return estate


def flow(name: str, source: str, target: str, carries: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """Return the manifest data of a flow."""
    declared = {"id": name, "from": source, "to": target, **more}
    return declared if carries is None else {**declared, "carries": carries}


def git(*words: str, cwd: Path | None = None, given: bytes | None = None) -> str:
    """Return what git prints when it has an identity and ignores the configuration of this machine."""
    configured = {
        "user.name": "A",
        "user.email": "a@example.org",
        "init.defaultBranch": "main",
        "protocol.file.allow": "always",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    options = [word for key, value in configured.items() for word in ("-c", f"{key}={value}")]
    done = subprocess.run(
        ["git", *options, *words], cwd=cwd, input=given, capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def commit(message: str = "change", cwd: Path | None = None) -> str:
    """Commit everything in the folder; return the id of the commit."""
    git("add", "--all", cwd=cwd)
    git("commit", "--quiet", "--allow-empty", "--message", message, cwd=cwd)
    return git("rev-parse", "HEAD", cwd=cwd)


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """Make a git repository with these files in one commit; return its folder."""
    write_all(folder, files)
    folder.mkdir(exist_ok=True)
    git("init", "--quiet", cwd=folder)
    commit("base", cwd=folder)
    return folder
