"""Whatever file has merge-conflict markers, of git or of jj, the error says so and names the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.history.repositories import POLICY, manifest

CONFLICTS = {
    "git": "<<<<<<< HEAD\n{0}=======\n{1}>>>>>>> main\n",
    "jj": "<<<<<<< conflict 1 of 1\n%%%%%%% diff\n-{0}+{1}+++++++ side\n{0}>>>>>>> conflict 1 of 1 ends\n",
    "jj without its first line": "%%%%%%% diff\n-{0}+{1}+++++++ side\n{0}>>>>>>> conflict 1 of 1 ends\n",
}
FILES = {
    "privacy.yaml": (manifest("old"), 'name: "a"\n', 'name: "b"\n', "E201"),
    "privacy.json": ('{"manifest": 1,\n', '"name": "a"}\n', '"name": "b"}\n', "E201"),
    "policy.privacy": (POLICY, "data { phone }\n", "data { mobile_phone }\n", "E101"),
    "privacy-rules.toml": ('policy = ["policy.privacy"]\n', 'as-of = "2026-01-01"\n', 'as-of = "2026-01-02"\n', "E305"),
    "cases.yaml": ("tests: 1\npolicy: policy.privacy\n", "cases: []\n", "cases: {}\n", "E2"),
}


@pytest.mark.parametrize("tool", CONFLICTS)
@pytest.mark.parametrize("name", FILES)
def test_conflict_markers_are_named(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, name: str, tool: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write("policy.privacy", POLICY)
    before, ours, theirs, code = FILES[name]
    write(name, before + CONFLICTS[tool].format(ours, theirs))
    if name == "cases.yaml":
        done = call("test", name)
    else:
        if not name.endswith(("yaml", "json")):
            write("privacy.yaml", manifest("old"))
        done = call("check", "--policy", "policy.privacy", name if name.endswith("json") else "privacy.yaml")
    assert done.code == 2
    first = done.err.splitlines()[0]
    assert first.startswith(f"{name}:{before.count(chr(10)) + 1}:1: error[{code}"), done.err
    assert first.endswith("the file has merge-conflict markers")
    assert "help: keep one side of each conflict" in done.err
