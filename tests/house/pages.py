"""Pages with examples: a policy and manifests in fenced blocks, each with the verdict that it has to have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from privacy_rules import engine
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.check.json import document
from tests.builders import write

VERDICTS = ("compliant", "undetermined", "violation")


@dataclass(frozen=True, slots=True)
class Example:
    """A manifest of an example, with its policy, both with what stands before them."""

    name: str
    expected: str
    policy: str
    manifests: tuple[str, str]
    line: int

    def __str__(self) -> str:
        return f"{self.name}-{self.expected}-{self.line}"


def examples(page: Path) -> list[Example]:
    """Every manifest of a page."""
    text = page.read_text(encoding="utf-8")
    blocks = list(re.finditer(r"^```(\w*)([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    before = {each[1]: each[3] for each in blocks if each[2].split() == ["prelude"]}
    policies = {_said(each)["example"]: each[3] for each in blocks if each[1] == "privacy" and "example" in _said(each)}
    return [
        Example(
            _said(each)["example"],
            _said(each)["expect"],
            f"{before['privacy']}\n{policies[_said(each)['example']]}",
            (before["yaml"], f"manifest: 1\n{each[3]}"),
            text.count("\n", 0, each.start()) + 1,
        )
        for each in blocks
        if each[1] == "yaml" and "example" in _said(each)
    ]


def policies(page: Path) -> list[tuple[str, str | None, str]]:
    """Every policy of a page: its name, the error with which it is refused or None, and its text."""
    text = page.read_text(encoding="utf-8")
    (prelude,) = re.findall(r"^```privacy prelude\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^```privacy example=(\S+)(?: expect=(\S+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(name, code or None, f"{prelude}\n{policy}") for name, code, policy in found]


def _said(block: re.Match[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in block[2].split() if "=" in word)


def hold(example: Example, folder: Path) -> None:
    """Asserts that the first rule's verdict on `it` is the one that the page says, as `check` and as `explain` have it."""
    policy, *paths = (folder / name for name in ("policy.privacy", "prelude.yaml", "example.yaml"))
    for path, text in zip((policy, *paths), (example.policy, *example.manifests), strict=True):
        write(path, text)
    inputs, wrong = engine.load(paths, [policy], root=folder)
    assert inputs is not None, wrong
    assert example.manifests[1].startswith(f"manifest: 1\n# {example.expected}"), "the comment says the verdict"
    rule = inputs.policy.rules[0]
    subject = "organisation" if rule.subject.kind is Kind.ORGANISATION else "it"
    explained, wrong = engine.explain(inputs, rule.name, subject)
    assert explained is not None, wrong
    assert max((each.verdict.word for each in explained), key=VERDICTS.index) == example.expected
    report, wrong = engine.check(inputs)
    assert report is not None, wrong
    findings = document(report)["findings"]
    assert isinstance(findings, list)
    found = [each for each in findings if (each["rule"], each["subject"]["id"]) == (rule.name, subject)]  # type: ignore[call-overload, index]
    assert [each["verdict"] for each in found] == ([] if example.expected == "compliant" else [example.expected])  # type: ignore[call-overload, index]
