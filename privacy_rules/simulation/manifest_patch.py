"""Turn a change into a patch to the manifests: only what differs is edited; comments, order and layout stay.

    made, diagnostics = patched(inputs.documents, policy, inputs.estate, outcome.estate)
    made.text(["what it is for"])                       # a unified diff

Each patch is verified: the new texts are read again, and must declare the same as the changed estate.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from privacy_rules.engine import Inputs
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.edit.cst import UneditableError
from privacy_rules.manifest.edit.editor import edited_text
from privacy_rules.manifest.edit.equivalence import differences
from privacy_rules.manifest.edit.file_plans import HomelessError, Plan, UnplannedError, Work
from privacy_rules.manifest.edit.unified_diff import Rewritten, patch
from privacy_rules.manifest.file_set import Documents, ManifestFile, Source, Stdin, Tables, default_root
from privacy_rules.manifest.loader import estate as held
from privacy_rules.manifest.loader import read, without_collector
from privacy_rules.manifest.model import Estate
from privacy_rules.manifest.read_file import BYTE_ORDER_MARK
from privacy_rules.simulation.change_set import Change
from privacy_rules.simulation.overlay import apply
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level, has_errors
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import LIMIT

Diagnostics = tuple[Diagnostic, ...]
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Patch:
    """The new texts of files; none if nothing changes."""

    files: tuple[tuple[ManifestFile, str], ...]
    top: Path

    def text(self, heading: Iterable[str] = ()) -> str:
        """Return the unified diff; empty if nothing changes. Names are relative to the top of the repository, or else to the folder that the files share."""
        rewritten = [
            Rewritten(_name(file, self.top), _whole(file, file.document.text), _whole(file, after))
            for file, after in self.files
        ]
        return patch(rewritten, heading) if rewritten else ""

    @property
    def texts(self) -> dict[Path, bytes]:
        """The new contents, by path."""
        return {file.path: _whole(file, after).encode("utf-8") for file, after in self.files if file.path}


def patch_of(inputs: Inputs, changes: Iterable[Change], heading: Iterable[str]) -> tuple[str | None, Diagnostics]:
    """Return the patch that makes the changes in the manifests, which were read with `keep`; None if it cannot be made.

    It is empty if the manifests already say this. The heading is followed by what is removed along with something else.
    """
    outcome, wrong = apply(inputs.estate, inputs.policy, changes)
    if outcome is None:
        return None, wrong
    assert inputs.documents is not None
    made, wrong = patched(inputs.documents, inputs.policy, inputs.estate, outcome.estate)
    if made is None:
        return None, wrong
    return made.text(dict.fromkeys([*heading, *(f"also removed: {each}" for each in outcome.removed_along)])), ()


def patched(documents: Documents, policy: Policy, before: Estate, after: Estate) -> tuple[Patch | None, Diagnostics]:
    """Return the patch after which the manifests, which declare `before`, declare `after`; None after errors (E340)."""
    with without_collector():
        return _patched(documents, policy, before, after)


def _patched(documents: Documents, policy: Policy, before: Estate, after: Estate) -> tuple[Patch | None, Diagnostics]:
    plan = Plan(documents.files, policy, before, after)
    try:
        works = plan.files()
    except HomelessError as error:
        help_ = "add it by hand to a file without such `defaults`, and include that file"
        return None, (Diagnostic(codes.UNPATCHABLE, str(error), help=help_),)
    except UnplannedError as error:
        return None, (_refused(error.file, error.why),)
    files, wrong = [], list[Diagnostic]()
    for work in works:
        text, found = _edited(work)
        wrong += found
        files += [(work.file, text)] if text is not None else []
    if wrong:
        return None, tuple(wrong)
    found_patch = Patch(tuple(files), _top([file.path for file, _ in files if file.path]))
    wrong = list(_unproved(documents, policy, after, found_patch))
    return (None, tuple(wrong)) if wrong else (found_patch, ())


def _edited(work: Work) -> tuple[str | None, Diagnostics]:
    document = work.file.document
    if work.file.path is None:
        message = f"`{document.name}` is not a file, so it cannot be patched"
        return None, (Diagnostic(codes.UNPATCHABLE, message, help="name the manifest as a file"),)
    try:
        return edited_text(work.tree, work.plan), ()
    except UneditableError as error:
        return None, (_refused(work.file, error),)


def _refused(file: ManifestFile, error: UneditableError) -> Diagnostic:
    span = file.document.span(error.at)
    message = f"`{file.document.name}` cannot be edited safely: {error.message}"
    help_ = "make the change by hand, or write the shared value out in full and run the command again"
    return Diagnostic(codes.UNPATCHABLE, message, span, help_, excerpt=file.document.excerpt(span))


def _unproved(documents: Documents, policy: Policy, after: Estate, found: Patch) -> Iterable[Diagnostic]:
    """Report what the new texts do not declare as they should."""
    texts = {file.path: _content(file) for file in documents.files if file.path and file.table is None} | found.texts
    maps = [file.path for file in documents.files if file.map is not None and file.path is not None]
    manifests = [file for file in documents.files if file.map is None]
    sources = list(map(_source, manifests))
    limit = max(LIMIT, *(len(each) + 1 for each in texts.values())) if texts else LIMIT
    read_again, wrong = read(sources, root=documents.root, limit=limit, texts=texts, maps=maps)
    estate = None
    if read_again is not None and not has_errors(wrong):
        estate, wrong = held(read_again, policy)
    if estate is None:
        wrong = tuple(each for each in wrong if each.level is Level.ERROR)
        message = f"the patched manifests would be wrong: {wrong[0].message}" if wrong else "nothing would be left"
        yield Diagnostic(codes.UNPATCHABLE, message, help="make the change by hand, and fix that as well")
        return
    differing = list(differences(estate, after))
    if differing:
        more = f" and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
        message = f"a patch would not have the same effect as the changes of {', '.join(differing[:_SHOWN])}{more}"
        names = ", ".join(f"`{file.document.name}`" for file, _ in found.files)
        yield Diagnostic(codes.UNPATCHABLE, message, help=f"make these changes by hand in {names}")


def _source(file: ManifestFile) -> Source:
    if file.path is None:
        return Stdin(_content(file), file.document.name)
    return file.path if file.table is None else Tables(file.path)


def _content(file: ManifestFile) -> bytes:
    return _whole(file, file.document.text).encode("utf-8")


def _whole(file: ManifestFile, text: str) -> str:
    return (BYTE_ORDER_MARK.decode("utf-8") if file.marked else "") + text


def _top(paths: list[Path]) -> Path:
    """Return the top of the git repository, else the working directory, if it holds all files; else their common folder."""
    if not paths:
        return Path.cwd()
    top = default_root(paths[:1])
    here = Path.cwd().resolve()
    for each in (top,) if (top / ".git").exists() else (here,):
        if all(path.is_relative_to(each) for path in paths):
            return each
    return Path(os.path.commonpath([path.parent for path in paths]))


def _name(file: ManifestFile, top: Path) -> str:
    assert file.path is not None
    return file.path.relative_to(top).as_posix()
