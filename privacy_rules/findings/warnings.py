"""Warnings that a reader should know of before trusting a check without findings.

By itself, no warning fails a check.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from datetime import date

from privacy_rules.checking.gaps import Gap
from privacy_rules.checking.judgements import Judged, Judgement, RuleCount
from privacy_rules.checking.parent_companies import circles
from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.rule_features import asks_for_contracts
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits, Waivers
from privacy_rules.graph.declared_values import known
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record, Waiver
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.source.words import counted, listed
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that warnings depend on. `selected` names the judged rules; None means all."""

    policy: Policy
    estate: Estate
    judged: Judged
    day: date
    selected: Collection[str] | None
    waivers: Waivers
    names: Names
    limits: Limits = USUAL_LIMITS
    gaps: Sequence[Gap] = ()
    suggestions: Suggestions = field(default_factory=Suggestions)


_SYSTEMS = 8
"""At most this many systems or parties are named in one warning."""


def cautions(check: Check) -> Iterator[Diagnostic]:
    """Yield the warnings of a check."""
    for kind in _KINDS:
        yield from kind(check)


def _unknown_entities(check: Check) -> Iterator[Diagnostic]:
    """Warn of ids that a policy's selectors name but the manifest lacks: there the rule applies to nothing."""
    for mention in check.policy.mentions:
        known = check.estate.records(mention.entity)
        if mention.id not in known:
            message = f"{mention.entity} `{mention.id}` is not in this manifest"
            yield _warning(
                codes.UNKNOWN_ENTITY, message, mention.span, check.suggestions.near(mention.id, known, mention.entity)
            )


def _never_in_force(check: Check) -> Iterator[Diagnostic]:
    help_ = "`until` is the first day after the period: it must be later than `from`"
    for contract in check.estate.contracts.values():
        begins, ends = (
            known(contract, check.policy.attributes[Entity.CONTRACT, each])[0] for each in ("from", "until")
        )
        if isinstance(begins, date) and isinstance(ends, date) and ends <= begins:
            message = f"contract `{contract.id}` is never in force: it is from {begins} until {ends}"
            yield _warning(codes.NEVER_IN_FORCE, message, contract.location("until"), help_)
    for waiver in check.estate.waivers:
        if _is_empty(waiver):
            message = f"{_words(waiver)} is never in force: it is from {waiver.from_} until {waiver.until}"
            yield _warning(codes.NEVER_IN_FORCE, message, waiver.location, help_)


def _is_empty(waiver: Waiver) -> bool:
    return waiver.from_ is not None and waiver.until <= waiver.from_


def _expired_waivers(check: Check) -> Iterator[Diagnostic]:
    for waiver in check.estate.waivers:
        if waiver.until <= check.day and not _is_empty(waiver):
            message = f"{_words(waiver)} expired on {waiver.until}"
            help_ = "remove it, or have it approved again with a later `until`"
            yield _warning(codes.EXPIRED_WAIVER, message, waiver.location, help_)


def _waivers_to_come(check: Check) -> Iterator[Diagnostic]:
    for waiver in check.estate.waivers:
        if waiver.from_ is not None and check.day < waiver.from_ < waiver.until:
            message = f"{_words(waiver)} starts only on {waiver.from_}: it has no effect on {check.day}"
            help_ = "if an earlier start was approved, change its `from`"
            yield _warning(codes.WAIVER_TO_COME, message, waiver.location, help_)


def _ends_of_waivers(check: Check) -> Iterator[Diagnostic]:
    """Warn of waivers in force that are too long, counted from their start (else from today), or that end soon."""
    most, soon = check.limits.most_days, check.limits.soon_days
    for waiver in check.estate.waivers:
        if not waiver.in_force(check.day):
            continue
        left, whole = (waiver.until - check.day).days, (waiver.until - (waiver.from_ or check.day)).days
        if most is not None and whole > most:
            message = f"{_words(waiver)} is for {whole:,} days, but at most {most:,} are allowed"
            yield _warning(
                codes.LONG_WAIVER, message, waiver.location, "shorten it, and have it approved again when it expires"
            )
        if soon is not None and left <= soon:
            days = counted(left, "day")
            message = f"{_words(waiver)} expires in {days}, on {waiver.until}"
            help_ = "fix what it waives, or have it approved again"
            yield _warning(codes.WAIVER_EXPIRES_SOON, message, waiver.location, help_)


def _idle_waivers(check: Check) -> Iterator[Diagnostic]:
    """Warn of waivers in force that cover no finding, unless their rule was left out of the check on purpose."""
    judgements: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for found in check.judged.judgements if check.estate.waivers else ():
        judgements[found.rule.name, found.subject].append(found)
    rules = {rule.name for rule in check.policy.rules}
    known = {each for entity in Entity for each in check.estate.records(entity)}
    for waiver in check.estate.waivers:
        if waiver.rule not in rules:
            message = f"{_words(waiver)} matches nothing: the policy has no such rule"
            help_ = check.suggestions.near(waiver.rule, rules, "rules")
            yield _warning(codes.IDLE_WAIVER, message, waiver.location, help_)
        elif waiver.in_force(check.day) and _is_judged(waiver, check):
            meant = judgements.get((waiver.rule, waiver.subject), ())
            if any(check.waivers.covers(waiver, pair) for found in meant for pair in found.judged):
                continue
            message = f"{_words(waiver)} matches no finding"
            yield _warning(codes.IDLE_WAIVER, message, waiver.location, _why_idle(waiver, known, check.suggestions))


def _is_judged(waiver: Waiver, check: Check) -> bool:
    return check.selected is None or waiver.rule in check.selected


def _why_idle(waiver: Waiver, known: Collection[str], suggestions: Suggestions) -> str:
    if waiver.subject in known:
        return "remove it if what it waived has been fixed"
    return suggestions.near(waiver.subject, known, "subjects") or f"this manifest has no `{waiver.subject}`"


def _idle_rules(check: Check) -> Iterator[Diagnostic]:
    """Warn of judged rules that apply to nothing: nothing was checked against them."""
    for count in check.judged.counts:
        rule = count.rule
        accepted = rule.name in check.limits.idle_rules
        if rule.statement != "permit" and rule.in_force(check.day) and count.applies == 0 and not accepted:
            message = f"rule `{rule.name}` applies to nothing: {_why_nothing(count)}"
            help_ = f'if that is intended, say why in the configuration: `idle-rules = {{{rule.name} = "REASON"}}`'
            yield _warning(codes.IDLE_RULE, message, rule.name_span or rule.span, help_)


def _why_nothing(count: RuleCount) -> str:
    kind = count.rule.subject.kind.family
    if count.subjects == 0:
        return f"no {kind} is declared"
    if count.subjects == 1:
        return f"the one {kind} is not in its scope"
    several = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return f"none of the {count.subjects:,} {several} is in its scope"


def _no_rule_in_force(check: Check) -> Iterator[Diagnostic]:
    if check.policy.rules and not any(rule.in_force(check.day) for rule in check.policy.rules):
        span = check.policy.headers[0].span if check.policy.headers else check.policy.rules[0].span
        yield _warning(codes.NO_RULE_IN_FORCE, f"no rule is in force on {check.day}: nothing was judged", span, None)


def _nobody_is_us(check: Check) -> Iterator[Diagnostic]:
    if any(_may_be_us(party, check) for party in check.estate.parties.values()):
        return
    with_us = [each for each in check.estate.contracts.values() if "with" in each.declared]
    asking = [rule for rule in check.policy.rules if asks_for_contracts(rule)]
    if with_us or asking:
        span = with_us[0].location("with") if with_us else asking[0].span
        help_ = "give the organisation's own party `role: us`, which its contracts bind"
        yield _warning(codes.NOBODY_IS_US, "no party is or may be `us`", span, help_)


def _may_be_us(party: Record, check: Check) -> bool:
    roles, known = check.names.roles(party), check.policy.taxonomy("role")
    if not roles or "us" not in known:
        return not roles
    return any(role in known and known.overlaps(role, "us") for role in roles)


def _circles_of_owners(check: Check) -> Iterator[Diagnostic]:
    for circle in circles(check.estate, check.policy):
        named = listed([f"`{each.id}`" for each in circle[:_SYSTEMS]])
        rest = f" and {len(circle) - _SYSTEMS:,} more" if len(circle) > _SYSTEMS else ""
        message = f"parties own each other in a circle: {named}{rest}"
        if len(circle) == 1:
            message = f"party {named} owns itself"
        help_ = "name the party that owns them as `parent`, or write `parent: none` if nobody does"
        yield _warning(codes.CIRCLE_OF_OWNERS, message, circle[0].location("parent"), help_)


def _no_flows(check: Check) -> Iterator[Diagnostic]:
    if not check.estate.flows:
        yield _warning(codes.NO_FLOWS, "the manifest declares no flows", None, "list them under `flows`")


def _gaps(check: Check) -> Iterator[Diagnostic]:
    """Warn about each kind of gap once, with the number of systems and the first few."""
    for kind, code, what, help_ in _OF_GAPS:
        found = [each for each in check.gaps if each.kind == kind]
        if found:
            data, systems = counted(sum(len(each.data) for each in found), "category"), counted(len(found), "system")
            first = [f"{_data(each)} in `{each.system}`" for each in found[:_SYSTEMS]]
            rest = [f"{len(found) - _SYSTEMS:,} more"] if len(found) > _SYSTEMS else []
            message = f"{what} ({data} in {systems}): {'; '.join([*first, *rest])}"
            has_own = kind == "unsourced" and not check.policy.has_built_in(Entity.SYSTEM, "creates")
            yield _warning(
                code, message, found[0].location, "declare the flows that bring the data" if has_own else help_
            )


def _data(gap: Gap) -> str:
    return listed([f"`{each}`" for each in gap.data]) or "unknown data"


_OF_GAPS = (
    (
        "unsourced",
        codes.UNSOURCED,
        "no source of data is declared",
        "declare the flows that bring the data, or `creates` on the systems where it comes into being",
    ),
    (
        "idle transform",
        codes.IDLE_TRANSFORM,
        "transforms take data without a declared source",
        "declare the flows that bring the data, or remove the transforms",
    ),
    (
        "swallowed",
        codes.SWALLOWED,
        "received data is neither stored nor sent on",
        "declare what the systems store, or leave out `stores` if nobody knows",
    ),
)


def _unexplained(check: Check) -> Iterator[Diagnostic]:
    """Warn of findings without reasons, so that nothing is left out silently."""
    total = len(check.judged.judgements)
    left_out = sum(not each.explained for each in check.judged.judgements)
    if left_out:
        message = (
            f"no reasons are given for {left_out:,} of {total:,} findings: there are more than can be explained at once"
        )
        help_ = "`--rule NAME` narrows the check, and `privacy-rules explain RULE SUBJECT` explains a single one"
        yield _warning(codes.NOT_EXPLAINED, message, None, help_)


def _words(waiver: Waiver) -> str:
    return f"the waiver of `{waiver.rule}` for `{waiver.subject}`"


def _warning(code: str, message: str, span: Span | None, help_: str | None) -> Diagnostic:
    return Diagnostic(code, message, span, help_, level=Level.WARNING)


_KINDS: tuple[Callable[[Check], Iterator[Diagnostic]], ...] = (
    _unknown_entities,
    _never_in_force,
    _expired_waivers,
    _waivers_to_come,
    _ends_of_waivers,
    _idle_waivers,
    _idle_rules,
    _no_rule_in_force,
    _nobody_is_us,
    _circles_of_owners,
    _no_flows,
    _gaps,
    _unexplained,
)
