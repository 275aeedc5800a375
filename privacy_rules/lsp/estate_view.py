"""A view of an estate: manifests as they are typed, read, checked against their policy and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from privacy_rules import engine
from privacy_rules.configuration.load import Configuration
from privacy_rules.findings import baseline
from privacy_rules.findings.comparison import compared
from privacy_rules.findings.report import Report
from privacy_rules.lsp.manifest_symbols import ManifestMeaning, occurrences
from privacy_rules.lsp.policy_view import PolicyView, narrowest
from privacy_rules.lsp.readable_files import border
from privacy_rules.lsp.symbols import Occurrence, Symbol
from privacy_rules.manifest.file_set import Documents, ManifestFile
from privacy_rules.manifest.model import Estate
from privacy_rules.source.diagnostic import Diagnostic, has_errors
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of an estate: its manifests and their includes, the configuration, and the open policies."""

    roots: tuple[Path, ...]
    documents: Documents | None
    found: tuple[Diagnostic, ...]
    settings: Configuration
    open_policies: frozenset[Path]


class EstateView:
    """The manifests with their includes at one moment; judged only when needed."""

    def __init__(
        self,
        sources: Sources,
        policy: PolicyView | None,
        found: Sequence[Diagnostic],
    ) -> None:
        documents = sources.documents
        self.roots = sources.roots
        self.policy = policy
        self._settings = sources.settings
        self.documents = documents
        self._read = tuple(found)
        self.files: dict[Path, ManifestFile] = {
            (Path.cwd() / file.document.name).resolve(): file for file in (documents.files if documents else ())
        }
        self.paths = {file.document.name: path for path, file in self.files.items()}
        self._kept: dict[Path, tuple[Occurrence, ...]] = {}

    @cached_property
    def _held(self) -> tuple[engine.Inputs | None, tuple[Diagnostic, ...]]:
        """Return the inputs to judge (None if there are errors), and the diagnostics."""
        if self.documents is None or self.policy is None or self.policy.has_errors:
            return None, self._read
        estate, more = engine.hold(self.documents, self.policy.policy)
        found = (*self._read, *more)
        if estate is None or has_errors(found):
            return None, found
        warnings = (*self.policy.survey.found, *found)
        return engine.Inputs(self.policy.policy, estate, warnings), found

    @cached_property
    def _judged(self) -> tuple[Report | None, tuple[Diagnostic, ...]]:
        inputs, found = self._held
        if inputs is None:
            return None, found
        settings = self._settings
        known = {rule.name for rule in inputs.policy.rules}
        report, wrong = engine.check(
            inputs,
            day=settings.as_of,
            day_from="configuration",
            rules=[each for each in settings.rule if each in known] or None,
            severities={rule: each for rule, each in settings.severity.items() if rule in known},
            limits=settings.limits,
        )
        if report is None:
            return None, (*found, *wrong)
        return _beside_baseline(report, settings), (*found, *report.warnings)

    @property
    def inputs(self) -> engine.Inputs | None:
        """The inputs of the check; None if there are errors."""
        return self._held[0]

    @property
    def estate(self) -> Estate | None:
        """The estate; None if there are errors."""
        inputs = self.inputs
        return inputs.estate if inputs else None

    @property
    def report(self) -> Report | None:
        """The report of the check; None if there are errors."""
        return self._judged[0]

    @property
    def judged(self) -> Report | None:
        """The report if it has been computed already; computes nothing."""
        kept: tuple[Report | None, object] = self.__dict__.get("_judged", (None, None))
        return kept[0]

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """The errors and warnings of the manifests."""
        return self._judged[1]

    # ---- symbols

    @cached_property
    def meaning(self) -> ManifestMeaning:
        """The meaning of keys and values."""
        return ManifestMeaning(self.policy.policy if self.policy else None, [each.data for each in self.files.values()])

    def occurrences(self, path: Path) -> tuple[Occurrence, ...]:
        """Return the symbols of one file, in order of place."""
        if path not in self._kept:
            file = self.files.get(path)
            self._kept[path] = occurrences(file, self.meaning) if file else ()
        return self._kept[path]

    def at(self, path: Path, line: int, column: int) -> Occurrence | None:
        """Return the symbol at a place."""
        return narrowest(self.occurrences(path), line, column)

    def of(self, symbol: Symbol) -> list[tuple[Path, Occurrence]]:
        """Yield the places of a symbol in all files."""
        return [(path, each) for path in self.files for each in self.occurrences(path) if each.symbol == symbol]


def look(sources: Sources, policy_of: Callable[[Sequence[Path], Path | None], PolicyView]) -> EstateView:
    """Return an estate with the policy of the configuration, or else of its manifests."""
    settings, documents, found = sources.settings, sources.documents, sources.found
    roots = [each.resolve() for each in settings.policy]
    top = settings.folder
    if not roots and documents:
        named = [each.path.resolve() for each in documents.policy_files]
        roots = [each for each in named if each in sources.open_policies or each.is_file()]
        top = documents.root
        if not roots:
            found = (*found, *engine.policy_of(documents)[1])
    return EstateView(sources, policy_of(roots, top) if roots else None, found)


def _beside_baseline(report: Report, settings: Configuration) -> Report:
    """Return the report compared with the baseline, if one is configured and readable."""
    file = settings.baseline
    try:
        known = baseline.read(border([], settings).read(file))[0] if file else None
    except OSError:
        known = None
    return report if known is None or file is None else compared(report, known, file.name)
