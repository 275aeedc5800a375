"""The lexer for Pygments, on every policy that the project has."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.token import Error, Keyword, Literal, Name, String

from privacy_rules.pygments_lexer import PrivacyLexer

ROOT = Path(__file__).parents[2]
FOLDERS = ("dsl/conformance", "dsl/std", "examples")
POLICIES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.privacy"))


def kinds(text: str) -> dict[str, object]:
    """The kind of each word that is there once, the last one's otherwise."""
    return {said: kind for _, kind, said in PrivacyLexer().get_tokens_unprocessed(text)}


def test_every_policy_comes_back_whole_and_without_an_error() -> None:
    assert len(POLICIES) > 100
    lexer = PrivacyLexer(stripnl=False, ensurenl=False)
    for file in POLICIES:
        text = file.read_text("utf-8", "replace")
        found = list(lexer.get_tokens(text))
        assert "".join(said for _, said in found) == text.removeprefix("\ufeff").replace("\r\n", "\n").replace(
            "\r", "\n"
        )
        assert [each for each in found if each[0] in Error] == []


@settings(deadline=None)
@given(st.text(st.sampled_from('rule a{}()"\\#\n .-=<😀\r\x85\u2028')))
def test_any_text_comes_back_whole_with_its_offsets(text: str) -> None:
    at = 0
    for offset, _, said in PrivacyLexer().get_tokens_unprocessed(text):
        assert offset == at
        at += len(said)
        assert text[offset:at] == said
    assert at == len(text)


def test_a_word_is_a_keyword_only_where_the_parser_takes_it_as_one() -> None:
    text = "data { sharing }\nrule r { forbid sharing of sharing when legal_basis is contract and under contract }\n"
    found = [
        (said, kind) for _, kind, said in PrivacyLexer().get_tokens_unprocessed(text) if said in ("sharing", "contract")
    ]
    assert found == [
        ("sharing", Name),
        ("sharing", Keyword.Type),
        ("sharing", Name),
        ("contract", Name),
        ("contract", Keyword),
    ]


def test_names_that_are_declared_and_values_have_their_kinds() -> None:
    found = kinds('rule no_selling { title "x" forbid flow when until < 2026-11-01 }')
    assert found["no_selling"] is Name.Class
    assert found['"x"'] is String.Double
    assert found["2026-11-01"] is Literal.Date


def test_a_broken_rule_does_not_change_the_colours_of_the_next() -> None:
    found = kinds("rule a { forbid forbid (\nrule b { permit flow despite a }")
    assert found["permit"] is Keyword
    assert found["b"] is Name.Class


def test_pygments_knows_it() -> None:
    project_file = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (target,) = project_file["project"]["entry-points"]["pygments.lexers"].values()
    module, name = target.split(":")
    assert getattr(import_module(module), name) is PrivacyLexer
    assert (PrivacyLexer.aliases, PrivacyLexer.filenames) == (["privacy"], ["*.privacy"])
