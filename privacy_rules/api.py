"""The functions that `import privacy_rules` offers. If the input is wrong, they raise `InputError` and nothing else.

import privacy_rules as pr
policy = pr.load_policy("iapmo.privacy")
manifest = pr.load_manifest("estate.yaml", policy=policy)
report = pr.check(policy, manifest)
for finding in report.violations:
    print(finding)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privacy_rules import engine
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.report import Report
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.file_set import Documents
from privacy_rules.manifest.model import Estate
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, required
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.project_boundary import confined_to

if TYPE_CHECKING:
    from networkx import MultiDiGraph

AnyPath = str | PathLike[str]
Paths = AnyPath | Iterable[AnyPath]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The declarations of one or several manifests, read with the vocabularies of a policy.

    `estate` has the entities and their places.
    """

    policy: Policy
    estate: Estate
    warnings: tuple[Diagnostic, ...] = ()
    _documents: Documents | None = None

    def graph(self) -> MultiDiGraph[str]:
        """Return the declared flows as a `networkx.MultiDiGraph`: a node for each system, an edge for each flow.

        Node keys are the ids of systems, edge keys those of flows; attributes are as in the manifest, an absent one
        is undeclared, None is `null`. `graph.graph` has `parties`, `contracts`, `organisation`, `defaults`,
        `waivers` and `as_of`. It is a copy: changing it does not change the manifest.
        """
        from privacy_rules.graph.networkx_view import to_networkx

        return to_networkx(self.estate)

    def read_with(self, policy: Policy) -> Manifest:
        """Return the same manifests, read with another policy. Raises InputError if they do not fit that policy."""
        if policy is self.policy or self._documents is None:
            return self
        estate = required(*engine.hold(self._documents, policy))
        return Manifest(policy, estate, self.warnings, self._documents)


def load_policy(paths: Paths, *more: AnyPath) -> Policy:
    """Load one or several `*.privacy` files as one policy, with all names resolved and all types checked.

    Raises InputError with every error of every file as `diagnostics`.
    """
    return required(*engine.load_policy(_as_paths(paths, more)))


def load_manifest(paths: Paths, *more: AnyPath, policy: Policy | None = None) -> Manifest:
    """Load one or several manifests (YAML or JSON) and all that they include.

    Without `policy`, the manifests name it, and `.policy` of the result has it. Raises InputError with every error as
    `diagnostics`.
    """
    named = _as_paths(paths, more)
    disk = confined_to(named)
    documents, found = engine.read(named, disk=disk)
    if policy is None:
        policy, wrong = engine.policy_of(documents, disk)
        found += wrong
    if documents is None or policy is None:
        raise InputError(found)
    estate, wrong = engine.hold(documents, policy)
    return Manifest(policy, required(estate, found + wrong), found + wrong, documents)


def check(
    policy: Policy,
    manifest: Manifest | MultiDiGraph[str],
    *,
    as_of: date | None = None,
    rules: Collection[str] | None = None,
) -> Report:
    """Check a manifest, or a `networkx.MultiDiGraph` with attributes as in a manifest, against a policy.

    The day is `as_of`, else the manifest's own, else today. `rules` names the only rules to judge. A graph needs no
    file, and its findings have no place. Raises InputError if the graph is not a manifest, or a rule is unknown.
    """
    return required(*engine.check(_inputs(policy, manifest), day=as_of, rules=rules))


def explain(
    policy: Policy,
    manifest: Manifest | MultiDiGraph[str],
    rule: str,
    subject: str,
    *,
    as_of: date | None = None,
) -> tuple[Explanation, ...]:
    """Explain why a rule judges a subject (by its id) as it does, with the tree of each judged pair, compliant ones too.

    Raises InputError if the policy does not have the rule, or the manifest has no such subject of the rule's kind.
    """
    return required(*engine.explain(_inputs(policy, manifest), rule, subject, day=as_of))


def _inputs(policy: Policy, manifest: Manifest | MultiDiGraph[str]) -> engine.Inputs:
    if isinstance(manifest, Manifest):
        read = manifest.read_with(policy)
        return engine.Inputs(policy, read.estate, read.warnings)
    from privacy_rules.graph.networkx_view import to_data
    from privacy_rules.manifest.loader import estate_from_data

    if not (manifest.is_directed() and manifest.is_multigraph()):
        raise InputError(
            [Diagnostic(codes.USAGE, "the graph is not a `MultiDiGraph`, in which each flow is an edge with a key")]
        )
    data: dict[str, Any] = to_data(manifest)
    return engine.Inputs(policy, required(*estate_from_data(data, policy)))


def _as_paths(paths: Paths, more: Iterable[AnyPath]) -> list[Path]:
    return [Path(each) for each in (*_several(paths), *more)]


def _several(paths: Paths) -> Iterator[AnyPath]:
    if isinstance(paths, str | PathLike):
        yield paths
    else:
        yield from paths
