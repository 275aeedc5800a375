"""Start the command `privacy-rules`: repeat the output of an unchanged check, or run the verb.

It imports nothing heavy until it is clear that the check must run.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run() -> NoReturn:
    """Run the process's own command line, and end the process with its exit code."""
    words = sys.argv[1:]
    if words[:1] == ["check"] and "--no-cache" not in words:
        from privacy_rules.cli.replay import replayed

        code = replayed(words)
        if code is not None:
            sys.exit(code)
    from privacy_rules.cli.main import run as run_verb

    run_verb()
