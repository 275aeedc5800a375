"""Find which files belong together: by the configuration above them, by `use`, and by what manifests name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from privacy_rules.configuration.load import Configuration, configuration
from privacy_rules.configuration.targets import is_named_as_manifest, manifest_files
from privacy_rules.language.loader import survey
from privacy_rules.lsp.background_lints import Linting
from privacy_rules.lsp.estate_view import EstateView, Sources, look
from privacy_rules.lsp.incremental_parser import Rereader
from privacy_rules.lsp.open_documents import POLICY_ENDING, Texts
from privacy_rules.lsp.policy_view import PolicyView
from privacy_rules.lsp.readable_files import border
from privacy_rules.lsp.scheduling import Scheduler
from privacy_rules.manifest.file_set import Documents, default_root
from privacy_rules.manifest.loader import read
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.file_system import DISK, LIMIT
from privacy_rules.tracing.prose_loader import Prose, prose_of

MANIFEST_ENDINGS = (".yaml", ".yml", ".json")
_SAYS_SO = re.compile(r"""^[{\s]*["']?manifest["']?[ \t]*:[ \t]*1\b""", re.MULTILINE)
_EARLY = 4000
_Key = tuple[Path, ...]
_Documents = tuple[Documents | None, tuple[Diagnostic, ...]]
_View = TypeVar("_View", PolicyView, EstateView)


class Workspace:
    """The open documents and the files that belong to them. Views are kept until something changes.

    `folders` are those that the editor has open. Two threads use it at once, so kept values are replaced as a whole, or copied before iteration.
    """

    def __init__(self) -> None:
        self.texts = Texts()
        self.scheduler = Scheduler()
        self.linting = Linting(self.texts, self.scheduler)
        self.folders: tuple[Path, ...] = ()
        self._rereader = Rereader()
        self._policies: dict[tuple[Path, ...], tuple[int, PolicyView]] = {}
        self._estates: dict[tuple[Path, ...], tuple[int, EstateView]] = {}
        self._documents: dict[_Key, tuple[tuple[int, Mapping[Path, str]], _Documents]] = {}
        self._last: dict[Path, PolicyView] = {}
        self._whole: dict[Path, EstateView] = {}
        self._manifests: dict[Path | None, tuple[int, list[Path]]] = {}
        self._settings: dict[Path, tuple[int, Configuration, tuple[Diagnostic, ...]]] = {}

    def with_texts(self, changed: Mapping[Path, str]) -> Workspace:
        """Return a copy in which some files have other texts."""
        made = Workspace()
        made.texts = self.texts.with_texts(changed)
        made._rereader = self._rereader
        return made

    # ---- kinds of files

    def is_policy(self, path: Path) -> bool:
        """Return whether a file is a policy, by its name or the editor's language id."""
        return path.suffix == POLICY_ENDING or self.texts.is_policy(path)

    def is_manifest(self, path: Path) -> bool:
        """Return whether a file is a manifest, by its name, its first words or the configuration."""
        if path.suffix not in MANIFEST_ENDINGS:
            return False
        if is_named_as_manifest(path) or _SAYS_SO.search((self.texts.text(path) or "")[:_EARLY]):
            return True
        return path in self.configured_manifests(self.settings(path))

    # ---- the configuration

    def settings(self, path: Path) -> Configuration:
        """Return the configuration above a file; an empty one if there is none or it has errors."""
        return self._configuration(path)[0]

    def misconfigured(self) -> list[Diagnostic]:
        """Return the errors of the configurations of open documents, each once."""
        return list(dict.fromkeys(each for path in self.texts.open for each in self._configuration(path)[1]))

    def _configuration(self, path: Path) -> tuple[Configuration, tuple[Diagnostic, ...]]:
        kept = self._settings.get(path.parent)
        if kept is None or kept[0] != self.texts.disk:
            version = self.texts.disk
            found, wrong = configuration(path.parent)
            kept = self._settings[path.parent] = version, found or Configuration(), wrong
        return kept[1], kept[2]

    def top(self, path: Path) -> Path | None:
        """Return the folder of the configuration above a file if it names a policy: no `use` may leave it."""
        settings = self.settings(path)
        return settings.folder if path in [each.resolve() for each in settings.policy] else None

    def configured_manifests(self, settings: Configuration) -> list[Path]:
        """Return the manifests that the configuration means, on disk or open."""
        kept = self._manifests.get(settings.file)
        if kept is None or kept[0] != self.texts.disk:
            kept = (
                self.texts.disk,
                [
                    each.resolve()
                    for each in manifest_files(settings.manifests, settings.exclude, settings.folder).files
                ],
            )
            self._manifests[settings.file] = kept
        found = kept[1]
        folders = [Path(each).resolve() for each in settings.manifests]
        more = (each for each in self.texts.open if is_named_as_manifest(each) and not each.exists())
        return [*found, *(each for each in more if not set(folders).isdisjoint(each.parents))]

    # ---- policies

    def recent_policy(self, path: Path) -> PolicyView:
        """Return the latest view of a file's policy without waiting: good enough for names."""
        return self._last.get(path) or self.policy(path)

    def policy(self, path: Path) -> PolicyView:
        """Return the policy that a file belongs to: the configured one, else one that uses it, else its own."""
        found = self._last[path] = self._policy(path)
        return found

    def _policy(self, path: Path) -> PolicyView:
        settings = self.settings(path)
        configured = [each.resolve() for each in settings.policy]
        if configured and path in (view := self.policy_of(configured, settings.folder)).survey.files:
            return view
        for other in self.texts.open:
            if other != path and self.is_policy(other) and path in (view := self.policy_of([other])).survey.files:
                return view
        return self.policy_of([path])

    def prose(self, path: Path) -> list[Prose]:
        """Return the prose that the policy of a file names, as open in the editor or else as on disk."""
        return prose_of(self.policy(path).policy, border(self.texts.open, self.settings(path)), self.texts.open)

    def policy_of(self, roots: Sequence[Path], top: Path | None = None) -> PolicyView:
        """Return the policy of several files."""
        version, key = self.texts.version, tuple(roots)
        kept = self._policies.get(key)
        if kept and kept[0] == version:
            return kept[1]
        texts = {each: text for each, text in self.texts.open.items() if self.is_policy(each)}
        disk = border(self.texts.open, self.settings(roots[0])) if roots else DISK
        found = survey(roots, root=top or default_root(roots), texts=texts, reader=self._rereader.read, disk=disk)
        view = PolicyView(roots, found)
        self._policies = {**_still(self._policies, version), key: (version, view)}
        return view

    def policies(self) -> list[PolicyView]:
        """Return the policy of each open document, each once."""
        self._last = {path: view for path, view in dict(self._last).items() if path in self.texts.open}
        views = [self.policy(path) for path in self.texts.open if self.is_policy(path)]
        views += [view for each in self.texts.open if self.is_manifest(each) and (view := self.estate(each).policy)]
        return list({view.roots: view for view in views}.values())

    def edited_policies(self) -> list[PolicyView]:
        """Return the policies with an open file, each once, but not those that are only used to check a manifest."""
        views = [self.policy(path) for path in self.texts.open if self.is_policy(path)]
        return list({view.roots: view for view in views}.values())

    # ---- manifests

    def recent_estate(self, path: Path) -> EstateView | None:
        """Return the latest readable view of a manifest's estate without waiting: good enough for names."""
        if path not in self._whole:
            self.estate(path)
        return self._whole.get(path)

    def estate(self, path: Path) -> EstateView:
        """Return the estate that a manifest belongs to: the configured one, else its own."""
        found = self._estate_of(path)
        if path in found.files:
            self._whole[path] = found
        return found

    def _estate_of(self, path: Path) -> EstateView:
        settings = self.settings(path)
        configured = self.configured_manifests(settings)
        if configured:
            view = self._estate(configured, settings)
            if path in view.paths.values():
                return view
        return self._estate([path], settings)

    def estates(self) -> list[EstateView]:
        """Return the estate of each open document, each once; a policy's is the configured one."""
        self._whole = {path: view for path, view in dict(self._whole).items() if path in self.texts.open}
        found: dict[tuple[Path, ...], EstateView] = {}
        for path in self.texts.open:
            for view in self._estates_of(path):
                found.setdefault(view.roots, view)
        return list(found.values())

    def judged_by(self, path: Path) -> list[EstateView]:
        """Return the estates that are already judged by the policy of a file in the current state."""
        now = [view for version, view in self._estates.values() if version == self.texts.version]
        return [each for each in now if each.judged and each.policy and path in each.policy.survey.files]

    def _estates_of(self, path: Path) -> Iterable[EstateView]:
        if self.is_manifest(path):
            yield self.estate(path)
        elif self.is_policy(path):
            settings = self.settings(path)
            configured = self.configured_manifests(settings)
            if configured and path in self.policy(path).survey.files:
                yield self._estate(configured, settings)

    def _estate(self, roots: Sequence[Path], settings: Configuration) -> EstateView:
        version, key = self.texts.version, tuple(roots)
        kept = self._estates.get(key)
        if kept and kept[0] == version:
            return kept[1]
        documents, wrong = self._documents_of(key, settings)
        policies = frozenset(each for each in self.texts.open if self.is_policy(each))
        view = look(Sources(key, documents, wrong, settings, policies), self.policy_of)
        self._estates = {**_still(self._estates, version), key: (version, view)}
        return view

    def _documents_of(self, roots: _Key, settings: Configuration) -> _Documents:
        """Return the manifests, read again only if one of them may have changed."""
        open_ = {path: text for path, text in self.texts.open.items() if path.suffix in MANIFEST_ENDINGS}
        state = self.texts.disk, open_
        kept = self._documents.get(roots)
        if kept and kept[0] == state:
            return kept[1]
        texts = {path: text.encode("utf-8", "surrogatepass") for path, text in open_.items()}
        limit = settings.manifest_limit or LIMIT
        disk = border(self.texts.open, settings)
        made = read(roots, root=settings.folder, limit=limit, texts=texts, disk=disk, maps=settings.map)
        still = {key: each for key, each in self._documents.items() if each[0] == state}
        self._documents = {**still, roots: (state, made)}
        return made


def _still(kept: Mapping[_Key, tuple[int, _View]], version: int) -> dict[_Key, tuple[int, _View]]:
    """The views of the current version; older ones are dropped."""
    return {key: each for key, each in kept.items() if each[0] == version}
