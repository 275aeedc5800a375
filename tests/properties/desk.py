"""The command line on a shop of files, and inputs that tests on hostile bytes begin with."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from privacy_rules.cli.main import run
from tests.builders import write

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "iapmo"
SHOP = ROOT / "tests" / "cli" / "shop"
TESTS = b"""tests: 1
policy: shop/shop.privacy
manifest: [shop/estate.yaml, {systems: {spare: {party: shop}}}]
mode: includes
as_of: 2026-11-01
cases:
  - name: a sale
    changes:
      - set: {flow: leads, exchange: sale, unset: [owner]}
      - add: {flow: {id: more, from: crm, to: leads, carries: [name]}}
      - remove: {contract: packing}
    expect:
      - {rule: no_selling, subject: leads, verdict: violation, judged: [{data: email, purpose: orders}], waived: no}
      - {rule: not_combined, subject: {kind: joining, id: crm}, verdict: violation, judged: [{pair: [card, email]}]}
"""
NO_FINDINGS = TESTS.replace(b"shop/", b"").partition(b"    changes")[0] + b"    expect: []\n"
"""Tests beside the shop, of which one expects that nothing is found."""
LISTED = b"survivors: 1\nmutants:\n  - {mutant: 'no_selling: gone', reason: it is so}\n"
HEAD = """
use std.core
data { contact { name email } card }
purpose { orders newsletter }
attribute odd on flow, system: one of exchange default none
"""
"""What random rules may use."""


class Desk:
    """A folder with one policy and one estate, and the command line on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(SHOP, folder, dirs_exist_ok=True)

    def call(self, *words: str) -> int:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            run(words)
        told = ""
        for stream in (out, err):
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            told += stream.buffer.getvalue().decode("utf-8", "replace")
        assert "Traceback" not in told, told
        code = ended.value.code
        assert code in (0, 1, 2), told
        return int(code or 0)

    def write(self, name: str, content: bytes | str) -> str:
        file = self.folder / name
        write(file, content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return str(file)

    def lint(self, content: bytes | str) -> int:
        file = self.write("any.privacy", content)
        code = self.call("lint", file)
        before = (self.folder / "any.privacy").read_bytes()
        assert self.call("lint", file, "--fix", "--fail-severity", "never") == (2 if code == 2 else 0)
        assert code != 2 or (self.folder / "any.privacy").read_bytes() == before
        return code

    def check_policy(self, content: bytes | str) -> int:
        policy = self.write("any.privacy", content)
        return self.call("check", str(self.folder / "estate.yaml"), "--policy", policy)

    def check_manifest(self, content: bytes | str, kind: str = "yaml") -> int:
        manifest = self.write(f"any.{kind}", content)
        return self.call("check", manifest, "--policy", str(self.folder / "shop.privacy"))
