"""The HTML report in a real browser: our own script runs, and none that a name would bring."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from privacy_rules.reports.check.html import render
from privacy_rules.reports.registry import View
from tests.builders import write
from tests.chromium import FLAGS, chromium
from tests.cli.calling import caller
from tests.unit.findings.building import reported
from tests.unit.reports.hostile import RULES, estate, hostile, judgements

HOME = Path(__file__).parents[2] / "examples" / "iapmo"
TITLE = "document.title='pwned'"
ATTACKS = (
    f"<script>{TITLE}</script>",
    f'"><img src=x onerror="{TITLE}">',
    f"<svg onload={TITLE}>",
    f"</style></script><script>{TITLE}</script>",
    f"`<iframe srcdoc='<script>parent.{TITLE}</script>'></iframe>`",
)


def dom(folder: Path, html: str) -> str:
    """What the browser has made of a page once its script has run."""
    file = write(folder / "report.html", html)
    words = ["--headless=new", *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    command = [chromium(), *words, file.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, timeout=120, encoding="utf-8").stdout


def test_names_that_bear_scripts_do_not_run_and_ours_does(tmp_path: Path) -> None:
    report = hostile()
    attacked = tuple(
        replace(each, message=attack, owner=attack, hint=attack)
        for each, attack in zip(report.findings, ATTACKS, strict=True)
    )
    found = dom(tmp_path, render(report.only(attacked), View()))
    assert "<title>Privacy rules: " in found
    assert "pwned</title>" not in found
    for element in ("<img", "<svg", "<iframe"):
        assert element not in found
    assert '<html lang="en" class="ready">' in found
    assert f'<output id="told">{len(report.findings)} of {len(report.findings)} shown</output>' in found


def test_the_filter_is_there_where_all_findings_are_of_one_kind(tmp_path: Path) -> None:
    found = dom(tmp_path, render(reported(judgements()[0], estate=estate(), rules=RULES), View()))
    assert '<output id="told">1 of 1 shown</output>' in found


def test_the_example_opens_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HOME)
    done = caller(capfd)("check", "estate.yaml", "variants/hashed-audience.yaml", "--format", "html")
    found = dom(tmp_path, done.out)
    assert '<ol class="path" aria-label="path"><li><b>browser</b>' in found
    assert '<output id="told">1 of 1 shown</output>' in found
