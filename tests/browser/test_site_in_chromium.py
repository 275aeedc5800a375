"""The site of registers in a real browser: accessible in both themes and at two widths, and its links lead to the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.chromium import assert_accessible, launched
from tests.cli.calling import caller
from tests.cli.registers.given import MANIFEST, POLICY, PROSE


def test_the_site_can_be_read_by_everybody_and_leads_to_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("acme.privacy", POLICY), ("estate.yaml", MANIFEST), ("prose.md", PROSE)):
        write(name, text)
    assert caller(capfd)("site", "site", "--manifest", "estate.yaml", "--policy", "acme.privacy").code == 0
    with launched() as browser:
        for name in ("index", "processing", "vendors", "transfers", "data-map-email"):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto((tmp_path / "site" / f"{name}.html").as_uri())

            def fits(page=page) -> None:  # type: ignore[no-untyped-def]
                wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
                assert page.evaluate(wide)

            assert_accessible(page, fits)
            page.close()
        page = browser.new_page()
        page.goto((tmp_path / "site" / "vendors.html").as_uri())
        page.get_by_role("link", name="mailing", exact=True).click()
        line = MANIFEST[: MANIFEST.index("id: mailing")].count("\n") + 1
        assert page.url.endswith(f"#L{line}")
        assert "id: mailing" in page.locator(f"#L{line}").inner_text()
