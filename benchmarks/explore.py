"""How long the explorer takes to open, and to show what the removal of a flow changes, in a real browser.

    python benchmarks/explore.py 120 500 2000

A line for each number of systems of the retailer's estate: the median seconds of `--runs` runs. `--code FOLDER` measures another
checkout, so that two versions can be measured in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from retailer import estate  # type: ignore[import-not-found]

HERE = Path(__file__).parent
RUN = "from privacy_rules.cli.main import run; run()"
REMOVE = ("Remove this flow", "Cut this flow")  # the button, and how it was called before


def measured(browser: Browser, address: str, flow: str) -> tuple[float, float]:
    """The seconds until the page is drawn, and from the removal of a flow until its effect is shown."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    began = time.monotonic()
    page.goto(address)
    page.wait_for_selector("html.drawn", timeout=120_000)
    load = time.monotonic() - began
    page.click("#tab-estate")
    page.fill('[data-key="filter words"]', flow)
    page.click(f'[data-key="flow {flow}"]')
    page.wait_for_timeout(1500)
    button = page.locator(", ".join(f"button:has-text('{each}')" for each in REMOVE))
    button.wait_for()
    began = time.monotonic()
    button.click()
    page.wait_for_selector('#undo[aria-disabled="false"]', timeout=120_000)
    page.wait_for_selector("html:not(.busy)", timeout=120_000)
    cut = time.monotonic() - began
    page.close()
    return load, cut


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", type=int, nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--code", type=Path, default=HERE.parent)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chosen.chromium, args=["--no-sandbox", "--disable-gpu"])
        for count in chosen.systems:
            made = estate(count)
            file = Path(folder) / f"{count}.privacy.json"
            file.write_text(json.dumps(made), "utf-8")
            words = ["explore", str(file), "--policy", str(HERE / "retailer.privacy"), "--no-browser", "--port", "0"]
            server = subprocess.Popen(
                [sys.executable, "-c", RUN, *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(chosen.code)},
            )
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            found = [measured(browser, address, made["flows"][7 + 31 * run]["id"]) for run in range(chosen.runs)]
            load, cut = (statistics.median(each) for each in zip(*found, strict=True))
            print(f"{count:6,} systems: load {load:.2f} s, cut {cut:.2f} s", flush=True)
            server.send_signal(signal.SIGINT)
            server.wait()
        browser.close()


if __name__ == "__main__":
    main()
