"""The one recipe: policy files and manifests → policy and estate → what was judged → report.

Each step gives `(result, diagnostics)`; the result is None where an error stopped it. Command line, library, editor
and web call these and nothing beneath them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from privacy_rules import codes
from privacy_rules.checking.checker import judge
from privacy_rules.checking.explain import Explanation
from privacy_rules.checking.explain import explain as explained
from privacy_rules.checking.origins import diagnose
from privacy_rules.findings.report import Report, report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.files import LIMIT, Documents, PolicyFile, Stdin, default_root, shown
from privacy_rules.manifest.model import Estate
from privacy_rules.source.diagnostic import Diagnostic, has_errors, in_order
from privacy_rules.source.suggest import did_you_mean
from privacy_rules.vocabulary.attributes import Entity

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a check is of. `warnings` are those of the stages that read it."""

    policy: Policy
    estate: Estate
    warnings: Diagnostics = ()


def load_policy(paths: Sequence[Path], *, root: Path | None = None) -> tuple[Policy | None, Diagnostics]:
    """One policy of all the files.

    `root` is the folder that a `use` of a file may not leave (default: the git top level, else the first file's folder).
    """
    from privacy_rules.language.loader import load as load_files

    return load_files(paths, root=root or default_root(paths))


def read(
    manifests: Sequence[Path | Stdin], *, root: Path | None = None, limit: int | None = None
) -> tuple[Documents | None, Diagnostics]:
    """Manifests and all that they include, not yet held against a policy. `limit` bounds each in bytes."""
    from privacy_rules.manifest.loader import read as read_files

    return read_files(manifests, root=root, limit=limit or LIMIT)


def hold(documents: Documents, policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """The estate of manifests, read with a policy's words."""
    from privacy_rules.manifest.loader import estate

    return estate(documents, policy)


def policy_of(documents: Documents | None) -> tuple[Policy | None, Diagnostics]:
    """The policy that manifests name; that they name none is said only of manifests that could be read."""
    named = documents.policy_files if documents else ()
    absent = [file for file in named if not file.path.is_file()]
    if absent:
        return None, tuple(map(_absent, absent))
    if not named or documents is None:
        return None, (no_policy(),) if documents and documents.complete else ()
    return load_policy([file.path for file in named], root=documents.root)


def load(
    manifests: Sequence[Path | Stdin],
    policies: Sequence[Path] = (),
    *,
    root: Path | None = None,
    limit: int | None = None,
) -> tuple[Inputs | None, Diagnostics]:
    """Reads manifests and the policy: the given files, else those that the manifests name.

    What is wrong with the one and with the other is told together.
    """
    documents, found = read(manifests, root=root, limit=limit)
    policy, wrong = load_policy(policies, root=root) if policies else policy_of(documents)
    found += wrong
    if documents is None or policy is None:
        return None, in_order(found)
    estate, wrong = hold(documents, policy)
    found = in_order(found + wrong)
    return (None if estate is None or has_errors(found) else Inputs(policy, estate, found)), found


def check(
    inputs: Inputs, *, day: date | None = None, rules: Collection[str] | None = None
) -> tuple[Report | None, Diagnostics]:
    """Judges the estate on `day` (else the estate's own, else today), by the named rules only where `rules` are given."""
    policy, estate = inputs.policy, inputs.estate
    graph = FlowGraph.of(estate, policy)
    found = (*_unknown_rules(policy, rules or ()), *diagnose(policy, graph))
    if has_errors(found):
        return None, in_order(found)
    that_day = day or estate.as_of or today()
    judged = judge(policy, graph, that_day, rules=rules)
    warnings = (*inputs.warnings, *found)
    return report(policy, estate, judged, that_day, selected=rules, warnings=warnings), ()


def explain(
    inputs: Inputs, rule: str, subject: str, *, day: date | None = None
) -> tuple[tuple[Explanation, ...] | None, Diagnostics]:
    """Why a rule judges a subject as it does: the whole tree for every judged pair, compliant ones too."""
    policy, estate = inputs.policy, inputs.estate
    graph = FlowGraph.of(estate, policy)
    found = (*_unknown_rules(policy, [rule]), *diagnose(policy, graph))
    if has_errors(found):
        return None, in_order(found)
    that_day = day or estate.as_of or today()
    explanations = explained(policy, graph, that_day, rule, subject)
    if not explanations:
        return None, (_not_judged(inputs, rule, subject, that_day),)
    return explanations, ()


def today() -> date:
    """The day where we are."""
    return datetime.now().astimezone().date()


def _absent(file: PolicyFile) -> Diagnostic:
    message = f"there is no policy file `{shown(file.path)}`"
    return Diagnostic(codes.UNUSABLE_FILE, message, file.where, "`policy` is relative to the manifest that says it")


def no_policy() -> Diagnostic:
    """That no policy is given, neither by the call nor by what it reads."""
    help_ = "give one with `--policy FILE`, in the configuration's `policy`, or in the manifest's own `policy`"
    return Diagnostic(codes.NO_POLICY, "no policy is given", help=help_)


def _unknown_rules(policy: Policy, names: Iterable[str]) -> Iterable[Diagnostic]:
    known = [rule.name for rule in policy.rules]
    for name in sorted(set(names)):
        rule = policy.rule(name)
        if rule is None:
            help_ = did_you_mean(name, known) or "`privacy-rules lint` lists the rules of a policy"
            yield Diagnostic(codes.UNKNOWN_RULE, f"the policy has no rule `{name}`", help=help_)
        elif rule.statement == "permit":
            lifted = ", ".join(f"`{each}`" for each in rule.despite)
            message = f"`{name}` is a permit, which judges nothing itself"
            yield Diagnostic(
                codes.UNKNOWN_RULE, message, help=f"it counts wherever a rule is judged that it lifts: {lifted}"
            )


def _not_judged(inputs: Inputs, rule: str, subject: str, day: date) -> Diagnostic:
    """Why there is nothing to explain of a rule that the policy has."""
    estate, found = inputs.estate, inputs.policy.rule(rule)
    if found and not found.in_force(day):
        message = f"rule `{rule}` is not in force on {day}"
        return Diagnostic(codes.UNKNOWN_SUBJECT, message, found.span, "give another day with `--as-of`")
    kind = found.subject.kind.family if found else "subject"
    known = {id_ for entity in Entity for id_ in estate.records(entity)}
    message = f"rule `{rule}` judges each {kind}, and nothing of `{subject}`"
    return Diagnostic(codes.UNKNOWN_SUBJECT, message, help=did_you_mean(subject, known - {subject}))
