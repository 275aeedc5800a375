"""Help for values of the wrong shape: a list where one value is wanted, and the reverse."""

from __future__ import annotations

import pytest

from tests.unit.manifest.given import Desk


def test_what_has_no_default_is_not_offered_as_one(desk: Desk) -> None:
    (found,) = desk.read("to: s")[1]
    assert (found.help or "").startswith("a manifest's keys are ")


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("systems: {s: {party: in_a, kind: [saas]}}", "write `kind: saas`"),
        ("systems: {s: {party: [in_a]}}", "write `party: in_a`"),
        ("systems: {s: {party: in_a, retention: 30d}}", "write `30 days`"),
        ("systems: {s: {party: in_a, retention: P2Y}}", "write `2 years`"),
        ("contracts: {c: {with: in_a, covers: [email]}}", "write `{data: […], purposes: […]}`"),
        ("systems: {s: {party: in_a, creates: [{data: email}]}}", "write `email`"),
        ("systems: {s: {party: in_a, retention: [2 years]}}", "write `retention: 2 years`"),
        ("systems: {s: {party: in_a, kind: [saas, queue]}}", "write one of them, without brackets"),
        ("systems: {s: {party: in_a, kind: []}}", "leave the key out if nothing is known"),
        (
            "contracts: {c: {with: [in_a, out_a]}}",
            "declare a contract for each, or name all parties of one contract under `between`",
        ),
        ("flows: [{id: f, from: [s, t], to: u}]", "declare a flow for each"),
        ("systems: {s: {party: in_a, stores: email}}", "write `[email]`"),
        ("systems: {s: {party: in_a, stores: 'email'}}", 'write `["email"]`'),
        ("systems: {s: {party: in_a, stores: email, phone}}", "write `[email]`"),
        ("systems:\n  s:\n    party: in_a\n    stores: email, phone", "write `[email, phone]`"),
        (
            "systems:\n  s:\n    party: in_a\n    stores:\n      -email\n      -phone",
            "a dash is followed by a space: write `[email, phone]`",
        ),
        ("systems: {s: {party: in_a, tags: [team: a]}}", 'put it in quotes: `"team: a"`'),
        (
            "systems: {s: {party: in_a, stores: None}}",
            "write `[]` if there is nothing; leave the key out if nobody knows",
        ),
        (
            "contracts: {c: {with: in_a, data: [email]}}",
            "write it inside `covers`, as in `covers: {data: […], purposes: […]}`",
        ),
        (
            "contracts: {c: {with: in_a, purposes: [p]}}",
            "write it inside `covers`, as in `covers: {data: […], purposes: […]}`",
        ),
        ("flows: [{id: f, from: s, to: t, data: [email]}]", "write `carries` for the data of a flow"),
        ("systems: {s: {data: [email]}}", "write `stores` for the data that a system keeps"),
        (
            "owner: team\nsystems: {s: {}}",
            "an attribute belongs to an entity; for all in this file, write "
            "`defaults: {party: {owner: …}, system: {owner: …}, flow: {owner: …}}`",
        ),
        (
            "exchange: none",
            "an attribute belongs to an entity; for all in this file, write `defaults: {flow: {exchange: …}}`",
        ),
        ("systems: {s: {party:in_a}}", "write `party: in_a`"),
        ("systems: {s: {party in_a}}", "write `party: in_a`"),
        ("systems:\n  s:\n    party = in_a", "write `party: in_a`"),
        ("systems: {s: in_a}", "write the attributes as keys with values, such as `{owner: …}`"),
        ("parties: [{id: a}]", "write parties by id: `parties: {ID: {…}}`"),
        ("flows: {id: f}", "begin each flow with a dash: `- {id: …, from: …, to: …}`"),
        ("parties:\nb: {role: us}", "indent it if it belongs to `parties`"),
    ],
)
def test_a_value_of_the_wrong_shape_is_told_the_right_one(desk: Desk, text: str, help_: str) -> None:
    assert help_ in [each.help for each in desk.read(text)[1]]
