"""The patterns of a sparse checkout mean what git takes them for."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.history.sparse_checkout import SparseCheckout
from tests.builders import git, repository

FILES = ["top.yaml", "a/x.yaml", "a/b/x.yaml", "a/b/c/y.yaml", "d/x.yaml", "d/a/z.yaml", "e [1]/x.yaml", "e!/x.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "/*\n!/*/\n/a/\n",
        "/*\n!/*/\n/a/\n!/a/*/\n/a/b/\n",
        "/*\n!a\n",
        "a\n",
        "a/\n",
        "/a\n!b\n",
        "x.yaml\n",
        "*.yaml\n!/d/\n",
        "/a/**\n",
        "**/a\n",
        "a/**/y.yaml\n",
        "[de]*/\n",
        "[!d]/\n",
        "[^a]\n",
        "e\\ \\[1]\n",
        "\\#a\n#d\n/d/a\n",
        "\\!x\n/d\n",
        "?/x.yaml\n",
        "/*\n!/*/\n/e?\n/e \\[?\\]/\n",
        "[z-a]\n/d\n",
        "/\n!\n//\n/d/\n",
    ],
)
def test_what_is_left_out_is_what_git_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(repository(tmp_path / "one", dict.fromkeys(FILES, "")))
    git("config", "core.sparseCheckout", "true")
    Path(".git/info").mkdir(exist_ok=True)
    Path(".git/info/sparse-checkout").write_text(text, encoding="utf-8", newline="")
    git("read-tree", "-mu", "HEAD")
    checkout = SparseCheckout(text)
    assert {each for each in FILES if not checkout.leaves_out(each)} == {each for each in FILES if Path(each).exists()}
