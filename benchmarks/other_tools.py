"""Measures reading files from other tools and observations, each in a process of its own, and prints a Markdown table.

python benchmarks/other_tools.py
python benchmarks/other_tools.py --only links        # the cases whose name contains the word
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ESTATE = "manifest: 1\npolicy: [p.privacy]\nsystems:\n" + "".join(f"  s{n}: {{}}\n" for n in range(300))
POLICY = "policy p { title 'p' }\nuse std.core\ndata { email }\npurpose { orders }\nrule r { forbid disclosure to marketer }\n"


def dataset() -> str:
    """A Fides dataset of 1,600 fields."""
    fields = [{"name": f"f{n}", "data_categories": [f"user.category_{n % 40}"]} for n in range(1_600)]
    collections = [{"name": f"c{n}", "fields": fields[n * 16 : n * 16 + 16]} for n in range(100)]
    return json.dumps({"dataset": [{"fides_key": "db", "collections": collections}]})


def dbt() -> str:
    """A dbt manifest of about 1 MB: 600 models of 12 columns."""
    columns = {
        f"column_{n}": {"name": f"column_{n}", "meta": {}, "tags": ["pii"], "description": "x" * 40} for n in range(12)
    }
    nodes = {
        f"model.shop.m{n}": {
            "resource_type": "model",
            "name": f"m{n}",
            "columns": columns,
            "config": {"materialized": "table"},
            "depends_on": {"nodes": [f"model.shop.m{n // 2}"]},
        }
        for n in range(1, 600)
    }
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    return json.dumps({"metadata": {"dbt_schema_version": version}, "nodes": nodes, "sources": {}})


def events() -> str:
    """100,000 OpenLineage events of 2,000 jobs."""

    def event(number: int) -> str:
        job = number % 2_000
        inputs = [
            {
                "namespace": "pg",
                "name": f"t{job}",
                "facets": {"schema": {"fields": [{"name": "mail"}, {"name": "age"}]}},
            }
        ]
        made = {"run": {"runId": str(number)}, "job": {"namespace": "n", "name": f"j{job}"}, "inputs": inputs}
        return json.dumps({"eventType": "COMPLETE", **made, "outputs": [{"namespace": "s3", "name": f"u{job}"}]})

    return "\n".join(map(event, range(100_000)))


def links() -> str:
    """A million dependency links between 300 services."""
    one = (f'{{"parent":"s{n % 300}","child":"s{n * 7 % 299}","callCount":1}}' for n in range(1_000_000))
    return f"[{','.join(one)}]"


CASES: Mapping[str, tuple[str, Callable[[], str], tuple[str, ...]]] = {
    "a Fides dataset, 1,600 fields": ("a.json", dataset, ("import", "a.json", "-o", "out.yaml")),
    "a dbt manifest, 600 models": ("a.json", dbt, ("import", "a.json", "-o", "out.yaml")),
    "OpenLineage, 100,000 events": ("a.ndjson", events, ("import", "a.ndjson", "-o", "out.yaml")),
    "a million dependency links": (
        "a.json",
        links,
        ("drift", "estate.yaml", "--observed", "a.json", "--format", "json=out.json"),
    ),
}


def measured(file: str, make: Callable[[], str], words: tuple[str, ...]) -> tuple[int, float, int]:
    """The size of the input in bytes, the CPU seconds of the call, and the peak of its memory in MiB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "p.privacy").write_text(POLICY.replace("'", '"'), encoding="utf-8")
        (folder / "estate.yaml").write_text(ESTATE, encoding="utf-8")
        (folder / file).write_text(make(), encoding="utf-8")
        code = (
            "import resource,subprocess,sys;"
            "subprocess.run([sys.executable,'-m','privacy_rules',*sys.argv[1:]],check=True,stderr=subprocess.DEVNULL);"
            "used=resource.getrusage(resource.RUSAGE_CHILDREN);print(used.ru_utime+used.ru_stime,used.ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=True
        )
        seconds, peak = done.stdout.split()[-2:]
        return (folder / file).stat().st_size, float(seconds), int(peak) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="the cases whose name contains this")
    only = parser.parse_args().only
    print("| input | bytes | CPU s | peak memory, MiB |\n| --- | ---: | ---: | ---: |")
    for name, case in CASES.items():
        if only in name:
            size, seconds, peak = measured(*case)
            print(f"| {name} | {size:,} | {seconds:.1f} | {peak:,} |", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
