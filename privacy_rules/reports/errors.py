"""The errors of a run in which nothing was judged. Every format can show them, so that the report gives the reason."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.reports.repository_paths import AS_CALLED, RepositoryPaths
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import counted

_MOST = 100


@dataclass(frozen=True, slots=True)
class Errors:
    """All errors, the paths as in `View`, and the document that was asked for."""

    all: Sequence[Diagnostic]
    paths: RepositoryPaths = AS_CALLED
    document: str = "check"

    @property
    def listed(self) -> Sequence[Diagnostic]:
        """Those that are listed for a person to read."""
        return self.all[:_MOST]

    @property
    def headline(self) -> str:
        """What happened, in a few words."""
        return f"nothing was judged ({counted(len(self.all), 'error')})"

    @property
    def next_step(self) -> str:
        """What to do now."""
        return (
            "Fix what is listed here, and run the command again: nothing was judged, so there is nothing else to show."
        )

    @property
    def left_out(self) -> list[str]:
        """A line that counts the errors that are not listed, if there are any."""
        more = len(self.all) - _MOST
        return [f"{more:,} more errors are not listed."] if more > 0 else []
