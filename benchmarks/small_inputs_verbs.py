"""Measures verbs other than `check` on files of at most 256 KiB that are made to hurt; the rest as `small_inputs.py`.

python benchmarks/small_inputs_verbs.py                     # all cases
python benchmarks/small_inputs_verbs.py forecast import-    # those whose name contains one of the words
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from small_files import (  # type: ignore[import-not-found]
    HEAD,
    PARTIES,
    SYSTEMS,
    Maker,
    rules,
    within,
)
from small_files_of_tools import FORMATS  # type: ignore[import-not-found]
from small_inputs import ESTATES, POLICIES, Case, main  # type: ignore[import-not-found]

NUMBERS = range(10**9)


def day(number: int) -> str:
    return f"{2026 + (10 + number // 28) // 12}-{(10 + number // 28) % 12 + 1:02}-{number % 28 + 1:02}"


def ends(pairs: Callable[[int], list[tuple[str, str]]], days: int, terms: Callable[[str, str], str]) -> Maker:
    """Return a maker of contracts between pairs of parties that end on one of `days` days, and of flows between them."""

    def make(size: int) -> str:
        between = pairs(size)
        names = sorted({each for pair in between for each in pair} - {"u"})
        parties = "".join(f"  {each}: {{role: service_provider}}\n" for each in names if each != "v")
        systems = "".join(f"  s{each}: {{party: {each}}}\n" for each in (*names, "u"))
        head = PARTIES + parties + SYSTEMS + systems
        every = ((n, *between[n % len(between)]) for n in count())
        contracts = (f"  c{n}: {{{terms(*pair)}, kept: {n} days, until: {day(n % days)}}}\n" for n, *pair in every)
        every = ((n, *between[n % len(between)]) for n in count())
        sent = (
            f"- {{id: f{n}, from: s{one}, to: s{other}, carries: [email], purposes: [orders], retention: {n} days}}\n"
            for n, one, other in every
        )
        half = (size - len(head)) // 2
        return within(half + len(head), contracts, head + "contracts:\n") + within(half, sent, "flows:\n")

    return make


def vendors_ending(many: int, days: int) -> Maker:
    return ends(
        lambda size: [("u", f"v{n}") for n in range(min(many, size // 300))], days, lambda _, other: f"with: {other}"
    )


def between(parties: int) -> Maker:
    """Return a maker of contracts between each two of some parties, which end on different days."""
    return ends(
        lambda _: [(f"v{one}", f"v{other}") for one in range(parties) for other in range(one)],
        360,
        lambda one, other: f"between: [{one}, {other}]",
    )


def waived(size: int) -> str:
    lines = (f"- {{rule: r{n}, subject: f{n}, until: {day(n % 360)}, reason: x, approved_by: x}}\n" for n in count(1))
    return (
        PARTIES
        + SYSTEMS
        + within(size // 2, lines, "waivers:\n")
        + within(
            size // 2 - 300,
            (f"- {{id: f{n}, from: b, to: c, carries: [email], purposes: [orders]}}\n" for n in count(1)),
            "flows:\n",
        )
    )


def dated(size: int) -> str:
    lines = (f"  c{n}: {{with: v, kept: {n} days, reviewed: {day(n % 360)}}}\n" for n in count(1))
    return PARTIES + SYSTEMS + within(size - 300, lines, "contracts:\n")


def parents(size: int) -> str:
    """A taxonomy of 40 layers, in which each term has eight parents, and rules about them."""
    wide = max(8, size // 40 // 60)
    terms = (
        f" t{layer}_{n} in {', '.join(f't{layer - 1}_{(n * 7 + k) % wide}' for k in range(8))}\n"
        for layer in range(1, 40)
        for n in range(wide)
    )
    first = " ".join(f"t0_{n}" for n in range(wide))
    return within(size * 3 // 4, terms, HEAD + f"data {{ {first}\n", "}\n") + within(
        size // 4, (f"rule r{n} {{ forbid flow of t0_{n % wide} when retention <= {n} days }}\n" for n in count()), ""
    )


def chained_terms(size: int) -> str:
    """One term below the other, and rules about them."""
    many = size // 90
    return within(
        size,
        (f"rule r{n} {{ forbid flow of t{n} for orders }}\n" for n in range(many)),
        HEAD + "data { t0 " + " ".join(f"t{n} in t{n - 1}" for n in range(1, many)) + " }\n",
    )


def several(text: str, items: str, head: str = "") -> Maker:
    """Return a maker of rules that each have a list of 200 of 400 terms; `@` is the rule's number, `%` its list."""
    terms = (
        "data { "
        + " ".join(f"d{n}" for n in range(400))
        + " }\npurpose { "
        + " ".join(f"q{n}" for n in range(400))
        + " }\n"
    )

    def listed(rule: int) -> str:
        return items.join(f"d{(rule * 3 + n) % 400}" for n in range(200))

    return lambda size: within(
        size,
        (
            text.replace("@", str(n)).replace("%%", listed(n).replace("d", "q")).replace("%", listed(n)) + "\n"
            for n in count(1)
        ),
        HEAD + terms + head,
    )


MORE_POLICIES: dict[str, Maker] = {
    "parents": parents,
    "chained-terms": chained_terms,
    "lists": several("rule r@ { forbid flow of (%) for orders when retention <= @ days }", ", "),
    "lists-of-two": several("rule r@ { forbid flow of (%) for (%%) }", ", "),
    "lists-in-conditions": several("rule r@ { forbid flow when data is (%) and retention <= @ days }", ", "),
    "alternatives-of-lists": several(
        "rule r@ { allow flow of email only - of (%) for (%%) - when retention <= @ days }", ", "
    ),
    "of-until": rules("rule r@ { applies from 2026-11-02 until 2026-12-@@ forbid flow when retention <= @ days }"),
    "many-unless": rules(
        "rule r@ { forbid flow when retention <= @ days unless notice or choice is opt_in or legal_basis is consent }"
    ),
    "today": rules(
        "rule r@ { forbid contract when reviewed < today - @ days }",
        HEAD + "attribute reviewed on contract: date\nattribute kept on contract: duration\n",
    ),
    "many-permits": lambda size: within(
        size,
        (
            f"rule r{n} {{ forbid flow when retention <= {n} days }}\n"
            f"rule p{n} {{ permit flow when retention = {n} days despite r{n} }}\n"
            for n in count()
        ),
        HEAD,
    ),
    "lost-cites": rules('rule r@ { cites "no such heading @ of the policy" forbid flow when retention <= @ days }'),
    "permitted-lists": several(
        "rule r@ { forbid flow of (%) }\nrule p@ { permit flow of (%) when retention <= @ days despite r@ }", ", "
    ),
}
ALL_POLICIES = POLICIES | MORE_POLICIES
MORE_ESTATES: dict[str, Maker] = {
    "100-ends": vendors_ending(100, 100),
    "1000-ends": vendors_ending(1000, 360),
    "10-ends": vendors_ending(10, 360),
    "one-end": vendors_ending(1, 360),
    "between-50": between(50),
    "between-10": between(10),
    "waived": waived,
    "dated": dated,
    "random": lambda size: (
        PARTIES
        + within(size // 2, (f"  s{n}: {{party: {'uvp'[n % 3]}}}\n" for n in range(size // 120)), "systems:\n")
        + within(
            size // 2 - 200,
            (
                f"- {{id: f{n}, from: s{n % (size // 120)}, to: s{n * n * 31 % (size // 120)}, carries: [email]}}\n"
                for n in range(size // 120)
            ),
            "flows:\n",
        )
    ),
    "many-parties": lambda size: (
        PARTIES
        + "".join(f"  v{n}: {{role: service_provider}}\n" for n in range(size // 130))
        + "systems:\n  b: {party: u}\n"
        + "".join(f"  s{n}: {{party: v{n}}}\n" for n in range(size // 130))
        + "flows:\n"
        + "".join(f"- {{id: f{n}, from: b, to: s{n}, carries: [email]}}\n" for n in range(size // 130))
    ),
}
ALL_ESTATES = ESTATES | MORE_ESTATES
FEW = rules(
    "rule r@ { forbid flow of email when retention <= @ days }",
    HEAD + "attribute kept on contract: duration\n",
)


def few(size: int) -> str:
    return FEW(min(size, 1500))


def estate_and(policy: str, estate: str, *words: str) -> Case:
    """A call on a manifest of a kind, and a policy of a kind (`few`: of some rules)."""
    made = few if policy == "few" else ALL_POLICIES[policy]
    return Case((*words, "--policy", "p.privacy"), {"p.privacy": made, "m.yaml": ALL_ESTATES[estate]})


def changed(maker: Maker, old: str, new: str) -> Maker:
    return lambda size: maker(size - 100 - size // 50).replace(old, new)


def of_policies() -> Iterator[tuple[str, Case]]:
    for name, made in MORE_POLICIES.items():
        for verb in ("lint", "docs", "fmt"):
            yield (
                f"{verb}-{name}",
                Case((verb, "p.privacy", *(["--check"] if verb == "fmt" else [])), {"p.privacy": made}),
            )
        yield f"outline-{name}", Case(("lsp",), {}, made)
    for name, made in ALL_POLICIES.items():
        files = {"p.privacy": made}
        yield f"lint-fix-{name}", Case(("lint", "p.privacy", "--fix"), files)
        yield f"docs-html-{name}", Case(("docs", "p.privacy", "--format", "html"), files)
        both = {"old.privacy": made, "new.privacy": changed(made, " days", " hour")}
        yield f"diff-{name}", Case(("diff", "old.privacy", "new.privacy"), both)
        yield f"diff-notice-{name}", Case(("diff", "old.privacy", "new.privacy", "--notice"), both)
        for word, question in {
            "comply": "can flow of email comply",
            "violate": "can flow of email violate",
            "imply": "does r1 imply r2",
            "forbidden": "is anything forbidden that r1 requires",
        }.items():
            yield f"ask-{word}-{name}", Case(("ask", question, "--policy", "p.privacy"), files)
        yield f"schema-{name}", Case(("schema", "manifest", "--policy", "p.privacy"), files)
    asked = (f'- {{ask: "does r{n} imply r{n + 1}", expect: no}}\n' for n in count(1))
    lines = lambda size: within(size, asked, "policy: p.privacy\nquestions:\n")  # noqa: E731
    yield "ask-file", Case(("ask", "--file", "q.yaml"), {"p.privacy": POLICIES["values"], "q.yaml": lines})


CHANGES: dict[str, Maker] = {
    "set": lambda size: within(
        size, (f"- {{set: {{flow: f{n}, retention: {n + 1} days}}}}\n" for n in count(1)), "changes: 1\nsteps:\n"
    ),
}


def of_estates() -> Iterator[tuple[str, Case]]:
    for policy, estate in [
        *[("contracts", name) for name in ("100-ends", "1000-ends", "10-ends", "one-end", "between-50", "between-10")],
        *[("covers", "100-ends"), ("chain", "between-50"), ("chain", "100-ends"), ("few", "100-ends")],
        *[("values", "waived"), ("today", "dated"), ("many-permits", "values"), ("values", "100-ends")],
    ]:
        name = f"{policy}-{estate}"
        yield f"check-{name}", estate_and(policy, estate, "check", "m.yaml")
        yield f"forecast-{name}", estate_and(policy, estate, "forecast", "m.yaml")
        yield f"repair-{name}", estate_and(policy, estate, "repair", "m.yaml")
        yield f"what-if-{name}", estate_and(policy, estate, "what-if", "m.yaml", "--remove", "party:v")
        yield f"impact-{name}", estate_and(policy, estate, "impact", "party:v1", "--manifest", "m.yaml")
    for estate in ("values", "vendors", "chain-of-systems", "random", "many-parties"):
        yield f"svg-{estate}", estate_and("few", estate, "graph", "m.yaml", "--format", "svg")
        yield f"html-{estate}", estate_and("few", estate, "graph", "m.yaml", "--format", "html")
        yield f"dot-{estate}", estate_and("few", estate, "graph", "m.yaml", "--format", "dot")
        yield f"mermaid-{estate}", estate_and("few", estate, "graph", "m.yaml", "--format", "mermaid")
        group = ("graph", "m.yaml", "--format", "svg", "--group-by")
        yield f"svg-by-owner-{estate}", estate_and("few", estate, *group, "owner", "--group-by", "country")
        around = ("graph", "m.yaml", "--format", "svg", "--steps", "5", "--around")
        yield f"svg-around-{estate}", estate_and("few", estate, *around, "party:v")
        yield (
            f"html-around-{estate}",
            estate_and("few", estate, "graph", "m.yaml", "--format", "html", "--steps", "100", "--around", "party:u"),
        )
        for kind in ("party:u", "category:email", "flow:f1", "rule:r1", "purpose:orders"):
            yield (
                f"impact-{kind.partition(':')[0]}-{estate}",
                estate_and("few", estate, "impact", kind, "--manifest", "m.yaml"),
            )
        for kind in ("processing", "processor", "vendors", "transfers", "data-map", "board"):
            yield f"register-{kind}-{estate}", estate_and("few", estate, "register", kind, "--manifest", "m.yaml")
            yield (
                f"register-html-{kind}-{estate}",
                estate_and(
                    "few",
                    estate,
                    "register",
                    kind,
                    "--manifest",
                    "m.yaml",
                    "--format",
                    "html=r.html",
                    "--format",
                    "xlsx=r.xlsx",
                    "--format",
                    "csv",
                ),
            )
        yield f"site-{estate}", estate_and("few", estate, "site", "web", "--manifest", "m.yaml")
        for kind in ("csv", "cyclonedx", "dpv", "openlineage", "otm", "threagile", "tables"):
            yield f"export-{kind}-{estate}", estate_and("few", estate, "export", kind, "m.yaml", "-o", "x")
        yield f"repair-{estate}", estate_and("few", estate, "repair", "m.yaml")
        yield f"explain-{estate}", estate_and("few", estate, "explain", "r1", "f1", "--manifest", "m.yaml")
        yield f"rule-{estate}", estate_and("few", estate, "rule", "r1", "--manifest", "m.yaml")
    for policy, estate in [
        ("values", "values"),
        ("required", "values"),
        ("contracts", "vendors"),
        ("collected", "given"),
        ("paths", "chain-of-systems"),
    ]:
        name = f"{policy}-{estate}"
        yield f"explain-{name}", estate_and(policy, estate, "explain", "r1", "f1", "--manifest", "m.yaml")
        yield f"explain-all-{name}", estate_and(policy, estate, "explain", "r1", "--manifest", "m.yaml")
        yield f"rule-{name}", estate_and(policy, estate, "rule", "r1", "--manifest", "m.yaml")
        yield f"site-{name}", estate_and(policy, estate, "site", "web", "--manifest", "m.yaml")
        yield f"register-board-{name}", estate_and(policy, estate, "register", "board", "--manifest", "m.yaml")
        yield (
            f"register-processing-{name}",
            estate_and(policy, estate, "register", "processing", "--manifest", "m.yaml"),
        )
        yield f"svg-{name}", estate_and(policy, estate, "graph", "m.yaml", "--format", "svg")
    yield (
        "register-processing-lists",
        estate_and("lists-of-terms", "lists-of-terms", "register", "processing", "--manifest", "m.yaml"),
    )
    yield (
        "register-data-map-lists",
        estate_and("lists-of-terms", "lists-of-terms", "register", "data-map", "--manifest", "m.yaml"),
    )
    yield "site-lists", estate_and("few", "lists-of-terms", "site", "web", "--manifest", "m.yaml")
    yield "export-dpv-lists", estate_and("few", "lists-of-terms", "export", "dpv", "m.yaml", "-o", "x")


MAP = "map: 1\ndata:\n"


def of_other_tools() -> Iterator[tuple[str, Case]]:
    for name, (file, made) in FORMATS.items():
        if name != "links":
            files = {file: made, "p.privacy": ALL_POLICIES["terms"], "few.privacy": few}
            yield f"import-{name}", Case(("import", name, file, "-o", "x.yaml"), files)
            map_call = ("import", name, file, "--suggest-map", "--policy", "p.privacy", "-o", "x.yaml")
            yield f"import-map-{name}", Case(map_call, files)
            yield f"drift-of-{name}", Case(("check", file, "--policy", "few.privacy"), files)
        for estate in ("chain-of-systems", "values"):
            if name in ("links", "openlineage"):
                files = {file: made, "p.privacy": few, "m.yaml": ALL_ESTATES[estate]}
                yield (
                    f"drift-{name}-{estate}",
                    Case(("drift", "m.yaml", "--observed", file, "--policy", "p.privacy"), files),
                )


if __name__ == "__main__":
    main(dict([*of_policies(), *of_estates(), *of_other_tools()]))
