"""Where the places of a document lead: to a line of a file beside it, on a page of a site, or at an address of a repository's host."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import relpath

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import is_shipped
from privacy_rules.source.span import Span


@dataclass(frozen=True, slots=True)
class Links:
    """How to link places.

    `template` is an address with `{file}` and `{line}`; without one, links are relative to `folder`, in which the document is.
    `pages` has the pages of a site that show files; with it, a file without a page has no link. Shipped files, and what came from
    standard input, have none.
    """

    template: str | None = None
    folder: str = ""
    pages: Mapping[str, str] | None = None

    def to(self, place: Span | None, anchor: str = "") -> str | None:
        """Return the address of a place, or of a named clause in its file; None if there is none."""
        from urllib.parse import quote

        if place is None or not place.file or place.file == "<stdin>" or is_shipped(place.file):
            return None
        if self.pages is not None:
            page = self.pages.get(place.file)
            return None if page is None else f"{quote(page)}#L{place.line}"
        if self.template is not None:
            file = quote(place.file.replace("\\", "/"), safe="/")
            return self.template.replace("{file}", file).replace("{line}", str(place.line))
        path = relpath(place.file, self.folder or ".").replace("\\", "/")
        return f"{quote(path, safe='/')}#{quote(anchor)}" if anchor else f"{quote(path, safe='/')}#L{place.line}"


LINKS = Links()
"""Links to files beside the document."""
