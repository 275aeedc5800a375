"""Writes changes as a patch to the manifests."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from privacy_rules.cli.report_output import print_exactly, print_lines
from privacy_rules.engine import Inputs
from privacy_rules.simulation import manifest_patch
from privacy_rules.simulation.change_set import Change
from privacy_rules.source.diagnostic import required
from privacy_rules.source.invisible_characters import visible_lines


def patch_of(inputs: Inputs, changes: Iterable[Change], heading: Iterable[str]) -> str:
    """The patch that makes the changes in the manifests, which were read with `keep`. Raises InputError if it cannot be made."""
    made = required(*manifest_patch.patch_of(inputs, changes, heading))
    if not made:
        print_lines("the manifests already say this: the patch is empty", error=True)
    return made


def print_patch(text: str) -> None:
    """Print a patch. `git apply` needs the manifests' text as it is; a terminal gets invisible characters as escapes."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    print_exactly(visible_lines(text) if on_terminal else text)
