"""`python -m privacy_rules` is the command `privacy-rules`."""

from __future__ import annotations

from privacy_rules.cli.start import run

if __name__ == "__main__":
    run()
