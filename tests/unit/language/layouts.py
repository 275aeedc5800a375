"""Constructs of policies as they may be written, and as they are formatted."""

from __future__ import annotations

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
    "a rule is open, and what its lines say is in one column": (
        'rule r { title "T" cites "C" severity error applies from 2026-01-01 until 2027-01-01 forbid flow hint "H" }',
        """\
rule r {
  title    "T"
  cites    "C"
  severity error
  applies  from 2026-01-01 until 2027-01-01
  forbid flow
  hint     "H"
}
""",
    ),
    "a statement that fits stands on one line": (
        """\
rule a { forbid
  flow of
    email
  when exchange is sale unless notice }
rule b { applies until 2027-01-01 require notice on system at us when a unless b }
rule c { permit flow when a despite a , b }
""",
        """\
rule a {
  forbid flow of email when exchange is sale unless notice
}

rule b {
  applies until 2027-01-01
  require notice on system at us when a unless b
}

rule c {
  permit flow when a despite a, b
}
""",
    ),
    "a statement that does not fit breaks before each of its parts": (
        f"""\
rule a {{ forbid flow of {"a" * 50} when exchange is {"b" * 50} unless {"c" * 30} }}
rule b {{ require {"a" * 50} on flow of {"b" * 50} when {"c" * 30} unless d }}
rule c {{ permit flow of {"a" * 50} when {"b" * 50} despite {"c" * 40}, d }}
""",
        f"""\
rule a {{
  forbid flow of {"a" * 50}
    when exchange is {"b" * 50}
    unless {"c" * 30}
}}

rule b {{
  require {"a" * 50}
    on flow of {"b" * 50}
    when {"c" * 30}
    unless d
}}

rule c {{
  permit flow of {"a" * 50}
    when {"b" * 50}
    despite {"c" * 40}, d
}}
""",
    ),
    "each alternative has a line, and breaks before `when`": (
        f"""\
rule r {{ allow disclosure of contact only - to court - when {"a" * 50} and {"b" * 60} - of (a, b) from c with d
  for e at f when {"a" * 50} or {"b" * 50} }}
""",
        f"""\
rule r {{
  allow disclosure of contact only
    - to court
    - when {"a" * 50}
        and {"b" * 60}
    - of (a, b) from c with d for e at f
        when {"a" * 50} or {"b" * 50}
}}
""",
    ),
    "an alternative whose limits do not fit has a line for each": (
        f"rule r {{ allow flow only - of {'a' * 60} from {'b' * 50} to ({'c' * 60}, {'d' * 60}) when e }}",
        f"""\
rule r {{
  allow flow only
    - of {"a" * 60}
      from {"b" * 50}
      to (
          {"c" * 60},
          {"d" * 60})
        when e
}}
""",
    ),
    "limits that do not fit have a line each": (
        f"rule r {{ forbid flow of {'a' * 60} from {'b' * 50} to c when d }}",
        f"""\
rule r {{
  forbid flow
      of {"a" * 60}
      from {"b" * 50}
      to c
    when d
}}
""",
    ),
    "an exception to an exception stands further in": (
        f"rule r {{ require {'a' * 40} on flow unless {'b' * 40} unless {'c' * 40} unless d }}",
        f"""\
rule r {{
  require {"a" * 40}
    on flow
    unless {"b" * 40}
      unless {"c" * 40}
        unless d
}}
""",
    ),
    "a long condition breaks before each `and` or `or`, the outer ones first": (
        f"""\
define a as {"a" * 40} and {"b" * 40} and not {"c" * 40}
define b as {"a" * 40} or {"b" * 40} and {"c" * 40}
define c as {"a" * 60} or {"b" * 60} and {"c" * 60}
define d as {"a" * 60} and {"b" * 60} or {"c" * 60}
rule r {{ require {"a" * 60} or {"b" * 60} on flow when {"a" * 60} and {"b" * 60} }}
""",
        f"""\
define a as {"a" * 40}
  and {"b" * 40}
  and not {"c" * 40}
define b as {"a" * 40}
  or {"b" * 40} and {"c" * 40}
define c as {"a" * 60}
  or {"b" * 60}
    and {"c" * 60}
define d as {"a" * 60}
    and {"b" * 60}
  or {"c" * 60}

rule r {{
  require {"a" * 60}
      or {"b" * 60}
    on flow
    when {"a" * 60}
      and {"b" * 60}
}}
""",
    ),
    "brackets hug a condition, which breaks further in": (
        f"""\
define a as ( {"a" * 60} or {"b" * 60} ) and d
define b as under contract ( {"a" * 60} or {"b" * 60})
define c as a and collected with ({"a" * 60} or {"b" * 60})
rule r {{ forbid flow from ({"a" * 60} or {"b" * 60}) to (us) when source under contract and (recipient under contract)}}
""",
        f"""\
define a as ({"a" * 60}
    or {"b" * 60})
  and d
define b as under contract ({"a" * 60}
    or {"b" * 60})
define c as a
  and collected with ({"a" * 60}
      or {"b" * 60})

rule r {{
  forbid flow
      from ({"a" * 60}
          or {"b" * 60})
      to (us)
    when source under contract and (recipient under contract)
}}
""",
    ),
    "every test and selector": (
        """\
define a as x is declared or x is y or x is (y,"z") or x includes y or x includes  all(y , z) or x within y
define b as purpose within collected purposes and a<=2 years and b!="c" and c = (1,2.5) and covers data
define c as source . system . kind is telephone and recipient.country is eea
define d as covers . x and under contract(not x) and collected   partly with(y)
rule r { forbid system at party "id" when reached by a from system id avoiding ("x") }
rule s { forbid joining of a with b when source reached by (a,b) including derived by ( hashing ) }
rule u { forbid derivation of a into ( b , c ) at us }
rule t { forbid flow when reached by a including derived or recipient reached by b from (x is y) }
""",
        """\
define a as x is declared or x is y or x is (y, "z") or x includes y or x includes all (y, z) or x within y
define b as purpose within collected purposes and a <= 2 years and b != "c" and c = (1, 2.5) and covers data
define c as source.system.kind is telephone and recipient.country is eea
define d as covers.x and under contract (not x) and collected partly with (y)

rule r {
  forbid system at party "id" when reached by a from system id avoiding ("x")
}

rule s {
  forbid joining of a with b when source reached by (a, b) including derived by (hashing)
}

rule u {
  forbid derivation of a into (b, c) at us
}

rule t {
  forbid flow when reached by a including derived or recipient reached by b from (x is y)
}
""",
    ),
    "a long path breaks before each of its parts": (
        f"define p as reached by {'a' * 50} from {'b' * 30} avoiding {'c' * 30} including derived by d",
        f"""\
define p as reached by {"a" * 50}
    from {"b" * 30}
    avoiding {"c" * 30}
    including derived by d
""",
    ),
    "a long list fills lines behind its bracket": (
        f"define l as purpose is ({', '.join(f'a_purpose_of_ours_{number}' for number in range(7))})",
        """\
define l as purpose is (
    a_purpose_of_ours_0, a_purpose_of_ours_1, a_purpose_of_ours_2, a_purpose_of_ours_3, a_purpose_of_ours_4,
    a_purpose_of_ours_5, a_purpose_of_ours_6)
""",
    ),
}
"""What holds → a text and its layout."""
