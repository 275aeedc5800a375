"""Measures checks of one large estate as JSON, as tables, and as tables in a database, and prints the table for README.md.

    python benchmarks/tables.py --flows 100000 --times 1        # 100,000 flows
    python benchmarks/tables.py --flows 100000 --times 10       # each flow ten times, under ten ids; too large as JSON

Each check is a process of its own, and the three take turns. All must give the same findings. The rules are those of the example policy that
a database can judge (docs/tables.md). The last line is the floor: DuckDB reads the Parquet file of the flows and groups it once.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

POLICY = Path(__file__).parents[1] / "examples" / "iapmo" / "iapmo.privacy"
FLOOR = "import duckdb, sys; duckdb.sql(f\"SELECT exchange, COUNT(*) FROM '{sys.argv[1]}' GROUP BY 1\").fetchall(); duckdb.sql(f\"SELECT * FROM '{sys.argv[1]}'\").to_arrow_table()"


def prepared(folder: Path, flows: int, times: int) -> list[str]:
    """Write the estate in all forms; return the options that choose the rules."""
    import duckdb
    from large_estate import estate

    from privacy_rules import engine
    from privacy_rules.manifest.tables.exporting import exported

    large = folder / "large.json"
    large.write_text(json.dumps(estate(flows, flows // 5)), encoding="utf-8")
    inputs, wrong = engine.load([large], [POLICY])
    assert inputs is not None, wrong
    (folder / "tables").mkdir()
    for name, content in exported(inputs.estate, inputs.policy, "parquet").items():
        (folder / ("head.json" if name == "privacy.json" else f"tables/{name}")).write_bytes(content)
    head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    del head["include"]
    (folder / "head.json").write_text(json.dumps(head), encoding="utf-8")
    if times > 1:
        once, many = folder / "tables" / "flows.parquet", folder / "many.parquet"
        copies = f"SELECT f.* REPLACE (f.id || '-' || r AS id) FROM '{once}' f, range({times}) t(r)"
        duckdb.sql(f"COPY ({copies}) TO '{many}' (FORMAT parquet, COMPRESSION zstd)")
        many.rename(once)
    tables = ["--tables", str(folder / "tables"), "--engine", "duckdb"]
    refused = check([str(folder / "head.json"), *tables], [])[2]
    rules = [
        each.name for each in inputs.policy.rules if each.statement != "permit" and f"rule `{each.name}`" not in refused
    ]
    return [word for each in rules for word in ("--rule", each)]


def check(words: list[str], rules: list[str]) -> tuple[float, float, str]:
    """The CPU seconds and the peak memory in MiB of a check, and what it printed."""
    call = ["-m", "privacy_rules", "check", *words, "--policy", str(POLICY), *rules, "--no-cache", "--format", "json"]
    return run(call)


def run(words: list[str]) -> tuple[float, float, str]:
    """The CPU seconds and the peak memory in MiB of a Python process, and what it printed."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([sys.executable, *words], stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read()


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--flows", type=int, default=100_000)
    arguments.add_argument("--times", type=int, default=1)
    arguments.add_argument("--rounds", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:  # whose memory no check inherits
            rules = other.submit(prepared, folder, given.flows, given.times).result()
        tables = [str(folder / "head.json"), "--tables", str(folder / "tables")]
        kinds = {"tables, `--engine duckdb`": [*tables, "--engine", "duckdb"], "tables": tables}
        if given.times == 1:
            kinds["JSON"] = [str(folder / "large.json")]
        measured: dict[str, list[tuple[float, float]]] = {}
        for _ in range(given.rounds):
            findings = set()
            for kind, words in kinds.items():
                seconds, memory, out = check(words, rules)
                measured.setdefault(kind, []).append((seconds, memory))
                findings.add(
                    tuple(
                        sorted(
                            (each["rule"], each["subject"]["id"], each["verdict"])
                            for each in json.loads(out)["findings"]
                        )
                    )
                )
            assert len(findings) == 1, "the checks differ"
            floor = run(["-c", FLOOR, str(folder / "tables" / "flows.parquet")])[:2]
            measured.setdefault("DuckDB reads the flows and groups them once", []).append(floor)
        print(
            f"{given.flows * given.times:,} flows, {len(next(iter(findings))):,} findings, {len(rules) // 2} rules:\n"
        )
        print("| check of | CPU s | peak memory, MiB |\n| --- | ---: | ---: |")
        for kind, each in measured.items():
            seconds, memory = (statistics.median(values) for values in zip(*each, strict=True))
            print(f"| {kind} | {seconds:.1f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
