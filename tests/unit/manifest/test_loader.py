"""The estate that several files declare together."""

from __future__ import annotations

import gc
from datetime import date

import pytest

from privacy_rules.manifest import diagnostic_sink as sink_module
from privacy_rules.manifest.loader import estate, read
from privacy_rules.source.diagnostic import Level
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.manifest.given import Desk, load, places, policy, write


def both(desk: Desk, first: str, second: str) -> list[tuple[str, str, list[str]]]:
    """Code, place and further places of what is wrong with two files."""
    made, found = load(write(desk.folder, a_yaml=f"manifest: 1\n{first}", b_yaml=f"manifest: 1\n{second}"))
    assert made is None
    return [(each.code, str(each.span), [str(also) for also in each.also]) for each in found]


def test_files_are_merged(desk: Desk) -> None:
    made, found = load(
        write(
            desk.folder,
            a_yaml="manifest: 1\nas_of: 2026-01-01\nparties: {p: {role: us}}\nflows: [{id: f, from: s, to: t}]\norganisation: {dpo: x}",
            b_yaml="manifest: 1\nname: b\nsystems: {s: {party: p}}\ndefaults: {system: {zone: b}}\norganisation: {trains_employees: yes}",
            c_json='{"manifest": 1, "name": "c", "systems": {"t": {}}, "contracts": {"k": {"with": "p"}}}',
        )
    )
    assert not found
    assert made is not None
    assert (made.name, made.as_of, made.files) == ("b", date(2026, 1, 1), ("a.yaml", "b.yaml", "c.json"))
    assert [list(made.records(entity)) for entity in Entity] == [["p"], ["s", "t"], ["f"], ["k"], ["organisation"]]
    assert made.systems["s"].defaults == {"zone": "b"}
    assert made.systems["t"].defaults == {}
    assert made.organisation.declared == {"dpo": "x", "trains_employees": True}
    assert [str(made.organisation.location(name)) for name in (None, "dpo", "trains_employees", "privacy_contact")] == [
        "a.yaml:5:1",
        "a.yaml:5:21",
        "b.yaml:5:34",
        "a.yaml:5:1",
    ]
    assert str(made.systems["t"].location()) == "c.json:1:42"


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("parties: {p: {}}", "a.yaml:2:11", "b.yaml:2:11"),
        ("systems: {p: {}}", "a.yaml:2:11", "b.yaml:2:11"),
        ("parties: {p: {}}\ncontracts: {k: {with: p}}", "a.yaml:3:13", "b.yaml:3:13"),
        ("systems: {s: {}}\nflows: [{id: f, from: s, to: s}]", "a.yaml:3:14", "b.yaml:3:14"),
    ],
)
def test_an_id_declared_in_two_files_is_reported_at_both_places(desk: Desk, text: str, first: str, second: str) -> None:
    assert ("E206", second, [first]) in both(desk, text, text)


TWINS = [("café", "cafe\u0301"), ("cafe\u0301", "café"), ("ﬁle", "file"), ("file", "ﬁle"), ("crm", "cr\u200bm")]


@pytest.mark.parametrize(("first", "second"), TWINS)
@pytest.mark.parametrize(
    "text",
    ["parties: {{{}: {{}}}}", "systems: {{{}: {{}}}}", "systems: {{s: {{}}}}\nflows: [{{id: {}, from: s, to: s}}]"],
)
def test_two_ids_that_are_easily_confused_are_an_error_at_both_places(
    desk: Desk, text: str, first: str, second: str
) -> None:
    found = [each for each in both(desk, text.format(first), text.format(second)) if each[0] == "E206"]
    _, place, also = found[-1]
    assert place.startswith("b.yaml:")
    assert also == [place.replace("b.yaml", "a.yaml")]


def test_how_two_ids_differ_is_reported(desk: Desk) -> None:
    found = desk.error("parties: {café: {}, cafe\u0301: {}}")
    assert found.message == "party `cafe\u0301` differs from another party only in Unicode normalisation"
    assert found.help == "write both in the same way, or rename one: `cafe\\u0301` here, `caf\\xe9` there"


def test_ids_of_different_kinds_may_be_alike(desk: Desk) -> None:
    desk.estate("parties: {café: }\nsystems: {cafe\u0301: }")


def test_a_reference_in_another_unicode_form_is_reported_with_how_it_differs(desk: Desk) -> None:
    found = desk.error("parties: {cafe\u0301: }\nsystems: {café: {party: café}}")
    assert found.code == "E205"
    assert found.help == (
        "copy the name from its declaration: it is `cafe\\u0301` there and `caf\\xe9` here, which differ only in Unicode normalisation"
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("parties: {p: } # of \u202ella\n", ["W320"]),
        ("parties: {p\u200b: }\n", ["W321"]),
        ("name: a\u2060b\nparties: {p: } # \u2066\u200b\n", ["W321", "W320", "W321"]),
        ("parties: {p: } # a\rname: x\n", ["W321"]),
        ("name: 👨\u200d👩\u200d👧\n", []),
        ("name: déjà vu\n", []),
        ('name: "a\\u202eb"\n', []),
    ],
)
def test_invisible_characters_are_warned_about(desk: Desk, text: str, codes: list[str]) -> None:
    made, found = load(write(desk.folder, a_yaml=f"manifest: 1\n{text}"))
    assert made is not None
    assert [each.code for each in found] == codes
    assert all(each.level is Level.WARNING and each.excerpt for each in found)


def test_a_file_full_of_invisible_characters_is_warned_about_a_few_times(desk: Desk) -> None:
    _, found = load(write(desk.folder, a_yaml="manifest: 1\n" + "# \u200b\n" * 100))
    assert len(found) == 20
    assert found[-1].message.endswith("(and 80 more lines like it)")


def test_one_id_may_stand_for_things_of_different_kinds(desk: Desk) -> None:
    desk.estate("parties: {x: }\nsystems: {x: }\ncontracts: {x: {with: x}}\nflows: [{id: x, from: x, to: x}]")


def test_a_flow_id_given_twice_in_one_file_is_reported_at_both_places(desk: Desk) -> None:
    found = desk.error("systems: {s: }\nflows:\n  - {id: f, from: s, to: s}\n  - {id: f, from: s, to: s}")
    assert (found.code, str(found.span), [str(also) for also in found.also]) == (
        "E206",
        "estate.yaml:4:10",
        ["estate.yaml:3:10"],
    )


def test_the_organisations_attributes_are_stated_alike(desk: Desk) -> None:
    alike = "organisation: {trains_employees: yes}"
    made, _ = load(write(desk.folder, a_yaml=f"manifest: 1\n{alike}", b_yaml=f"manifest: 1\n{alike}"))
    assert made is not None
    assert both(desk, alike, "organisation: {dpo: x, trains_employees: no}") == [
        ("E211", "b.yaml:2:42", ["a.yaml:2:34"])
    ]
    assert both(desk, alike, "organisation: {trains_employees: ~}") == [("E211", "b.yaml:2:34", ["a.yaml:2:34"])]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("systems: {s: {party: p}}", "2:22"),
        ("parties: {p: {parent: q}}", "2:23"),
        ("systems: {s: }\nflows: [{id: f, from: x, to: s}]", "3:23"),
        ("systems: {s: }\nflows: [{id: f, from: s, to: x}]", "3:30"),
        ("systems: {s: }\nflows: [{id: f, from: s, to: s, origin: [f, g, f]}]", "3:45"),
        ("contracts: {c: {with: p}}", "2:23"),
        ("parties: {p: }\ncontracts: {c: {between: [p, q]}}", "3:30"),
        ("defaults: {flow: {origin: [f]}}", "2:28"),
        ("defaults: {party: {parent: p}}", "2:28"),
    ],
)
def test_a_reference_to_nothing_is_reported_at_its_place(desk: Desk, text: str, place: str) -> None:
    made, found = load(write(desk.folder, a_yaml=f"manifest: 1\n{text}"))
    assert made is None
    assert [(each.code, str(each.span)) for each in found] == [("E205", f"a.yaml:{place}")]


def test_a_reference_to_nothing_is_reported_with_the_nearest_id(desk: Desk) -> None:
    found = desk.error("parties: {google_analytics: }\nsystems: {s: {party: gogle_analytics}}")
    assert (found.message, found.help) == ("no party `gogle_analytics` is declared", "did you mean `google_analytics`?")


def test_references_may_lead_from_file_to_file_and_in_circles(desk: Desk) -> None:
    made, found = load(
        write(
            desk.folder,
            a_yaml="manifest: 1\nparties: {p: {parent: q}}",
            b_yaml="manifest: 1\nparties: {q: {parent: p}, r: {parent: null}}",
        )
    )
    assert not found
    assert made is not None


def test_where_a_file_cannot_be_read_the_others_are_reported_all_the_same(desk: Desk) -> None:
    paths = write(desk.folder, a_yaml="manifest: [", b_yaml="manifest: 1\nsystems: {s: {party: in_a, kind: x}}")
    documents, found = read(paths)
    assert places(found) == [("E201", 1, 11)]
    assert documents is not None
    made, more = estate(documents, policy())
    assert made is None
    assert places(more) == [("E204", 2, 34)]


def test_nothing_is_made_where_only_a_head_is_wrong(desk: Desk) -> None:
    documents, found = read(write(desk.folder, a_yaml="manifest: 2"))
    assert found
    assert documents is not None
    assert estate(documents, policy()) == (None, ())


def test_more_errors_than_are_reported_end_the_reporting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink_module, "MAX_DIAGNOSTICS", 3)
    codes = [code for code, _, _ in desk.errors("systems: {a: {x: 1, x2: 1, x3: 1, x4: 1, x5: 1}}")]
    assert sorted(codes) == ["E201", "E202", "E202", "E202"]
    assert "E201" in {code for code, _, _ in desk.errors("a: 1\nb: 1\nc: 1\nd: 1\ne: 1")}
    flows = "systems: {s: }\nflows:\n" + "  - {id: f, from: s, to: x}\n" * 5
    assert sorted(code for code, _, _ in desk.errors(flows)) == ["E201", "E206", "E206", "E206"]


def test_the_collector_is_as_it_was(desk: Desk) -> None:
    desk.estate("systems: {a: }")
    assert gc.isenabled()
    gc.disable()
    try:
        desk.estate("systems: {a: }")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_same_files_give_the_same_errors_in_the_same_order(desk: Desk) -> None:
    text = "systems: {a: {party: x, kidn: y, stores: [z]}}"
    assert desk.read(text)[1] == desk.read(text)[1]
