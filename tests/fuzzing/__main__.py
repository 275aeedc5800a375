"""The command: `python -m tests.fuzzing [SECONDS] [TARGET]`, which `./try fuzz` calls.

Every target runs in a process of its own, as many side by side as there are processors, until SECONDS (default 600) have
passed. A target stops at its first finding. Exit code 0: nothing was found, 1: something was, 2: the call is wrong.

    .fuzzing/corpus/TARGET      inputs that reached something new; the next run goes on from them
    .fuzzing/findings/          the input of each finding, and what the process wrote
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.fuzzing.guard import ROOT
from tests.fuzzing.seeds import dictionary
from tests.fuzzing.targets import TARGETS, Target

KEPT = ROOT / ".fuzzing"
USUAL_SECONDS = 600
LIMIT_SECONDS, LIMIT_MB = 10, 1024
"""What one input may take."""


@dataclass
class Result:
    """What became of a target; `finding` is the saved input, or what the process wrote if there is no input."""

    target: str
    executions: int = 0
    seconds: float = 0
    coverage: int = 0
    corpus: int = 0
    megabytes: int = 0
    slow: int = 0
    finding: Path | None = None
    told: str = ""

    def line(self) -> str:
        outcome = "found nothing" if self.finding is None else f"FOUND {self.finding.name}"
        slow = f" ({self.slow} inputs were slow only because the machine was busy)" if self.slow else ""
        return (
            f"{self.target:14} {self.executions:9,} executions {self.seconds:6.0f} s {self.coverage:7,} edges "
            f"{self.corpus:6,} inputs {self.megabytes:5} MB  {outcome}{slow}"
        )


def main(words: Sequence[str]) -> int:
    seconds, names = USUAL_SECONDS, list(TARGETS)
    for word in words:
        if word.isdigit() and int(word) > 0:
            seconds = int(word)
        elif word in TARGETS:
            names = [word]
        else:
            return _wrong(f"`{word}` is neither a number of seconds nor a target: {', '.join(TARGETS)}")
    if importlib.util.find_spec("atheris") is None:
        return _wrong("atheris is not installed: it needs Linux on x86-64, and `pip install '.[fuzz]'`")
    workers = min(os.cpu_count() or 1, len(names))
    shares = sum(TARGETS[each].share for each in names)
    with tempfile.TemporaryDirectory(prefix="privacy-rules-fuzzing-") as folder, ThreadPoolExecutor(workers) as pool:
        waiting = [
            pool.submit(_fuzz, TARGETS[each], Path(folder) / each, seconds * workers * TARGETS[each].share / shares)
            for each in names
        ]
        results = [_shown(each.result()) for each in waiting]
    found = [each for each in results if each.finding]
    for each in found:
        print(f"\n{each.told}\nagain: python -m tests.fuzzing.replay {each.target} {each.finding}")
    total = sum(each.executions for each in results)
    print(f"\n{total:,} executions, {sum(each.seconds for each in results) / 60:.1f} minutes, {len(found)} findings")
    return 1 if found else 0


def _shown(result: Result) -> Result:
    print(result.line(), flush=True)
    return result


def _wrong(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _fuzz(target: Target, folder: Path, seconds: float) -> Result:
    result, corpus, findings = Result(target.name), KEPT / "corpus" / target.name, KEPT / "findings"
    seeds = folder / "seeds"
    for each in (corpus, findings, seeds):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (seeds / f"{number:04}").write_bytes(seed[: target.longest])
    words = folder / "words"
    words.write_text(dictionary(), encoding="ascii")
    while (left := seconds - result.seconds) >= 1 and result.finding is None:
        prefix = folder / "stopped-at-"
        options = [
            f"-max_total_time={round(left)}",
            f"-timeout={LIMIT_SECONDS}",
            f"-rss_limit_mb={LIMIT_MB}",
            f"-max_len={target.longest}",
            f"-dict={words}",
            f"-artifact_prefix={prefix}",
            "-len_control=0",
            "-print_final_stats=1",
            "-report_slow_units=1000",
            "-detect_leaks=0",
        ]
        started = monotonic()
        code, told = _run(folder, "one", target.name, str(_fresh(folder)), *options, str(corpus), str(seeds))
        (folder / "log").write_text(told, encoding="utf-8")
        _add(result, told, monotonic() - started)
        stopped = next(iter(folder.glob("stopped-at-*")), None)
        if code == 0 and stopped is None:
            break
        if stopped is not None and "timeout" in stopped.name and _ends_in_time(target, stopped, folder):
            result.slow += 1
            stopped.unlink()
            continue
        name = stopped.name.removeprefix("stopped-at-") if stopped else "without-input"
        result.finding = findings / f"{target.name}-{name}"
        result.finding.write_bytes(stopped.read_bytes() if stopped else b"")
        result.finding.with_name(f"{result.finding.name}.log").write_text(told, encoding="utf-8")
        result.told = told[told.find("=== Uncaught") if "=== Uncaught" in told else -4000 :][:6000]
    return result


def _fresh(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def _run(folder: Path, module: str, *words: str) -> tuple[int, str]:
    """Runs a module of this package. What it leaves behind if it is killed is below `folder`."""
    settings = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    settings["TMPDIR"] = str(folder)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.fuzzing.{module}", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _ends_in_time(target: Target, file: Path, folder: Path) -> bool:
    """Whether an input that took too long on the clock does not take too long of the processor."""
    return _run(folder, "replay", f"--seconds={LIMIT_SECONDS}", target.name, str(file))[0] == 0


def _add(result: Result, told: str, seconds: float) -> None:
    lines = re.findall(r"^#(\d+)\t.*?cov: (\d+) .*?corp: (\d+)", told, re.MULTILINE)
    known = dict(re.findall(r"^stat::(\w+): +(\d+)", told, re.MULTILINE))
    done = re.search(r"^Done \d+ runs in (\d+) second", told, re.MULTILINE)
    result.seconds += int(done[1]) if done else seconds
    result.executions += int(known.get("number_of_executed_units", lines[-1][0] if lines else 0))
    result.megabytes = max(result.megabytes, int(known.get("peak_rss_mb", 0)))
    if lines:
        result.coverage, result.corpus = int(lines[-1][1]), int(lines[-1][2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
