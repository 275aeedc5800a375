"""What a configuration asks for and cannot have is told at its own line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

WHOLE = """\
policy = ["shop.privacy"]
manifests = ["estate.yaml"]
baseline = "known.json"
[severity]
no_selling = "error"
"""


@pytest.mark.parametrize(
    ("before", "after", "place", "message"),
    [
        ("no_selling", "no_seling", "5:1", "error[E304]: the policy has no rule `no_seling`"),
        ("known.json", "gone.json", "3:1", "error[E308]: cannot read the baseline `gone.json`"),
        ("estate.yaml", "gone.yaml", "2:15", "error[E201]: `gone.yaml` cannot be read"),
        ("estate.yaml", "empty", "2:15", "error[E302]: there is no manifest in `empty`"),
        ("shop.privacy", "gone.privacy", "1:12", "error[E116]: cannot read `gone.privacy`"),
    ],
)
def test_it_is_reported_where_it_is_asked_for(
    shop: Path, call: Call, before: str, after: str, place: str, message: str
) -> None:
    (shop / "empty").mkdir()
    assert call("baseline", "estate.yaml", "--output", "known.json").code == 0
    write("privacy-rules.toml", WHOLE)
    assert call("check").code == 0
    write("privacy-rules.toml", WHOLE.replace(before, after))
    done = call("check")
    assert (done.code, done.out) == (2, "")
    assert f"privacy-rules.toml:{place}: {message}" in done.err


def test_what_the_call_asks_for_is_not_blamed_on_the_configuration(shop: Path, call: Call) -> None:
    write("privacy-rules.toml", WHOLE)
    for words in (("gone.yaml",), ("--policy", "gone.privacy"), ("--baseline", "gone.json")):
        assert "privacy-rules.toml" not in call("check", *words).err


@pytest.mark.parametrize("table", ['severity = {no_seling = "note"}', '[severity]\n"no_seling" = "note"'])
def test_a_rule_is_found_however_the_table_is_written(shop: Path, call: Call, table: str) -> None:
    write(
        "pyproject.toml",
        f"[tool.other]\nno_seling = 1\n\n[tool.privacy-rules]\nmanifests = ['estate.yaml']\n"
        f"{table.replace('[severity]', '[tool.privacy-rules.severity]')}\n",
    )
    told = call("check").err
    line = next(line for line in told.splitlines() if "E304" in line)
    number, column = (int(each) for each in line.split(":")[1:3])
    text = Path("pyproject.toml").read_text(encoding="utf-8").splitlines()[number - 1]
    assert number > 4
    assert text[column - 1 :].startswith("no_seling")


def test_a_rule_that_may_apply_to_nothing_has_to_exist_and_to_have_a_reason(shop: Path, call: Call) -> None:
    told, before = [], WHOLE.replace('baseline = "known.json"', "")
    for table in ('no_seling = "we sell nothing"', 'no_selling = ""'):
        write("privacy-rules.toml", f"{before}\n[idle-rules]\n{table}\n")
        told.append(call("check").err)
    assert "error[E304]: the policy has no rule `no_seling`" in told[0]
    assert "expected the reason, as text" in told[1]


VERBS = [
    ("check",),
    ("lint",),
    ("fmt", "--check"),
    ("trace",),
    ("docs",),
    ("rule", "no_selling"),
    ("explain", "no_selling", "signup"),
    ("impact", "party:shop"),
    ("forecast",),
    ("repair",),
    ("graph",),
    ("what-if", "--as-of", "2026-12-01"),
    ("baseline", "--output", "other.json"),
    ("schema", "manifest"),
    ("explore", "--no-browser"),
]


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("line", "told"),
    [("lint = {no-clauze = 'off'}", "there is no lint `no-clauze`"), ("costs = {cut-flows = 2}", "`costs` has")],
    ids=["lint", "costs"],
)
def test_every_verb_reports_errors_in_the_tables_of_others(
    shop: Path, call: Call, words: tuple[str, ...], line: str, told: str
) -> None:
    write("privacy-rules.toml", f'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n{line}\n')
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert "privacy-rules.toml:3:" in done.err
    assert told in done.err


def test_a_cost_of_what_no_manifest_has_is_reported_at_its_line_by_check_too(shop: Path, call: Call) -> None:
    text = 'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n[costs]\n"flow:nowhere" = 2\n'
    write("privacy-rules.toml", text)
    done = call("check")
    assert done.code == 2
    assert "privacy-rules.toml:4:2: error[E305]: `costs` has `flow:nowhere`" in done.err
    assert "nowhere" not in call("check", "estate.yaml").err  # the costs may be for other manifests


def test_show_config_shows_which_of_two_files_is_not_read(shop: Path, call: Call) -> None:
    write("privacy-rules.toml", "quiet = true\n")
    assert call("check", "--show-config").out.startswith("# privacy-rules.toml\n")
    write("pyproject.toml", "[tool.privacy-rules]\nquiet = false\n")
    first = call("check", "--show-config").out.splitlines()[0]
    assert first == "# privacy-rules.toml; [tool.privacy-rules] of pyproject.toml beside it is not read"


@pytest.mark.parametrize("name", ["json", "sarif", "junit"])
def test_a_report_outside_the_project_is_refused_and_not_even_the_error_is_written_there(
    shop: Path, call: Call, name: str
) -> None:
    other = write(shop.parent / "other.txt", "mine\n")
    configured = (
        f'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\nformat = ["{name}={other.as_posix()}", "json"]\n'
    )
    write("privacy-rules.toml", configured)
    done = call("check")
    assert (done.code, "it leads out of the project" in done.err) == (2, True)
    assert "it leads out of the project" in done.out  # the JSON on standard output
    assert other.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("name", ["json", "sarif", "html"])
def test_a_report_in_a_file_that_cannot_exist_is_an_error_in_the_configuration_or_in_writing(
    shop: Path, call: Call, name: str
) -> None:
    """A zero byte in a file's name: Python raises ValueError for it, and not OSError."""
    for manifest in ("estate.yaml", "gone.yaml"):
        write(
            "privacy-rules.toml",
            f'policy = ["shop.privacy"]\nmanifests = ["{manifest}"]\nformat = ["{name}=a\\u0000b"]\n',
        )
        done = call("check")
        assert (done.code, done.err.count("error["), "internal error" in done.err) == (
            2,
            1 + (manifest == "gone.yaml"),
            False,
        )


@pytest.mark.parametrize(
    ("character", "code"), [("\u202e", "W320"), ("\u2066", "W320"), ("\u200b", "W321"), ("\u2028", "W321")]
)
def test_what_a_reviewer_does_not_see_in_a_configuration_is_warned_of(
    shop: Path, call: Call, character: str, code: str
) -> None:
    own, project = "privacy-rules.toml", "pyproject.toml"
    hidden = f"# fails on {character}everything\n"
    for file, before, after in ((own, "", ""), (project, "[tool.privacy-rules]\n", f"[tool.other]\n{hidden}")):
        write(file, f'{before}policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\n{hidden}{after}')
        done = call("check")
        line = 3 + before.count("\n")
        assert re.findall(rf"(\S+): warning\[{code}\]", done.out) == [f"{file}:{line}:12"], done.err
        assert character not in done.out + done.err
        Path(file).unlink()
