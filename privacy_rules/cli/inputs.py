"""The inputs of a verb: those of the call, or otherwise those of the configuration."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules import engine
from privacy_rules.cli.options import called_maps
from privacy_rules.configuration.load import Configuration, configuration
from privacy_rules.configuration.targets import Meant, manifest_files, policy_files
from privacy_rules.manifest.file_set import Documents, Source, Stdin, Tables, shown
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, InputError, has_errors, lowered
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.file_system import LIMIT
from privacy_rules.source.project_boundary import Confined, OutsideError, confined_to, shared_policies
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import first_few, lower_first
from privacy_rules.vocabulary.taxonomy import spelling

if TYPE_CHECKING:
    from privacy_rules.findings.finding import Finding
    from privacy_rules.findings.report import Report
    from privacy_rules.language.policy import Policy

STDIN = "-"
_MOST_NAMED = 5


def configured() -> Configuration:
    """The configuration that applies in the working directory. Raises InputError if it is wrong."""
    found, wrong = configuration(Path.cwd())
    if found is None:
        raise InputError(wrong)
    maps = called_maps()
    return replace(found, map=maps, called_maps=maps) if maps else found


def read(
    manifests: Sequence[str],
    policies: Sequence[str],
    settings: Configuration,
    *,
    tables: Sequence[str] = (),
    keep: bool = False,
) -> engine.Inputs:
    """Read manifests, tables and policies; `keep` also keeps the manifests as read. Raises InputError with all errors in them.

    The configured manifests are read if the call names neither manifests nor tables.
    """
    named: list[Source] = [
        *(sources(manifests, settings) if manifests else ()),
        *(Tables(Path(each)) for each in tables),
    ]
    found, wrong = engine.load(
        named or _configured_sources(settings),
        [Path(each) for each in policies] or settings.policy,
        root=settings.folder,
        limit=settings.manifest_limit,
        keep=keep,
        disk=project(settings, *manifests, *tables, *policies),
        maps=settings.map,
    )
    if found is None:
        blamed = [key for key, called in (("policy", policies), ("manifests", manifests)) if not called]
        raise InputError([_blamed(each, settings, blamed) for each in wrong])
    if settings.costs and not manifests:
        _check_costs(settings, found)
    return found


def read_manifests(manifests: Sequence[str], settings: Configuration) -> Documents:
    """Read manifests, without a policy yet. Raises InputError with all errors in them."""
    found, wrong = engine.read(
        sources(manifests, settings) if manifests else _configured_sources(settings),
        root=settings.folder,
        limit=settings.manifest_limit,
        disk=project(settings, *manifests),
        maps=settings.map,
    )
    if found is None or has_errors(wrong):
        raise InputError(wrong)
    return found


def read_policy(files: Sequence[Path], settings: Configuration, *called: str) -> tuple[Policy, Sequence[Diagnostic]]:
    """The policy of the files, and its warnings. Raises InputError with all errors in it.

    `called` are the files that the call names, which may be outside the project.
    """
    policy, found = engine.load_policy(files, root=settings.folder, disk=project(settings, *called))
    if policy is None:
        raise InputError(found)
    return policy, found


def with_severities(policy: Policy, settings: Configuration) -> Policy:
    """Return the policy with the configured severities of its rules."""
    return policy.with_severities({rule: each for rule, each in settings.severity.items() if policy.rule(rule)})


def day_of(inputs: engine.Inputs, settings: Configuration, as_of: date | None = None) -> date:
    """The day to judge on: the call's, else the configuration's, else the manifest's, else today."""
    return as_of or settings.as_of or inputs.estate.as_of or engine.today()


def entity_named(words: str, known: Mapping[str, Collection[str]], example: str) -> tuple[str, str]:
    """Return the kind and id that `KIND:ID` names, out of the ids `known` by kind. Raises InputError if it names nothing."""
    kind, name = kind_and_id(words)
    if kind not in known:
        meant = next((each for each, names in known.items() if words in names), None)
        help_ = f"did you mean `{meant}:{words}`?" if meant else did_you_mean(kind, known)
        help_ = help_ or f"the kinds are {', '.join(known)}, as in `{example}`"
        raise InputError([Diagnostic(codes.USAGE, f"`{words}` does not start with a known kind", help=help_)])
    if not name:
        raise InputError([Diagnostic(codes.USAGE, f"`{words}` has no id", help=f"add one, as in `{kind}:ID`")])
    name = spelling("region", name) if kind == "country" else name
    if name not in known[kind]:
        message = f"there is no {kind} `{name}`"
        raise InputError([Diagnostic(codes.UNKNOWN_SUBJECT, message, help=did_you_mean(name, known[kind]))])
    return kind, name


def finding_named(report: Report, fingerprint: str) -> Finding:
    """The finding whose fingerprint starts like this. Raises InputError unless there is exactly one."""
    found = [each for each in report.findings if fingerprint and each.fingerprint.startswith(fingerprint)]
    if len(found) != 1:
        many = f"{len(found):,} findings have" if found else "no finding has"
        message = f"{many} a fingerprint that starts with `{fingerprint}`"
        help_ = "`privacy-rules check --format json` prints whole fingerprints"
        raise InputError([Diagnostic(codes.UNKNOWN_SUBJECT, message, help=help_)])
    return found[0]


def project(settings: Configuration, *called: str) -> Confined:
    """The file system that a call may use: the files that it names, and the project; links do not lead out of it.

    Configured policies may be elsewhere, because several repositories may share one; no line of such a file is shown.
    """
    shared = shared_policies(settings.policy)
    called = (*called, *map(str, settings.called_maps))
    return confined_to([each for each in called if each != STDIN], settings.folder, shared)


def refuse_outside(settings: Configuration, key: str, files: Iterable[Path]) -> None:
    """Raises InputError if a configured file leads out of the project, at the configuration's key."""
    disk, wrong = project(settings), list[Diagnostic]()
    for each in files:
        try:
            disk.refuse(each)
        except OutsideError as error:
            message = f"`{shown(each)}` cannot be used: {lowered(error)}"
            wrong.append(settings.blamed(key, Diagnostic(codes.CONFIGURATION, message)))
    if wrong:
        raise InputError(wrong)


def _check_costs(settings: Configuration, found: engine.Inputs) -> None:
    """Raises InputError if a configured cost is for something that no configured manifest has."""
    from privacy_rules.configuration.validation import unknown_entities

    estate = found.estate
    known = {
        "flow": estate.flows,
        "system": estate.systems,
        "party": estate.parties,
        "contract": estate.contracts,
        "organisation": ("organisation",),
    }
    wrong = [settings.problem(each) for each in unknown_entities(settings.costs, known)]
    if wrong:
        raise InputError(wrong)


def _configured_sources(settings: Configuration) -> list[Path | Stdin]:
    try:
        return sources(settings.manifests, settings)
    except InputError as error:
        names = [str(each) for each in _listed(settings, "manifests")]
        meant = dict(zip((shown(Path(each)) for each in settings.manifests), names, strict=True))
        raise InputError(
            [settings.blamed("manifests", each, _named(each.message, meant)) for each in error.diagnostics]
        ) from error


def _blamed(found: Diagnostic, settings: Configuration, keys: Sequence[str]) -> Diagnostic:
    """Return the error that a file cannot be read, at the key that names it (`keys`: the keys in use)."""
    if found.code not in (codes.UNREADABLE_POLICY, codes.UNREADABLE_DATA):
        return found
    for key in keys:
        files = settings.policy if key == "policy" else map(Path, settings.manifests)
        named = _named(found.message, dict(zip(map(shown, files), map(str, _listed(settings, key)), strict=True)))
        if named is not None:
            return settings.blamed(key, replace(found, span=None), named)
    return found


def _listed(settings: Configuration, key: str) -> Sequence[object]:
    given = settings.given.get(key, ())
    return given if isinstance(given, list) else ()


def _named(message: str, meant: Mapping[str, str]) -> str | None:
    """The name in a message, as the configuration writes it."""
    return next((given for name, given in meant.items() if f"`{name}`" in message), None)


def sources(targets: Sequence[str], settings: Configuration) -> list[Path | Stdin]:
    """The manifests that the targets mean.

    Raises InputError (E302) if a target means no manifest, or there is no target.
    """
    if not targets:
        help_ = "name a file, a glob or a folder, `-` for standard input, or set `manifests` in the configuration"
        raise InputError([Diagnostic(codes.NO_MANIFEST, "no manifest is given", help=help_)])
    found = looked_into(manifest_files([each for each in targets if each != STDIN], settings.exclude, settings.folder))
    if found.empty:
        raise InputError([_nothing(each, settings) for each in found.empty])
    if STDIN in targets and sys.stdin is None:
        raise InputError([Diagnostic(codes.NO_MANIFEST, "cannot read standard input: it is closed")])
    most = (settings.manifest_limit or LIMIT) + 1  # reading the manifest refuses what is longer
    read_in = [Stdin(sys.stdin.buffer.read(most))] if STDIN in targets else []
    return [*found.files, *read_in]


def looked_into(found: Meant) -> Meant:
    """The files that targets mean.

    Raises InputError (E303) if a folder cannot be read, because its files would not be checked.
    """
    help_ = "make it readable, or leave it out with `exclude` in the configuration"
    wrong = [
        Diagnostic(codes.UNUSABLE_FILE, f"cannot look into the folder `{shown(each)}`: {lower_first(why)}", help=help_)
        for each, why in found.closed
    ]
    if wrong:
        raise InputError(wrong)
    return found


def policy_paths(targets: Sequence[str], settings: Configuration, *, writes: bool = False) -> tuple[Path, ...]:
    """The policies that the arguments of a call mean, else the configured ones.

    Raises InputError if there are none (E301), or if the call `writes` one that is outside the project.
    """
    if not targets and not settings.policy:
        raise InputError([engine.no_policy(click.get_current_context().info_name or "lint")])
    found = looked_into(policy_files(targets, settings.exclude, settings.folder))
    if found.empty:
        help_ = "in a folder, policies are the files that end in `.privacy`"
        messages = [(f"there is no policy in `{each}`", each) for each in map(shown, map(Path, found.empty))]
        raise InputError(
            Diagnostic(codes.NO_POLICY, message, help=help_for_absent(name) or help_) for message, name in messages
        )
    if writes and not targets:
        refuse_outside(settings, "policy", settings.policy)
    if writes:
        _refuse_links(found.files, project(settings, *targets))
    return found.files if targets else settings.policy


def _refuse_links(files: Iterable[Path], disk: Confined) -> None:
    """Raises InputError if a file that was found in a folder is a link that leads out of the project."""
    wrong = []
    for each in files:
        try:
            disk.refuse(each)
        except OutsideError as error:
            message = f"`{shown(each)}` cannot be written: {lowered(error)}"
            wrong.append(Diagnostic(codes.UNUSABLE_FILE, message))
    if wrong:
        raise InputError(wrong)


def _nothing(target: str, settings: Configuration) -> Diagnostic:
    from privacy_rules.cli.unread_inputs import unread_in

    disk = project(settings, *(() if target in settings.manifests else (target,)))
    if near := help_for_absent(shown(Path(target)), disk=disk):
        return Diagnostic(codes.NO_MANIFEST, f"there is no manifest in `{shown(Path(target))}`", help=near)
    help_ = "in a folder, manifests are named `privacy.yaml`, or end in `.privacy.yaml` (or yml, json)"
    if has_magic(target):
        help_ = "the pattern matches no file"
    named = first_few([f"`{each}`" for each in unread_in(target, settings)], _MOST_NAMED)
    help_ += f"; these files say `manifest: 1`, but have other names: {named}" if named else ""
    return Diagnostic(codes.NO_MANIFEST, f"there is no manifest in `{shown(Path(target))}`", help=help_)
