"""Runs inputs on a target, without a fuzzer: `python -m tests.fuzzing.replay [--seconds=N] TARGET FILE…`.

N bounds the processor's time, the time to start included.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

from tests.fuzzing.targets import TARGETS


def main(name: str, *files: str) -> None:
    inputs = [Path(each).read_bytes() for each in files]
    with tempfile.TemporaryDirectory() as folder:
        run = TARGETS[name].start(Path(folder))
        for file, data in zip(files, inputs, strict=True):
            run(data)
            print(f"{file}: ends well")


if __name__ == "__main__":
    words = sys.argv[1:]
    if words and words[0].startswith("--seconds="):
        resource.setrlimit(resource.RLIMIT_CPU, (int(words.pop(0).partition("=")[2]),) * 2)
    main(*words)
