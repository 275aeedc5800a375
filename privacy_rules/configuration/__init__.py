"""The configuration of a project: `[tool.privacy-rules]` in `pyproject.toml`, or `privacy-rules.toml`."""
