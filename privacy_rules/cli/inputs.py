"""What a verb works on: the call and the configuration together; the call wins."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from privacy_rules import codes, engine
from privacy_rules.configuration import Configuration, configuration
from privacy_rules.manifest.files import Stdin
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.targets import manifest_files

STDIN = "-"


def configured() -> Configuration:
    """The configuration that holds in the working directory. Raises InputError where it is wrong."""
    found, wrong = configuration(Path.cwd())
    if found is None:
        raise InputError(wrong)
    return found


def read(manifests: Sequence[str], policies: Sequence[str], settings: Configuration) -> engine.Inputs:
    """What is to be judged. Raises InputError with all that is wrong with policy and manifests."""
    found, wrong = engine.load(
        sources(manifests or settings.manifests, settings.exclude),
        [Path(each) for each in policies] or settings.policy,
        root=settings.folder,
        limit=settings.manifest_limit,
    )
    if found is None:
        raise InputError(wrong)
    return found


def sources(targets: Sequence[str], exclude: Sequence[str] = ()) -> list[Path | Stdin]:
    """The manifests that the targets mean. Raises InputError (E302) where one means none, or there is no target."""
    if not targets:
        help_ = "name a file, a glob or a folder, `-` for standard input, or set `manifests` in the configuration"
        raise InputError([Diagnostic(codes.NO_MANIFEST, "no manifest is given", help=help_)])
    files, empty = manifest_files([each for each in targets if each != STDIN], exclude)
    if empty:
        raise InputError([_nothing(each) for each in empty])
    read_in = [Stdin(sys.stdin.buffer.read())] if STDIN in targets else []
    return [*files, *read_in]


def _nothing(target: str) -> Diagnostic:
    help_ = "in a folder, manifests are named `privacy.yaml`, or end in `.privacy.yaml` (or yml, json)"
    return Diagnostic(codes.NO_MANIFEST, f"no manifest is found in `{target}`", help=help_)
