"""Small examples in words, and as manifests.

now allowed: disclosure of email address to an advertiser for advertising (choice: opt in)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.analysis.drafts import SUBJECT, subject_of
from privacy_rules.analysis.policy_comparison import Example
from privacy_rules.checking.logic import Verdict
from privacy_rules.manifest.edit.rendering import Style
from privacy_rules.source.words import listed, with_article
from privacy_rules.vocabulary.values import show

_SPREAD = ("parties", "contracts", "systems", "flows", "defaults", "organisation")
_SAID = ("from", "to", "carries", "purposes", "id")
_IN_SYSTEM = ("stores", "uses", "joins", "transforms")


def sentence(example: Example, first: date | None = None) -> str:
    """The effect of the change on an example, with the day if that is not the first one."""
    since = f" from {example.day} on" if first is not None and example.day != first else ""
    return f"{_effect(example)}{since}: {subject_words(example.data, example.topic)}"


def _effect(example: Example) -> str:
    words = {Verdict.COMPLIANT: "allowed", Verdict.UNDETERMINED: "undetermined", Verdict.VIOLATION: "forbidden"}
    aside = f", no longer {words[example.before]}" if Verdict.UNDETERMINED in (example.before, example.after) else ""
    return f"now {words[example.after]}{aside}"


def subject_words(data: Mapping[str, Any], topic: str) -> str:
    """The subject of an example, with all that the example declares."""
    flows = {each["id"]: each for each in data.get("flows", ())}
    if SUBJECT in flows:
        return _flow(data, flows[SUBJECT], topic) + _others(data)
    if (name := subject_of(data)) in data.get("systems", {}):
        return _system(data, name) + _others(data)
    for kind in ("party", "contract"):
        records = data.get("parties" if kind == "party" else "contracts", {})
        if SUBJECT in records:
            own = {name: each for name, each in records[SUBJECT].items() if name not in ("with", "between")}
            return f"a {kind}{_declared(own)}"
    return f"the organisation{_declared(data.get('organisation', {}))}"


def _flow(data: Mapping[str, Any], flow: Mapping[str, Any], topic: str) -> str:
    what = topic if topic in ("collection", "disclosure") else "a flow"
    words = f"{what} of {_terms(flow.get('carries'), 'unknown data')}"
    for word, end in (("from", flow["from"]), ("to", flow["to"])):
        if who := _who(data, end):
            words += f" {word} {who}"
    if flow.get("purposes"):
        words += f" for {_terms(flow['purposes'], '')}"
    return words + _declared({name: each for name, each in flow.items() if name not in _SAID})


def _system(data: Mapping[str, Any], name: str) -> str:
    system = data["systems"][name]
    at = f" in {name}" if name != SUBJECT else ""
    at += f" at {who}" if (who := _who(data, name)) else ""
    for listed_in, noun in (("stores", "storage"), ("uses", "use"), ("joins", "joining"), ("transforms", "derivation")):
        for item in system.get(listed_in) or ():
            return f"{noun} of {_item(item)}{at}{_declared(_own(system))}"
    return f"{'a system' if name == SUBJECT else 'the system'}{at}{_declared(_own(system))}"


def _own(system: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in system.items() if name not in ("party", *_IN_SYSTEM)}


def _item(item: Any) -> str:
    match item:
        case {"from": takes, "to": makes}:
            rest = {name: each for name, each in item.items() if name not in ("from", "to")}
            return f"{_term(takes)} into {_term(makes)}{_declared(rest)}"
        case {"data": datum}:
            purposes = f" for {_terms(item['purposes'], '')}" if item.get("purposes") else ""
            rest = {name: each for name, each in item.items() if name not in ("data", "purposes")}
            return f"{_term(datum)}{purposes}{_declared(rest)}"
        case [one, other]:
            return f"{_term(one)} with {_term(other)}"
        case _:
            return _term(item)


def _who(data: Mapping[str, Any], system: str) -> str:
    """The role of a system's party; empty if the example does not say."""
    record = data.get("systems", {}).get(system, {})
    party = record.get("party")
    role = record.get("role") or data.get("parties", {}).get(party, {}).get("role")
    if party is not None and not role and data.get("parties", {}).get(party):
        return str(party)
    match role:
        case None:
            return ""
        case "us":
            return "us"
        case str():
            return with_article(_term(role))
        case _:
            return listed([with_article(_term(each)) for each in role])


def _others(data: Mapping[str, Any]) -> str:
    """Declarations besides the subject: facts of the ends, contracts, and flows that lead there."""
    return "".join(f"; {each}" for each in _beside(data))


def _beside(data: Mapping[str, Any]) -> Iterator[str]:
    for name, system in data.get("systems", {}).items():
        own = {key: each for key, each in system.items() if key not in ("party", "role", "transforms", "creates")}
        if name != SUBJECT and own and name in ("sender", "recipient"):
            yield f"the {name}{_declared(own)}"
    for contract in data.get("contracts", {}).values():
        own = {key: each for key, each in contract.items() if key not in ("with", "between")}
        yield f"under a contract{_declared(own)}"
    for flow in data.get("flows", ()):
        if flow["id"] != SUBJECT:
            own = {key: each for key, each in flow.items() if key not in _SAID}
            source, target = (_who(data, flow[end]) or f"the system {flow[end]}" for end in ("from", "to"))
            made = "".join(map(_made, data["systems"].get(flow["from"], {}).get("transforms") or ()))
            yield f"{target} receives {_terms(flow.get('carries'), 'unknown data')}{made} from {source}{_declared(own)}"


def _made(transform: Mapping[str, Any]) -> str:
    by = f" by {_term(transform['method'])}" if transform.get("method") else ""
    return f", made of {_term(transform['from'])}{by},"


def _declared(facts: Mapping[str, Any]) -> str:
    """Facts in parentheses: `(choice: opt in, notice: no)`."""
    words = [_fact(name, each) for name, each in facts.items()]
    return f" ({', '.join(words)})" if words else ""


def _fact(name: str, value: Any) -> str:
    word = _term(name)
    match value:
        case None:
            return f"{word}: unknown"
        case bool():
            return word if value else f"{word}: no"
        case []:
            return f"{word}: nothing"
        case {**parts}:
            return f"{word} {listed(_terms(each, 'nothing') for each in parts.values())}"
        case [*elements]:
            return f"{word}: {_terms(elements, '')}"
        case Decimal():
            return f"{word}: {value}"
        case _:
            return f"{word}: {_term(show(value))}"


def _terms(terms: Any, nothing: str) -> str:
    return listed(_term(each) for each in terms) if terms else nothing


def _term(term: Any) -> str:
    return str(term).replace("_", " ")


# ---- manifests


def snippet(example: Example) -> list[str]:
    """The lines of a manifest, in YAML, that runs with both policies."""
    return snippet_of(example.data, example.day)


def snippet_of(data: Mapping[str, Any], day: date) -> list[str]:
    """The lines of a manifest, in YAML, that is checked on a day."""
    rest = {name: each for name, each in data.items() if name != "manifest"}
    return ["manifest: 1", *lines_of({"as_of": day, **rest})]


def lines_of(data: Mapping[str, Any], indent: str = "") -> list[str]:
    """Data of a manifest as the lines of a block in YAML."""
    style = Style()
    return [
        line for key, each in data.items() for line in style.keyed(key, each, indent, lambda name, _: name in _SPREAD)
    ]
