"""Constructs of policies as they may be written, and as they are formatted."""

from __future__ import annotations

from tests.unit.language.rule_layouts import RULE_CASES

CASES: dict[str, tuple[str, str]] = {
    "a chain of contracts, what is held, and names that were there before these words": (
        """\
define bound as notice
define holds as under contract

rule r{forbid party when not bound to  us by contracts( a and b)and holds(x,y)including derived by z and holds w}

rule s { require bound or holds on flow unless source holds x or recipient bound to us }
define owned as notice
rule t { forbid party when owned and  owned by ( a and not  owned ) or owned  by party ( "x","y" ) unless owned by( us , b) }
""",
        """\
define bound as notice
define holds as under contract

rule r {
  forbid party when not bound to us by contracts (a and b) and holds (x, y) including derived by z and holds w
}

rule s {
  require bound or holds on flow unless source holds x or recipient bound to us
}

define owned as notice

rule t {
  forbid party when owned and owned by (a and not owned) or owned by party ("x", "y") unless owned by (us, b)
}
""",
    ),
    "parents have dates": (
        "data{a until  b in a from 2026-01-01,a until   2020-01-01,until c in a until}",
        "data { a  until  b in a from 2026-01-01, a until 2020-01-01, until  c in a  until }\n",
    ),
    "facts are compared with facts and days": (
        "rule r{require x.a<=y.b on flow when c>=today-  12 months or c<d+1 day and e = f -2 weeks}",
        """\
rule r {
  require x.a <= y.b on flow when c >= today - 12 months or c < d + 1 day and e = f -2 weeks
}
""",
    ),
    "a policy is open, and what its fields say is in one column": (
        'policy acme{title "Acme"text "p.md"\nversion "3" effective "2026-01-01" }',
        """\
policy acme {
  title     "Acme"
  text      "p.md"
  version   "3"
  effective "2026-01-01"
}
""",
    ),
    "a policy may be empty": ("policy\nacme { }", "policy acme {}\n"),
    "clauses one under the other have columns": (
        """\
clause "Us" is scope "ours"
clause "Elsewhere"   is definition   "theirs"

clause "Alone"  is  gate "later"
""",
        """\
clause "Us"        is scope      "ours"
clause "Elsewhere" is definition "theirs"

clause "Alone" is gate "later"
""",
    ),
    "a clause with a very long name moves no column": (
        """\
clause "Us" is scope "ours"
clause "What is said about everything that is not said elsewhere" is prose "nothing"
clause "Elsewhere" is scope "theirs"
""",
        """\
clause "Us"        is scope "ours"
clause "What is said about everything that is not said elsewhere" is prose "nothing"
clause "Elsewhere" is scope "theirs"
""",
    ),
    "what is used, adjusted": (
        'use pack.a{without r,s "why" severity   note for t\n, u}use b{}\nuse c { # all of it\n}',
        """\
use pack.a {
  without r, s "why"
  severity note for t, u
}
use b {}
use c {  # all of it
}
""",
    ),
    "what is used": ('use   std . core use "a/b.privacy"', 'use std.core\nuse "a/b.privacy"\n'),
    "a block of terms that stands on one line stays there": (
        'data{contact"of a person"{email phone}card}\nkind {}',
        'data { contact "of a person" { email  phone }  card }\nkind {}\n',
    ),
    "terms that share a line go on to share it, others do not": (
        """\
vocabulary topic
{ a b
  c in a,b
  d "text" { e
  f } g }
""",
        """\
vocabulary topic {
  a  b
  c in a, b
  d "text" {
    e
    f
  }
  g
}
""",
    ),
    "terms with a description are in columns with blocks beside them, and those with parents are not": (
        """\
data {
  short "what it means"
  alone
  other_longer_name { a  b }
  name in short "further parents"
  medium "what this means"

  far "behind a blank line"
}
""",
        """\
data {
  short             "what it means"
  alone
  other_longer_name { a  b }
  name in short "further parents"
  medium            "what this means"

  far "behind a blank line"
}
""",
    ),
    "a column that would push a line beyond the width goes without it": (
        f'data {{\n  a_rather_long_name "said"\n  x "{"m" * 110}"\n  y "said"\n}}\n',
        f'data {{\n  a_rather_long_name "said"\n  x "{"m" * 110}"\n  y                  "said"\n}}\n',
    ),
    "a long line of terms fills lines": (
        f"data {{ {' '.join(f'the_data_category_{number}' for number in range(8))} {{ x }} }}",
        """\
data {
  the_data_category_0  the_data_category_1  the_data_category_2  the_data_category_3  the_data_category_4
  the_data_category_5  the_data_category_6  the_data_category_7 { x }
}
""",
    ),
    "attributes of every type": (
        """\
attribute a on flow:flag
attribute b on party , system:number default -5
attribute c on contract:duration default 2 years
attribute d on organisation : date default 2026-01-01
attribute e on flow: text default "none"
attribute f on flow: one  of topic default  a
attribute g on flow: set of topic default (a,b)
attribute h on flow: set of text default ( "a" , "b" )
""",
        """\
attribute a on flow: flag
attribute b on party, system: number default -5
attribute c on contract: duration default 2 years
attribute d on organisation: date default 2026-01-01
attribute e on flow: text default "none"
attribute f on flow: one of topic default a
attribute g on flow: set of topic default (a, b)
attribute h on flow: set of text default ("a", "b")
""",
    ),
    "a long attribute": (
        f"attribute {'a' * 60} on party, system, flow, contract, organisation: set of topic default ({'b' * 50}, c)",
        f"""\
attribute {"a" * 60}
  on party, system, flow, contract, organisation: set of topic
  default ({"b" * 50}, c)
""",
    ),
} | RULE_CASES
"""What is true of a layout → a text, and the text formatted."""
