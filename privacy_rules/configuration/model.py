"""The keys of a configuration: the one table behind reading, the JSON Schema, `--show-config` and messages.

It is a pydantic model, and is only imported if a configuration exists or is asked for.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from privacy_rules.findings.threshold import FailOn
from privacy_rules.language.policy import Severity
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass

if TYPE_CHECKING:
    WarningCode = str
else:
    WarningCode = Literal[tuple(codes.WARNINGS)]

_FLAG = "`true` or `false`"


@dataclass(frozen=True, slots=True)
class Unset:
    """The value that applies if a key is not given, unless that is nothing."""

    value: object


class ConfigurationModel(BaseModel):
    """`[tool.privacy-rules]`, or the whole of `privacy-rules.toml`. Every key may be left out."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
        title="Configuration of privacy-rules",
    )

    policy: list[str] = Field([], description="a list of policy files, relative to this file")
    manifests: list[str] = Field([], description="a list of manifest files, globs or folders, relative to this file")
    map: list[str] = Field(
        [], description="a list of maps for files from other tools among the manifests, relative to this file"
    )
    format: Annotated[list[str], Unset(["text"])] = Field(
        [], description="a list of formats, each `F` or `F=FILE`, the file relative to this file"
    )
    rule: list[str] = Field([], description="a list of names of the only rules to judge")
    fail_on: Annotated[FailOn | None, Unset("violation")] = Field(
        None, description="`violation`, `undetermined` or `never`"
    )
    fail_severity: Annotated[Severity | None, Unset("error")] = Field(
        None, description="`error`, `warning` or `note`: the lowest that fails"
    )
    fail_warnings: list[WarningCode] = Field([], description="a list of codes of warnings that fail, such as `W302`")
    severity: dict[str, Severity] = Field({}, description="a table of rules, each with `error`, `warning` or `note`")
    idle_rules: dict[str, Annotated[str, Field(min_length=1)]] = Field(
        {}, description="a table of rules that may apply to nothing, each with the reason"
    )
    lint: dict[str, Literal["error", "warning", "note", "off"]] = Field(
        {}, description="a table of lints, each with `error`, `warning`, `note` or `off`"
    )
    lint_fail_severity: Annotated[Literal["error", "warning", "note", "never"] | None, Unset("warning")] = Field(
        None, description="`error`, `warning`, `note` or `never`: the lowest that fails `lint`"
    )
    costs: dict[
        str, Annotated[float, Field(ge=0, allow_inf_nan=False)] | Annotated[int, Field(ge=0)] | Literal["never"]
    ] = Field(
        {}, description="a table of kinds of moves, and of entities such as `flow:signup`, each with a cost or `never`"
    )
    exclude: list[str] = Field(
        [], description="a list of files, globs or folders that are not manifests, relative to this file"
    )
    baseline: str | None = Field(None, description="a baseline file, relative to this file")
    waiver_days: Annotated[int | None, Unset(365)] = Field(
        None, gt=0, description="a number of days: the longest that a waiver may last"
    )
    waiver_soon_days: Annotated[int | None, Unset(14)] = Field(
        None, ge=0, description="a number of days: how long before its end a waiver is reported"
    )
    as_of: date | None = Field(None, description="a day, such as 2026-11-01")
    as_of_days: Annotated[int | None, Unset(90)] = Field(
        None, ge=0, description="a number of days: how old an `as-of` or `as_of` may be before it is reported"
    )
    statistics: Annotated[bool | None, Unset(False)] = Field(None, description=_FLAG)
    quiet: Annotated[bool | None, Unset(False)] = Field(None, description=_FLAG)
    no_color: Annotated[bool | None, Unset(False)] = Field(None, description=_FLAG)
    cache: Annotated[bool | None, Unset(True)] = Field(None, description=_FLAG)
    manifest_limit: Annotated[int | None, Unset(64)] = Field(
        None, gt=0, le=4096, description="a number of MiB from 1 to 4096"
    )


KEYS: dict[str, str] = {
    field.alias or name: field.description or "" for name, field in ConfigurationModel.model_fields.items()
}
"""Each key, with a description of its value."""

DEFAULTS: dict[str, object] = {
    field.alias or name: next((each.value for each in field.metadata if isinstance(each, Unset)), field.default)
    for name, field in ConfigurationModel.model_fields.items()
}
"""Each key, with what applies if it is not given."""
