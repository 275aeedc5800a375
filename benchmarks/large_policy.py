"""A large policy, the same for the same seed; and how long `lint` and `fmt` take for it.

    python benchmarks/large_policy.py --rules 2000 > large.privacy
    python benchmarks/large_policy.py --time --rules 200 --rules 1000 --rules 2000

The shape is that of the policies of a big company together: many areas, each with its own data, purposes and promises in
every statement and on every kind of subject, defines that several rules use, permits that lift some, and a small share
of mistakes, so that lints have something to find.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

RULES_OF_AN_AREA = 10
ROLES = ["service_provider", "third_party", "marketer", "advertiser", "public_authority", "group_member"]
EXCHANGES = ["sale", "rental", "barter", "sharing_for_advertising"]
MANDATES = ["law", "litigation", "law_enforcement"]
SAFEGUARDS = ["access_control", "audit_log", "encryption_at_rest", "encryption_in_transit", "training"]
COUNTRIES = ["eea", "US", "CH", "JP"]


def policy(rules: int, seed: int = 7, mistakes: float = 0.02) -> str:
    """A policy's text with that many rules."""
    draw = random.Random(seed)
    areas = -(-rules // RULES_OF_AN_AREA)
    blocks = ["use std.core", _vocabularies(areas)]
    written = 0
    for area in range(areas):
        count = min(RULES_OF_AN_AREA, rules - written)
        blocks += _area(draw, area, count, mistakes)
        written += count
    return "\n\n".join(blocks) + "\n"


def _vocabularies(areas: int) -> str:
    data = "\n".join(
        f"  area{area} {{ area{area}_contact {{ area{area}_email  area{area}_phone }}  area{area}_card  area{area}_views }}"
        for area in range(areas)
    )
    purposes = "\n".join(
        f"  work{area} {{ work{area}_orders  work{area}_support }}  ads{area}" for area in range(areas)
    )
    return f"data {{\n{data}\n}}\n\npurpose {{\n{purposes}\n}}"


def _area(draw: random.Random, area: int, count: int, mistakes: float) -> list[str]:
    terms = [f"area{area}_{each}" for each in ("contact", "email", "phone", "card", "views")]
    purposes = [f"work{area}", f"work{area}_orders", f"work{area}_support", f"ads{area}"]
    blocks = [
        f"attribute checked{area} on flow: flag",
        f"define asked{area} as choice is (opt_in, opt_out) and (checked{area} or notice)",
    ]
    names: list[str] = []
    for number in range(count):
        name = f"area{area}_rule{number}"
        datum, other = draw.sample(terms, 2)
        purpose, role = draw.choice(purposes), draw.choice(ROLES)
        exchange, mandate = draw.choice(EXCHANGES), draw.choice(MANDATES)
        safe, country = draw.choice(SAFEGUARDS), draw.choice(COUNTRIES)
        forms = [
            f"forbid disclosure of {datum} to {role} when exchange is {exchange} unless asked{area} and mandate is {mandate}",
            f"require asked{area} on collection of {datum} for {purpose}",
            f"allow disclosure of {datum} only\n    - to service_provider for {purpose}\n"
            f"    - to public_authority when mandate is {mandate}\n    - of {other} when asked{area} and exchange is none",
            f"require safeguards includes all ({safe}, backup) on system when stores includes {datum} and retention > {number + 1} years",
            f"require retention <= {number + 1} years on storage of {datum} unless retained_for includes dispute_resolution",
            f"forbid disclosure of {datum} to ({role}, linked_site) when not (recipient.country is {country}) and not notice",
            f"forbid system at {role} when reached by {datum} from data_subject including derived",
            f"require recipient under contract (obliges includes {draw.choice(['audit', 'confidentiality'])} and covers data)"
            f" on disclosure of {datum} to {role}",
        ]
        if names and draw.random() < 0.1:
            form = f"permit disclosure of {datum} when mandate is {mandate} and necessary despite {draw.choice(names)}"
        elif draw.random() < mistakes:
            form = f"forbid disclosure of ({datum}, {datum}) when not not notice"
        else:
            at = draw.randrange(len(forms))
            form = forms[at]
            names += [name] if at in (0, 1, 2, 5, 7) else []
        blocks.append(
            f'rule {name} {{\n  title "Promise {number} of area {area}"\n  cites "{area}.{number}"\n  {form}\n'
            f'  hint "Ask the desk of area {area}."\n}}'
        )
    return blocks


# ---- how long it takes


def timed(sizes: list[int], rounds: int) -> None:
    """Prints a table: the least of some rounds, each a process of its own."""
    print("| rules | bytes | `fmt` CPU s | `lint` CPU s | ms of lint per rule | findings | not proved |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file = Path(folder) / f"{size}.privacy"
            file.write_text(policy(size), encoding="utf-8")
            laid = min(_cpu(["fmt", "--check", str(file)])[0] for _ in range(rounds))
            took, told = min(
                (_cpu(["lint", str(file), "--format", "json"]) for _ in range(rounds)), key=lambda it: it[0]
            )
            found = json.loads(told)
            print(
                f"| {size:,} | {file.stat().st_size:,} | {laid:.2f} | {took:.2f} | {took / size * 1000:.1f} "
                f"| {len(found['findings']):,} | {found['not_proved']:,} |"
            )


def _cpu(words: list[str]) -> tuple[float, str]:
    before = os.times()
    done = subprocess.run([sys.executable, "-m", "privacy_rules", *words], capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system), done.stdout


def main() -> None:
    """Writes a policy to standard output, or (`--time`) a table of times."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rules", type=int, action="append", help="how many rules; with --time it may be repeated")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--time", action="store_true", help="time `fmt` and `lint` instead")
    options.add_argument("--rounds", type=int, default=3)
    wanted = options.parse_args()
    sizes = wanted.rules or [2000]
    if wanted.time:
        timed(sizes, wanted.rounds)
    else:
        sys.stdout.write(policy(sizes[0], wanted.seed))


if __name__ == "__main__":
    main()
