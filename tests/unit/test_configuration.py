"""What is configured: where it is found, what it may say, and where its mistakes stand."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.configuration.load import Configuration, configuration, formats_configured
from privacy_rules.configuration.model import KEYS
from privacy_rules.lint.framework.registry import lint_names, lints
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from tests.builders import write
from tests.closed import close_files

ALL = """\
policy = ["a.privacy"]
manifests = ["services", "x/*.yaml"]
map = ["fides.map.yaml"]
format = ["text", "json=out/found.json"]
rule = ["no_selling"]
fail-on = "undetermined"
fail-severity = "note"
idle-rules = {not_combined = "we join nothing yet"}
fail-warnings = ["W302"]
severity = {no_selling = "warning"}
lint = {no-clause = "off"}
lint-fail-severity = "note"
costs = {cut-flow = 20, "flow:signup" = "never", knock-on = 0.5}
exclude = ["old"]
baseline = "known.json"
waiver-days = 90
waiver-soon-days = 0
as-of-days = 180
as-of = 2026-11-01
statistics = true
quiet = true
no-color = true
cache = false
manifest-limit = 2
"""


def found(folder: Path) -> Configuration:
    made, wrong = configuration(folder)
    assert wrong == ()
    assert made is not None
    return made


def mistakes(text: str, name: str = "privacy-rules.toml") -> tuple[Diagnostic, ...]:
    write(name, text)
    made, wrong = configuration(Path.cwd())
    assert made is None
    return wrong


def test_every_key_is_read_with_paths_from_its_folder(here: Path) -> None:
    write(here / "privacy-rules.toml", ALL)
    assert found(here) == Configuration(
        folder=here,
        policy=(here / "a.privacy",),
        manifests=(str(here / "services"), str(here / "x" / "*.yaml")),
        map=(here / "fides.map.yaml",),
        format=("text", f"json={here / 'out' / 'found.json'}"),
        rule=("no_selling",),
        fail_on="undetermined",
        fail_severity="note",
        fail_warnings=frozenset({"W302"}),
        severity={"no_selling": "warning"},
        idle_rules={"not_combined": "we join nothing yet"},
        lint={"no-clause": "off"},
        lint_fail_severity="note",
        costs={"cut-flow": 20, "flow:signup": "never", "knock-on": 0.5},
        exclude=(str(here / "old"),),
        baseline=here / "known.json",
        waiver_days=90,
        waiver_soon_days=0,
        as_of_days=180,
        as_of=date(2026, 11, 1),
        statistics=True,
        quiet=True,
        no_color=True,
        cache=False,
        manifest_limit=2 * 2**20,
    )
    assert {line.split(" ", 1)[0] for line in ALL.splitlines()} == set(KEYS)


def test_without_a_file_nothing_is_configured(here: Path) -> None:
    assert found(here) == Configuration()


def test_a_project_file_counts_where_it_has_our_table(here: Path) -> None:
    write(here / "pyproject.toml", '[tool.privacy-rules]\npolicy = ["p.privacy"]\n[tool.other]\nx = 1\n')
    assert found(here).policy == (here / "p.privacy",)
    write(here / "pyproject.toml", '[project]\nname = "privacy-rules"\n')
    assert found(here) == Configuration()


def test_the_nearest_upwards_counts(here: Path) -> None:
    inner = here / "a" / "b"
    inner.mkdir(parents=True)
    write(here / "privacy-rules.toml", 'policy = ["far.privacy"]\n')
    assert found(inner).folder == here
    write(here / "a" / "pyproject.toml", "[tool.privacy-rules]\n")
    assert found(inner).folder == here / "a"
    write(inner / "pyproject.toml", "[tool.something]\n")
    assert found(inner).folder == here / "a"


def test_our_own_file_wins_over_the_project_file_beside_it(here: Path) -> None:
    write(here / "privacy-rules.toml", "quiet = true\n")
    write(here / "pyproject.toml", "[tool.privacy-rules]\nquiet = false\n")
    assert found(here).quiet


def test_a_broken_project_file_of_others_is_not_our_concern(here: Path) -> None:
    write(here / "pyproject.toml", "[tool.other\n")
    assert found(here) == Configuration()


def test_an_unknown_key_names_the_nearest(here: Path) -> None:
    (wrong,) = mistakes('quiet = true\n\npolcy = ["x"]\n')
    assert (wrong.code, wrong.message, wrong.help) == ("E305", "unknown key `polcy`", "did you mean `policy`?")
    assert str(wrong.span) == "privacy-rules.toml:3:1"
    assert wrong.excerpt == 'polcy = ["x"]'


def test_an_underscore_is_taken_for_a_typo(here: Path) -> None:
    (wrong,) = mistakes('fail_on = "never"\n')
    assert wrong.help == "did you mean `fail-on`?"


def test_a_key_that_is_like_no_other_lists_them(here: Path) -> None:
    (wrong,) = mistakes("[something_else]\nx = 1\n")
    assert wrong.help == "the keys are " + ", ".join(f"`{key}`" for key in KEYS)


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ('policy = "a.privacy"', 'write a list: `policy = ["a.privacy"]`'),
        ("manifests = [1]", "expected a list of manifest files, globs or folders, relative to this file"),
        ('fail-on = "all"', "expected `violation`, `undetermined` or `never`"),
        ('fail-warnings = "W302"', 'write a list: `fail-warnings = ["W302"]`'),
        ('as-of = "tomorrow"', "expected a day, such as 2026-11-01"),
        ("quiet = 1", "expected `true` or `false`"),
        ("manifest-limit = 0", "expected a number of MiB from 1 to 4096"),
        ('format = ["jsn"]', "there is no format `jsn`; did you mean `json`?"),
    ],
)
def test_a_value_that_does_not_fit_says_what_is_wanted(here: Path, line: str, help_: str) -> None:
    (wrong,) = mistakes(f"[tool.privacy-rules]\n{line}\n", "pyproject.toml")
    key = line.split(" ", 1)[0]
    assert (wrong.message, wrong.help, str(wrong.span)) == (f"`{key}` does not fit", help_, "pyproject.toml:2:1")


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ('as-of = "2026-01-01"', "write it without quotes: `as-of = 2026-01-01`"),
        ('quiet = "true"', "write it without quotes: `quiet = true`"),
        ('waiver-days = "90"', "write it without quotes: `waiver-days = 90`"),
        ('waiver-days = "-1"', "expected a number of days: the longest that a waiver may last"),
    ],
)
def test_what_would_fit_without_quotes_is_reported_as_such(here: Path, line: str, help_: str) -> None:
    (wrong,) = mistakes(f"{line}\n")
    assert wrong.help == help_


def test_an_unknown_warning_names_the_nearest(here: Path) -> None:
    (wrong,) = mistakes('fail-warnings = [\n  "W301",\n  "w302",\n]\n')
    assert wrong.message == "there is no warning `w302`"
    assert wrong.help == f"did you mean `W302` ({codes.WARNINGS['W302']})?"
    assert str(wrong.span) == "privacy-rules.toml:3:4"
    (far,) = mistakes('fail-warnings = ["lapsed"]\n')
    assert far.help == f"the codes of warnings are {min(codes.WARNINGS)} to {max(codes.WARNINGS)}"


@pytest.mark.parametrize("head", ["[tool.privacy-rules]", "[privacy-rules]", "[tool.privacy-rules.costs]"])
def test_a_table_of_a_project_file_in_our_own_is_reported_as_such(here: Path, head: str) -> None:
    (wrong,) = mistakes(f"# of privacy-rules\n{head}\nquiet = true\n")
    assert wrong.message.endswith("is for `pyproject.toml`")
    assert wrong.help is not None
    assert "the keys are at the top" in wrong.help
    assert str(wrong.span) == "privacy-rules.toml:2:1"


@pytest.mark.parametrize(
    ("line", "message", "help_"),
    [
        ("cut-flow = -1", "`cut-flow` of `costs` does not fit", "expected a number from 0 up, or `never`"),
        ('cut-flow = "seldom"', "`cut-flow` of `costs` does not fit", "expected a number from 0 up, or `never`"),
        (
            "cut-flows = 1",
            "`costs` has `cut-flows`, which is neither a kind of move nor an entity",
            "did you mean `cut-flow`?",
        ),
        ('"store:shop" = 1', "`costs` has `store:shop`, which is neither a kind of move nor an entity", None),
    ],
)
@pytest.mark.parametrize("name", ["privacy-rules.toml", "pyproject.toml"])
def test_an_error_among_the_costs_is_reported_at_its_line(
    here: Path, name: str, line: str, message: str, help_: str | None
) -> None:
    head = "costs" if name == "privacy-rules.toml" else "tool.privacy-rules.costs"
    (wrong,) = mistakes(f"[{head}]\nanonymise = 3\n{line}\n", name)
    assert (wrong.code, wrong.message) == ("E305", message)
    assert help_ in (None, wrong.help)
    column = 2 if line.startswith('"') else 1
    assert str(wrong.span) == f"{name}:3:{column}"


def test_an_error_among_the_lints_is_reported_at_its_line(here: Path) -> None:
    wrong = mistakes('[lint]\nno-clauze = "off"\nidle-rul = "of"\n')
    assert [(each.message, str(each.span)) for each in wrong] == [
        ("`idle-rul` of `lint` does not fit", "privacy-rules.toml:3:1")
    ]
    (wrong_name,) = mistakes('[lint]\nno-clauze = "off"\n')
    assert (wrong_name.message, wrong_name.help) == ("there is no lint `no-clauze`", "did you mean `no-clause`?")
    assert str(wrong_name.span) == "privacy-rules.toml:2:1"


def test_the_names_of_lints_are_known_without_loading_one() -> None:
    assert set(lint_names()) == set(lints())


def test_a_project_file_that_is_passed_over_is_known(here: Path) -> None:
    write(here / "privacy-rules.toml", "quiet = true\n")
    assert found(here).unread_project_file() is None
    write(here / "pyproject.toml", "[tool.other]\nx = 'privacy-rules'\n")
    assert found(here).unread_project_file() is None
    write(here / "pyproject.toml", "[tool.privacy-rules]\nquiet = false\n")
    assert found(here).unread_project_file() == here / "pyproject.toml"


def test_all_errors_are_reported_in_one_run(here: Path) -> None:
    assert [wrong.message for wrong in mistakes("quiet = 1\npolcy = 1\nrule = [1, 2]\n")] == [
        "`quiet` does not fit",
        "unknown key `polcy`",
        "`rule` does not fit",
    ]


def test_an_error_in_an_inline_table_is_placed_at_our_table(here: Path) -> None:
    (wrong,) = mistakes("x = 1\n[tool]\nprivacy-rules = {quiet = 1}\n", "pyproject.toml")
    assert (wrong.message, str(wrong.span)) == ("`quiet` does not fit", "pyproject.toml:3:1")


def test_what_is_no_toml_is_placed(here: Path) -> None:
    (wrong,) = mistakes("quiet = true\npolicy = [\n", "privacy-rules.toml")
    assert wrong.code == "E305"
    assert wrong.message.startswith("this is not valid TOML: ")
    assert str(wrong.span) == "privacy-rules.toml:2:11"
    (early,) = mistakes("= 1\n")
    assert str(early.span) == "privacy-rules.toml:1:1"
    assert early.excerpt == "= 1"


def test_bytes_that_are_no_text_are_no_defect(here: Path) -> None:
    write("privacy-rules.toml", b"\xff\xfe = 1\n")
    made, wrong = configuration(here)
    assert made is None
    assert wrong[0].code == "E305"


def test_what_is_nested_too_deeply_is_an_error_and_asks_for_no_format(here: Path) -> None:
    (wrong,) = mistakes("format = " + "[" * 100_000, "privacy-rules.toml")
    assert (wrong.code, wrong.message) == ("E305", "this is not valid TOML: it is nested too deeply")
    assert formats_configured(here) == ()
    (quoted,) = mistakes(f'as-of = "{"[" * 100_000}"\n', "privacy-rules.toml")
    assert quoted.code == "E305"


def test_a_table_that_is_none_is_reported(here: Path) -> None:
    (wrong,) = mistakes("[tool]\nprivacy-rules = 1\n", "pyproject.toml")
    assert (wrong.code, wrong.message, str(wrong.span)) == ("E305", "expected a table", "pyproject.toml:2:1")


def test_the_table_may_be_written_in_any_way_that_toml_has(here: Path) -> None:
    for text in (
        "[tool]\nprivacy-rules = {quiet = true}\n",
        "tool.privacy-rules.quiet = true\n",
        '[tool."privacy-rules"]\nquiet = true\n',
    ):
        write(here / "pyproject.toml", text)
        assert found(here).quiet


def test_our_name_alone_is_no_table(here: Path) -> None:
    write(here / "privacy-rules.toml", "quiet = true\n")
    inner = here / "inner"
    for text in ('x = """\n[tool.privacy-rules]\n"""\n', "tool = 1 # privacy-rules\n", "privacy-rules = [\n"):
        write(inner / "pyproject.toml", text)
        assert found(inner).folder == here


def test_a_broken_project_file_that_means_us_is_reported(here: Path) -> None:
    (wrong,) = mistakes("[tool.privacy-rules]\nquiet = \n", "pyproject.toml")
    assert (wrong.code, str(wrong.span)) == ("E305", "pyproject.toml:2:9")


def test_pydantic_is_loaded_only_where_something_is_configured(here: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from privacy_rules.configuration.load import configuration;"
        "configuration(Path.cwd()); print('pydantic' in sys.modules)"
    )

    def loaded() -> str:
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)}
        )
        return done.stdout.strip()

    assert loaded() == "False"
    write(here / "privacy-rules.toml", "")
    assert loaded() == "True"


def test_a_configuration_that_may_not_be_read_is_an_error_and_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "privacy-rules.toml", "quiet = true")
    close_files(monkeypatch, lambda path: path.name == "privacy-rules.toml")
    found, wrong = configuration(tmp_path)
    assert found is None
    assert [each.code for each in wrong] == ["E305"]
    assert "permission denied" in wrong[0].message
