"""`fmt`: what it writes, what it only tells, and that one wrong file leaves all as they are."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call

UGLY = 'rule r {   title "T"  # why\nforbid   flow when notice }\n'
NEAT = 'rule r {\n  title "T"  # why\n  forbid flow when notice\n}\n'


@pytest.fixture
def ugly(shop: Path) -> Path:
    return write(shop / "ugly.privacy", UGLY)


def test_a_file_is_laid_out_and_reported(ugly: Path, call: Call) -> None:
    done = call("fmt", "ugly.privacy")
    assert (done.code, done.out, done.err) == (0, "reformatted ugly.privacy\n1 file reformatted\n", "")
    assert ugly.read_text(encoding="utf-8") == NEAT
    assert call("fmt", "ugly.privacy").out == "1 file left unchanged\n"


def test_check_writes_nothing_and_fails_where_a_file_would_change(ugly: Path, call: Call) -> None:
    done = call("fmt", "--check", "ugly.privacy")
    assert (done.code, done.out) == (1, "would reformat ugly.privacy\n1 file would be reformatted\n")
    assert ugly.read_text(encoding="utf-8") == UGLY
    write(ugly, NEAT)
    assert call("fmt", "--check", "ugly.privacy").code == 0


def test_diff_prints_what_would_change(ugly: Path, call: Call) -> None:
    done = call("fmt", "--diff", "ugly.privacy")
    assert done.code == 1
    assert done.out.startswith("--- ugly.privacy\n+++ ugly.privacy\n@@ ")
    assert "+  forbid flow when notice\n" in done.out
    assert ugly.read_text(encoding="utf-8") == UGLY


def test_standard_input_goes_to_standard_output(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
    done = call("fmt", "-")
    assert (done.code, done.out) == (0, NEAT)


def test_the_configured_policy_is_laid_out_where_none_is_named(ugly: Path, call: Call) -> None:
    write("privacy-rules.toml", 'policy = ["ugly.privacy"]\n')
    assert call("fmt").code == 0
    assert ugly.read_text(encoding="utf-8") == NEAT
    Path("privacy-rules.toml").unlink()
    assert "error[E301]" in call("fmt").err


def test_where_one_file_is_wrong_none_is_written(ugly: Path, call: Call) -> None:
    write("broken.privacy", "rule r { forbid\n")
    done = call("fmt", "ugly.privacy", "broken.privacy", "gone.privacy")
    assert (done.code, done.out) == (2, "")
    assert "broken.privacy:" in done.err
    assert "cannot read `gone.privacy`: there is no such file" in done.err
    assert ugly.read_text(encoding="utf-8") == UGLY


def test_line_ends_and_a_byte_order_mark_stay(ugly: Path, call: Call) -> None:
    write(ugly, b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    assert call("fmt", "ugly.privacy").code == 0
    assert ugly.read_bytes() == b"\xef\xbb\xbf" + NEAT.replace("\n", "\r\n").encode()


def test_a_read_only_file_is_left_and_reported(ugly: Path, call: Call) -> None:
    ugly.chmod(0o444)
    done = call("fmt", "ugly.privacy")
    assert (done.code, done.out) == (2, "")
    assert "error[E303]: `ugly.privacy` cannot be written: it is read-only" in done.err
    assert ugly.read_text(encoding="utf-8") == UGLY


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b"", b"rule"])
def test_whatever_a_file_holds_there_is_no_defect(ugly: Path, call: Call, content: bytes) -> None:
    write(ugly, content)
    assert call("fmt", "ugly.privacy").code in (0, 2)


def test_check_and_diff_go_together(ugly: Path, call: Call) -> None:
    done = call("fmt", "--check", "--diff", "ugly.privacy")
    assert (done.code, done.err) == (1, "would reformat ugly.privacy\n1 file would be reformatted\n")
    assert done.out == call("fmt", "--diff", "ugly.privacy").out
    assert call("fmt", "--diff", "shop.privacy").out.startswith("--- shop.privacy")
    call("fmt", "shop.privacy", "ugly.privacy")
    done = call("fmt", "--check", "--diff", "shop.privacy", "ugly.privacy")
    assert (done.code, done.out, done.err) == (0, "", "2 files already formatted\n")


def test_a_difference_says_where_the_last_line_does_not_end(ugly: Path, call: Call) -> None:
    write(ugly, "use a")
    assert "-use a\n\\ No newline at end of file\n+use a\n" in call("fmt", "--diff", "ugly.privacy").out


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_standard_input_is_only_reported_where_nothing_is_written(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
    done = call("fmt", option, "-")
    assert done.code == 1
    assert "would reformat <stdin>\n" in done.out + done.err
    assert (NEAT in done.out) is False
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"rule {")))
    wrong = call("fmt", option, "-")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("<stdin>:1:6: error[E101]")


def test_a_file_that_is_named_twice_is_one_file(ugly: Path, call: Call) -> None:
    assert call("fmt", "ugly.privacy", f"../{ugly.parent.name}/ugly.privacy").out.endswith("1 file reformatted\n")


@pytest.mark.parametrize("content", [b"rule r {\n  \xff", b"rule {\n", b'policy p { language "99.0" }\n', None])
def test_what_cannot_be_read_is_reported_as_lint_reports_it(ugly: Path, call: Call, content: bytes | None) -> None:
    ugly.unlink()
    if content is not None:
        write(ugly, content)
    assert call("fmt", "ugly.privacy").err == call("lint", "ugly.privacy").err


def test_a_good_file_among_good_ones_is_left_untouched(ugly: Path, call: Call) -> None:
    neat = write(ugly.with_name("neat.privacy"), NEAT)
    before = neat.stat()
    done = call("fmt", "neat.privacy", "ugly.privacy")
    assert done.out == "reformatted ugly.privacy\n1 file reformatted, 1 file left unchanged\n"
    assert (neat.stat().st_mtime_ns, neat.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_formatter_that_would_change_a_word_writes_nothing(
    ugly: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacy_rules.language.formatter.aligned", lambda rows: "use a\n")
    done = call("fmt", "ugly.privacy")
    assert done.code == 70
    assert "internal error" in done.err
    assert ugly.read_text(encoding="utf-8") == UGLY


def test_a_manifest_is_told_from_a_policy(shop: Path, call: Call) -> None:
    done = call("fmt", "estate.yaml")
    assert done.code == 2
    assert "help: this looks like a manifest: policy files end in `.privacy`\n" in done.err


def test_a_folder_means_the_policies_in_it(shop: Path, call: Call) -> None:
    below = Path("policies/more")
    write(below / "one.privacy", "use   std.core\n")
    assert call("fmt", "policies").out == "reformatted policies/more/one.privacy\n1 file reformatted\n"
