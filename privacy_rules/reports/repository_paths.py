"""The names of a check's files in their repository, for tools that show results beside the files there.

RepositoryPaths("services/shop").of("estate.yaml") == "services/shop/estate.yaml"
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from privacy_rules.source.fast_dataclasses import dataclass

_ABSOLUTE = re.compile(r"/|[A-Za-z]:/|<")  # `<`: standard input, which is not a file


@dataclass(frozen=True, slots=True)
class RepositoryPaths:
    """`folder` is where the check runs, relative to the top of the repository; it is empty at the top.

    `real` gives a file's name without links, if its name leads through a link: the repository knows the file only by
    that name. Both names are relative to `folder`.
    """

    folder: str = ""
    real: Callable[[str], str] = str

    def of(self, file: str) -> str:
        """The name of a file relative to the top, given its name in reports for people."""
        if _ABSOLUTE.match(file) or self.are_as_called:
            return file
        file = self.real(file)
        if not self.folder:
            return file
        return posixpath.normpath(posixpath.join(self.folder, file))

    @property
    def are_as_called(self) -> bool:
        """Whether every file has the same name in both."""
        return not self.folder and self.real is str


AS_CALLED = RepositoryPaths()
