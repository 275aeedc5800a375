"""What is wrong with a text that is not JSON, in our words: at the place where it can be fixed, and with the fix."""

from __future__ import annotations

import pytest

from privacy_rules.manifest.json_reader import read_json
from privacy_rules.manifest.nodes import UnreadableError
from privacy_rules.manifest.source_document import Document


@pytest.mark.parametrize(
    ("text", "place", "message", "help_"),
    [
        (
            '{"manifest": 1\n "parties": {}}\n',
            "2:2",
            'a comma is missing before `"parties"`',
            "separate keys and items by commas",
        ),
        (
            '{"manifest": 1,\n "flows": [{"id": "a"}\n {"id": "b"}]}\n',
            "3:2",
            "a comma is missing",
            "separate keys and items by commas",
        ),
        (
            '{"manifest": 1, "x": ["a" "b"]}\n',
            "1:27",
            'a comma is missing before `"b"`',
            "separate keys and items by commas",
        ),
        (
            '{"manifest": 1,\n "parties": {},\n}\n',
            "2:15",
            "a comma comes before `}`",
            "remove it: commas only separate items",
        ),
        (
            '{"manifest": 1,\n "policy": ["a",]}\n',
            "2:16",
            "a comma comes before `]`",
            "remove it: commas only separate items",
        ),
        (
            '{"manifest": 1,\n "name": "shop,\n "parties": {}}\n',
            "2:10",
            "the string that opens here is not closed",
            'close it on this line, with another "',
        ),
        (
            '{"manifest": 1,\n "name": "shop',
            "2:10",
            "the string that opens here is not closed",
            'close it on this line, with another "',
        ),
        (
            '{"manifest: 1,\n "parties": {}}\n',
            "1:2",
            "the string that opens here is not closed",
            'close it on this line, with another "',
        ),
        ("{'manifest': 1}\n", "1:2", "strings in JSON need double quotes", "put it in double quotes"),
        (
            '{"manifest": 1, "name": \'shop\'}\n',
            "1:25",
            "strings in JSON need double quotes",
            "put it in double quotes",
        ),
        ('// hello\n{"manifest": 1}\n', "1:1", "JSON has no comments", "remove it, or write the manifest as YAML"),
        (
            '{"manifest": 1, // hello\n "parties": {}}\n',
            "1:17",
            "JSON has no comments",
            "remove it, or write the manifest as YAML",
        ),
        (
            '{"manifest": 1, /* hello */\n "parties": {}}\n',
            "1:17",
            "JSON has no comments",
            "remove it, or write the manifest as YAML",
        ),
        (
            '{"manifest": 1, # hello\n "parties": {}}\n',
            "1:17",
            "JSON has no comments",
            "remove it, or write the manifest as YAML",
        ),
        ("{manifest: 1}\n", "1:2", "`manifest` has no quotes", 'keys need double quotes: `"manifest"`'),
        (
            '{"manifest": 1, "name": shop}\n',
            "1:25",
            "`shop` has no quotes",
            'text, dates and durations need double quotes: `"shop"`',
        ),
        (
            '{"manifest": 1,\n "parties": {"a": {"role": "us"}\n',
            "2:13",
            "the `{` that opens here is not closed",
            "close it with `}`",
        ),
        (
            '{"manifest": 1,\n "policy": ["a", "b"\n}\n',
            "2:12",
            "the `[` that opens here is not closed",
            "close it with `]`",
        ),
        (
            '{"manifest": 1,\n "policy": ["a", "b"}}\n',
            "2:12",
            "the `[` that opens here is not closed",
            "close it with `]`",
        ),
        (
            '{"manifest": 1}}\n',
            "1:16",
            "text follows the end of the manifest",
            "remove it, or the bracket that closes too early",
        ),
        (
            '{"manifest": 1}\n{"manifest": 1}\n',
            "2:1",
            "text follows the end of the manifest",
            "remove it, or the bracket that closes too early",
        ),
        ('{"manifest" 1}\n', "1:13", "a colon is missing after this key", "write `:` between a key and its value"),
        ('{"manifest" = 1}\n', "1:13", "a colon is missing after this key", "write `:` between a key and its value"),
        ('{"manifest": 1, "x": True}\n', "1:22", "`True` is not a valid JSON value", "write `true`"),
        ('{"manifest": 1, "x": None}\n', "1:22", "`None` is not a valid JSON value", "write `null`"),
        (
            '{"manifest": 1,, "x": 1}\n',
            "1:16",
            "nothing comes before this comma",
            "remove it, or write what is missing",
        ),
        (
            '{"manifest": 1, "name": "C:\\shop"}\n',
            "1:28",
            "`\\s` is not a valid escape in a string",
            "in a path write slashes; elsewhere write the backslash twice",
        ),
        ('{"manifest": 1, "name": "a\tb"}\n', "1:27", "a string cannot hold a tab", "write `\\t`"),
        (
            '{"manifest": 01}\n',
            "1:14",
            "`01` is not a valid JSON number",
            "write it without a `+`, with a digit before the point, and without zeros in front",
        ),
        (
            '{"manifest": +1}\n',
            "1:14",
            "`+1` is not a valid JSON number",
            "write it without a `+`, with a digit before the point, and without zeros in front",
        ),
        ("manifest: 1\n", "1:1", "a manifest in JSON begins with `{`", "if it is YAML, name the file `.yaml`"),
        ("{“manifest”: 1}\n", "1:2", "strings in JSON need double quotes", "put it in double quotes"),
        ('{"manifest": , "x": 1}\n', "1:14", "nothing comes before this comma", "remove it, or write what is missing"),
        ('{"manifest": 1; "x": 1}\n', "1:15", "a comma is missing", "separate keys and items by commas"),
        (
            '{"manifest": 1, "r": 2 years}\n',
            "1:22",
            "`2 years` has no quotes",
            'text, dates and durations need double quotes: `"2 years"`',
        ),
        (
            '{"manifest": 1, "as_of": 2026-01-01}\n',
            "1:26",
            "`2026-01-01` has no quotes",
            'text, dates and durations need double quotes: `"2026-01-01"`',
        ),
    ],
)
def test_what_is_not_json_is_reported_where_it_can_be_fixed(text: str, place: str, message: str, help_: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_json(text)
    span = Document("m.json", text).span(caught.value.at)
    assert (f"{span.line}:{span.column}", caught.value.message, caught.value.help) == (place, message, help_)


@pytest.mark.parametrize("cut", range(0, 90, 3))
def test_no_cut_through_a_manifest_is_an_internal_error(cut: int) -> None:
    text = '{"manifest": 1, "flows": [{"id": "a", "notice": true, "tags": ["x"], "retention": null}]}'
    for end in ("", '"', "'", "]", "}", ":", ",", "\\", "//", "x"):
        try:
            read_json(text[:cut] + end)
        except UnreadableError as error:
            assert error.message  # noqa: PT017 -- most cuts are errors, and some are not
