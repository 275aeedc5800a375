"""The JSON Schemas of the configuration and of the findings, from the pydantic models that read them."""

from __future__ import annotations

from privacy_rules.schemas.json_schema import Schema, whole


def config_schema() -> Schema:
    """`privacy-rules.toml`, or `[tool.privacy-rules]` of `pyproject.toml`."""
    from privacy_rules.configuration.model import ConfigurationModel

    body = ConfigurationModel.model_json_schema(by_alias=True)
    return whole(
        "Configuration of privacy-rules", "The whole of `privacy-rules.toml`, or `[tool.privacy-rules]`.", body
    )


def findings_schema() -> Schema:
    """What `--format json` writes: findings, or what was wrong where nothing was judged."""
    from pydantic import TypeAdapter

    from privacy_rules.findings.document_model import Document, Errors

    either: TypeAdapter[Document | Errors] = TypeAdapter(Document | Errors)
    told = "What `--format json` writes: the findings of a check, or the errors for which nothing was judged."
    return whole("Findings of privacy-rules", told, either.json_schema(by_alias=True))
