"""The kinds of moves of a repair, and other keys of costs, without the code that searches for a repair."""

from __future__ import annotations

from enum import StrEnum

KNOCK_ON = "knock-on"
"""An additional cost for each flow that still carries data that no longer arrives."""


class MoveKind(StrEnum):
    """What a move does; costs go by it, and `--allow` and `--forbid` name it."""

    EXTEND = "extend-contract"
    MEASURE = "measure"
    DROP_DATA = "drop-data"
    DROP_PURPOSE = "drop-purpose"
    KEEP_APART = "keep-apart"
    STOP_STORING = "stop-storing"
    SIGN = "sign-contract"
    CONNECT = "connect"
    ANONYMISE = "anonymise"
    CUT = "cut-flow"
    RELOCATE = "relocate"
