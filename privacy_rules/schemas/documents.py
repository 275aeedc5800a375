"""The JSON Schemas of the configuration and of the findings, from their pydantic models."""

from __future__ import annotations

from privacy_rules.schemas.json_schema import Schema, whole


def config_schema() -> Schema:
    """The schema of `privacy-rules.toml`, or of `[tool.privacy-rules]` in `pyproject.toml`."""
    from privacy_rules.configuration.model import ConfigurationModel

    body = ConfigurationModel.model_json_schema(by_alias=True)
    return whole(
        "Configuration of privacy-rules", "The whole of `privacy-rules.toml`, or `[tool.privacy-rules]`.", body
    )


def findings_schema() -> Schema:
    """The schema of what `check --format json` writes: findings, or errors if nothing was judged."""
    from pydantic import TypeAdapter

    from privacy_rules.findings.document_model import Document, Errors

    either: TypeAdapter[Document | Errors] = TypeAdapter(Document | Errors)
    description = "What `--format json` writes: the findings of a check, or the errors that prevented it."
    return whole("Findings of privacy-rules", description, either.json_schema(by_alias=True))
