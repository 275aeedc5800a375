"""The errors of a run in which nothing was judged, in each format that has a form for them.

Every verb that reports findings or results uses these forms: whoever reads a report finds the reason in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from privacy_rules.findings.fingerprint import LENGTH
from privacy_rules.reports.check.github import command
from privacy_rules.reports.check.sarif import invocation, log, tool
from privacy_rules.reports.estate_identity import digest, run_id
from privacy_rules.reports.markup.diagnostics import as_text
from privacy_rules.reports.markup.html import NEWLINE, Html, definitions, element, joined, page
from privacy_rules.reports.markup.html import words as html_words
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.markup.markdown import MARK, code, words
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.repository_paths import AS_CALLED, RepositoryPaths
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted

Errors = Sequence[Diagnostic]

_VERSION = 1
_MOST = 100
"""The most errors that are listed for a person to read; the rest is counted."""
_NEXT = "Fix what is listed here, and run the command again: nothing was judged, so there is nothing else to show."


def render(name: str, found: Errors, paths: RepositoryPaths = AS_CALLED, document: str = "check") -> str | None:
    """The errors in a format of a document; None if the format has no form for them. `paths` is as in `View`."""
    write = _FORMATS.get(name)
    return None if write is None else write(found, paths, document)


def _text(found: Errors, *_: object) -> str:
    return as_text(found, Ink())


def as_json(found: Errors, *_: object) -> str:
    """The errors as the document of a run in which nothing was judged."""
    return dumps({"version": _VERSION, "errors": [_entry(each) for each in found]})


def _entry(found: Diagnostic) -> dict[str, Json]:
    places = [found.span, *found.also] if found.span else list(found.also)
    return {
        "code": found.code,
        "message": found.message,
        "help": found.help,
        "locations": [place(each) for each in places],
    }


def _sarif(found: Errors, paths: RepositoryPaths, _: str) -> str:
    """A run that did not succeed. Its id is its own, so that a run that judged nothing closes no alert."""
    run: dict[str, Json] = {
        "tool": tool([], [each.code for each in found]),
        "automationDetails": {"id": run_id("", "errors")},
    }
    return log({**run, "invocations": [invocation(found, successful=False)]}, paths=paths)


def _github(found: Errors, paths: RepositoryPaths, _: str) -> str:
    return "".join(f"{_command(each, paths)}\n" for each in found)


def _command(found: Diagnostic, paths: RepositoryPaths) -> str:
    span = found.span and replace(found.span, file=paths.of(found.span.file))
    return command("error", span, f"{found.code}: {_title(found)}", _told(found))


def _gitlab(found: Errors, paths: RepositoryPaths, _: str) -> str:
    entries = {digest(each.code, each.message, str(each.span))[:LENGTH]: each for each in found}
    return dumps([_issue(each, fingerprint, paths) for fingerprint, each in entries.items()])


def _issue(found: Diagnostic, fingerprint: str, paths: RepositoryPaths) -> dict[str, Json]:
    help_ = f" ({found.help})" if found.help else ""
    span = found.span
    path, line = (paths.of(span.file), span.line) if span else (".", 1)
    return {
        "description": f"nothing was judged: {found.message}{help_}",
        "check_name": found.code,
        "fingerprint": fingerprint,
        "severity": "blocker",
        "location": {"path": path, "lines": {"begin": line}},
    }


def _junit(found: Errors, paths: RepositoryPaths, _: str) -> str:
    count = str(len(found))
    figures = {"tests": count, "failures": "0", "errors": count, "skipped": "0", "time": "0"}
    root = Element("testsuites", {"name": "privacy-rules", **figures})
    suite = SubElement(root, "testsuite", {"name": "errors", **figures})
    for each in found:
        name = f"{each.span}: {each.message}" if each.span else each.message
        case = SubElement(suite, "testcase", classname=each.code, name=visible(name), time="0")
        if each.span:
            case.set("file", visible(paths.of(each.span.file)))
            case.set("line", str(each.span.line))
        error = SubElement(case, "error", message=visible(f"nothing was judged: {each.message}"), type=each.code)
        error.text = as_text([each], Ink())
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _markdown(found: Errors, _: RepositoryPaths, document: str) -> str:
    lines = [MARK] if document == "check" else []  # the mark by which a job finds its own comment again
    lines += [f"## Privacy rules: {_headline(found)}", "", _NEXT, "", *map(_item, found[:_MOST]), *_more(found)]
    return "".join(f"{line}\n" for line in lines)


def _item(found: Diagnostic) -> str:
    where = f" at {code(str(found.span))}" if found.span else ""
    lines = [f"- **error** {found.code}{where}: {words(found.message)}"]
    lines += [f"  - line: {code(found.excerpt.strip()[:200])}"] if found.excerpt and found.excerpt.strip() else []
    lines += [f"  - also: {code(str(each))}" for each in found.also]
    lines += [f"  - help: {words(found.help)}"] if found.help else []
    return "\n".join(lines)


def _html(found: Errors, *_: object) -> str:
    return page(f"Privacy rules: {_headline(found)}", _body(found))


def _body(found: Errors) -> Iterator[Html]:
    yield element("header", element("h1", _headline(found)), element("p", _NEXT, class_="dim"))
    articles = [joined(_article(each), NEWLINE) for each in found[:_MOST]]
    more = [element("p", each) for each in _more(found)]
    yield joined(
        NEWLINE, element("main", NEWLINE, element("section", NEWLINE, *articles, *more, class_="rule")), NEWLINE
    )


def _article(found: Diagnostic) -> Html:
    head = [element("span", f"error {found.code}", class_="verdict")]
    head += [joined(" ", element("span", str(found.span), class_="place"))] if found.span else []
    rows: list[tuple[str, str]] = [("line", element("code", found.excerpt.strip()))] if found.excerpt else []
    rows += [("also", element("span", str(each), class_="place")) for each in found.also]
    rows += [("help", html_words(found.help))] if found.help else []
    inner = [element("h3", html_words(found.message)), element("p", *head), *([definitions(rows)] if rows else [])]
    return element("article", *inner, class_="violation")


def _headline(found: Errors) -> str:
    return f"nothing was judged ({counted(len(found), 'error')})"


def _more(found: Errors) -> list[str]:
    return [f"{len(found) - _MOST:,} more errors are not listed."] if len(found) > _MOST else []


def _title(found: Diagnostic) -> str:
    return codes.ALL.get(found.code, "error")


def _told(found: Diagnostic) -> list[str]:
    return [found.message, *([f"help: {found.help}"] if found.help else []), "nothing was judged"]


_FORMATS: Mapping[str, Callable[[Errors, RepositoryPaths, str], str]] = MappingProxyType(
    {
        "text": _text,
        "json": as_json,
        "sarif": _sarif,
        "github": _github,
        "gitlab": _gitlab,
        "junit": _junit,
        "markdown": _markdown,
        "html": _html,
    }
)
