"""A baseline file as strict pydantic models. Loaded only when a baseline is read."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from privacy_rules.findings.document_model import SubjectDocument, VerdictWord


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BaselinePart(_Strict):
    """One judged datum (for a joining, its `pair`) for one purpose."""

    data: str | None
    purpose: str | None
    verdict: VerdictWord
    pair: tuple[str, str] | None = None


class BaselineFinding(_Strict):
    """An accepted finding with its accepted judged pairs."""

    rule: str
    verdict: VerdictWord
    subject: SubjectDocument
    judged: list[BaselinePart] = Field(min_length=1)
    message: str
    fingerprint: str = Field(pattern=r"^[0-9a-f]{32}$")


class Baseline(_Strict):
    """The whole file."""

    version: Literal[1]
    findings: list[BaselineFinding]
