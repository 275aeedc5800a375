"""What formatting keeps (comments, blank lines, line ends and the meaning of a text), and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.language import formatter
from privacy_rules.language.formatter import formatted

ROOT = Path(__file__).parents[3]

CASES: dict[str, tuple[str, str]] = {
    "several ids, and the text of a clause after despite": (
        'rule r{permit flow to party("a","b")from system(c , d)despite "#2",other}\n',
        'rule r {\n  permit flow to party ("a", "b") from system (c, d) despite "#2", other\n}\n',
    ),
    "a list with comments has a line for each item, and brackets close before the comment": (
        """\
rule r { require safeguards includes all (backup, # against loss
  encryption, mirror
  # why not
  , audit_log # against misuse
  ) on storage }
""",
        """\
rule r {
  require safeguards includes all (
      backup,  # against loss
      encryption,
      mirror
      # why not
      ,
      audit_log)  # against misuse
    on storage
}
""",
    ),
    "a comment stays before what it precedes, and behind what it stands behind": (
        """\

# The policy.


# Its name.
policy p { # opens
# on top

  title "T"#behind
  # at the end

}# closes
# right below
use std.core


# --- Words -----
# of ours


data { a # first
# before b
b
# last
}
# the end
""",
        """\
# The policy.

# Its name.
policy p {  # opens
  # on top

  title "T"  #behind
  # at the end
}  # closes

# right below
use std.core


# --- Words -----
# of ours

data {
  a  # first
  # before b
  b
  # last
}
# the end
""",
    ),
    "a comment between the parts of a condition or statement makes it break": (
        """\
rule r { # one
  forbid flow # two
    of email # three
    when a # four
      # five
      and b or # six
      c # seven
    # eight
    unless d # nine
  # ten
}
rule s { allow flow only # a
    # b
    - to court # c
    # d

    - when # e
      f
}
""",
        """\
rule r {  # one
  forbid flow  # two
      of email  # three
    when a  # four
        # five
        and b
      or  # six
      c   # seven
    # eight
    unless d  # nine
  # ten
}

rule s {
  allow flow only  # a
    # b
    - to court  # c
    # d

    - when  # e
      f
}
""",
    ),
    "comments of lines one below the other are in one column where that fits": (
        f"""\
data {{
  a # first
  long_name   # second
  # between
  c # third
  d # {"m" * 112}
}}
""",
        f"""\
data {{
  a          # first
  long_name  # second
  # between
  c  # third
  d  # {"m" * 112}
}}
""",
    ),
    "a blank line is kept, several are one, and before a banner two": (
        """\
use a



use b
# ---- Rules


rule r {

  title "T"


  forbid flow

}
use c



# ==== Words
use d
""",
        """\
use a

use b
# ---- Rules

rule r {
  title "T"

  forbid flow
}

use c


# ==== Words
use d
""",
    ),
    "declarations of several lines are set off by a blank line": (
        "use a rule r { forbid flow } use b data {\n a } # why\nuse c\n# why not\nrule s { forbid flow }",
        """\
use a

rule r {
  forbid flow
}

use b

data {
  a
}  # why

use c

# why not
rule s {
  forbid flow
}
""",
    ),
    "comments go behind the dots, commas and brackets that were written on the next lines": (
        """\
define x as y is (a # one
  . # two
  b # three
  ) and ((c # four
  ) # five
  )
""",
        """\
define x as y is (
    a.  # one
    b   # two
)  # three
  and ((c)  # four
  )         # five
""",
    ),
    "nothing stays nothing": ("\n \n", ""),
    "comments alone stay": ("  # a\n\n\n\n# b   ", "# a\n\n# b\n"),
}
"""What is kept → a text and its layout."""


@pytest.mark.parametrize(("text", "layout"), CASES.values(), ids=CASES)
def test_comments_and_blank_lines_are_kept(text: str, layout: str) -> None:
    assert formatted(text) == (layout, ())
    assert formatted(layout) == (layout, ()), "what is laid out stays as it is"


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    assert formatted("use  a\r\nuse b\n") == ("use a\r\nuse b\r\n", ())
    assert formatted("use  a\nuse b\r\n") == ("use a\nuse b\n", ())
    assert formatted("use  a\ruse b") == ("use a\nuse b\n", ())
    assert formatted("\ufeffuse  a\r\n") == ("\ufeffuse a\r\n", ())


def test_a_text_with_a_syntax_error_is_not_laid_out() -> None:
    result, (found,) = formatted("use a\nrule {", "bad.privacy")
    assert result is None
    assert (found.code, str(found.span)) == ("E101", "bad.privacy:2:6")


def test_a_file_for_a_newer_language_is_not_laid_out() -> None:
    result, (found,) = formatted('policy p { language "99.0" }\nnew_word')
    assert result is None
    assert found.code == "E116"


def test_what_would_say_something_else_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    for lossy in (
        lambda text: text.replace("# c", ""),
        lambda text: text.replace("a and b", "a or b"),
        lambda text: text.replace("rule", "rules"),
    ):
        monkeypatch.setattr(
            formatter, "aligned", lambda rows, lossy=lossy: lossy("rule r { forbid flow when a and b } # c")
        )
        with pytest.raises(AssertionError, match=r"formatting `p\.privacy` would change its meaning"):
            formatted("rule r { forbid flow when a and b }  # c", "p.privacy")


@pytest.mark.parametrize("file", ["examples/iapmo/iapmo.privacy", "dsl/std/core.privacy", "dsl/std/regions.privacy"])
def test_what_ships_is_well_laid_out(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert formatted(text, file) == (text, ())
