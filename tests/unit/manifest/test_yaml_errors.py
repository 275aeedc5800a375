"""What is wrong with a text that is not YAML, in our words: at the place where it can be fixed, and with the fix."""

from __future__ import annotations

import pytest
import yaml

from privacy_rules.manifest import yaml_reader
from privacy_rules.manifest.nodes import UnreadableError
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.yaml_reader import read_yaml


@pytest.fixture(params=["with libyaml", "without libyaml"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without libyaml":
        monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)


def refused(text: str) -> tuple[str, str, str | None]:
    """The place, the message and the help of a text that is not YAML."""
    with pytest.raises(UnreadableError) as caught:
        read_yaml(text, 10_000_000)
    span = Document("m.yaml", text).span(caught.value.at)
    return f"{span.line}:{span.column}", caught.value.message, caught.value.help


@pytest.mark.parametrize(
    ("text", "place", "message", "help_"),
    [
        (
            'manifest: 1\nname: "The shop\nparties:\n  acme: {role: us}\nsystems:\n  crm: {party: acme}\n',
            "2:7",
            "the quote that opens here is not closed",
            'close it on this line, with another "',
        ),
        (
            "manifest: 1\nname: 'The shop\nparties:\n  acme: {role: us}\n",
            "2:7",
            "the quote that opens here is not closed",
            "close it on this line, with another '",
        ),
        (
            'manifest: 1\nparties:\n  acme: {role: us}\nsystems:\n  crm: {party: acme, tags: ["a, b]}\nflows: []\n',
            "5:29",
            "the quote that opens here is not closed",
            'close it on this line, with another "',
        ),
        (
            "manifest: 1\nname: 'Bob's shop'\nparties: {}\n",
            "2:12",
            "more text follows the closing quote of `'Bob'`",
            "put the whole value in quotes; inside single quotes, write a single quote twice",
        ),
        (
            'manifest: 1\nname: "The" shop\nparties: {}\n',
            "2:12",
            'more text follows the closing quote of `"The"`',
            "put the whole value in quotes; inside single quotes, write a single quote twice",
        ),
        (
            "manifest: 1\nparties:\n  acme: {role: us}\nsystems:\n  crm: {party: acme}\nflows:\n  - id: send\n    carries: [email, phone\n    purposes: [orders]\n",
            "8:14",
            "the `[` that opens here is not closed",
            "close it with `]`",
        ),
        (
            "manifest: 1\nparties:\n  acme: {role: us\n  mail: {role: us}\nsystems:\n  crm: {party: acme}\n",
            "3:9",
            "the `{` that opens here is not closed",
            "close it with `}`",
        ),
        (
            "manifest: 1\nparties: {acme: {role: us}\n",
            "2:10",
            "the `{` that opens here is not closed",
            "close it with `}`",
        ),
        (
            "manifest: 1\nflows:\n  - {id: a, carries: [email}}\n",
            "3:22",
            "the `[` that opens here is not closed",
            "close it with `]`",
        ),
        (
            "manifest: 1\nflows:\n  - {id: a, carries: [email]]}\n",
            "3:29",
            "`]` does not close anything",
            "remove it, or add the bracket that opens it",
        ),
        (
            "manifest: 1\nparties: {acme: {role: us}}}\n",
            "2:28",
            "`}` does not close anything",
            "remove it, or add the bracket that opens it",
        ),
        (
            "manifest: 1\nparties: {acme: {role: us country: DE}}\n",
            "2:27",
            "a comma is missing before `country`",
            "separate what is in brackets by commas",
        ),
        (
            "manifest: 1\nparties: {acme: {role: us} mail: {role: us}}\n",
            "2:28",
            "a comma is missing before `mail`",
            "separate what is in brackets by commas",
        ),
        (
            'manifest: 1\nflows:\n  - {id: a, carries: ["email" "phone"]}\n',
            "3:31",
            'a comma is missing before `"phone"`',
            "separate what is in brackets by commas",
        ),
        (
            "manifest: 1\nflows:\n  - {id: a, carries: [email,, phone]}\n",
            "3:29",
            "nothing comes before this comma",
            "remove it, or write what is missing",
        ),
        (
            "manifest: 1\nparties:\n  acme:\n    role: us\n     country: DE\n",
            "5:6",
            "`country` is indented by 5 spaces, unlike anything above it",
            "indent it by 4, like `role` above",
        ),
        (
            "manifest: 1\nparties:\n  acme: {role: us}\n    mail: {role: us}\n",
            "4:5",
            "`mail` is indented by 4 spaces, unlike anything above it",
            "indent it by 2, like `acme` above",
        ),
        (
            "manifest: 1\nparties:\n    acme:\n      role: us\n   mail:\n      role: us\n",
            "5:4",
            "`mail` is indented by 3 spaces, unlike anything above it",
            "indent it by 0, like `parties` above, or by 4, like `acme` above",
        ),
        (
            "manifest: 1\n parties:\n  acme: {role: us}\n",
            "2:2",
            "`parties` is indented by 1 space, unlike anything above it",
            "indent it by 0, like `manifest` above",
        ),
        ("manifest: 1\nparties:\n\tacme: {role: us}\n", "3:1", "a tab cannot indent YAML", "indent with spaces"),
        ("manifest: 1\nflows:\n  -\tid: a\n    from: b\n", "3:4", "a tab cannot indent YAML", "indent with spaces"),
        (
            "manifest: 1\nparties:\n  acme:\n    role:us\n    country: DE\n",
            "4:5",
            "a space is missing after the colon",
            "write `role: us`",
        ),
        (
            "manifest: 1\nparties:\n  acme:\n    role: us\n    country:DE\n",
            "5:5",
            "a space is missing after the colon",
            "write `country: DE`",
        ),
        ("manifest:1\nparties: {}\n", "1:1", "a space is missing after the colon", "write `manifest: 1`"),
        (
            "manifest: 1\nname: Shop: the web one\n",
            "2:7",
            "a value with `: ` in it needs quotes",
            'put it in quotes: `"Shop: the web one"`',
        ),
        (
            "manifest: 1\nwaivers:\n  - rule: r\n    reason: until: later\n",
            "4:13",
            "a value with `: ` in it needs quotes",
            'put it in quotes: `"until: later"`',
        ),
        (
            "manifest: 1\nparties:\n  acme: {owner: #team, role: us}\n",
            "3:17",
            "`#` cannot begin a value without quotes",
            'put it in quotes: `"#team"`',
        ),
        (
            "manifest: 1\nparties:\n  acme: {role: us, owner: @team}\n",
            "3:27",
            "`@` cannot begin a value without quotes",
            'put it in quotes: `"@team"`',
        ),
        (
            "manifest: 1\nparties:\n  acme:\n    owner: @team\n",
            "4:12",
            "`@` cannot begin a value without quotes",
            'put it in quotes: `"@team"`',
        ),
        (
            "manifest: 1\nparties:\n  acme:\n    owner: `team`\n",
            "4:12",
            "a backtick cannot begin a value without quotes",
            "put it in quotes",
        ),
        ("manifest: 1\nname: %shop\n", "2:7", "`%` cannot begin a value without quotes", 'put it in quotes: `"%shop"`'),
        (
            "manifest: 1\ninclude: [*.yaml]\n",
            "2:11",
            "`*` cannot begin a value without quotes",
            'put it in quotes: `"*.yaml"`',
        ),
        (
            "manifest: 1\ninclude:\n  - *.privacy.yaml\n",
            "3:5",
            "`*` cannot begin a value without quotes",
            'put it in quotes: `"*.privacy.yaml"`',
        ),
        ("manifest: 1\nname: & co\n", "2:7", "`&` cannot begin a value without quotes", 'put it in quotes: `"& co"`'),
        ("manifest: 1\nname: |x\n", "2:7", "`|` cannot begin a value without quotes", 'put it in quotes: `"|x"`'),
        (
            "manifest: 1\nname: > 5 years\n",
            "2:7",
            "`>` cannot begin a value without quotes",
            'put it in quotes: `"> 5 years"`',
        ),
        ("manifest: 1\nname: ? x\n", "2:7", "`?` cannot begin a value without quotes", 'put it in quotes: `"? x"`'),
        (
            "manifest: 1\nname: - shop\n",
            "2:7",
            "a list cannot begin on the line of its key",
            "write the items in brackets, such as `[a, b]`, or each on a line of its own",
        ),
        (
            "manifest: 1\nname: [shop] online\n",
            "2:14",
            "more text follows the value",
            "put the whole value in quotes, or remove what follows it",
        ),
        (
            "manifest: 1\nname: {shop} online\n",
            "2:14",
            "more text follows the value",
            "put the whole value in quotes, or remove what follows it",
        ),
        (
            "manifest: 1\nname: {{ name }}\n",
            "2:8",
            "a key is text, not a map or a list",
            "if this is a template, fill it in before the check, or put `{{ … }}` in quotes",
        ),
        (
            "manifest: 1\nparties:\n  {{ name }}: {role: us}\n",
            "3:3",
            "a key is text, not a map or a list",
            "if this is a template, fill it in before the check, or put `{{ … }}` in quotes",
        ),
        (
            "manifest: 1\nname: , x\n",
            "2:7",
            "a value cannot begin with `,`",
            "write what is missing before it, or remove it",
        ),
        ("manifest: 1\nflows:\n  -id: a\n   from: x\n", "3:3", "a space is missing after the dash", "write `- id: a`"),
        (
            "manifest: 1\nflows:\n  - id: a\n  from: x\n",
            "4:3",
            "`from` is indented by 2 spaces, unlike anything above it",
            "indent it by 0, like `flows` above, or by 4, like `id` above",
        ),
        (
            "manifest: 1\nparties:\n  acme: {role: us}\n  - mail: {role: us}\n",
            "4:3",
            "this item is among the keys of a map",
            "leave out the dash, or write all of them as items",
        ),
        (
            "manifest: 1\nflows:\n  - id: a\n    from: x\n - id: b\n    from: x\n",
            "5:2",
            "this item is indented by 1 space, unlike anything above it",
            "indent it by 2, like an item above",
        ),
        (
            "manifest: 1\nflows:\n  - id: a\n    carries:\n    - email\n   - phone\n",
            "6:4",
            "this item is indented by 3 spaces, unlike anything above it",
            "indent it by 2, like an item above, or by 4, like an item above",
        ),
        ("manifest: 1\nflows:\n  – id: a\n    from: x\n", "3:3", "`–` does not begin an item", "write `- id: a`"),
        (
            "manifest: 1\nparties\n  acme: {role: us}\n",
            "2:1",
            "`parties` is not followed by a colon",
            "write `parties:` if it is a key; indent it more than its key if it continues the text above",
        ),
        (
            "manifest: 1\nparties:\n  acme\n    role: us\n",
            "3:3",
            "`acme` is not followed by a colon",
            "write `acme:` if it is a key; indent it more than its key if it continues the text above",
        ),
        (
            'manifest: 1\nname: "C:\\shop"\n',
            "2:10",
            "`\\s` is not a valid escape in double quotes",
            "in a path write slashes; elsewhere write the backslash twice, or use single quotes",
        ),
        (
            'manifest: 1\ninclude: ["teams\\shop\\*.yaml"]\n',
            "2:17",
            "`\\s` is not a valid escape in double quotes",
            "in a path write slashes; elsewhere write the backslash twice, or use single quotes",
        ),
        (
            "manifest: 1\nname: |\nshop\nparties: {}\n",
            "3:1",
            "`shop` is not followed by a colon",
            "write `shop:` if it is a key; indent it more than its key if it continues the text above",
        ),
        (
            "manifest: 1\nwaivers:\n  - reason: >\n    no\n     x\n   y\n    until: 2026-01-01\n",
            "4:5",
            "`no` is not followed by a colon",
            "write `no:` if it is a key; indent it more than its key if it continues the text above",
        ),
        (
            "manifest: 1\nname: the shop\nof us\nparties: {}\n",
            "3:1",
            "`of us` is not followed by a colon",
            "write `of us:` if it is a key; indent it more than its key if it continues the text above",
        ),
        ("manifest: 1\n// hello\nparties: {}\n", "2:1", "`//` does not begin a comment", "begin a comment with `#`"),
        ("manifest: 1\nparties: {} // hello\n", "2:13", "`//` does not begin a comment", "begin a comment with `#`"),
        (
            '{"manifest": 1,\n "parties": {"acme": {"role": "us"}},,}\n',
            "2:38",
            "nothing comes before this comma",
            "remove it, or write what is missing",
        ),
        ("manifest: 1\n? [a, b]\n: c\n", "2:3", "a key is text, not a map or a list", None),
        (
            "manifest: 1\nparties:\n  acme: {role: us}:\n",
            "3:19",
            "more text follows the value",
            "put the whole value in quotes, or remove what follows it",
        ),
        (
            'manifest: 1\n"parties: {}\n',
            "2:1",
            "the quote that opens here is not closed",
            'close it on this line, with another "',
        ),
        (
            'manifest: 1\nparties:\n  acme: {role: us, name: "Acme}\n  mail: {role: us, name: "Mail"}\n  ads: {role: us}\n',
            "3:26",
            "the quote that opens here is not closed",
            'close it on this line, with another "',
        ),
    ],
)
def test_what_is_not_yaml_is_reported_where_it_can_be_fixed(text: str, place: str, message: str, help_: str) -> None:
    assert refused(text) == (place, message, help_)


def test_merge_conflict_markers_are_called_so() -> None:
    text = "manifest: 1\n<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> other\n"
    assert refused(text) == ("2:1", "the file has merge-conflict markers", "keep one side of each conflict")


def test_a_very_long_text_is_refused_without_looking_through_it() -> None:
    text = "name: a\n" + "# comment\n" * 450_000 + "flows: ["
    assert refused(text)[1] == "this is not valid YAML"


@pytest.mark.parametrize("cut", range(0, 120, 3))
def test_no_cut_through_a_manifest_is_an_internal_error(cut: int) -> None:
    text = "manifest: 1\nparties: {a: {role: us, tags: [\"x\", 'y']}}\nflows:\n  - id: b\n    note: |\n      some\n    tags: [a]\n"
    for end in ("", '"', "'", "]", "}", ":", "\t", "\n -", "@"):
        try:
            read_yaml(text[:cut] + end, 1000)
        except UnreadableError as error:
            assert error.message  # noqa: PT017 -- most cuts are errors, and some are not
