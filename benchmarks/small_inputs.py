"""Measures the verbs on files of at most 256 KiB that are made to hurt, and prints a Markdown table.

    python benchmarks/small_inputs.py                     # all cases, the slowest first
    python benchmarks/small_inputs.py values lint-        # those whose name contains one of the words, or matches a pattern
    python benchmarks/small_inputs.py --kib 64 --limit 30

Each case runs in a process of its own, with a limit of CPU seconds and of memory. On a busy machine, the same case may take three
times as many CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import count
from pathlib import Path

import small_checks
from small_files import (
    BARE,
    GIVEN,
    HEAD,
    ON_CONTRACT,
    PARTIES,
    SHORT,
    SYSTEMS,
    Maker,
    flows,
    many_terms,
    rules,
    shared_lists,
    vendors,
    within,
)

ROOT = Path(__file__).resolve().parent.parent
CASES_HEAD = "tests: 1\npolicy: p.privacy\nmanifest: m.yaml\nmode: includes\nas_of: 2026-11-01\ncases:\n"

POLICIES: dict[str, Maker] = {
    "values": rules("rule r@ { forbid flow when retention <= @ days }"),
    "required": rules("rule r@ { require retention <= @ days on flow of email for orders }"),
    "equal": rules("rule r@ { forbid flow when retention = @ days and exchange is sale }"),
    "two-values": rules("rule r@ { forbid flow when retention > @ days unless retention >= @ months }"),
    "ends": rules("rule r@ { forbid disclosure of email when recipient.retention <= @ days }"),
    "collected": rules("rule r@ { require collected with (retention <= @ days) on flow }"),
    "collected-only": rules("rule r@ { require collected only with (retention <= @ days and notice) on flow }"),
    "storage-collected": rules("rule r@ { require collected with (retention <= @ days) on storage }"),
    "within-collected": rules("rule r@ { require purpose within collected purposes on flow when retention <= @ days }"),
    "contracts": rules("rule r@ { require under contract (kept <= @ days) on flow }", ON_CONTRACT),
    "covers": rules("rule r@ { require under contract (kept <= @ days and covers data) on flow }", ON_CONTRACT),
    "chain": rules("rule r@ { require recipient bound to us by contracts (kept <= @ days) on flow }", ON_CONTRACT),
    "contract-rules": rules("rule r@ { require kept <= @ days on contract }", ON_CONTRACT),
    "paths": rules("rule r@ { forbid flow to (reached by email from (retention <= @ days)) }"),
    "party-paths": rules("rule r@ { forbid party when reached by email from (retention <= @ days) }"),
    "party-path": rules("rule r@ { forbid party when reached by email }"),
    "party-holds": rules("rule r@ { forbid party when holds email }"),
    "tags": rules('rule r@ { forbid flow when tags includes "t@" }'),
    "owners": rules('rule r@ { forbid flow when owner = "t@" }'),
    "parties": rules('rule r@ { forbid flow to party "v@" }'),
    "systems": rules("rule r@ { require retention <= @ days on system }"),
    "storages": rules("rule r@ { require retention <= @ days on storage of email }"),
    "terms": lambda size: within(
        size, (f"rule r{n} {{ forbid flow of d{n} for orders }}\n" for n in range(size // 60)), many_terms(size // 60)
    ),
    "lists-of-terms": lambda size: within(
        size,
        (f"rule r{n} {{ forbid flow of d{n % 500} for q{n % 200} when retention <= {n} days }}\n" for n in count()),
        many_terms(500, 200),
    ),
    "dates": rules("rule r@ { forbid contract when until < 2030-01-01 and kept <= @ days }", ON_CONTRACT),
    "compares": rules("rule r@ { forbid disclosure when recipient.retention > retention and retention <= @ days }"),
    "clause": lambda size: within(
        size, (f"    and retention >= {n} days\n" for n in count(1)), HEAD + "rule r { forbid flow when notice\n", "}\n"
    ),
    "clauses-or": lambda size: within(
        size, (f"    or retention = {n} days\n" for n in count(1)), HEAD + "rule r { forbid flow when notice\n", "}\n"
    ),
    "permits": lambda size: within(
        size,
        (f"rule p{n} {{ permit flow when retention <= {n} days despite r }}\n" for n in count(1)),
        HEAD + "rule r { forbid flow }\n",
    ),
    "permits-of-all": lambda size: within(
        size,
        (
            f"rule p{n} {{ permit flow when retention = {n} days despite {', '.join(f'r{k}' for k in range(100))} }}\n"
            for n in count(1)
        ),
        HEAD + "".join(f"rule r{k} {{ forbid flow }}\n" for k in range(100)),
    ),
    "alternatives": lambda size: within(
        size,
        (f" - of email for orders when retention = {n} days\n" for n in count(1)),
        HEAD + "rule r { allow flow only\n",
        "}\n",
    ),
    "defines": lambda size: within(
        size,
        (
            f"define e{n} as retention <= {n} days\nrule r{n} {{ forbid flow when e{n} and not e{n // 2} }}\n"
            for n in count(1)
        ),
        HEAD + "define e0 as notice\n",
    ),
    "cites-headings": rules('rule r@ { cites "Part @" forbid flow }'),
    "cites-words": rules('rule r@ { cites "we keep @ days" forbid flow }'),
    "set-terms": rules("rule r@ { forbid flow when safeguards includes (encryption_at_rest) and retention <= @ days }"),
}

PROSE: dict[str, Maker] = {
    "cites-headings": lambda size: within(size, (f"# Part {n}\n\nText {n}.\n\n" for n in count(1))),
    "cites-words": lambda size: within(size, (f"We keep {n} days. " for n in count(1))),
}

ESTATES: dict[str, Maker] = {
    "values": flows(SHORT),
    "bare": flows(BARE),
    "given": flows(GIVEN),
    "given-and-sent": flows(
        GIVEN + "\n- {id: g@, from: b, to: c, carries: [email], purposes: [orders], retention: @ days}"
    ),
    "vendors": vendors("c@: {with: v@, kept: @ days, until: 2027-01-01}"),
    "between": vendors("c@: {between: [u, v@], kept: @ days}"),
    "chain": vendors("c@: {between: [v@, u], kept: @ days}"),
    "tags": flows("{id: f@, from: b, to: c, carries: [email], tags: [t@]}"),
    "owners": flows("{id: f@, from: b, to: c, carries: [email], owner: t@}"),
    "storages": lambda size: (
        PARTIES
        + within(
            size - len(PARTIES),
            (f"  s{n}: {{party: u, stores: [email], retention: {n} days}}\n" for n in count(1)),
            "systems:\n",
        )
    ),
    "terms": lambda size: within(
        size,
        (f"- {{id: f{n}, from: b, to: c, carries: [d{n % (size // 60)}], purposes: [orders]}}\n" for n in count()),
        PARTIES + SYSTEMS + "flows:\n",
    ),
    "lists-of-terms": shared_lists(500, 200),
    "ends": vendors("c@: {with: v@}", "{id: f@, from: b, to: s@, carries: [email], purposes: [orders]}"),
    "systems": lambda size: (
        PARTIES
        + within(size - len(PARTIES), (f"  s{n}: {{party: v, retention: {n} days}}\n" for n in count(1)), "systems:\n")
    ),
    "contracts": lambda size: (
        PARTIES
        + SYSTEMS
        + within(size - 300, (f"  c{n}: {{with: v, kept: {n} days}}\n" for n in count(1)), "contracts:\n")
    ),
    "contracts-ending": lambda size: (
        PARTIES
        + SYSTEMS
        + within(
            size // 2 - 300,
            (
                f"  c{n}: {{with: v, kept: {n} days, until: {2027 + n // 336}-{n % 12 + 1:02}-{n // 12 % 28 + 1:02}}}\n"
                for n in count(1)
            ),
            "contracts:\n",
        )
        + within(size // 2, (f"- {SHORT.replace('@', str(n))}\n" for n in count()), "flows:\n")
    ),
    "recipients": vendors("c@: {with: v@}"),
    "silent": flows("{id: f@, from: b, to: c}"),
    "chain-of-systems": lambda size: (
        PARTIES
        + "systems:\n"
        + "".join(f"  s{n}: {{party: {'u' if n else 'p'}}}\n" for n in range(size // 104))
        + "flows:\n"
        + "".join(
            f"- {{id: f{n}, from: s{n}, to: s{n + 1}, carries: [email], retention: {n} days}}\n"
            for n in range(size // 104 - 1)
        )
    ),
}


POLICIES |= {name: rules(*each) for name, each in small_checks.POLICIES.items()}
ESTATES |= small_checks.ESTATES


@dataclass(frozen=True)
class Case:
    """A verb with its arguments, and the files that it reads, by name."""

    words: tuple[str, ...]
    files: dict[str, Maker]
    typed: Maker | None = None
    """The policy that is open in the editor, for `lsp`: it asks for the outline."""


def check(policy: str, estate: str, *more: str) -> Case:
    return Case(
        ("check", "m.yaml", "--policy", "p.privacy", *more), {"p.privacy": POLICIES[policy], "m.yaml": ESTATES[estate]}
    )


def of_policy(policy: str, verb: str, *more: str) -> Case:
    return Case((verb, "p.privacy", *more), {"p.privacy": POLICIES[policy]})


def on_both(policy: str, estate: str, *words: str) -> Case:
    return Case((*words, "--policy", "p.privacy"), {"p.privacy": POLICIES[policy], "m.yaml": ESTATES[estate]})


def traced(policy: str) -> Case:
    files = {"p.privacy": POLICIES[policy], "prose.md": PROSE[policy]}
    return Case(("trace", "p.privacy", "--text", "prose.md"), files)


def tested(policy: str, estate: str, *more: str) -> Case:
    """Return a case of `test`: each test case adds a flow."""
    flow = "{id: it, from: b, to: c, carries: [email], purposes: [orders], retention: @ days}"
    case = f"{{name: c@, changes: [{{add: {{flow: {flow}}}}}], expect: []}}"
    files = {"p.privacy": POLICIES[policy], "m.yaml": ESTATES[estate], "p.tests.yaml": rules(f"- {case}", CASES_HEAD)}
    return Case(("test", "p.tests.yaml", *more), files)


def outline_requests(text: str) -> bytes:
    """Return what an editor sends: it opens a policy, asks for its outline, and leaves."""
    document = {"uri": "file:///p.privacy", "languageId": "privacy", "version": 1, "text": text}
    messages: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        {"id": 2, "method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": document["uri"]}}},
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **each}).encode() for each in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(each), each) for each in bodies)


PAIRS = [
    ("values", "values"), ("values", "bare"), ("required", "values"), ("equal", "values"), ("two-values", "values"), ("ends", "recipients"),
    ("collected", "given"), ("collected", "given-and-sent"), ("collected-only", "given"), ("collected", "chain-of-systems"), ("within-collected", "given-and-sent"),
    ("contracts", "vendors"), ("contracts", "between"), ("contracts", "chain"), ("covers", "vendors"), ("chain", "chain"), ("chain", "vendors"),
    ("contract-rules", "contracts"), ("contracts", "contracts-ending"), ("paths", "values"), ("paths", "chain-of-systems"), ("party-paths", "ends"), ("party-path", "ends"), ("party-holds", "ends"),
    ("tags", "tags"), ("owners", "owners"), ("parties", "ends"), ("systems", "systems"), ("storages", "storages"), ("storage-collected", "storages"),
    ("terms", "terms"), ("lists-of-terms", "lists-of-terms"), ("dates", "contracts"), ("compares", "values"), ("clause", "values"), ("clauses-or", "values"),
    ("permits", "values"), ("permits-of-all", "values"), ("alternatives", "values"), ("defines", "values"), ("values", "silent"), ("set-terms", "silent"),
]  # fmt: skip


def cases() -> dict[str, Case]:
    """Return every case by its name."""
    found = {f"check-{one}-{other}": check(one, other) for one, other in [*PAIRS, *small_checks.PAIRS]}
    for kind in ("json", "sarif", "html", "markdown", "junit", "gitlab", "github"):
        found[f"check-{kind}"] = check("values", "values", "--format", kind)
    for policy, text in list(POLICIES.items())[: -len(small_checks.POLICIES)]:
        for verb in ("lint", "docs", "fmt"):
            found[f"{verb}-{policy}"] = of_policy(policy, verb, *(["--check"] if verb == "fmt" else []))
        found[f"outline-{policy}"] = Case(("lsp",), {}, text)
    found |= {f"trace-{policy}": traced(policy) for policy in PROSE}
    for one, other in [("values", "values"), ("required", "values"), ("collected", "given")]:
        found[f"test-{one}-{other}"] = tested(one, other)
        found[f"test-mutate-{one}-{other}"] = tested(one, other, "--mutate")
    for one, other in [
        *[("values", "values"), ("required", "values"), ("values", "silent")],
        *[("contracts", "contracts-ending"), ("collected", "given"), ("contracts", "vendors")],
    ]:
        name = f"{one}-{other}"
        found[f"what-if-{name}"] = on_both(one, other, "what-if", "m.yaml", "--set", "flow:f1.retention=3 days")
        found[f"forecast-{name}"] = on_both(one, other, "forecast", "m.yaml")
        found[f"impact-{name}"] = on_both(
            one, other, "impact", "party:v" if other != "vendors" else "party:v1", "--manifest", "m.yaml"
        )
        found[f"repair-{name}"] = on_both(one, other, "repair", "m.yaml")
        found[f"baseline-{name}"] = on_both(one, other, "baseline", "m.yaml")
        found[f"graph-{name}"] = on_both(one, other, "graph", "m.yaml")
    return found


def measured(case: Case, size: int, seconds: int, memory: int) -> tuple[float, float, int | str]:
    """Run one case; return CPU seconds, the peak of memory in MB, and the exit code (or that a limit was met)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, make in case.files.items():
            text = make(size)
            assert len(text.encode()) <= size, name
            Path(folder, name).write_text(text)

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

        command = [sys.executable, "-m", "privacy_rules", *case.words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        sent = outline_requests(case.typed(size)) if case.typed else b""
        Path(folder, "in").write_bytes(sent)
        with Path(folder, "in").open("rb") as typed, Path(folder, "out").open("wb") as out:
            streams = {"stdin": typed, "stdout": out, "stderr": out}
            process = subprocess.Popen(command, cwd=folder, env=environment, preexec_fn=limit, **streams)  # noqa: PLW1509
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        code: int | str = process.returncode if process.returncode >= 0 else "stopped"
        if code in {2, 3}:
            sys.stderr.write(Path(folder, "out").read_text()[-200:])
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, code


def yardstick() -> float:
    """Return the CPU seconds of a loop that is always the same: how fast the machine is at the moment."""
    start = time.process_time()
    sum(each * each for each in range(3_000_000))
    return time.process_time() - start


def main(known: Mapping[str, Case]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("words", nargs="*", help="only the cases whose name contains one of these")
    parser.add_argument("--kib", type=int, default=256, help="the size of each file")
    parser.add_argument("--limit", type=int, default=60, help="the CPU seconds after which a case is stopped")
    parser.add_argument("--memory", type=int, default=4, help="the memory in GB at which a case is stopped")
    given = parser.parse_args()
    wanted = {
        name: case
        for name, case in known.items()
        if not given.words or any(fnmatch(name, f"*{each}*") for each in given.words)
    }
    print("| case | CPU s | MB | exit code | loop, s |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    for name, case in wanted.items():
        spent, used, code = measured(case, given.kib * 1024, given.limit, given.memory * 10**9)
        print(f"| {name} | {spent:.1f} | {used:.0f} | {code} | {yardstick():.2f} |", flush=True)


if __name__ == "__main__":
    main(cases())
