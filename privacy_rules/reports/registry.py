"""The formats that a report can be written in: one module each, loaded when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from privacy_rules.findings.threshold import USUAL, Threshold
from privacy_rules.source.spelling import did_you_mean

if TYPE_CHECKING:
    from privacy_rules.findings.report import Report
    from privacy_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class View:
    """How a reader wants a report.

    `quiet`: what fails only; `plain`: in ASCII alone; `statistics`: with how each rule fared. `folder` is where the check
    runs, as from the top of the repository (empty: there), for the tools that seek files from there; `estate` is which
    estate is judged, for the tools that compare reports (see `identity`).
    """

    threshold: Threshold = USUAL
    colour: bool = False
    quiet: bool = False
    plain: bool = False
    statistics: bool = False
    folder: str = ""
    estate: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `errors` writes what was wrong where nothing was judged; None: this format then says nothing."""

    name: str
    render: Callable[[Report, View], str]
    errors: Callable[[Sequence[Diagnostic]], str] | None = None


FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "privacy_rules.reports.text",
        "json": "privacy_rules.reports.json_document",
        "sarif": "privacy_rules.reports.sarif",
        "github": "privacy_rules.reports.github",
        "gitlab": "privacy_rules.reports.gitlab",
        "junit": "privacy_rules.reports.junit",
        "markdown": "privacy_rules.reports.markdown",
        "html": "privacy_rules.reports.html",
    }
)
"""Each format's name and the module that has it, as `FORMAT`."""


def format_named(name: str) -> Format:
    """The format of that name. Raises KeyError where there is none."""
    return cast("Format", import_module(FORMATS[name]).FORMAT)


def wrong_format(value: str) -> str | None:
    """What is wrong with `F` or `F=FILE`; None where nothing is."""
    name, equals, file = value.partition("=")
    if name not in FORMATS:
        near = did_you_mean(name, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        return f"there is no format `{name}`; {near}"
    return f"`{value}` names no file" if equals and not file else None
