"""Writes a change as a patch to the manifests: to a file, or to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from privacy_rules.cli.inputs import STDIN as STDOUT
from privacy_rules.cli.output import tell, write_file
from privacy_rules.cli.rewriting import print_exactly
from privacy_rules.engine import Inputs
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.invisible import visible_lines
from privacy_rules.whatif.changes import Change
from privacy_rules.whatif.overlay import apply
from privacy_rules.whatif.patching import patched


def write_patch(file: str, inputs: Inputs, changes: Iterable[Change], heading: Iterable[str]) -> None:
    """The patch that makes the changes on what was read (and kept). Raises InputError where there can be none.

    `git apply` needs the manifests' text as it is; a terminal gets what is not seen as escapes.
    """
    outcome, wrong = apply(inputs.estate, inputs.policy, changes)
    if outcome is None:
        raise InputError(wrong)
    assert inputs.documents is not None
    made, wrong = patched(inputs.documents, inputs.policy, inputs.estate, outcome.estate)
    if made is None:
        raise InputError(wrong)
    if not made.files:
        tell("the manifests say so already: the patch is empty", error=True)
    text = made.text(dict.fromkeys([*heading, *(f"with it goes {each}" for each in outcome.went)]))
    if file == STDOUT:
        print_exactly(visible_lines(text) if sys.stdout is not None and sys.stdout.isatty() else text)
    else:
        write_file(Path(file), text)
