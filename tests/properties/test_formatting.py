"""Formatting moves blanks and line ends alone: for any policy, comments wherever they may stand.

The long run: PRIVACY_RULES_EXAMPLES=5000 pytest tests/properties/test_formatting.py
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.cli.main import run
from privacy_rules.language.comments import comments, words
from privacy_rules.language.file_parser import read
from privacy_rules.language.formatter import formatted
from privacy_rules.language.loader import load_text
from privacy_rules.language.scanner import tokens
from privacy_rules.language.source_text import SourceText
from tests.builders import write
from tests.properties.dice import Dice
from tests.properties.meanings import meaning
from tests.properties.strategies import BYTES, EXAMPLES, many, sample_of

WIDTH = 120
FURTHEST = 80
"""No policy that is made here has a name, text or bracket that would not fit behind so many characters."""
GAPS = (
    "\n",
    "\n\n\n",
    " # {}\n",
    "\n# {}\n",
    "\n\n# --- {} ---\n\n\n\n",
    " #{}\n    # -\n\t",
    "  ",
    "\r\n",
    " # {}\r\n \r\n",
)


some = settings(many, max_examples=max(20, EXAMPLES // 4))
"""A quarter of what other properties try: formatting a whole policy takes long."""


def sprinkled(text: str, dice: Dice) -> str:
    """The text with comments, blanks and line ends between its tokens, at so many of them as the dice say."""
    often = dice.pick((0, 2, 15, 60))
    written: list[str] = []
    last = 0
    for number, token in enumerate(tokens(text)):
        gap = text[last : token.start] if token.start < len(text) else ""
        written += [dice.pick(GAPS).format(number) if dice.chance(often) else gap, token.text]
        last = token.end
    return "".join(written) + dice.pick(("\n", "", "\n# the end", "  # the end\n\n"))


def policy_of(data: bytes) -> str:
    return sprinkled(sample_of(data[:BYTES]).policy, Dice(data[BYTES:]))


policies = st.binary(min_size=BYTES + 1500, max_size=BYTES + 1500).map(policy_of)


def laid_out(text: str) -> str:
    result, found = formatted(text)
    assert result is not None, found
    return result


@some
@given(policies)
def test_formatting_keeps_the_policy_and_its_comments_and_fits_the_width(text: str) -> None:
    result = laid_out(text)
    assert laid_out(result) == result
    (before, wrong), (after, also) = load_text(text), load_text(result)
    assert before is not None, wrong
    assert after is not None, also
    assert list(meaning(before)) == list(meaning(after))
    trees = [read(SourceText("a", each))[0].declarations for each in (text, result)]
    assert list(meaning(trees[0])) == list(meaning(trees[1]))
    remarks = [list(comments(words(SourceText("a", each).text))) for each in (text, result)]
    assert remarks[0] == remarks[1]
    assert result == "" or (result.endswith("\n") and not result.endswith("\n\n"))
    for line in result.replace("\r\n", "\n").split("\n"):
        code = line.partition("#")[0].rstrip()
        assert line == line.rstrip()
        assert len(code) <= WIDTH or len(code.rpartition(" ")[2]) > WIDTH - FURTHEST, line


@some
@given(st.binary(min_size=BYTES, max_size=BYTES))
def test_how_a_rule_was_laid_out_does_not_matter(data: bytes) -> None:
    for block in sample_of(data).blocks:
        if block.startswith(("rule", "define", "attribute", "policy", "clause")):
            said = [token.text for token in tokens(block)]
            assert laid_out(" ".join(said)) == laid_out("\n".join(said))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@some
@given(
    st.one_of(
        st.binary(), st.text().map(str.encode), st.tuples(policies, st.integers(0), st.text()).map(lambda t: broken(*t))
    )
)
def test_any_text_ends_well(folder: Path, content: bytes) -> None:
    file = write(folder / "any.privacy", content)
    code = called("fmt", str(file))
    assert code in (0, 2)
    assert code == 0 or file.read_bytes() == content
    assert called("fmt", "--check", "--diff", str(file)) == code


def broken(text: str, at: int, more: str) -> bytes:
    """A policy with something in it that need not be one."""
    at %= len(text) + 1
    return (text[:at] + more + text[at + 1 :]).encode("utf-8", "surrogatepass")


def called(*words: str) -> int:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        run(words)
    return int(ended.value.code or 0)
