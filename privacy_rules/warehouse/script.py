"""The statements of a check, in order: views of the tables, joins of contracts and paths, and the flows that may be at fault.

script = Script(plan, rules, columns)
script.views                    # tables that depend only on the declared ones
script.contracts(…)             # one table for each test on contracts
script.judged                   # one row for each flow, with two numbers for each rule
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.warehouse import sql
from privacy_rules.warehouse.plan import CONTRACT, FLOW, SOURCE, SYSTEM, TARGET, ContractJoin, PathJoin, Plan, Planned
from privacy_rules.warehouse.value_plans import spelt

Statement = tuple[str, str]
"""The name of a table, and the query that makes it."""
_PARTY = "p_"
_PREFIX = {Entity.FLOW: "f_", Entity.SYSTEM: "s_", Entity.PARTY: _PARTY, Entity.CONTRACT: "c_"}
_NO_TEXT = "CAST(NULL AS VARCHAR)"


class Script:
    """The statements of a plan. `columns` has the columns of each table; `lists` those that are lists although one text fits, too."""

    def __init__(
        self,
        plan: Plan,
        rules: Sequence[Planned],
        columns: Mapping[Entity, Collection[str]],
        texts: Collection[tuple[Entity, str]],
    ) -> None:
        self._plan, self._policy, self._rules = plan, plan.policy, rules
        self._columns, self._texts = columns, texts

    def views(self) -> Iterator[Statement]:
        """The declared tables with prefixed columns, so that joins keep them apart."""
        yield "parties_", f"SELECT id, {self._prefixed(Entity.PARTY)} FROM parties"
        party = self._value(Entity.SYSTEM, "party")
        yield "owned_", f"SELECT id, {party} AS party, {self._prefixed(Entity.SYSTEM)} FROM systems"
        of_party = [f"p.{sql.name(_PARTY + each)}" for each in self._own(Entity.PARTY)]
        yield "systems_", f"SELECT {', '.join(['s.*', *of_party])} FROM owned_ s LEFT JOIN parties_ p ON p.id = s.party"
        yield "contracts_", f"SELECT id, {self._prefixed(Entity.CONTRACT)} FROM contracts"
        data, purposes = (self._listed(each) for each in ("carries", "purposes"))
        ends = f'"from" AS src, "to" AS tgt, {data} AS data_, {purposes} AS purposes_'
        yield "flows_", f"SELECT id, {ends}, {self._prefixed(Entity.FLOW)} FROM flows"
        pairs = "SELECT *, UNNEST(data_) AS datum FROM flows_"
        yield "pairs_", f"SELECT *, UNNEST(purposes_) AS purpose FROM ({pairs}) AS d"
        for judged, vocabulary in (("datum", "data"), ("purpose", "purpose")):
            yield f"terms_{judged}", _terms(self._policy.taxonomy(vocabulary))

    def bound(self) -> Iterator[Statement]:
        """Which contracts bind a party to us, and which bind two parties."""
        if not self._plan.contracts:
            return
        us = self._plan.role_of_party("p", "us")
        yield "us_", f"SELECT id AS party, truth FROM (SELECT id, {us} AS truth FROM parties_ p) AS u WHERE truth > 0"
        with_, between = (self._value(Entity.CONTRACT, each) for each in ("with", "between"))
        yield (
            "with_",
            f"SELECT id AS contract, party FROM (SELECT id, {with_} AS party FROM contracts) AS w WHERE party IS NOT NULL",
        )
        named = "[]" if between == _NO_TEXT else between
        yield (
            "between_",
            f"SELECT DISTINCT id AS contract, party FROM (SELECT id, UNNEST(CAST({named} AS VARCHAR[])) AS party FROM contracts) AS b",
        )
        others = "FROM {0} m JOIN us_ u ON u.party <> m.party GROUP BY m.contract, m.party"
        one = [f"SELECT m.contract, m.party, MAX(u.truth) AS sure {others.format('with_')}"]
        one.append(
            "SELECT m.contract, u.party, MAX(LEAST(u.truth, w.truth)) AS sure FROM with_ m "
            "JOIN us_ w ON w.party = m.party JOIN us_ u ON u.party <> m.party GROUP BY m.contract, u.party"
        )
        one.append(
            "SELECT m.contract, m.party, MAX(u.truth) AS sure FROM between_ m JOIN between_ o "
            "ON o.contract = m.contract AND o.party <> m.party JOIN us_ u ON u.party = o.party GROUP BY m.contract, m.party"
        )
        yield "bound_one", " UNION ALL ".join(one)
        two = [
            "SELECT m.contract, m.party AS party, u.party AS other, u.truth AS sure FROM with_ m JOIN us_ u ON u.party <> m.party"
        ]
        two.append(
            "SELECT m.contract, u.party AS party, m.party AS other, u.truth AS sure FROM with_ m JOIN us_ u ON u.party <> m.party"
        )
        two.append(
            "SELECT m.contract, m.party, o.party AS other, 2 AS sure FROM between_ m JOIN between_ o "
            "ON o.contract = m.contract AND o.party <> m.party"
        )
        yield "bound_two", " UNION ALL ".join(two)

    def contracts(self) -> Iterator[Statement]:
        """The best contract for all that each test on contracts asks about."""
        for each in self._plan.contracts:
            yield each.alias, self._contract(each)

    def _contract(self, join: ContractJoin) -> str:
        asked = [f"{join.party}.party AS party", *([f"{join.other}.party AS other"] if join.other else [])]
        judged = [name for name, asks in (("datum", join.data), ("purpose", join.purpose)) if asks]
        asked += [f"{FLOW}.{each} AS {each}" for each in judged]
        keys = ", ".join(f"a.{each}" for each in ("party", *(("other",) if join.other else ()), *judged))
        known = f"{join.party}.party IS NOT NULL" + (f" AND {join.other}.party IS NOT NULL" if join.other else "")
        table, on = (
            ("bound_two", "b.party = a.party AND b.other = a.other")
            if join.other
            else ("bound_one", "b.party = a.party")
        )
        terms = " ".join(f"LEFT JOIN terms_{each} t_{each} ON t_{each}.term = a.{each}" for each in judged)
        begins = self._dated("from", "<=")
        ends = self._dated("until", ">")
        truth = sql.all_of(["b.sure", begins, ends, self._for_all_systems(), join.terms])
        return (
            f"SELECT {keys}, MAX({truth}) AS truth FROM (SELECT DISTINCT {', '.join(asked)} FROM {self._subjects(join.at)} WHERE {known}) AS a "
            f"JOIN {table} b ON {on} JOIN contracts_ {CONTRACT} ON {CONTRACT}.id = b.contract {terms} GROUP BY {keys}"
        )

    def _dated(self, name: str, sign: str) -> str:
        """Whether the day is after the start of a contract, or before its end."""
        attribute = self._policy.attributes[Entity.CONTRACT, name]
        day = f"DATE '{self._plan.day.isoformat()}'"

        def of(column: str) -> str:
            return sql.when((f"CAST({column} AS DATE) {sign} {day}", sql.TRUE), otherwise=sql.FALSE)

        def constant(value: Any) -> str:
            if value is None:
                return sql.UNKNOWN
            return sql.TRUE if (value <= self._plan.day if sign == "<=" else self._plan.day < value) else sql.FALSE

        silent = sql.TRUE if attribute.default is None else None
        return self._plan._of_record(CONTRACT, "c_", attribute, of, constant, silent)  # noqa: SLF001

    def _for_all_systems(self) -> str:
        columns = self._columns[Entity.CONTRACT]
        limits = [f'{CONTRACT}."c_systems" IS NOT NULL'] if "systems" in columns else []
        limits += [f"list_contains({CONTRACT}.c_not_known, 'systems')"] if "not_known" in columns else []
        return sql.when(*((each, sql.UNKNOWN) for each in limits), otherwise=sql.TRUE) if limits else sql.TRUE

    def edges(self, path: PathJoin) -> str:
        """The flows along which a path may lead, as pairs of systems."""
        data = self._policy.taxonomy("data")
        if path.test.derived:
            return "SELECT DISTINCT src, tgt FROM flows_"
        touching = data.names(data.above_any(data.names(data.below_any(path.test.data))))
        may = f"list_contains(data_, {_NO_TEXT}) OR data_[1] IS NULL OR list_has_any(data_, {sql.array(touching)})"
        return f"SELECT DISTINCT src, tgt FROM flows_ WHERE {may}"

    def starts(self, path: PathJoin) -> str:
        """The systems at which a path may start."""
        where = "" if path.start is None else f" WHERE {path.start} > 0"
        return f"SELECT s.id FROM systems_ s{where}"

    def unsourced(self) -> str:
        """The systems that something leaves which no flow brings there under its name: it may have come from anywhere."""
        leaving = "SELECT DISTINCT src AS id, UNNEST(data_) AS term FROM flows_"
        brought = "SELECT DISTINCT tgt AS id, UNNEST(data_) AS term FROM flows_"
        return f"SELECT DISTINCT l.id FROM ({leaving}) AS l LEFT JOIN ({brought}) AS b ON b.id = l.id AND b.term = l.term WHERE b.id IS NULL"

    def judged(self) -> Iterator[Statement]:
        """For each flow, or system, and rule the greatest truth values of its pairs: of being in its limits (`l0`), and of being at fault (`b0`)."""
        for at in (FLOW, SYSTEM):
            rules = [(number, each) for number, each in enumerate(self._rules) if each.at == at]
            if rules:
                greatest = ", ".join(f"MAX(l{number}) AS l{number}, MAX(b{number}) AS b{number}" for number, _ in rules)
                values = ", ".join(f"{each.limits} AS l{number}, {each.bad} AS b{number}" for number, each in rules)
                joins = " ".join(self._plan.joins[at])
                pairs = f"SELECT {at}.id AS id, {values} FROM {self._subjects(at)} {joins}"
                yield f"judged_{at}", f"SELECT id, {greatest} FROM ({pairs}) AS j GROUP BY id"

    @staticmethod
    def _subjects(at: str) -> str:
        """The subjects of a plan, with what their tests name."""
        if at == SYSTEM:
            return f"systems_ {SYSTEM}"
        return f"pairs_ {FLOW} JOIN systems_ {SOURCE} ON {SOURCE}.id = {FLOW}.src JOIN systems_ {TARGET} ON {TARGET}.id = {FLOW}.tgt"

    def _own(self, entity: Entity) -> list[str]:
        return [each for each in self._columns[entity] if each != "id"]

    def _prefixed(self, entity: Entity) -> str:
        found = []
        for each in self._own(entity):
            column = sql.name(each)
            if "." in each:
                column = "covers." + sql.name(each.partition(".")[2])
            if (entity, each) in self._texts:
                column = f"CASE WHEN {column} IS NULL THEN NULL ELSE [{column}] END"
            found.append(f"{column} AS {sql.name(_PREFIX[entity] + each)}")
        return ", ".join(found or ["1 AS no_columns"])

    def _value(self, entity: Entity, name: str) -> str:
        return sql.name(name) if name in self._columns[entity] else _NO_TEXT

    def _listed(self, name: str) -> str:
        """The judged terms of a flow's list: the list, or a list of one null if it is not known."""
        unknown = f"[{_NO_TEXT}]"
        default = self._policy.attributes[Entity.FLOW, name].default
        silent = unknown if default is None else sql.array(default)  # type: ignore[arg-type]
        columns, cases = self._columns[Entity.FLOW], []
        if name in columns:
            cases.append((f"{sql.name(name)} IS NOT NULL", sql.name(name)))
        if "not_known" in columns:
            cases.append((f"list_contains(not_known, {sql.text(name)})", unknown))
        return sql.when(*cases, otherwise=silent) if cases else silent


def _terms(taxonomy: Taxonomy) -> str:
    """Each term with those that it is or is below, and those that it only overlaps."""
    rows = []
    for term in taxonomy.terms:
        above = [each for each in taxonomy.terms if taxonomy.is_a(term, each)]
        beside = [each for each in taxonomy.terms if each not in above and taxonomy.overlaps(term, each)]
        lists = (sql.array(listed) for listed in spelt(taxonomy, tuple(above), tuple(beside)))
        rows.append(
            f"SELECT {sql.text(term)} AS term, {', '.join(f'{each} AS {name}' for each, name in zip(lists, ('above', 'beside'), strict=True))}"
        )
    nothing = f"SELECT {_NO_TEXT} AS term, CAST([] AS VARCHAR[]) AS above, CAST([] AS VARCHAR[]) AS beside"
    return " UNION ALL ".join([*rows, nothing])


def policy_defaults(policy: Policy) -> list[str]:
    """The attributes whose default of the policy a plan cannot hold."""
    named = (
        (Entity.SYSTEM, "party"),
        (Entity.CONTRACT, "with"),
        (Entity.CONTRACT, "between"),
        (Entity.CONTRACT, "systems"),
    )
    return [f"a default of `{name}`" for entity, name in named if policy.attributes[entity, name].default is not None]
