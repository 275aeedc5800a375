"""Rules and conditions as they may be written, and as they are formatted."""

from __future__ import annotations

RULE_CASES: dict[str, tuple[str, str]] = {
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
