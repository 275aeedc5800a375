"""Restrict what the language server may read, since an open repository is not necessarily trusted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from privacy_rules.configuration.load import Configuration
from privacy_rules.source.project_boundary import Confined, confined_to, shared_policies


def border(open_: Iterable[Path], settings: Configuration) -> Confined:
    """Return a file system with the open documents and the projects of these and of the configuration."""
    return confined_to(open_, settings.folder, shared_policies(settings.policy))
