"""A plugin for pytest: coverage is measured while some of the tests run, which together reach what is measured.

    PYTEST_ADDOPTS="-p tests.measured --cov=privacy_rules/checking" ./try test

The other tests run at full speed, and what they reach does not count.
"""

from __future__ import annotations

import re

import pytest

_MEASURED = (
    *(
        f"tests/unit/{each}/"
        for each in ("language", "manifest", "graph", "checking", "findings", "simulation", "reports")
    ),
    "tests/unit/test_networkx.py",
    "tests/conformance/",
    *(f"tests/cli/test_{each}.py" for each in ("check", "explain", "export", "import", "many_manifests", "only_new")),
    *(f"tests/cli/test_{each}.py" for each in ("owner", "patch", "tables", "what_if")),
    "tests/properties/test_what_if.py",
)
_SLOW = re.compile("very_many|hostile|deep_nesting|samples_have|too_many_changed|large_check|fill_the_memory")
"""Tests that take long while they are measured, and reach nothing that the others do not reach."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for each in items:
        if not each.nodeid.startswith(_MEASURED) or _SLOW.search(each.nodeid):
            each.add_marker("no_cover")
