"""The steps of a check, from files to a report: read manifests and policy, judge the estate, report.

Each step returns `(result, diagnostics)`. The result is None if an error stopped the step. The command line, the library,
the language server and the explorer all check with these functions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from privacy_rules.checking.checker import MOST_KEPT, judge
from privacy_rules.checking.gaps import gaps
from privacy_rules.checking.invalid_origins import diagnose
from privacy_rules.checking.judgements import Judged
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_subjects import Explanation, Explanations
from privacy_rules.checking.rule_subjects import explain as explained
from privacy_rules.findings.changed_settings import CheckContext, SeverityChange
from privacy_rules.findings.mixed_periods import mixed_periods
from privacy_rules.findings.report import Report, report
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Severity
from privacy_rules.manifest.file_set import Documents, PolicyFile, Source, default_root, shown
from privacy_rules.manifest.model import Estate
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, Level, has_errors, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, LIMIT, FileSystem
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.vocabulary.attributes import Entity

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a check compares. `warnings` are those of reading it; `documents` are the manifests, if they are kept.

    `searched` are the folders in which the globs of an `include` look for files; `day_place` is where `as_of` is given.
    """

    policy: Policy
    estate: Estate
    warnings: Diagnostics = ()
    documents: Documents | None = None
    searched: tuple[Path, ...] = ()
    day_place: Span | None = None


def load_policy(
    paths: Sequence[Path], *, root: Path | None = None, disk: FileSystem = DISK
) -> tuple[Policy | None, Diagnostics]:
    """Load all the files as one policy.

    `root` is the folder that a `use` of a file may not leave (default: the git top level, else the first file's folder).
    """
    from privacy_rules.language.loader import load as load_files

    return load_files(paths, root=root or default_root(paths, disk), disk=disk)


def read(
    manifests: Sequence[Source],
    *,
    root: Path | None = None,
    limit: int | None = None,
    disk: FileSystem = DISK,
    maps: Sequence[Path] = (),
) -> tuple[Documents | None, Diagnostics]:
    """Read manifests and all that they include, without a policy yet. `limit` is the most bytes that one may have.

    `maps` map the words of files from other tools.
    """
    from privacy_rules.manifest.loader import read as read_files

    return read_files(manifests, root=root, limit=limit or LIMIT, disk=disk, maps=maps)


def hold(documents: Documents, policy: Policy) -> tuple[Estate | None, Diagnostics]:
    """Return the estate of manifests, read with the vocabularies of a policy."""
    from privacy_rules.manifest.loader import estate

    return estate(documents, policy)


def policy_of(documents: Documents | None, disk: FileSystem = DISK) -> tuple[Policy | None, Diagnostics]:
    """Load the policy that manifests name. If they name none, that is an error only if all of them could be read."""
    named = documents.policy_files if documents else ()
    absent = [file for file in named if _is_absent(file, disk)]
    if absent:
        return None, tuple(_absent(each, disk) for each in absent)
    if not named or documents is None:
        return None, (no_policy(),) if documents and documents.complete else ()
    return load_policy([file.path for file in named], root=documents.root, disk=disk)


def load(
    manifests: Sequence[Source],
    policies: Sequence[Path] = (),
    *,
    root: Path | None = None,
    limit: int | None = None,
    keep: bool = False,
    disk: FileSystem = DISK,
    maps: Sequence[Path] = (),
) -> tuple[Inputs | None, Diagnostics]:
    """Read manifests and the policy: the given files, else those that the manifests name.

    The errors of both are reported together. `keep`: keep the manifests as read.
    """
    documents, found = read(manifests, root=root, limit=limit, disk=disk, maps=maps)
    policy, wrong = load_policy(policies, root=root, disk=disk) if policies else policy_of(documents, disk)
    found += wrong
    if documents is None or policy is None:
        return None, in_order(found)
    estate, wrong = hold(documents, policy)
    found = in_order(found + wrong)
    if estate is None or has_errors(found):
        return None, found
    kept = documents if keep else None
    return Inputs(policy, estate, found, kept, documents.searched, documents.day_place), found


def check(
    inputs: Inputs,
    *,
    day: date | None = None,
    day_from: str = "call",
    rules: Collection[str] | None = None,
    severities: Mapping[str, Severity] = MappingProxyType({}),
    limits: Limits = USUAL_LIMITS,
    each_way: bool = False,
    most: int = MOST_KEPT,
) -> tuple[Report | None, Diagnostics]:
    """Judge the estate on `day` (else its own, else today), by all rules in force or by those of `rules`.

    `day_from` says who gave `day`; `severities` override those of the policy, by rule; `limits` are for waivers. A
    report keeps at most `most` findings and counts the others.
    """
    estate = inputs.estate
    policy = inputs.policy.with_severities(severities) if severities else inputs.policy
    that_day = day or estate.as_of or today()
    policy = policy.on(that_day)
    graph = FlowGraph.of(estate, policy)
    wrong = unjudgeable(policy, graph, [*(rules or ()), *severities])
    if wrong:
        return None, wrong
    judged = judge(policy, graph, that_day, rules=rules, most_kept=most)
    given = day_from if day else "manifest" if estate.as_of else "clock"
    found = reported(inputs, graph, judged, that_day, day_from=given, rules=rules, limits=limits)
    return completed_each_way(found, graph) if each_way else found, ()


def completed_each_way(found: Report, graph: FlowGraph) -> Report:
    """Return the report with a completion each way for the undetermined findings."""
    from privacy_rules.checking.deciding_completions import EachWays

    ways = EachWays(graph.policy, graph, found.as_of)
    findings = (
        replace(each, open=ways.of(each.rule, each.subject.id)) if each.verdict is Verdict.UNDETERMINED else each
        for each in found.findings
    )
    return replace(found, findings=tuple(findings))


def unjudgeable(policy: Policy, graph: FlowGraph, rules: Iterable[str] = ()) -> Diagnostics:
    """Return why an estate cannot be judged: unknown names among `rules`, an `origin` that is not a collection."""
    return in_order((*unknown_rules(policy, rules), *diagnose(graph)))


def reported(
    inputs: Inputs,
    graph: FlowGraph,
    judged: Judged,
    day: date,
    *,
    day_from: str,
    rules: Collection[str] | None = None,
    limits: Limits = USUAL_LIMITS,
) -> Report:
    """Return the report of what was judged.

    The policy of the graph is that of the inputs, with the severities in effect.
    """
    policy = graph.policy
    mixed = mixed_periods(graph, day, rules)
    warnings = (*inputs.warnings, *not_in_force(policy, rules or (), day, Level.WARNING), *mixed)
    terms = CheckContext(as_of_from=day_from, severities=_changes(inputs.policy, policy))
    return report(
        policy,
        graph.estate,
        judged,
        day,
        selected=rules,
        warnings=warnings,
        terms=terms,
        limits=limits,
        gaps=gaps(graph),
    )


def only_changed(inputs: Inputs, found: Report, changed: Sequence[Path], decisive: Collection[Path] = ()) -> Report:
    """Return the report with only the findings that involve changed files. A folder means the files in it.

    The report keeps all findings if one of the files may affect everything: the policy, a configuration, another
    `decisive` file, or a file that no longer exists. The report's terms then name that file. A file that is not a
    manifest of these gets a warning (W312).
    """
    from privacy_rules.findings.changed_files import changes
    from privacy_rules.findings.participation import Participation

    meant = changes(changed, inputs.estate.files, [*inputs.policy.files, *decisive])
    terms = replace(found.terms, changed=meant.names)
    if meant.all_because is not None:
        return replace(found, terms=replace(terms, all_because=meant.all_because))
    participation = Participation(inputs.estate, inputs.policy)
    kept = [each for each in found.findings if not participation.files(each).isdisjoint(meant.manifests)]
    warnings = in_order([*found.warnings, *map(_no_manifest, meant.strange)])
    terms = replace(terms, left_out=len(found.findings) - len(kept))
    return replace(found.only(kept).counted(), warnings=warnings, terms=terms)


def _no_manifest(name: str) -> Diagnostic:
    help_ = "add it to `manifests` of the configuration, or to an `include`, if it declares flows"
    message = f"`{name}` is not one of the checked manifests"
    if Path(name).is_dir():
        message = f"none of the checked manifests is in the folder `{name}`"
    return Diagnostic(codes.NOT_A_MANIFEST, message, help=help_, level=Level.WARNING)


def _changes(was: Policy, now: Policy) -> tuple[SeverityChange, ...]:
    pairs = zip(was.rules, now.rules, strict=True)
    changed = (SeverityChange(a.name, a.severity, b.severity) for a, b in pairs if a.severity != b.severity)
    return tuple(sorted(changed, key=lambda each: each.rule))


def explain(
    inputs: Inputs, rule: str, subject: str, *, day: date | None = None
) -> tuple[tuple[Explanation, ...] | None, Diagnostics]:
    """Explain why a rule judges a subject as it does, with the whole tree of every judged pair, compliant ones too."""
    estate = inputs.estate
    that_day = day or estate.as_of or today()
    policy = inputs.policy.on(that_day)
    graph = FlowGraph.of(estate, policy)
    if wrong := unjudgeable(policy, graph, [rule]):
        return None, wrong
    explanations = explained(policy, graph, that_day, rule, subject)
    if not explanations:
        return None, (_not_judged(inputs, rule, subject, that_day),)
    return explanations, ()


def subjects_of(
    inputs: Inputs, rule: str, *, day: date | None = None
) -> tuple[tuple[tuple[str, Verdict], ...] | None, Diagnostics]:
    """Return each subject that a rule applies to, with its verdict. None if the policy does not have the rule."""
    estate = inputs.estate
    that_day = day or estate.as_of or today()
    policy = inputs.policy.on(that_day)
    graph = FlowGraph.of(estate, policy)
    found = (*unknown_rule(policy, rule), *diagnose(graph))
    if has_errors(found):
        return None, in_order(found)
    return Explanations(policy, graph, that_day).subjects_of(rule), ()


def today() -> date:
    """Return the local day."""
    return datetime.now().astimezone().date()


def _is_absent(file: PolicyFile, disk: FileSystem) -> bool:
    """Whether a policy file does not exist.

    A file in a folder that cannot be opened may exist; reading it reports the error.
    """
    try:
        return disk.kind(file.path) is None
    except ValueError:
        return True
    except OSError:
        return False


def _absent(file: PolicyFile, disk: FileSystem) -> Diagnostic:
    message = f"there is no policy file `{shown(file.path)}`"
    near = help_for_absent(shown(file.path), disk=disk)
    help_ = near or "`policy` is relative to the manifest that names it"
    return Diagnostic(codes.UNUSABLE_FILE, message, file.where, help_)


def no_policy(verb: str = "") -> Diagnostic:
    """Return the error that no policy is given; `verb` is one whose arguments are policies."""
    help_ = "give one with `--policy FILE`, in the configuration's `policy`, or in the manifest's own `policy`"
    if verb:
        help_ = f"name its file, as in `privacy-rules {verb} customers.privacy`, or set `policy` in the configuration"
    return Diagnostic(codes.NO_POLICY, "no policy is given", help=help_)


def unknown_rule(policy: Policy, name: str) -> Diagnostics:
    """Return an error if a policy has no rule of that name, with similar names."""
    return () if policy.rule(name) else tuple(unknown_rules(policy, [name]))


def unknown_rules(policy: Policy, names: Iterable[str]) -> Iterable[Diagnostic]:
    """Yield an error for each name that is not a judging rule of the policy, with similar names."""
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
                codes.UNKNOWN_RULE, message, help=f"it counts when a rule that it lifts is judged: {lifted}"
            )


def not_in_force(policy: Policy, names: Iterable[str], day: date, level: Level = Level.ERROR) -> tuple[Diagnostic, ...]:
    """Return an error, or a warning, for each rule of these names that is not in force on a day."""
    code = codes.UNKNOWN_SUBJECT if level is Level.ERROR else codes.RULE_NOT_IN_FORCE
    rules, help_ = (policy.rule(each) for each in sorted(set(names))), "give another day with `--as-of`"
    return tuple(
        Diagnostic(code, f"rule `{each.name}` is not in force on {day}", each.span, help_, level=level)
        for each in rules
        if each is not None and not each.in_force(day)
    )


def _not_judged(inputs: Inputs, rule: str, subject: str, day: date) -> Diagnostic:
    """Return the error that says why there is nothing to explain for a rule and a subject."""
    estate, found = inputs.estate, inputs.policy.rule(rule)
    for each in not_in_force(inputs.policy, [rule], day):
        return each
    kind = found.subject.kind.family if found else "subject"
    known = {id_ for entity in Entity for id_ in estate.records(entity)}
    message = f"rule `{rule}` judges each {kind}, but no {kind} was found for `{subject}`"
    return Diagnostic(codes.UNKNOWN_SUBJECT, message, help=did_you_mean(subject, known - {subject}))
