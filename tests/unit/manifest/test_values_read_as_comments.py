"""Values that YAML reads as comments, and defaults beside those of the policy: warnings of what a file says without effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from privacy_rules.manifest.loader import estate, read
from privacy_rules.source.diagnostic import Level
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.manifest.given import Desk, load, policy, write

END = "; a comment has a space after its `#`"


@pytest.mark.parametrize(
    ("text", "place", "message", "written"),
    [
        ("name: #1 shop\n", "2:7", "`#1 shop` is read as a comment: `name` has no value", 'name: "#1 shop"'),
        ("name: Shop #1\r\n", "2:12", "`#1` is read as a comment: `name` is only `Shop`", 'name: "Shop #1"'),
        (
            "parties:\n  p:\n    owner: ads #2  \n",
            "4:16",
            "`#2` is read as a comment: `owner` is only `ads`",
            'owner: "ads #2"',
        ),
        (
            "parties:\n  p: {role:   #us\n  }\n",
            "3:15",
            "`#us` is read as a comment: `role` has no value",
            'role: "#us"',
        ),
    ],
)
def test_a_value_that_is_read_as_a_comment_is_warned_about(
    desk: Desk, text: str, place: str, message: str, written: str
) -> None:
    _, (found,) = load(write(desk.folder, a_yaml=f"manifest: 1\n{text}"))
    assert (found.code, found.level, found.message) == ("W325", Level.WARNING, message)
    assert str(found.span) == f"a.yaml:{place}"
    assert found.help == f"put the value in quotes: `{written}`{END}"


@pytest.mark.parametrize(
    "text",
    [
        "name: # to be found\n",
        "name: shop # of toys\n",
        'name: "#1 shop"\n',
        "name: '#1 shop' #why\n",
        "name: shop#1\n",
        "name: x ## y\n",
        "parties: #all\n  p: {}\n",
        "parties:\n  p:\n    role: us #internal\n",
        "name: |\n  owner: #1\n",
    ],
)
def test_a_comment_that_takes_nothing_away_is_not(desk: Desk, text: str) -> None:
    assert load(write(desk.folder, a_yaml=f"manifest: 1\n{text}"))[1] == ()


def test_many_of_them_are_counted(desk: Desk) -> None:
    many = "".join(f"  p{number}:\n    owner: #{number}\n" for number in range(100))
    _, found = load(write(desk.folder, a_yaml=f"manifest: 1\nparties:\n{many}"))
    assert len(found) == 20
    assert found[-1].message.endswith("(and 80 more values like it)")


def test_an_error_about_such_a_value_says_why_there_is_none(desk: Desk) -> None:
    _, (_, found) = desk.read("systems:\n  s:\n    stores:\n      - #email\n")
    assert (found.code, found.message) == ("E208", "expected a category, found null")
    assert found.help == "`#email` is read as a comment: put the value in quotes"
    closed = desk.error("parties: {p: {owner: team #2}}\n")
    assert closed.help == "close it with `}`; `#2}}` is read as a comment, unless the value is in quotes"


# ---- defaults


@pytest.mark.parametrize("section", ["defaults", "shared_defaults"])
@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ("yes", "W326", "the policy's default for a flow's `double_opt_in` is already `yes`"),
        ("no", "W327", "the default of a flow's `double_opt_in` is `no` here and `yes` in the policy"),
        ("null", "W327", "the default of a flow's `double_opt_in` is `null` here and `yes` in the policy"),
    ],
)
def test_a_default_beside_that_of_the_policy_is_warned_about(
    desk: Desk, section: str, value: str, code: str, message: str
) -> None:
    key = (Entity.FLOW, "double_opt_in")
    attribute = replace(policy().attributes[key], default=True)
    with_default = replace(policy(), attributes={**policy().attributes, key: attribute})
    text = f"manifest: 1\n{section}: {{flow: {{double_opt_in: {value}, score: 1}}}}\n"
    documents, _ = read(write(desk.folder, a_yaml=text))
    assert documents is not None
    made, (found,) = estate(documents, with_default)
    assert made is not None
    assert (found.code, found.message, found.level) == (code, message, Level.WARNING)
    assert found.span is not None
    assert (found.span.line, found.also) == (2, (attribute.span,))
