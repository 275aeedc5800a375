"""`explore`: what it tells before it serves. The server and the page have tests of their own, in `tests/web`."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "h11"])
def test_without_the_extra_it_says_how_to_install_it(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [each for each in sys.modules if each.startswith(("privacy_rules.web", missing))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.applications", None)
    done = call("explore", "estate.yaml", "--no-browser")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[E320]: the explorer needs the extra `web`\n")
    assert "help: install it: `pip install 'privacy-rules[web]'`" in done.err


def test_a_port_that_is_taken_is_reported(shop: Path, call: Call) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = call("explore", "estate.yaml", "--no-browser", "--port", str(port))
    assert (done.code, done.out) == (2, "")
    assert f"cannot use port {port}: address already in use" in done.err


def test_what_is_wrong_with_the_manifest_is_reported_before_anything_is_served(shop: Path, call: Call) -> None:
    write("estate.yaml", "manifest: 1\npolicy: [shop.privacy]\nflows: [{id: a, from: nowhere, to: crm}]\n")
    done = call("explore", "estate.yaml", "--no-browser")
    assert (done.code, done.out) == (2, "")
    assert "error[E205]" in done.err


def test_the_other_verbs_load_nothing_of_the_web(shop: Path) -> None:
    import subprocess

    script = "import sys; from privacy_rules.cli.main import run\ntry: run(['check', 'estate.yaml'])\nfinally: print([m for m in ('starlette', 'uvicorn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=shop)
    assert done.stdout.endswith("[]\n"), done.stderr
