from __future__ import annotations

import pytest

from privacy_rules.language import policy
from tests.builders import policy_of
from tests.unit.language.policies import WORLD, errors_of, under, wrong


def whens(text: str) -> list[policy.Condition | None]:
    return [each.when for each in policy_of(WORLD + text).rules]


def test_a_define_means_its_condition() -> None:
    (found,) = whens("define told as notice or vetted\nrule r { forbid flow when told }")
    assert isinstance(found, policy.Defined)
    assert (found.name, found.text) == ("told", "told")
    assert isinstance(found.body, policy.AnyOf)
    assert found.body.text == "notice or vetted"


def test_a_define_is_one_object_for_every_use_from_a_like_place() -> None:
    first, second = whens("define a as notice\nrule r { forbid flow when a }\nrule s { forbid disclosure when a }")
    assert isinstance(first, policy.Defined)
    assert isinstance(second, policy.Defined)
    assert first.body is second.body
    assert first.span != second.span


def test_a_define_is_read_at_its_place_of_use() -> None:
    text = (
        'define tagged as tags includes "a"\nrule r { forbid flow when tagged }\nrule s { forbid system when tagged }'
    )
    flow, system = whens(text)
    assert isinstance(flow, policy.Defined)
    assert isinstance(flow.body, policy.Includes)
    assert isinstance(system, policy.Defined)
    assert isinstance(system.body, policy.Includes)
    assert (flow.body.reference.owner, system.body.reference.owner) == (policy.Owner.FLOW, policy.Owner.SYSTEM)


def test_a_define_may_be_used_in_selectors_contracts_and_collections() -> None:
    text = """define strict as obliges includes audit
define abroad as not country is eea
define told as notice
rule r { forbid disclosure to (role is third_party and abroad) when under contract (strict) and collected with (told) }"""
    assert policy_of(WORLD + text)


def test_defines_of_defines_are_shared_and_not_copied() -> None:
    text = "define d0 as notice\n" + "".join(f"define d{n} as d{n - 1} and d{n - 1}\n" for n in range(1, 49))
    (found,) = whens(text + "rule r { forbid flow when d48 }")
    seen: set[int] = set()
    waiting: list[policy.Condition | None] = [found]
    while waiting:
        node = waiting.pop()
        if isinstance(node, policy.Defined) and id(node.body) not in seen:
            seen.add(id(node.body))
            waiting.append(node.body)
        elif isinstance(node, policy.All):
            waiting += node.parts
    assert len(seen) == 49


def test_the_defines_of_a_policy_are_listed() -> None:
    (found,) = policy_of("define a as notice  and necessary\nrule r { forbid flow }").defines
    assert (found.name, found.text, str(found.span)) == ("a", "notice and necessary", "policy.privacy:1:1")


# ---- errors


def test_a_define_that_does_not_fit_its_place_is_reported_at_its_use() -> None:
    text = "define told as notice\nrule r { forbid system when told }\nrule s { forbid party when told }"
    first, second = errors_of(text)
    assert (first.code, under(first), str(first.span)) == ("E107", "told", "policy.privacy:2:29")
    assert (
        first.message
        == "`told` cannot be used here: `notice` is an attribute of flow, but the subject here is a system"
    )
    assert [str(each) for each in first.also] == ["policy.privacy:1:16"]
    assert str(second.span) == "policy.privacy:3:28"


def test_a_define_within_a_define_is_reported_at_the_outermost_use() -> None:
    text = "define a as notice\ndefine b as not a\nrule r { forbid system when b }"
    (found,) = errors_of(text)
    assert (under(found), str(found.span)) == ("b", "policy.privacy:3:29")
    assert [str(each) for each in found.also] == ["policy.privacy:2:17", "policy.privacy:1:13"]


def test_a_define_that_fits_no_place_is_reported_once_at_its_declaration() -> None:
    text = "define a as notice and parent is declared\nrule r { forbid flow when a }\nrule s { forbid party when a }"
    assert wrong(text) == [("E107", "parent")]


def test_defines_that_fit_no_place_together_are_reported_where_they_meet() -> None:
    text = "define a as notice\ndefine b as parent is declared\ndefine c as a and b\nrule r { forbid flow when c }"
    assert wrong(text) == [("E107", "b")]


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("nothing", "E106", "nothing"),
        ("exchange is sail", "E105", "sail"),
        ("exchange includes sale", "E108", "exchange"),
        ("kind is softwar", "E105", "softwar"),
        ("supports is access", "E108", "supports"),
        ("obliges includes audits", "E105", "audits"),
        ("privacy_contact = 5", "E108", "5"),
        ("notice is sale and kind is saas", "E107", "kind"),
        ("reached by email avoiding us", "E107", "avoiding"),
        ("retention < 2 yaers", "E113", "2 yaers"),
    ],
)
@pytest.mark.parametrize("use", ["flow", "flow when d", "flow when d and d unless not d"])
def test_an_error_in_a_define_is_reported_once_however_it_is_used(body: str, code: str, words: str, use: str) -> None:
    found = wrong(f"{WORLD}define d as {body}\nrule r {{ forbid {use} }}")
    assert (code, words) in found
    assert all(words != "d" for _, words in found)
    assert len(found) == len(set(found))


def test_a_define_that_is_not_used_is_checked() -> None:
    assert wrong("define a as nothing\nrule r { forbid flow }") == [("E106", "nothing")]


def test_a_define_is_a_condition_by_itself() -> None:
    (found,) = errors_of("define a as notice\nrule r { forbid flow when a is sale }")
    assert (found.code, under(found), found.message) == ("E108", "a", "`a` is a define, which is a condition by itself")


# ---- circles and depth


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("define a as a", ["a"]),
        ("define a as b\ndefine b as a", ["a"]),
        ("define a as notice and (b or not c)\ndefine b as c\ndefine c as a", ["a"]),
        ("define a as a\ndefine b as b and notice", ["a", "b"]),
        ("define a as under contract (b)\ndefine b as reached by email from (vetted and a)", ["a"]),
    ],
)
def test_a_circle_of_defines_is_reported_once_and_not_for_its_users(text: str, words: list[str]) -> None:
    found = wrong(f"{WORLD}{text}\ndefine user as a\nrule r {{ forbid flow when a and user }}")
    assert found == [("E111", each) for each in words]


def chain(length: int) -> str:
    return "define d0 as notice\n" + "".join(f"define d{n} as d{n - 1}\n" for n in range(1, length))


def test_defines_are_counted_through() -> None:
    assert policy_of(chain(99) + "rule r { forbid flow when d98 }")
    assert wrong(chain(99) + "rule r { forbid flow when not d98 }") == [("E103", "d98")]
    assert wrong(chain(101) + "rule r { forbid flow }") == [("E103", "d99")]


def test_a_define_that_is_too_deep_is_reported_once_and_not_for_its_users() -> None:
    assert wrong(chain(300) + "rule r { forbid flow when d250 and d299 }") == [("E103", "d99")]
    deep = f"define d as {'not ' * 100}notice\n"
    assert wrong(f"{deep}define e as d\nrule r {{ forbid flow when d and e }}") == [("E103", "not " * 100 + "notice")]
