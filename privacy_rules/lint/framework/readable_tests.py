"""Checks that the tests beside a policy can be read, as `test` reads them, without reading their manifests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from privacy_rules.language.policy import Policy
from privacy_rules.lint.framework.file_stamp import Stamp
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.read_file import read_document, unreadable
from privacy_rules.source.diagnostic import Diagnostic, in_order, lowered
from privacy_rules.source.file_system import DISK, LIMIT
from privacy_rules.source.spelling import Suggestions
from privacy_rules.testing.case_reader import CaseReader
from privacy_rules.testing.file_header import BEGINS, FileHeader, missing_file, read_header


def first_mistake(file: Stamp, policy: Policy, files: Collection[Path]) -> Diagnostic | None:
    """Return the first error in a test file; None if it can be read.

    Its cases are checked against the policy if it names no policy files but `files`, which are resolved paths.
    """
    heading, wrong = _heading(file)
    if heading is not None and not wrong:
        named = [*heading.policies, *((each.file, each.where) for each in heading.sources if each.file)]
        wrong = tuple(found for path, where in named if (found := missing_file(heading, path, where)))
        if not wrong and heading.policies and {path.resolve() for path, _ in heading.policies} <= set(files):
            wrong = _of_cases(heading, policy)
    return next(iter(in_order(wrong)), None)


def files_named_in(file: Stamp) -> tuple[Path, ...]:
    """The policies and manifests that a test file names."""
    heading, _ = _heading(file)
    if heading is None:
        return ()
    return (*(path for path, _ in heading.policies), *(each.file for each in heading.sources if each.file))


def _of_cases(heading: FileHeader, policy: Policy) -> tuple[Diagnostic, ...]:
    sink = DiagnosticSink(heading.document, Suggestions())
    reader = CaseReader(policy, sink)
    with sink.bounded():
        for index, node in enumerate(heading.cases):
            reader.read(node, ("cases", index))
    return tuple(sink.found)


@lru_cache(maxsize=256)
def _heading(file: Stamp) -> tuple[FileHeader | None, tuple[Diagnostic, ...]]:
    """The head of a test file, and its errors. It is read again only after a change."""
    path, name = file[0], shown(file[0])
    try:
        content = DISK.read(path, LIMIT)
    except (OSError, ValueError) as error:
        return None, (replace(unreadable(name, error), message=lowered(error)),)
    json = path.suffix.lower() == ".json"
    read, sink = read_document(name, content, json=json, limit=LIMIT, suggestions=Suggestions(), begins=BEGINS)
    heading = None
    if read is not None:
        with sink.bounded():
            heading = read_header(read.data, path.parent, sink, shared=read.shared)
    return heading, tuple(sink.found)
