"""Checks estates in a database, as `check --engine duckdb` does."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from privacy_rules import engine
from privacy_rules.findings.report import Report
from privacy_rules.manifest.loader import Stdin
from privacy_rules.manifest.tables.exporting import exported
from privacy_rules.reports.check.json import document
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.project_boundary import confined_to
from privacy_rules.warehouse.database import DuckDb, files_of
from privacy_rules.warehouse.prefiltered_check import Request, check
from tests.builders import write


def in_database(
    inputs: engine.Inputs, day: date | None, folder: Path, rules: Collection[str] | None = None
) -> tuple[Report | None, tuple[Diagnostic, ...]]:
    """The report of a database that has the estate's tables, or why there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    head: dict[str, Any] = {}
    for name, content in exported(inputs.estate, inputs.policy, "parquet").items():
        if name.endswith(".json"):
            head = json.loads(content)
        else:
            write(folder / name, content)
    head.pop("include", None)
    documents, wrong = engine.read([Stdin(json.dumps(head).encode())])
    assert documents is not None, wrong
    made = check(Request(inputs.policy, documents, DuckDb(files_of([folder], confined_to([folder]))), day, rules=rules))
    return made[1], made[2]


def said(report: Report) -> tuple[dict[Any, Any], dict[str, tuple[int, ...]]]:
    """What a report says of each finding, and the figures of each rule."""
    findings = {
        (each["rule"], each["subject"]["kind"], each["subject"]["id"]): (
            each["verdict"],
            each["judged"],
            [(test["test"], test["value"]) for test in each["because"]],
        )
        for each in document(report)["findings"]
    }
    figures = {
        each.rule.name: (each.subjects, each.applies, each.compliant, each.violations, each.undetermined)
        for each in report.rules
    }
    return findings, figures
