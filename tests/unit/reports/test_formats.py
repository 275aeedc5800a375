"""What holds for every format: on record for one report, the same bytes again, whatever order things came in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from privacy_rules import __version__
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.markup.json import Json, dumps_long
from privacy_rules.reports.registry import DOCUMENTS, View, errors, format_named
from privacy_rules.reports.repository_paths import RepositoryPaths
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from tests.cli.calling import caller, on_record, shop_in
from tests.unit.reports.hostile import hostile, judgements

FORMATS = [each for each in DOCUMENTS["check"] if each not in ("text", "json")]  # these are on record elsewhere


def written(name: str, **view: object) -> str:
    return format_named(name).render(hostile(), View(**view))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_full_of_markup_is_on_record(name: str) -> None:
    on_record(f"hostile.{name}", written(name).replace(f'"{__version__}"', '"VERSION"'))


@pytest.mark.parametrize("name", FORMATS)
def test_the_shop_is_on_record(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shop_in(tmp_path / "shop"))
    call = caller(capfd)
    done = call("check", "estate.yaml", "--format", name)
    assert (done.code, done.err) == (1, "")
    assert done == call("check", "estate.yaml", "--format", name)
    on_record(f"check.{name}", done.out.replace(f'"{__version__}"', '"VERSION"'))


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_judging_does_not_matter(name: str) -> None:
    reversed_order = format_named(name).render(hostile(*reversed(judgements())), View())
    assert reversed_order == written(name)


@pytest.mark.parametrize("name", FORMATS)
def test_quiet_shows_failing_findings_only(name: str) -> None:
    told = written(name, quiet=True)
    assert "lead_broker" in told.replace("\\", "")
    assert "declare " not in told  # what is undetermined
    assert "later " not in told  # what is waived
    assert name == "sarif" or "W301" not in told
    silent = written(name, quiet=True, threshold=Threshold("never"))
    assert "lead_broker" not in silent.replace("\\", "")


@pytest.mark.parametrize("name", ["text", "json", *FORMATS])
def test_quiet_shows_the_warnings_that_fail(name: str) -> None:
    threshold = Threshold("never", warnings=frozenset({"W301"}))
    assert hostile().fails(threshold)
    assert "is not in this manifest" in written(name, quiet=True, threshold=threshold)


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_each_headline_counts_waived_findings_among_the_others(name: str) -> None:
    assert "4 violations and 1 undetermined (1 waived" in written(name)
    figures = hostile().summary
    assert (figures.violations, figures.undetermined, figures.waived) == (4, 1, 1)


@pytest.mark.parametrize("name", ["text", *FORMATS])
def test_each_finding_names_the_subject_that_a_waiver_wants(name: str) -> None:
    one = hostile().findings[-1]
    unnamed = hostile().only([replace(one, message="something is wrong")])
    told = format_named(name).render(unnamed, View())
    assert one.subject.id[:4] in told.partition("something is wrong")[2] or name in ("gitlab", "junit")
    assert one.subject.id[:4] in told


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab"])
def test_tools_that_seek_files_from_the_top_of_a_repository_are_told_them_from_there(name: str) -> None:
    told, plain = written(name, paths=RepositoryPaths("services/shop")), written(name)
    assert plain.count("services/shop") == 0
    files = {"sarif": '"uri": "', "github": "file=", "gitlab": '"path": "'}[name]
    assert told.count(f"{files}services/shop/") == plain.count(files) - plain.count(f'{files}."')


@pytest.mark.parametrize("name", FORMATS)
def test_a_waived_finding_is_shown_as_waived(name: str) -> None:
    told = written(name)
    assert "later " in told
    assert {"sarif": '"suppressions"', "junit": "skipped"}.get(name, "waived") in told


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_form_for_what_was_wrong(name: str) -> None:
    told = errors("check", name, [Diagnostic("E202", "unknown key `colour`", Span("estate.yaml", 2, 1), "remove it")])
    assert told is not None
    assert all(word in told for word in ("colour", "remove it"))
    assert "estate.yaml" in told


@pytest.mark.parametrize("margin", ["", "  "])
def test_a_long_list_is_on_a_line_each_and_a_short_one_reads_well(margin: str) -> None:
    def whole(items: list[Json]) -> tuple[Json, str]:
        head: Json = {"note": "[]\n", "inner": {"items": []}} if margin else {"note": "[]\n", "items": []}
        return head, dumps_long(head, items, len(items))

    for count in (0, 1, 1_000, 1_001):
        items: list[Json] = [{"id": number, "text": "a\nb []"} for number in range(count)]
        head, told = whole(items)
        assert isinstance(head, dict)
        expected = {**head, "inner": {"items": items}} if margin else {**head, "items": items}
        assert json.loads(told) == expected
        pretty = json.dumps(expected, indent=2) + "\n"
        assert (told == pretty) is (count <= 1_000)
    assert f'\n{margin}    {{"id": 1000, ' in told
