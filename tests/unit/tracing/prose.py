"""A prose for tests, its clauses, and policies that cite them."""

from __future__ import annotations

from datetime import date

from privacy_rules.language.policy import Policy
from privacy_rules.tracing import lock
from privacy_rules.tracing.coverage import Reviewed, Trace, trace
from privacy_rules.tracing.prose import Clause, clauses
from tests.builders import policy_of

PROSE = """# Privacy policy

<!-- a comment: ## 9. Not a heading {#no} -->

## 1. Selling {#selling}

We do **not** sell
your data.

## Keeping

We keep it. {#keep}

- four years of invoices {#invoices}
- nothing else

4.2 We delete it after two years.

Rights
------

You may ask us what we have.

```
## code, no heading {#code}
```

## Empty heading
"""


def found(text: str = PROSE, *, markdown: bool = True) -> list[Clause]:
    return clauses(text, "policy.md", markdown=markdown)


def policy(*cites: str, more: str = "") -> Policy:
    rules = "".join(f'rule r{number} {{ cites "{cite}" forbid flow }}\n' for number, cite in enumerate(cites))
    return policy_of(f"use std.core\n{rules}{more}", "p.privacy")


def held(made: Policy, text: str = PROSE, reviewed: dict[str, Reviewed] | None = None) -> Trace:
    return trace(made, found(text), reviewed or {})


BULLETS = """# Promises

We promise this.

- We **never** sell your data to anybody, and do
not rent it out.
- We delete it after [two years](https://a.example/b).
  - sooner if you ask

  and we tell you so.
* * *
+ Never shared

That is all that we promise.
"""
BARE = policy(more="rule bare { forbid flow }")


def after(before: str, now: str) -> Trace:
    reviewed = lock.accepted(held(BARE, before), {}, (), date(2026, 11, 1)).reviewed
    return held(BARE, now, reviewed)


def wordings(traced: Trace) -> dict[str, tuple[str, str | None]]:
    return {each.clause.id: (each.wording, each.was) for each in traced.clauses}


# ---- many cites


def many(count: int) -> list[Clause]:
    return found(
        "\n".join(f"## Clause {n} {{#c-{n}}}\n\nWe promise that item {n} stays with us.\n" for n in range(count))
    )
