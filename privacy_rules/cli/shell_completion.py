"""Shell completion of rules, subjects and files.

If something is wrong with the configuration, the policy or a manifest, nothing is offered: the call itself will report it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from privacy_rules.source.invisible_characters import visible

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.language.policy import Policy, Rule
    from privacy_rules.language.subject_kinds import Kind
    from privacy_rules.manifest.model import Estate

_LIMIT = 2 * 2**20
"""The largest manifest, in bytes, whose ids are offered."""


def files(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """File names, which the shell itself completes."""
    return [CompletionItem(begun, type="file")]


def rule_names(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """The rules except permits, each with its title, if the shell shows titles."""
    try:
        found = _policy(context)
    except Exception:  # whatever it is, it must not disturb the command line
        return []
    rules = found.rules if found else ()
    return [_offer(rule) for rule in rules if rule.statement != "permit" and rule.name.startswith(begun)]


def subject_ids(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """The ids of what the rule in the previous argument may judge."""
    try:
        ids = sorted(set(_subjects(context)))
    except Exception:  # as above
        return []
    return [id_ for id_ in ids if id_.startswith(begun) and visible(id_) == id_]


def _offer(rule: Rule) -> CompletionItem[str]:
    return CompletionItem(rule.name, help=rule.title and visible(rule.title))


def _policy(context: click.Context) -> Policy | None:
    """The policy of the call, else of the configuration, else of the manifests."""
    from pathlib import Path

    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, project, sources

    settings = configured()
    disk = project(settings, *(context.params.get("policies") or ()), *_manifests(context, settings))
    given = [Path(each) for each in context.params.get("policies") or ()] or list(settings.policy)
    if given:
        return engine.load_policy(given, root=settings.folder, disk=disk)[0]
    documents, _ = engine.read(
        sources(_manifests(context, settings), settings),
        root=settings.folder,
        limit=_LIMIT,
        disk=disk,
        maps=settings.map,
    )
    return engine.policy_of(documents, disk)[0]


def _subjects(context: click.Context) -> Iterable[str]:
    from dataclasses import replace

    from privacy_rules.cli.inputs import configured, read

    settings = replace(configured(), manifest_limit=_LIMIT)
    inputs = read(_manifests(context, settings), context.params.get("policies") or (), settings)
    rule = inputs.policy.rule(context.params.get("rule") or "")
    return _ids(inputs.estate, rule.subject.kind) if rule else ()


def _manifests(context: click.Context, settings: Configuration) -> list[str]:
    """The manifests of the call, else of the configuration, without standard input, which belongs to the shell."""
    return [each for each in context.params.get("manifests") or settings.manifests if each != "-"]


def _ids(estate: Estate, kind: Kind) -> Iterable[str]:
    from privacy_rules.checking.subjects import entity_of
    from privacy_rules.vocabulary.attributes import Entity

    entity = entity_of(kind.family)
    return ["organisation"] if entity is Entity.ORGANISATION else estate.records(entity)
