"""Measures what a user waits for, and prints it as Markdown.

    python benchmarks/run.py cold                        # a cold check of the example beside a bare `python -c pass`
    python benchmarks/run.py cold --pairs 31 --top 15
    python benchmarks/run.py large                       # stage by stage: 10,000, 30,000 and 100,000 flows
    python benchmarks/run.py large --flows 10000 --rounds 3
    python benchmarks/run.py undeclared --flows 4000     # the most findings that a small manifest can have, each format
    python benchmarks/run.py monorepo --rounds 5         # forty manifests, 4,000 flows: all, since a commit, what a file changed
    python benchmarks/run.py profile --flows 10000       # where the stages spend their time, by cProfile

Every run has a process of its own. `cold` starts the check and the bare interpreter in turn and gives the medians
and the median of the ratios within the rounds, so that what else the machine does falls on both. Times of `large` are
the process's own CPU seconds (user and system), wall seconds beside them; a round's stages run one after the other
on what the stage before gave, and of several rounds the medians are given. The estates are those of
`large_estate.py`, with five flows to a system, held against the example policy. Nothing is written but a temporary
folder. Needs only the project and a POSIX system.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
POLICY = ROOT / "examples" / "iapmo" / "iapmo.privacy"
UNCHANGED = ["-m", "privacy_rules", "check", "examples/iapmo/estate.yaml"]
CHECK = [*UNCHANGED, "--no-cache"]
PASS = ["-c", "pass"]
IMPORT_RUNS = 9
STAGES = ["import", "policy", "read", "estate", "graph", "judge", "report", "render"]
_Result = TypeVar("_Result")


# --- A cold start ----------------------------------------------------------------------------------------------------


def cold(pairs: int, top: int) -> None:
    """Prints the times of both commands, their ratio, and which imports cost most."""
    kinds = {
        "nothing kept (`--no-cache`)": CHECK,
        "nothing changed since the last check": UNCHANGED,
        "`python -c pass`": PASS,
    }
    with tempfile.TemporaryDirectory() as caches:
        for words in kinds.values():
            spent(words, caches=caches)  # so that bytecode, file caches and our own are there: cold is the process
        rounds = [[spent(words, caches=caches) for words in kinds.values()] for _ in range(pairs)]
    print(
        f"| `check examples/iapmo/estate.yaml`, median of {pairs} rounds | CPU time | wall time | bare starts of CPU time |"
    )
    print("| --- | ---: | ---: | ---: |")
    for at, name in enumerate(kinds):
        cpu, wall = (statistics.median(each[at][which] for each in rounds) for which in (0, 1))
        ratio = statistics.median(each[at][0] / each[-1][0] for each in rounds)
        print(f"| {name} | {1000 * cpu:.0f} ms | {1000 * wall:.0f} ms | {ratio:.1f} |")
    found = imports()
    print("\n| imports of | modules | by themselves |\n| --- | ---: | ---: |")
    for group, modules in grouped(found):
        print(f"| {group} | {len(modules)} | {sum(modules):.0f} ms |")
    print(f"\n| import, the {top} dearest | by itself | with what it imports |\n| --- | ---: | ---: |")
    for name, (alone, together) in sorted(found.items(), key=lambda each: -each[1][0])[:top]:
        print(f"| `{name}` | {alone:.1f} ms | {together:.1f} ms |")


def spent(words: list[str], folder: Path = ROOT, caches: str = "/nowhere/at/all") -> tuple[float, float]:
    """CPU and wall seconds of one run of Python, which may find something against the manifests."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, *words]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, env={**importing_ours(), "XDG_CACHE_HOME": caches}, check=False
    )
    assert done.returncode in (0, 1), command
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall


def imports() -> dict[str, tuple[float, float]]:
    """Milliseconds of wall time by itself and in all, for each module that a check imports and a bare start does not.

    The least of several runs: whatever else the machine does can only add.
    """
    runs = [import_times(CHECK) for _ in range(IMPORT_RUNS)]
    names = set.intersection(*map(set, runs)) - set(import_times(PASS))
    return {name: (min(run[name][0] for run in runs), min(run[name][1] for run in runs)) for name in names}


def import_times(words: list[str]) -> dict[str, tuple[float, float]]:
    """What `python -X importtime` tells of one run, in milliseconds."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stderr
    lines = re.findall(r"^import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)$", told, re.MULTILINE)
    return {name: (int(alone) / 1000, int(together) / 1000) for alone, together, name in lines}


def grouped(found: dict[str, tuple[float, float]]) -> list[tuple[str, list[float]]]:
    """What modules cost by themselves, by who they belong to; the dearest first."""
    groups: dict[str, list[float]] = {}
    for name, (alone, _) in found.items():
        top = name.partition(".")[0]
        standard = top in sys.stdlib_module_names or top in {"__future__", "org"}  # `copy` tries for `org.python`
        groups.setdefault("the standard library" if standard else f"`{top}`", []).append(alone)
    return sorted(groups.items(), key=lambda each: -sum(each[1]))


# --- Large estates ---------------------------------------------------------------------------------------------------


def large(sizes: list[int], rounds: int) -> None:
    """Prints what each stage takes for estates of these sizes, and what that is for a flow."""
    taken = {flows: [in_own_process(flows) for _ in range(rounds)] for flows in sizes}
    for flows, told in taken.items():
        print(
            f"\n{flows:,} flows on {flows // 5:,} systems, {told[0]['findings']:,} findings, {told[0]['bytes']:,} bytes"
        )
        print("| stage | CPU s | wall s | µs of CPU per flow | peak memory so far, MiB |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for stage in [*STAGES, "all"]:
            cpu, wall, memory = (statistics.median(each[stage][at] for each in told) for at in range(3))
            print(f"| {stage} | {cpu:.2f} | {wall:.2f} | {1e6 * cpu / flows:.0f} | {memory:.0f} |")


def in_own_process(flows: int) -> dict[str, list[float]]:
    """The figures of `stages` for an estate of that size, measured in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        file = written(flows, Path(folder))
        words = [sys.executable, __file__, "stages", str(file)]
        told = subprocess.run(words, env=importing_ours(), capture_output=True, text=True, check=True).stdout
    found: dict[str, list[float]] = json.loads(told)
    return found


def undeclared(flows: int) -> None:
    """Prints what the check of an estate takes that declares nothing, in each format."""
    from privacy_rules.reports.registry import FORMATS

    with tempfile.TemporaryDirectory() as folder:
        file = written(flows, Path(folder), "--undeclared")
        print(f"{flows:,} systems and flows, {file.stat().st_size:,} bytes\n")
        print("| format | CPU s | wall s | peak memory, MiB | report, MiB |\n| --- | ---: | ---: | ---: | ---: |")
        for name in FORMATS:
            words = ["-m", "privacy_rules", "check", str(file), "--policy", str(POLICY), f"--format={name}=report"]
            told = subprocess.run(
                [sys.executable, __file__, "one", json.dumps(words)],
                env=importing_ours(),
                cwd=folder,
                capture_output=True,
                check=True,
            )
            cpu, wall, memory = json.loads(told.stdout)
            size = (Path(folder) / "report").stat().st_size / 2**20
            print(f"| {name} | {cpu:.1f} | {wall:.1f} | {memory:.0f} | {size:.0f} |")


def one(words: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak memory (MiB) of one run of Python, the only child of this process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=False)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime, time.perf_counter() - start, peak(resource.RUSAGE_CHILDREN)


def monorepo(services: int, flows: int, rounds: int) -> None:
    """Prints what checks of many small manifests in a git repository take, cold, beside a bare interpreter."""
    changed = "services/service-00/privacy.yaml"
    calls = {
        "`python -c pass`": PASS,
        "`check`": [*CHECK[:3]],
        "`check --since HEAD`, manifests unchanged": [*CHECK[:3], "--since", "HEAD"],
        "`check --since HEAD~1`": [*CHECK[:3], "--since", "HEAD~1"],
        f"`check --changed {changed}`": [*CHECK[:3], "--changed", changed],
        f"`hook {changed}`": [*CHECK[:2], "hook", changed],
    }
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "monorepo"
        size = ["--services", str(services), "--flows", str(flows)]
        subprocess.run([sys.executable, HERE / "monorepo.py", folder, *size], check=True)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
        for _ in range(rounds):
            for name, words in calls.items():
                taken[name].append(spent(words, folder))
    print(f"| cold, median of {rounds} in turn | CPU s | wall s | bare starts |\n| --- | ---: | ---: | ---: |")
    for name, each in taken.items():
        cpu, wall = (statistics.median(one[at] for one in each) for at in (0, 1))
        ratio = statistics.median(one[0] / bare[0] for one, bare in zip(each, taken["`python -c pass`"], strict=True))
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {ratio:.0f} |")


def written(flows: int, folder: Path, *more: str) -> Path:
    """A file with an estate of that size."""
    file = folder / "large.privacy.json"
    with file.open("wb") as out:
        size = ["--flows", str(flows), "--systems", str(flows // 5), *more]
        subprocess.run([sys.executable, HERE / "large_estate.py", *size], stdout=out, check=True)
    return file


def importing_ours() -> dict[str, str]:
    """An environment in which Python finds the project, installed or not, and no check is repeated from a cache."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": "/nowhere/at/all"}


def stages(file: Path) -> dict[str, object]:
    """CPU seconds, wall seconds and peak memory of each stage of one check, and how much there was to do."""
    told: dict[str, object] = {}
    first = time.process_time(), time.perf_counter()

    def timed(stage: str, work: Callable[[], _Result]) -> _Result:
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        told[stage] = [time.process_time() - cpu, time.perf_counter() - wall, peak()]
        return result

    def recipe() -> object:
        from privacy_rules import engine
        from privacy_rules.reports.registry import format_named

        return engine, format_named

    timed("import", recipe)
    from privacy_rules import engine
    from privacy_rules.checking.checker import judge
    from privacy_rules.checking.invalid_origins import diagnose
    from privacy_rules.findings.report import report
    from privacy_rules.graph.flow_graph import FlowGraph
    from privacy_rules.reports.registry import View, format_named

    policy, wrong = timed("policy", lambda: engine.load_policy([POLICY]))
    documents, _ = timed("read", lambda: engine.read([file]))
    assert policy, wrong
    assert documents
    estate, wrong = timed("estate", lambda: engine.hold(documents, policy))
    assert estate, wrong
    day = estate.as_of
    assert day
    graph, _ = timed("graph", lambda: (made := FlowGraph.of(estate, policy), tuple(diagnose(policy, made))))
    judged = timed("judge", lambda: judge(policy, graph, day))
    found = timed("report", lambda: report(policy, estate, judged, day))
    timed("render", lambda: format_named("json").render(found, View()))
    told["all"] = [time.process_time() - first[0], time.perf_counter() - first[1], peak()]
    return {**told, "findings": len(found.findings), "bytes": file.stat().st_size}


def peak(of: int = resource.RUSAGE_SELF) -> float:
    """The most memory that this process (or one of its children) has had so far, in MiB."""
    most = resource.getrusage(of).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def profile(flows: int, top: int) -> None:
    """Prints the functions that take most of a check of that size by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        file, profiler = written(flows, Path(folder)), cProfile.Profile()
        profiler.runcall(stages, file)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(top)


def main() -> None:
    """The measurement that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    of_start = what.add_parser("cold", help="a cold check beside a bare interpreter")
    of_start.add_argument("--pairs", type=int, default=15)
    of_start.add_argument("--top", type=int, default=12)
    of_size = what.add_parser("large", help="stage by stage, for several sizes")
    of_size.add_argument("--flows", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    of_size.add_argument("--rounds", type=int, default=1)
    of_profile = what.add_parser("profile", help="where the time goes")
    of_profile.add_argument("--flows", type=int, default=10_000)
    of_profile.add_argument("--top", type=int, default=30)
    of_monorepo = what.add_parser("monorepo", help="many small manifests in a git repository")
    of_monorepo.add_argument("--services", type=int, default=40)
    of_monorepo.add_argument("--flows", type=int, default=4_000)
    of_monorepo.add_argument("--rounds", type=int, default=5)
    of_undeclared = what.add_parser("undeclared", help="an estate that declares nothing, in each format")
    of_undeclared.add_argument("--flows", type=int, default=4_000)
    of_one = what.add_parser("one", help="one run of Python with these words (a JSON list), as JSON")
    of_one.add_argument("words", type=json.loads)
    of_stages = what.add_parser("stages", help="one round of `large` on a file, as JSON")
    of_stages.add_argument("file", type=Path)
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if chosen.what == "stages":
        print(json.dumps(stages(chosen.file)))
        return
    if chosen.what == "one":
        print(json.dumps(one(chosen.words)))
        return
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    match chosen.what:
        case "cold":
            cold(chosen.pairs, chosen.top)
        case "large":
            large(chosen.flows, chosen.rounds)
        case "monorepo":
            monorepo(chosen.services, chosen.flows, chosen.rounds)
        case "undeclared":
            undeclared(chosen.flows)
        case _:
            profile(chosen.flows, chosen.top)


if __name__ == "__main__":
    main()
