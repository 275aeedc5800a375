"""Every lint has a page, and each page says what holds: what to avoid is found, what to prefer is not, and the fix removes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.lint.framework.fixer import fix
from privacy_rules.lint.framework.lint import Lint
from privacy_rules.lint.framework.registry import lints, page
from privacy_rules.lint.framework.runner import Files, Finding, lint
from tests.builders import write

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "dsl" / "lints"
LANGUAGE, MESSAGES = ((ROOT / "dsl" / f"{name}.md").read_text(encoding="utf-8") for name in ("language", "messages"))
DAY = date(2026, 6, 15)
EVERY = list(lints().values())
BESIDE_THE_POINT = {"no-clause", "missing-title", "missing-hint", "unused-use"}
"""What a short example lacks, or has too much of, and is not about."""
BESIDE = {"markdown": "policy.md", "yaml": "policy.tests.yaml"}
"""What a page's blocks in other languages are called."""
each_lint = pytest.mark.parametrize("each", EVERY, ids=[each.name for each in EVERY])


def _prelude() -> str:
    (found,) = re.findall(r"^```privacy prelude\n(.*?)^```$", LANGUAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def _blocks(name: str) -> Iterator[tuple[str, str, str]]:
    """The heading, the first line after the fence, and the text of each block of a page."""
    heading = ""
    for found in re.finditer(r"^## ([^\n]*)$|^```(\w+[^\n]*)\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL):
        if found[1]:
            heading = found[1]
        else:
            yield heading, found[2], found[3]


def _example(folder: Path, name: str, heading: str) -> Path:
    """The policy of a page's example, beside the words that it uses and the prose that it names."""
    write(folder / "words.privacy", _prelude())
    path = folder / "policy.privacy"
    for at, language, text in _blocks(name):
        if language in BESIDE:
            write(folder / BESIDE[language], text)
        elif at == heading:
            write(path, text if language == "privacy alone" else f'use "words.privacy"\n{text}')
    return path


def _found(path: Path, each: Lint) -> list[Finding]:
    linted, wrong = lint(Files((path,), path.parent), DAY, {each.name: each.severity})
    assert linted is not None, wrong
    return list(linted.findings)


@each_lint
def test_what_is_to_be_avoided_is_found(each: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert each.name in {finding.lint.name for finding in _found(_example(tmp_path, each.name, "Avoid"), each)}


@each_lint
def test_what_is_to_be_preferred_is_clean(each: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = {finding.lint.name for finding in _found(_example(tmp_path, each.name, "Prefer"), each)}
    assert found - (BESIDE_THE_POINT - {each.name}) == set()


@each_lint
def test_the_fix_fixes_what_is_to_be_avoided(each: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = _example(tmp_path, each.name, "Avoid")
    own = [finding for finding in _found(path, each) if finding.lint is each]
    assert any(finding.found.edits for finding in own) == bool(each.fixes)
    fixed, _ = fix(Files((path,), tmp_path), DAY, {each.name: each.severity})
    assert fixed is not None
    left = {finding.lint.name for finding in fixed.linted.findings}
    assert (each.name not in left) == bool(each.fixes)


def test_each_lint_has_a_page_and_each_page_a_lint() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted(lints())


@each_lint
def test_a_page_says_what_the_lint_is(each: Lint) -> None:
    text = page(each.name)
    assert text.startswith(f"# `{each.name}`\n\n{each.code}, {each.severity}: {each.title}.")
    assert ("`--fix` fixes it" in text) == bool(each.fixes)
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^## (.*)$", outside, re.MULTILINE) == ["Avoid", "Prefer", "Why"]
    assert len(text.partition("## Why\n")[2].split()) >= 10


def test_codes_are_unique_and_of_one_form() -> None:
    codes = [each.code for each in EVERY]
    assert len(set(codes)) == len(codes) >= 25
    assert all(re.fullmatch(r"L1\d\d", code) for code in codes)


def test_the_messages_list_each_lint_as_it_is() -> None:
    rows = re.findall(
        r"^\| (L\d{3}) \| \[([\w-]+)\]\(lints/([\w-]+)\.md\) \| (\w+) \| (.*?) \| (.*?) \|$", MESSAGES, re.MULTILINE
    )
    told = [(each.code, each.name, each.name, each.severity, each.title, "yes" if each.fixes else "") for each in EVERY]
    assert rows == told


@each_lint
def test_a_lints_module_bears_its_name_and_says_what_is_found_and_what_passes(each: Lint) -> None:
    module = each.check.__module__
    assert module == f"privacy_rules.lint.{each.name.replace('-', '_')}"
    said = __import__(module, fromlist=["LINT"]).__doc__ or ""
    assert "# found" in said
    assert "# passes" in said
