"""The documents that verbs report, and the formats of each: one module for each pair, loaded when it is asked for.

A new format is a module `privacy_rules/reports/DOCUMENT/FORMAT.py` with a function `render`, and its name here. It may have a function
`errors` for a run in which nothing was judged; by default that of `check` is used, if `check` has a format of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from privacy_rules.findings.threshold import USUAL, Threshold
from privacy_rules.reports.markup.links import LINKS, Links
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.repository_paths import AS_CALLED, RepositoryPaths
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import python_name

if TYPE_CHECKING:
    from privacy_rules.source.diagnostic import Diagnostic

DOCUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ask": ("text", "json"),
        "check": ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"),
        "coverage": ("text", "json", "lcov", "html"),
        "diff": ("text", "json", "markdown", "html"),
        "drift": ("text", "json", "sarif", "markdown"),
        "explanation": ("text", "json"),
        "forecast": ("text", "json", "ical"),
        "import": ("text", "json"),
        "impact": ("text", "json"),
        "lint": ("text", "json", "sarif", "github"),
        "notice": ("text", "markdown"),
        "policy": ("markdown", "html"),
        "policy_tests": ("text", "json", "junit"),
        "register": ("markdown", "json", "csv", "xlsx", "html"),
        "repair": ("text", "json", "markdown"),
        "rule": ("text", "json"),
        "trace": ("text", "json", "html"),
        "what_if": ("text", "json", "markdown", "html"),
    }
)
"""The formats of each document, the default first."""

_VERBS = {"test": "policy_tests", "explain": "explanation", "docs": "policy"}
"""The documents that are not named as their verb."""

_PUBLISHED = {"notice": (), "policy": (), "register": ("json",)}
"""The documents that others read, each with the formats that have errors all the same: those that programs read."""

BINARY = frozenset({"xlsx"})
"""The formats that are not text: they are written to files only."""

FORMATS = DOCUMENTS["check"]
"""The formats of `check`."""


@dataclass(frozen=True, slots=True)
class View:
    """How a reader wants a report.

    `quiet`: only what fails; `plain`: only ASCII in what we add; `statistics`: also how each rule fared;
    `verbose`: every test with its facts; `assumptions`: the defaults that verdicts depend on. `paths` are the
    names of files in the repository, for tools that show results beside the files there;
    `estate` is the identity of what is judged, for tools that compare reports (see `estate_identity`). `links` say where
    places lead.
    """

    threshold: Threshold = USUAL
    colour: bool = False
    quiet: bool = False
    plain: bool = False
    statistics: bool = False
    verbose: bool = False
    assumptions: bool = False
    paths: RepositoryPaths = AS_CALLED
    estate: str = ""
    links: Links = LINKS

    @property
    def ink(self) -> Ink:
        """The writer of text for this reader."""
        return Ink(self.colour, self.plain)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of a document."""

    name: str
    render: Callable[[Any, View], Any]
    """Writes the content: as text, or as bytes if the format is one of `BINARY`."""


def format_named(name: str, document: str = "check") -> Format:
    """Return a format of a document. Raises KeyError if there is no such format."""
    if name not in DOCUMENTS[document]:
        raise KeyError(name)
    return Format(name, _module(document, name).render)


def _module(document: str, name: str) -> Any:
    return import_module(f"privacy_rules.reports.{python_name(document)}.{name}")


def render(document: str, name: str, content: object, view: View) -> str:
    """Write the content of a document in one of its formats that are text."""
    return str(format_named(name, document).render(content, view))


def document_of(verb: str) -> str:
    """The document that a verb reports; it may be none of these."""
    return _VERBS.get(verb, verb.replace("-", "_"))


def errors(document: str, name: str, found: Sequence[Diagnostic], paths: RepositoryPaths = AS_CALLED) -> str | None:
    """Write the errors of a run in which nothing was judged, in a format of a document. `paths` is as in `View`.

    None if the format cannot show errors, or if others read the document: then its last good state is kept.
    """
    if name not in _PUBLISHED.get(document, DOCUMENTS.get(document, ())):
        return None
    from privacy_rules.reports.errors import Errors

    for each in (document, "check"):
        form = getattr(_module(each, name), "errors", None) if name in DOCUMENTS[each] else None
        if form is not None:
            return str(form(Errors(found, paths, document)))
    return None


def wrong_format(value: str, formats: Iterable[str] = FORMATS) -> str | None:
    """The error in `F` or `F=FILE`; None if there is none."""
    name, equals, file = value.partition("=")
    if name not in formats:
        near = did_you_mean(name, formats) or f"the formats are {', '.join(formats)}"
        return f"there is no format `{name}`; {near}"
    return f"`{value}` does not name a file" if equals and not file else None
