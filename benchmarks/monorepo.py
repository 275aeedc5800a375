"""A monorepo of forty services, each with a manifest of its own, as a git repository; the same for the same seed.

    python benchmarks/monorepo.py FOLDER --services 40 --flows 4000
    python benchmarks/monorepo.py FOLDER --ten

Parties, contracts and the policy are central, systems and flows are each service's. The first commit is the repository as it was; the
second is a pull request: one service sends what it has to a new system of a broker's. With `--ten`, the first commit breaks no rule, and the
second has ten findings of different kinds, to read reports by.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

try:
    from benchmarks.large_estate import CONTACT, estate
except ImportError:  # run as a file
    from large_estate import CONTACT, estate

POLICY = Path(__file__).resolve().parent.parent / "examples" / "iapmo" / "iapmo.privacy"
CONFIGURATION = 'policy = ["policy/iapmo.privacy"]\nmanifests = ["central", "services"]\n'
BROKEN = {
    "systems": {"new-audience": {"party": "new-broker", "stores": [], "joins": [], "transforms": []}},
    "parties": {"new-broker": {"role": "data_broker", "country": "US"}},
}


def write(folder: Path, services: int, flows: int, seed: int = 7, *, ten: bool = False) -> None:
    """Writes the repository with its two commits into a folder that is not there yet."""
    whole: dict[str, Any] = estate(flows, flows // 5, seed, clean=ten)
    folder.mkdir(parents=True)
    _file(folder / "privacy-rules.toml", CONFIGURATION)
    (folder / "policy").mkdir()
    shutil.copy(POLICY, folder / "policy")
    _git(folder, "init", "--quiet")
    _manifests(folder, whole, services)
    _commit(folder, "as it was")
    if ten:
        _break(whole)
        _manifests(folder, whole, services)
        _commit(folder, "ten slips")
    else:
        _pull_request(folder, _parts(whole, services)[0])
        _commit(folder, "send the audience to a broker")


def _manifests(folder: Path, whole: dict[str, Any], services: int) -> None:
    central = {key: whole[key] for key in ("manifest", "as_of", "organisation", "parties", "contracts")}
    _file(folder / "central" / "privacy.yaml", _yaml(central))
    for number, part in _parts(whole, services).items():
        _file(_manifest(folder, number), _yaml(part))


def _parts(whole: dict[str, Any], services: int) -> dict[int, dict[str, Any]]:
    """Return the manifest of each service."""
    of_service = {name: number % services for number, name in enumerate(whole["systems"])}
    parts: dict[int, dict[str, Any]] = defaultdict(lambda: {"manifest": 1, "systems": {}, "flows": []})
    for name, system in whole["systems"].items():
        parts[of_service[name]]["systems"][name] = system
    for flow in whole["flows"]:
        parts[of_service[flow["from"]]]["flows"].append(flow)
    return parts


def _break(whole: dict[str, Any]) -> None:
    """Make ten errors in several services, each with a finding of a different kind."""
    systems, parties, flows = whole["systems"], whole["parties"], whole["flows"]
    given = [each for each in flows if systems[each["from"]]["party"] == "people"]
    ours = [each for each in given if systems[each["to"]]["party"] == "us"]
    kept = [name for name, each in systems.items() if each["stores"] and each["party"] == "us"]
    sent = [each for each in flows if each not in given and systems[each["to"]]["party"] in ("vendor-000", "us")]
    inside = [each for each in sent if systems[each["to"]]["party"] == systems[each["from"]]["party"] == "us"]
    ours[1]["occasion"] = "background_capture"
    ours[2] |= {"carries": ["name", "payment_card"]}
    inside[3]["purposes"] = ["advertising"]
    del inside[4]["safeguards"]
    inside[5]["safeguards"] = ["integrity_check"]
    systems[kept[6]]["safeguards"] = ["access_control", "audit_log", "encryption_at_rest", "training"]
    systems[kept[7]]["supports"] = ["access", "correction"]
    systems[kept[8]]["joins"] = [["page_views", "name"]]
    parties["new-vendor"] = {"role": "service_provider", "country": "US"}
    systems["new-tool"] = {"party": "new-vendor", "stores": [], "joins": [], "transforms": []}
    flows.append({**inside[9], "id": "new-export", "to": "new-tool"})
    parties["ad-board"] = {"role": ["service_provider", "advertiser"], "country": "US"}
    terms = {"data": ["pseudonymous_information"], "purposes": ["research"]}
    board = {"with": "ad-board", "from": "2024-01-01", "covers": terms, "obliges": ["policy_protection"]}
    whole["contracts"]["ad-board-terms"] = board
    systems["audience"] = {"party": "ad-board", "stores": [], "joins": [], "transforms": []}
    hasher = systems[inside[10]["from"]]
    hasher["transforms"] = [{"from": each, "to": "hashed_email", "method": "hashing"} for each in CONTACT]
    upload = {"to": "audience", "carries": ["hashed_email"], "purposes": ["research"]}
    flows.append({**inside[10], "id": "audience-upload", **upload})


def _pull_request(folder: Path, part: dict[str, Any]) -> None:
    source = next(flow for flow in part["flows"] if "order_details" not in flow["carries"])
    bad = {**source, "id": "new-audience-upload", "to": "new-audience", "exchange": "sale"}
    changed = {**part, "parties": BROKEN["parties"], "systems": {**part["systems"], **BROKEN["systems"]}}
    _file(_manifest(folder, 0), _yaml({**changed, "flows": [*part["flows"], bad]}))


def _manifest(folder: Path, number: int) -> Path:
    return folder / "services" / f"service-{number:02}" / "privacy.yaml"


def _yaml(data: dict[str, Any]) -> str:
    """One line an entity, as a team would write it."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and key != "organisation":
            lines += [f"{key}:", *(f"  {name}: {json.dumps(each)}" for name, each in value.items())]
        elif isinstance(value, list):
            lines += [f"{key}:", *(f"  - {json.dumps(each)}" for each in value)]
        else:
            lines.append(f"{key}: {json.dumps(value)}" if key != "as_of" else f"{key}: {value}")
    return "\n".join(lines) + "\n"


def _file(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message)


def main() -> None:
    """Writes a repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--services", type=int, default=40)
    parser.add_argument("--flows", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ten", action="store_true", help="a clean repository, then ten findings of different kinds")
    chosen = parser.parse_args()
    write(chosen.folder, chosen.services, chosen.flows, chosen.seed, ten=chosen.ten)


if __name__ == "__main__":
    main()
