"""Fuzzes one target with atheris: `python -m tests.fuzzing.one TARGET FOLDER [LIBFUZZER ARGUMENT]…`.

The command `python -m tests.fuzzing` starts one such process for each target, and cleans up behind it.
"""

from __future__ import annotations

import importlib
import pkgutil
import resource
import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped, unused-ignore]

from tests.fuzzing.guard import no_network

_NOT_REACHED = ("privacy_rules.lsp", "privacy_rules.web", "privacy_rules.pygments_lexer", "privacy_rules.__main__")

_LARGEST_FILE = 64 * 2**20
_MOST_MEMORY = 4 * 2**30
"""The last resort: libFuzzer's own limit is lower, and looks once a second."""


def main(name: str, folder: str, *words: str) -> None:
    sys.dont_write_bytecode = True
    for what, most in ((resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_FSIZE, _LARGEST_FILE)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    no_network()
    with atheris.instrument_imports(include=["privacy_rules"]):
        import privacy_rules

        for module in pkgutil.walk_packages(privacy_rules.__path__, "privacy_rules.", onerror=lambda _: None):
            if not module.name.startswith(_NOT_REACHED):  # what is imported later would not be instrumented
                importlib.import_module(module.name)
    from tests.fuzzing.targets import TARGETS

    run = TARGETS[name].start(Path(folder))
    atheris.Setup([sys.argv[0], *words], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
