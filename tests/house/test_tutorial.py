"""The tutorial says what holds: its steps, taken in order from an empty folder, write what it says and print what it shows.

UPDATE_SNAPSHOTS=1 writes into the page what was printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from privacy_rules import engine
from tests.builders import write
from tests.cli.calling import Call, caller

PAGE = Path(__file__).parents[2] / "dsl" / "tutorial.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROGRAM = "$ privacy-rules "
FILES = {"file": "markdown toml privacy yaml diff", "add": "privacy yaml", "shows": "markdown", "exit": "console"}
"""What may stand after the language of a block, and in which languages."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of the page: its language, what is said after it, and its text."""

    language: str
    said: dict[str, str]
    text: str
    start: int
    """Where its text begins on the page."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _blocks() -> Iterator[Block]:
    for found in re.finditer(r"^```(\w+)([^\n]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        yield Block(found[1], dict(word.split("=", 1) for word in found[2].split()), found[3], found.start(3))


BLOCKS = tuple(_blocks())


def _redlined(text: str, change: str) -> str:
    """A text with the lines of `-` taken out and those of `+` put in, at the one place where the others stand."""
    lines = change.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, f"not at one place:\n{before}"
    return text.replace(before, after)


def _added(text: str, more: str) -> str:
    return f"{text}\n{more}"


def _printed(call: Call, block: Block) -> str:
    """What the commands of a block print, below each; the last one ends with the exit code that the page says."""
    commands = [line for line in block.text.splitlines() if line.startswith("$ ")]
    assert commands, f"no command:\n{block.text}"
    shown, code = "", 0
    for command in commands:
        assert command.startswith(PROGRAM), command
        assert code == 0, "only the last command of a block may fail"
        outcome = call(*command.removeprefix(PROGRAM).split())
        shown, code = f"{shown}{command}\n{outcome.out}{outcome.err}", outcome.code
    assert code == int(block.said.get("exit", "0")), shown
    return shown


def _taken(block: Block, call: Call) -> str:
    """Does what a block says, in the working directory, and returns the text that it has to have."""
    match block.said, block.language:
        case {"file": name}, "diff":
            write(name, _redlined(Path(name).read_text(encoding="utf-8"), block.text))
        case {"file": name}, _:
            assert not Path(name).exists(), f"{name} is written twice"
            write(name, block.text)
        case {"add": name}, _:
            write(name, _added(Path(name).read_text(encoding="utf-8"), block.text))
        case {"shows": name}, _:
            assert block.text.strip()
            assert block.text in Path(name).read_text(encoding="utf-8")
        case _, "console":
            return _printed(call, block)
    return block.text


def test_its_steps_print_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    call, page, at = caller(capfd), "", 0
    for block in BLOCKS:
        page, at = f"{page}{TEXT[at : block.start]}{_taken(block, call)}", block.end
    page += TEXT[at:]
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        write(PAGE, page)
    assert page == PAGE.read_text(encoding="utf-8")


def test_each_block_says_what_to_do_with_it() -> None:
    for block in BLOCKS:
        assert block.language == "console" or len(block.said) == 1, block
        assert all(block.language in FILES[word].split() for word in block.said), block


def test_the_words_before_a_block_name_its_file() -> None:
    for block in BLOCKS:
        fence = TEXT.rindex("\n```", 0, block.start)
        paragraph = TEXT[TEXT.rindex("\n\n", 0, fence - 1) : fence]
        assert all(f"`{name}`" in paragraph for word, name in block.said.items() if word != "exit"), paragraph


def test_each_quoted_clause_is_in_the_policy_and_all_are_quoted() -> None:
    policy = next(block.text for block in BLOCKS if block.said == {"file": "policy.md"})
    clauses = re.findall(r"^\d\. .*$", policy, re.MULTILINE)
    assert len(clauses) == 9
    assert re.findall(r"^> (.*)$", TEXT, re.MULTILINE) == clauses


def test_its_policy_is_one_of_eight_rules_each_said_once(tmp_path: Path) -> None:
    parts = [block.text for block in BLOCKS if "privacy.privacy" in block.said.values()]
    path = write(tmp_path / "privacy.privacy", "\n".join(parts))
    policy, wrong = engine.load_policy([path])
    assert policy is not None, wrong
    assert len(policy.rules) == 8


def test_it_says_early_that_rules_are_independent_and_how_allow_and_permit_differ() -> None:
    beginning = TEXT[: TEXT.index("\n## Step 1")]
    assert "**Rules are independent.**" in beginning
    assert "`allow … only`" in beginning
    assert "`permit … despite`" in beginning
