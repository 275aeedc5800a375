"""The keys of a configuration as a pydantic model: what is right, and its JSON Schema. Loaded where there is one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from privacy_rules.source import codes

if TYPE_CHECKING:
    _WarningCode = str
else:
    _WarningCode = Literal[tuple(codes.WARNINGS)]


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
    format: list[str] = Field([], description="a list of formats, each `F` or `F=FILE`, the file relative to this file")
    rule: list[str] = Field([], description="a list of names of the only rules to judge")
    fail_on: Literal["violation", "undetermined", "never"] | None = Field(
        None, description="`violation`, `undetermined` or `never`"
    )
    fail_severity: Literal["error", "warning", "note"] | None = Field(
        None, description="`error`, `warning` or `note`: the lowest that fails"
    )
    fail_warnings: list[_WarningCode] = Field([], description="a list of codes of warnings that fail, such as `W302`")
    severity: dict[str, Literal["error", "warning", "note"]] = Field(
        {}, description="a table of rules, each with `error`, `warning` or `note`"
    )
    lint: dict[str, Literal["error", "warning", "note", "off"]] = Field(
        {}, description="a table of lints, each with `error`, `warning`, `note` or `off`"
    )
    lint_fail_severity: Literal["error", "warning", "note", "never"] | None = Field(
        None, description="`error`, `warning`, `note` or `never`: the lowest that fails `lint`"
    )
    costs: dict[
        str, Annotated[float, Field(ge=0, allow_inf_nan=False)] | Annotated[int, Field(ge=0)] | Literal["never"]
    ] = Field(
        {}, description="a table of kinds of moves, and of entities such as `flow:signup`, each with a cost or `never`"
    )
    exclude: list[str] = Field(
        [], description="a list of files, globs or folders that are no manifests, relative to this file"
    )
    baseline: str | None = Field(None, description="a baseline file, relative to this file")
    waiver_days: int | None = Field(None, gt=0, description="a number of days: the most that a waiver may be for")
    waiver_soon_days: int | None = Field(
        None, ge=0, description="a number of days: how long before its end a waiver is told of"
    )
    as_of: date | None = Field(None, description="a day, such as 2026-11-01")
    statistics: bool | None = Field(None, description="`true` or `false`")
    quiet: bool | None = Field(None, description="`true` or `false`")
    no_color: bool | None = Field(None, description="`true` or `false`")
    manifest_limit: int | None = Field(None, gt=0, le=4096, description="a number of MiB from 1 to 4096")


KEYS: dict[str, str] = {
    field.alias or name: field.description or "" for name, field in ConfigurationModel.model_fields.items()
}
"""Each key and, in words, what it wants."""
