"""Check tables in a database: it finds the flows that may be at fault, and the engine judges and explains those.

The rules on flows are plans (`plan.py`). Rules on anything else are judged by the engine, from the systems, parties and contracts, which
are all loaded. Of the flows, only those that may be at fault are loaded and, if a rule asks for paths, what leads to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions, core_rules
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import Judged, RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.engine import Diagnostics, Inputs, completed_each_way, hold, not_in_force, today, unjudgeable
from privacy_rules.findings.changed_settings import CheckContext
from privacy_rules.findings.report import Report, report
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import (
    CollectedWith,
    Condition,
    Holds,
    Policy,
    Reached,
    Severity,
    Side,
    UnderContract,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.file_set import Documents, ManifestFile
from privacy_rules.manifest.header import SECTIONS, Header
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Estate
from privacy_rules.manifest.nodes import quoted
from privacy_rules.manifest.tables import shapes
from privacy_rules.manifest.tables.table import Table
from privacy_rules.manifest.tables.table_files import TABLES
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level, has_errors, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.warehouse import sql
from privacy_rules.warehouse.database import FILE, Database
from privacy_rules.warehouse.loaded_tables import (
    Columns,
    columns_of,
    item_fields,
    table_of_rows,
    wrong_columns,
    wrong_values,
)
from privacy_rules.warehouse.plan import FLOW, SYSTEM, NotPlannedError, Plan, Planned
from privacy_rules.warehouse.script import Script, policy_defaults

_FAR = {
    CollectedWith: "collected with",
    WithinCollectedPurposes: "within collected purposes",
    Holds: "holds",
    Reached: "reached by",
}
"""What depends on flows far away. A rule on systems that asks for it would need all flows."""
_IN_MANIFESTS = ("defaults", "shared_defaults", "parties", "contracts", "systems", "flows")


@dataclass(frozen=True, slots=True)
class Request:
    """What to check: a policy, the manifests that say what tables cannot, a database with the tables, and how to judge."""

    policy: Policy
    documents: Documents | None
    database: Database
    day: date | None = None
    day_from: str = "call"
    rules: Collection[str] | None = None
    severities: Mapping[str, Severity] = MappingProxyType({})
    limits: Limits = USUAL_LIMITS
    each_way: bool = False


def check(request: Request) -> tuple[Inputs | None, Report | None, Diagnostics]:
    """Check the tables. Returns the inputs as far as they were loaded, the report, and errors. Raises UnreadableError."""
    policy = request.policy.with_severities(request.severities) if request.severities else request.policy
    documents = request.documents or Documents((), (), None, Path.cwd())
    wrong = [each for file in documents.files for each in _in_manifest(file)]
    if "origin" in item_fields(request.database, "systems", "stores"):
        wrong.append(_refusal("this engine cannot judge tables with `origin` in `stores`"))
    lexicon = Lexicon(request.policy)
    columns = {name: columns_of(request.database, name) for name in TABLES}
    for name, found in columns.items():
        wrong += wrong_columns(name, found, _file_of(request.database, name), lexicon)
    if wrong:
        return None, None, in_order(wrong)
    dimensions = [table_of_rows(request.database, each, f"SELECT * FROM {each}") for each in TABLES if each != "flows"]
    estate, found_wrong = hold(_with(documents, dimensions), request.policy)
    wrong = [*found_wrong, *wrong_values(request.database, columns["flows"], lexicon)]
    if estate is None or has_errors(wrong):
        return None, None, in_order(wrong)
    day = request.day or estate.as_of or today()
    cores = [each for each in core_rules(policy, day) if request.rules is None or each.rule.name in request.rules]
    work = _Work(request, policy.on(day), day, columns, estate)
    wrong = [*work.refused(cores)]
    if wrong:
        return None, None, in_order(wrong)
    candidates = work.candidates()
    flows = table_of_rows(request.database, "flows", work.loaded(candidates, estate))
    loaded, found_wrong = hold(_with(documents, [*dimensions, flows]), request.policy)
    if loaded is None or has_errors(found_wrong):
        return None, None, found_wrong
    graph = FlowGraph.of(loaded, policy.on(day))
    wrong = [*unjudgeable(graph.policy, graph, [*(request.rules or ()), *request.severities])]
    if wrong:
        return None, None, in_order(wrong)
    evaluator = Evaluator(graph.policy, graph, day)
    judged = judge(graph.policy, graph, day, rules=request.rules, evaluator=evaluator)
    judged = work.counted(judged, candidates, evaluator)
    inputs = Inputs(request.policy, loaded, in_order(found_wrong), None, documents.searched, documents.day_place)
    given = request.day_from if request.day else "manifest" if estate.as_of else "clock"
    idle = not_in_force(graph.policy, request.rules or (), day, Level.WARNING)
    made = report(
        graph.policy,
        loaded,
        judged,
        day,
        selected=request.rules,
        warnings=(*inputs.warnings, *idle),
        terms=CheckContext(as_of_from=given),
        limits=request.limits,
    )
    if request.each_way:
        made = completed_each_way(made, graph)
    total = request.database.rows("SELECT COUNT(*) FROM flows")[0][0]
    return inputs, replace(made, summary=replace(made.summary, flows=total)), ()


class _Work:
    """The rules as plans, and what the database says of them."""

    def __init__(
        self, request: Request, policy: Policy, day: date, columns: Mapping[str, Columns], estate: Estate
    ) -> None:
        self._database, self._policy, self._columns, self._estate = request.database, policy, columns, estate
        usable = {entity: columns[name].usable for name, entity in TABLES.items()}
        self._plan = Plan(
            policy, day, usable, estate.organisation, contracts=bool(estate.contracts), of_parties=self._of_parties
        )
        self._evaluator = Evaluator(policy, FlowGraph.of(estate, policy), day)
        self._usable = usable
        self._rules: list[tuple[CoreRule, Planned]] = []

    def refused(self, cores: Sequence[CoreRule]) -> Iterator[Diagnostic]:
        """Compile the rules on flows, and report the rules that this engine cannot judge."""
        for words in (*policy_defaults(self._policy), *self._origins()):
            yield _refusal(f"this engine cannot judge tables with {words}")
        for core in cores:
            try:
                family = core.rule.subject.kind.family
                far = next((_FAR[type(each)] for each in conditions([core]) if type(each) in _FAR), None)
                if family is Kind.FLOW or (family is Kind.SYSTEM and far):
                    self._rules.append((core, self._plan.rule(core)))
                elif far is not None:
                    raise NotPlannedError(f"{far} (in a rule on something else than flows and systems)")
            except NotPlannedError as error:
                message = f"this engine cannot judge the rule `{core.rule.name}`: {quoted(error.words)}"
                yield replace(_refusal(message), span=core.rule.name_span or core.rule.span)

    def _of_parties(self, test: Condition) -> dict[str, int]:
        """A test of a party for each party. A chain that starts with a contract for some systems only may depend on the system."""
        asked = replace(test, side=Side.SUBJECT)  # type: ignore[call-arg]
        function = self._evaluator.test(asked)
        values = {each: function(Frame(party=each)) for each in self._estate.parties}
        limited = isinstance(test, UnderContract) and self._evaluator.contracts.limited
        return {each: 1 for each, value in values.items() if value} if limited else values

    def _origins(self) -> Iterator[str]:
        flows = self._columns["flows"].types
        if "origin" in flows and self._database.rows("SELECT 1 FROM flows WHERE origin IS NOT NULL LIMIT 1"):
            yield "`origin`"
        if any(flows.get(each) == shapes.STRUCTS for each in ("carries", "purposes")):
            yield "facts of single items in `carries` or `purposes`"

    def candidates(self) -> dict[str, set[str]]:
        """The flows that may be at fault, by rule."""
        texts = [
            (entity, "role") for name, entity in TABLES.items() if self._columns[name].types.get("role") == shapes.TEXT
        ]
        script = Script(self._plan, [planned for _, planned in self._rules], self._usable, texts)
        for name, query in (*script.views(), *script.bound()):
            self._database.keep(name, query)
        for path in self._plan.paths:
            self._reach(script, path.alias, script.edges(path), script.starts(path), unsourced=path.start is not None)
        for name, query in script.contracts():
            self._database.keep(name, query)
        if not self._rules:
            return {}
        for name, query in script.judged():
            self._database.keep(name, query)
        found = {}
        for number, (core, planned) in enumerate(self._rules):
            open_limits = "" if planned.exact else f" OR l{number} = 1"
            rows = self._database.rows(f"SELECT id FROM judged_{planned.at} WHERE b{number} > 0{open_limits}")
            found[core.rule.name] = {each for (each,) in rows}
        return found

    def _reach(self, script: Script, name: str, edges: str, starts: str, *, unsourced: bool) -> None:
        """Store the systems that a path may reach: joins of the frontier with the flows, until nothing is new."""
        database = self._database
        database.keep("edges_", edges)
        database.keep(name, script.unsourced() if unsourced else "SELECT CAST(NULL AS VARCHAR) AS id WHERE FALSE")
        database.keep("frontier_", f"SELECT id FROM ({starts}) AS s UNION SELECT id FROM {name}")
        self._spread(name, "SELECT DISTINCT e.tgt AS id FROM edges_ e JOIN frontier_ f ON f.id = e.src")

    def _spread(self, name: str, step: str) -> None:
        database = self._database
        while True:
            database.keep(
                "new_", f"SELECT n.id FROM ({step}) AS n LEFT JOIN {name} k ON k.id = n.id WHERE k.id IS NULL"
            )
            if not database.rows("SELECT 1 FROM new_ LIMIT 1"):
                return
            database.keep(name, f"SELECT id FROM {name} UNION ALL SELECT id FROM new_")
            database.keep("frontier_", "SELECT id FROM new_")

    def loaded(self, candidates: Mapping[str, Collection[str]], estate: Estate) -> str:
        """The query for the flows that the engine needs: candidates, waived ones, and what may lead to them along a path."""
        flows = {each for core, planned in self._rules if planned.at == FLOW for each in candidates[core.rule.name]}
        self._keep_ids("wanted_", sorted(flows | {each.subject for each in estate.waivers}))
        wanted = "SELECT f.* FROM flows f JOIN wanted_ w ON w.id = f.id"
        far = {FLOW: set[str](), SYSTEM: set[str]()}
        for core, planned in self._rules:
            if any(isinstance(each, Reached) for each in conditions([core])):
                far[planned.at].update(candidates[core.rule.name])
        if not any(far.values()):
            return wanted
        self._keep_ids("far_", sorted(far[FLOW]))
        ends = " UNION ".join(f'SELECT "{each}" AS id FROM flows f JOIN far_ USING (id)' for each in ("from", "to"))
        self._keep_ids("systems_far_", sorted(far[SYSTEM]))
        self._database.keep("near_", f"{ends} UNION SELECT id FROM systems_far_")
        self._database.keep("frontier_", "SELECT id FROM near_")
        self._spread("near_", 'SELECT DISTINCT e."from" AS id FROM flows e JOIN frontier_ f ON f.id = e."to"')
        either = " OR ".join(f'"{each}" IN (SELECT id FROM near_)' for each in ("from", "to"))
        return f"SELECT * FROM flows WHERE id IN (SELECT id FROM wanted_) OR {either}"

    def _keep_ids(self, name: str, ids: Sequence[str]) -> None:
        self._database.keep(name, f"SELECT UNNEST({sql.array(ids)}) AS id")

    def _applies(self, number: int, evaluator: Evaluator) -> int:
        """How many flows are, or may be, in the limits of a rule. The engine looks at those for which the database does not know."""
        core, planned = self._rules[number]
        sure = "= 2" if not planned.exact else "> 0"
        found = int(self._database.rows(f"SELECT COUNT(*) FROM judged_{planned.at} WHERE l{number} {sure}")[0][0])
        if planned.exact:
            return found
        ruling = Ruling(evaluator, core)
        for (name,) in self._database.rows(f"SELECT id FROM judged_{planned.at} WHERE l{number} = 1"):
            _, frame, bindings = named_subject(evaluator.graph, core.rule.subject.kind.family, name)
            for each in bindings:
                ruling.bind(frame, each)
                if ruling.may_apply(frame, when=False):
                    found += 1
                    break
        return found

    def _is_on_systems(self, rule: str) -> bool:
        return any(core.rule.name == rule and planned.at == SYSTEM for core, planned in self._rules)

    def counted(self, judged: Judged, candidates: Mapping[str, Collection[str]], evaluator: Evaluator) -> Judged:
        """The judgements of candidates, with the figures of all flows."""
        kept = [
            each
            for each in judged.judgements
            if each.rule.name not in candidates or each.subject in candidates[each.rule.name]
        ]
        flows = int(self._database.rows("SELECT COUNT(*) FROM flows")[0][0])
        counts = []
        for each in judged.counts:
            if each.rule.name in candidates:
                bad = [
                    sum(f.rule is each.rule and f.verdict is verdict for f in kept)
                    for verdict in (Verdict.VIOLATION, Verdict.UNDETERMINED)
                ]
                total = len(self._estate.systems) if self._is_on_systems(each.rule.name) else flows
                number = next(n for n, (core, _) in enumerate(self._rules) if core.rule.name == each.rule.name)
                counts.append(RuleCount(each.rule, total, self._applies(number, evaluator), total - sum(bad), *bad))
            else:
                counts.append(each)
        return Judged(tuple(kept), tuple(counts), ())


def _in_manifest(file: ManifestFile) -> Iterator[Diagnostic]:
    """Report what a manifest declares that this engine reads from tables only."""
    for each in SECTIONS:
        if each in _IN_MANIFESTS and file.data.get(each):
            yield replace(
                _refusal(f"this engine reads `{each}` from tables only"), span=file.document.place((each,), key=True)
            )
    if file.table is not None or file.imported is not None:
        yield _refusal(f"this engine reads tables only as `--tables`: {quoted(file.document.name)}")


def _refusal(message: str) -> Diagnostic:
    help_ = "judge the other rules with `--rule`, or check with `--engine local`"
    return Diagnostic(codes.NOT_PLANNED, message, help=help_)


def _file_of(database: Database, table: str) -> str:
    found = database.rows(f"SELECT MIN({FILE}) FROM {sql.name(table)}")[0][0]
    return str(found or table)


def _with(documents: Documents, tables: Sequence[Table]) -> Documents:
    files = [ManifestFile(each.document, documents.root, {}, Header(), False, None, table=each) for each in tables]
    return replace(documents, files=(*documents.files, *files))
