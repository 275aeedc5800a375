"""`--show-config`: each key of the configuration, its value, and where that comes from, as a configuration file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from privacy_rules.configuration.load import Configuration
from privacy_rules.configuration.model import DEFAULTS
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.invisible_characters import visible

_OF_CALL = {"policy": "policies", "format": "formats", "rule": "rules"}
"""Keys whose parameter of the command has another name."""


def shown_config(settings: Configuration, context: click.Context) -> str:
    """The configuration that applies to a call of `check`, as a TOML document."""
    file = shown(settings.file) if settings.file else None
    beside = settings.unread_project_file()
    aside = f"; [tool.privacy-rules] of {shown(beside)} beside it is not read" if beside else ""
    head = (
        f"# {file}{aside}"
        if file
        else "# no privacy-rules.toml, and no pyproject.toml with [tool.privacy-rules], is found"
    )
    lines = [tuple(map(visible, _line(key, *_value(key, settings, context)))) for key in DEFAULTS]
    width = max(len(line) for line, _ in lines)
    return "".join([f"{visible(head)}\n", *(f"{line:{width}}  # {who}\n" for line, who in lines)])


def _value(key: str, settings: Configuration, context: click.Context) -> tuple[object, str]:
    """The value of a key, and where it comes from: the call, the file, or the default."""
    name = _OF_CALL.get(key, key.replace("-", "_"))
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        value: Any = context.params[name]
        return (list(value) if isinstance(value, tuple) else value), "the command line"
    if key in settings.given:
        return settings.given[key], shown(settings.file) if settings.file else ""
    return DEFAULTS[key], "default"


def _line(key: str, value: object, who: str) -> tuple[str, str]:
    return (f"# {key} =" if value is None else f"{key} = {_toml(value)}"), who


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str | bool | int) else str(value)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isalnum() and plain.isascii() else json.dumps(name)
