"""Walks over conditions: what they visit, in which order, and what a rewritten condition keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.language.conditions import Rewriter, children, own_tests, rule_conditions, terms, walk
from privacy_rules.language.file_parser import read
from privacy_rules.language.policy import Condition, IsFlagged, Rule
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.syntax_walks import walk as walk_syntax
from privacy_rules.language.syntax_walks import walk_declaration
from privacy_rules.source.span import Span
from tests.builders import policy_of
from tests.unit.language.policies import WORLD, condition

TEXT = f"""{WORLD}
define careful as notice or choice is opt_in
rule every {{
  forbid flow of contact from party "acme" to (reached by email from us avoiding (kind is anonymiser))
    when careful and not (under contract (covers data)) and collected with (careful) and labels includes "old"
    unless purpose is orders and data is (card, email)
}}
rule other {{
  allow joining of contact with card only
    - when system.country is ca
    - of email when reached by card from (role is us) including derived by hashing
}}
"""


def _inside(node: Any, root: type | tuple[type, ...]) -> Iterator[Any]:
    """The nodes that any field of a node leads to."""
    if isinstance(node, root):
        yield node
    if isinstance(node, tuple):
        for each in node:
            yield from _inside(each, root)
    elif is_dataclass(node):
        for each in fields(node):
            yield from _inside(getattr(node, each.name), root)


def _rules() -> tuple[Rule, ...]:
    return policy_of(TEXT).rules


def test_a_walk_meets_every_condition_of_a_rule_once() -> None:
    for rule in _rules():
        found = [id(each) for each in rule_conditions(rule)]
        assert len(found) == len(set(found))
        assert set(found) == {id(each) for each in _inside(rule, Condition)}


def test_a_walk_meets_every_condition_and_selector_of_a_syntax_tree() -> None:
    tree, wrong = read(SourceText("p.privacy", TEXT))
    assert not wrong
    nodes = (syntax.Condition, syntax.Roles, syntax.Entity, syntax.Matching)
    for declaration in tree.declarations:
        expected = [id(each) for each in _inside(declaration, nodes)]
        assert sorted(id(each) for each in walk_declaration(declaration)) == sorted(expected)


def test_conditions_are_met_in_the_order_in_which_they_are_written() -> None:
    found = condition("notice and not (choice is opt_in or vetted) and recipient reached by email")
    assert [each.text for each in own_tests(found)] == [
        "notice",
        "choice is opt_in",
        "vetted",
        "recipient reached by email",
    ]


def test_a_walk_stays_outside_of_what_is_not_entered() -> None:
    found = condition("under contract (covers data) and notice")
    assert [each.text for each in own_tests(found)] == ["under contract (covers data)", "notice"]
    assert "covers data" in [each.text for each in walk(found)]


def test_terms_are_named_with_their_vocabulary() -> None:
    named = {each for rule in _rules() for found in rule_conditions(rule) for each in terms(found)}
    assert {("data", "contact"), ("data", "card"), ("purpose", "orders"), ("method", "hashing")} <= named
    assert {("choice", "opt_in"), ("kind", "anonymiser"), ("role", "us"), ("", "old")} <= named


def test_a_rewritten_rule_keeps_what_is_not_touched() -> None:
    rule, other = _rules()
    flag = next(each for each in rule_conditions(rule) if isinstance(each, IsFlagged))
    rewriter = Rewriter({id(flag): replace(flag, text="changed")})
    after = rewriter.rule(rule)
    assert rewriter.rule(other) is other
    assert after.unless is rule.unless
    assert after.subject is rule.subject
    assert "changed" in [each.text for each in rule_conditions(after)]
    assert len(list(rule_conditions(after))) == len(list(rule_conditions(rule)))


def test_a_define_that_two_conditions_share_is_rewritten_once() -> None:
    rule = _rules()[0]
    flags = [each for each in rule_conditions(rule) if isinstance(each, IsFlagged) and each.text == "notice"]
    after = Rewriter({id(each): replace(each, text="changed") for each in flags}).rule(rule)
    assert len([each for each in rule_conditions(after) if each.text == "changed"]) == len(flags)


def test_a_test_without_conditions_inside_has_no_children() -> None:
    assert children(condition("notice")) == ()


def test_a_deep_syntax_tree_is_walked_without_recursion() -> None:
    place = Span("p.privacy", 1, 1)
    tree: syntax.Condition = syntax.Named(place, 1, syntax.Word("x", place))
    for _ in range(5000):
        tree = syntax.Grouped(place, 1, tree)
    assert sum(1 for _ in walk_syntax(tree)) == 5001
