"""A patch edits what a change speaks of, in the style of its neighbours, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from privacy_rules import engine
from privacy_rules.manifest.loader import Documents
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.manifest_patch import Patch, patched
from privacy_rules.simulation.overlay import apply
from privacy_rules.source.diagnostic import Diagnostic
from tests.builders import git, policy_of, write

POLICY = """policy shop {}
use std.core
data { contact { email phone } name }
purpose { orders newsletter }
role { processor }
rule no_sale { forbid flow when exchange is sale }
"""
HEAD = "manifest: 1\nparties: {shop: {role: us}, post: {role: processor}}\n"
SYSTEMS = "systems:\n  web: {party: shop}\n  mail: {party: post}\n"
SHOP = policy_of(POLICY, "shop.privacy")
Data = dict[str, Any]


def ask(folder: Path, texts: dict[str, str], *changes: Data) -> tuple[Patch | None, tuple[Diagnostic, ...]]:
    for name, text in texts.items():
        write(folder / name, text.encode())
    documents, wrong = engine.read([folder / name for name in texts])
    assert isinstance(documents, Documents), wrong
    before, wrong = engine.hold(documents, SHOP)
    assert isinstance(before, Estate), wrong
    read, wrong = changes_from_data(list(changes), SHOP)
    assert read is not None, wrong
    outcome, wrong = apply(before, SHOP, read)
    assert outcome is not None, wrong
    return patched(documents, SHOP, before, outcome.estate)


def after(folder: Path, text: str, *changes: Data, name: str = "estate.yaml") -> str:
    """The text that `git apply` makes of a file."""
    made, wrong = ask(folder, {name: text}, *changes)
    assert made is not None, wrong
    git("apply", "-", cwd=folder, given=made.text(["what it does"]).encode())
    return (folder / name).read_bytes().decode()


CASES = {
    "an item goes with its own comments, and no others": (
        "flows:\n  # signs up\n  - id: a # one\n    from: web\n    to: mail\n\n  # apart\n\n  # other\n  - id: b # two\n    from: web\n    to: mail\n",
        [{"remove": {"flow": "a"}}],
        "flows:\n\n  # apart\n\n  # other\n  - id: b # two\n    from: web\n    to: mail\n",
    ),
    "a value is replaced in place": (
        "flows:\n  - id: a\n    from: web # here\n    to: mail # there\n    exchange: none # paid?\n",
        [{"set": {"flow": "a", "exchange": "sale"}}],
        "flows:\n  - id: a\n    from: web # here\n    to: mail # there\n    exchange: sale # paid?\n",
    ),
    "an attribute is added below the others": (
        "flows:\n  - id: a\n    from: web\n    to: mail # there\n  # the end\n",
        [{"set": {"flow": "a", "owner": "a: team"}}],
        'flows:\n  - id: a\n    from: web\n    to: mail # there\n    owner: "a: team"\n  # the end\n',
    ),
    "an attribute is unset": (
        "flows:\n  - id: a\n    # whose?\n    owner: me # mine\n    from: web\n    to: mail\n",
        [{"set": {"flow": "a", "unset": ["owner"]}}],
        "flows:\n  - id: a\n    from: web\n    to: mail\n",
    ),
    "the first attribute, beside the dash, is unset": (
        "flows:\n- owner: me\n  # the name\n  id: a\n  from: web\n  to: mail\n",
        [{"set": {"flow": "a", "unset": ["owner"]}}],
        "flows:\n-\n  # the name\n  id: a\n  from: web\n  to: mail\n",
    ),
    "one item of a list goes and one comes": (
        "flows:\n  - id: a\n    from: web\n    to: mail\n    carries:\n      - phone # old\n      - name # kept\n",
        [{"set": {"flow": "a", "carries": ["name", "email"]}}],
        "flows:\n  - id: a\n    from: web\n    to: mail\n    carries:\n      - name # kept\n      - email\n",
    ),
    "null is said in the place of a list": (
        "flows:\n  - id: a\n    carries: # of what\n      - phone\n    from: web\n    to: mail\n",
        [{"set": {"flow": "a", "carries": None}}],
        "flows:\n  - id: a\n    carries: null # of what\n    from: web\n    to: mail\n",
    ),
    "a flow is added as its neighbours are written": (
        "flows:\n  - id: a\n    from: web\n    to: mail\n    carries:\n      - phone\n\n  - id: b\n    from: web\n    to: mail\n    carries:\n      - phone\n",
        [{"add": {"flow": {"id": "c", "from": "web", "to": "mail", "carries": ["name", "email"]}}}],
        "flows:\n  - id: a\n    from: web\n    to: mail\n    carries:\n      - phone\n\n  - id: b\n    from: web\n    to: mail\n    carries:\n      - phone\n\n  - id: c\n    from: web\n    to: mail\n    carries:\n      - email\n      - name\n",
    ),
    "between brackets all stays on its line": (
        "flows: [{id: a, from: web, to: mail, owner: me}, {id: b, from: web, to: mail}] # all\n",
        [
            {"remove": {"flow": "b"}},
            {"set": {"flow": "a", "unset": ["owner"]}},
            {"add": {"flow": {"id": "c", "from": "web", "to": "mail"}}},
        ],
        "flows: [{id: a, from: web, to: mail}, {id: c, from: web, to: mail}] # all\n",
    ),
    "between brackets on lines of their own": (
        "flows: [\n    {id: a, from: web, to: mail}, # one\n    {id: b, from: web, to: mail} # two\n  ]\n",
        [{"remove": {"flow": "a"}}, {"add": {"flow": {"id": "c", "from": "web", "to": "mail"}}}],
        "flows: [\n    {id: b, from: web, to: mail}, # two\n    {id: c, from: web, to: mail}\n  ]\n",
    ),
    "a section that becomes empty goes, its mention in origin, too": (
        "flows: # all\n  - {id: a, from: web, to: mail}\n# the end\n",
        [{"remove": {"flow": "a"}}],
        "# the end\n",
    ),
    "mentions and waivers go with what they name": (
        "flows:\n  - {id: a, from: web, to: mail}\n  - {id: b, from: web, to: mail, origin: [a, b]}\nwaivers:\n"
        "  - {rule: r, subject: a, until: 2027-01-01, reason: x, approved_by: y}\n",
        [{"remove": {"flow": "a"}}],
        "flows:\n  - {id: b, from: web, to: mail, origin: [b]}\n",
    ),
    "a section that is empty is filled": (
        "flows: [] # none yet\nwaivers:\n",
        [
            {"add": {"flow": {"id": "a", "from": "web", "to": "mail"}}},
            {"add": {"waiver": {"rule": "r", "subject": "a", "until": "2027-01-01", "reason": "x", "approved_by": "y"}}},
        ],
        "flows: # none yet\n  - {id: a, from: web, to: mail}\nwaivers:\n"
        "  - {rule: r, subject: a, until: 2027-01-01, reason: x, approved_by: y}\n",
    ),
    "a section that is not there is added, and a day": (
        "",
        [{"as_of": "2027-01-01"}, {"add": {"contract": {"id": "t", "with": "post", "covers": {"data": ["name"]}}}}],
        "contracts:\n  t: {with: post, covers: {data: [name]}}\n",
    ),
    "an alias gives way to what is said in its place": (
        "flows:\n  - {id: a, from: web, to: mail, carries: &all [name, phone]}\n  - {id: b, from: web, to: mail, carries: *all}\n",
        [{"set": {"flow": "b", "carries": ["name"]}}],
        "flows:\n  - {id: a, from: web, to: mail, carries: &all [name, phone]}\n  - {id: b, from: web, to: mail, carries: [name]}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["lf", "crlf", "no end"])
def test_a_text_is_edited(tmp_path: Path, name: str, end: str) -> None:
    before, changes, wanted = CASES[name]
    day = "as_of: 2027-01-01\n" if any("as_of" in each for each in changes) else ""
    head = HEAD + SYSTEMS
    wanted = head.replace("manifest: 1\n", f"manifest: 1\n{day}") + wanted
    texts = [
        text if end == "\n" else text.rstrip("\n").replace("\n", end or "\n") + end for text in (head + before, wanted)
    ]
    assert after(tmp_path, texts[0], *changes) == texts[1]


def test_json_is_edited_in_its_own_layout(tmp_path: Path) -> None:
    before = """{
  "manifest": 1,
  "parties": {"shop": {"role": "us"}},
  "systems": {"web": {"party": "shop", "logged": true}},
  "flows": [
    {
      "id": "a", "from": "web", "to": "web",
      "carries": ["name"]
    }
  ]
}
"""
    wanted = """{
  "manifest": 1,
  "as_of": "2027-01-01",
  "parties": {"shop": {"role": "us"}, "post": {"role": "processor"}},
  "systems": {"web": {"party": "shop"}},
  "flows": [
    {
      "id": "a", "from": "web", "to": "web",
      "carries": ["name", "email"]
    },
    {
      "id": "b",
      "from": "web",
      "to": "web",
      "carries": ["phone"],
      "necessary": true
    }
  ]
}
"""
    changes: list[Data] = [
        {"as_of": "2027-01-01"},
        {"add": {"party": {"id": "post", "role": "processor"}}},
        {"set": {"flow": "a", "carries": ["name", "email"]}},
        {"add": {"flow": {"id": "b", "from": "web", "to": "web", "carries": ["phone"], "necessary": True}}},
    ]
    before, wanted = (text.replace(', "logged": true', "") for text in (before, wanted))
    assert after(tmp_path, before, *changes, name="estate.json") == wanted


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    text = f"\ufeff{HEAD}{SYSTEMS}"
    assert after(tmp_path, text, {"as_of": "2027-01-01"}) == text.replace("1\n", "1\nas_of: 2027-01-01\n", 1)


def test_a_name_that_needs_quotes_is_applied(tmp_path: Path) -> None:
    for name in ("with blanks.yaml", 'with "quotes".yaml', "größe.yaml"):
        changed = after(tmp_path, HEAD + SYSTEMS, {"set": {"party": "post", "country": "DE"}}, name=name)
        assert "post: {role: processor, country: DE}" in changed


def test_what_is_shared_is_not_changed_for_all(tmp_path: Path) -> None:
    flows = "flows:\n  - {id: a, from: web, to: mail, carries: &all [name, phone]}\n  - {id: b, from: web, to: mail, carries: *all}\n"
    for change in ({"remove": {"flow": "a"}}, {"set": {"flow": "a", "carries": ["name"]}}):
        made, (wrong,) = ask(tmp_path, {"estate.yaml": HEAD + SYSTEMS + flows}, change)
        assert made is None
        assert wrong.code == "E340"
        assert "aliases refer to the value written here as `&all`" in wrong.message
        assert wrong.span is not None
        assert wrong.span.line == 7


def test_a_body_that_is_an_alias_is_not_edited(tmp_path: Path) -> None:
    text = "manifest: 1\nparties:\n  shop: &us {role: us}\n  other: *us\n"
    made, (wrong,) = ask(tmp_path, {"estate.yaml": text}, {"set": {"party": "other", "country": "DE"}})
    assert made is None
    assert (wrong.code, wrong.span and wrong.span.line) == ("E340", 4)


def test_what_is_new_goes_where_no_defaults_apply_to_it(tmp_path: Path) -> None:
    flows = "flows:\n  - {id: f%d, from: web, to: mail}\n"
    texts = {
        "one.yaml": f"{HEAD}{SYSTEMS}defaults: {{flow: {{owner: me}}}}\n{flows % 1}",
        "two.yaml": f"manifest: 1\n{flows % 2}",
    }
    change: Data = {"add": {"flow": {"id": "new", "from": "web", "to": "mail"}}}
    made, _ = ask(tmp_path, texts, change)
    assert made is not None
    assert [path.name for path in made.texts] == ["two.yaml"]
    made, (wrong,) = ask(tmp_path, {"one.yaml": texts["one.yaml"]}, change)
    assert made is None
    assert (wrong.code, wrong.message) == ("E340", "the `defaults` of each file would apply to flow `new`")


def test_a_default_that_nobody_owns_the_parties_stays(tmp_path: Path) -> None:
    text = f"{HEAD}defaults: {{party: {{parent: none}}}}\n{SYSTEMS}"
    assert "parent: none" in after(tmp_path, text, {"set": {"party": "post", "country": "fr"}})


def test_what_is_new_goes_beside_its_like(tmp_path: Path) -> None:
    texts = {
        "one.yaml": f"{HEAD}{SYSTEMS}flows:\n  - {{id: a, from: web, to: mail}}\n",
        "two.yaml": "manifest: 1\nflows:\n  - {id: b, from: mail, to: web}\n",
    }
    made, _ = ask(tmp_path, texts, {"add": {"flow": {"id": "new", "from": "mail", "to": "mail"}}})
    assert made is not None
    assert [path.name for path in made.texts] == ["two.yaml"]


def test_changes_that_change_nothing_make_an_empty_patch(tmp_path: Path) -> None:
    made, wrong = ask(tmp_path, {"estate.yaml": HEAD + SYSTEMS}, {"set": {"party": "post", "role": "processor"}})
    assert wrong == ()
    assert made is not None
    assert made.text(["nothing"]) == ""
