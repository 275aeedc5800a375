"""Reads the questions of `ask`: their words, and the files that list them with the answers that are expected.

policy: customers.privacy
questions:
  - {ask: can disclosure of contact to data_broker comply, under: [no_selling], expect: no}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from privacy_rules.analysis.asking import Question, Words
from privacy_rules.configuration.load import Configuration
from privacy_rules.language.loader import load
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import default_root, shown
from privacy_rules.manifest.read_file import read_document, unreadable
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import LIMIT
from privacy_rules.source.project_boundary import Confined
from privacy_rules.source.spelling import Suggestions, did_you_mean

_CAN = re.compile(r"can\s+(?P<subject>.+?)\s+(?P<word>comply|violate)\s*\??\Z", re.DOTALL)
_IMPLY = re.compile(r"does\s+(?P<one>\w+)\s+imply\s+(?P<other>\w+)\s*\??\Z")
_FORBIDDEN = re.compile(r"is\s+anything\s+forbidden\s+that\s+(?P<one>\w+)\s+requires\s*\??\Z")
_FORMS = (
    "`can SUBJECT comply`, `can SUBJECT violate`, `does RULE imply RULE`, `is anything forbidden that RULE requires`"
)
_KEYS = ("ask", "under", "expect")
_TOP = ("policy", "questions")
_EXPECTED = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as written, the rules that count, and the expected answer, if there is one."""

    text: str
    under: tuple[str, ...] = ()
    expected: str | None = None


def posed(
    asked: Sequence[Posed], files: Sequence[Path], settings: Configuration, called: Sequence[str]
) -> tuple[Policy, list[Question]]:
    """Load the policy, and with it what the questions are about. Raises InputError with all errors in them."""
    from privacy_rules.cli.inputs import project

    if not files:
        help_ = "name it with `--policy`, or in the configuration"
        raise InputError([Diagnostic(codes.NO_POLICY, "no policy is named", help=help_)])
    disk = project(settings, *called)
    root = settings.folder or default_root(files, disk)
    subjects = {f"question_{number}": match for number, each in enumerate(asked) if (match := _CAN.match(each.text))}
    texts = {Path(name): f"rule {name} {{ forbid {match['subject']}\n}}\n" for name, match in subjects.items()}
    policy, wrong = load([*files, *texts], root=root, texts=texts, disk=disk)
    if policy is None:
        raise InputError([_of_question(each, subjects) for each in wrong])
    return policy, [_question(each, f"question_{number}", policy) for number, each in enumerate(asked)]


def _of_question(found: Diagnostic, subjects: dict[str, re.Match[str]]) -> Diagnostic:
    """An error in the subject of a question, with the question instead of its place."""
    match = subjects.get(found.span.file) if found.span else None
    if match is None:
        return found
    return replace(found, message=f"in the question `{match[0]}`: {found.message}", span=None, excerpt=None)


def _question(asked: Posed, name: str, policy: Policy) -> Question:
    for each in asked.under:
        _rule(each, policy)
    if match := _CAN.match(asked.text):
        word: Words = "comply" if match["word"] == "comply" else "violate"
        return Question(asked.text, word, _rule(name, policy), under=asked.under)
    if match := _IMPLY.match(asked.text):
        one, other = (_rule(match[each], policy) for each in ("one", "other"))
        if one.subject.kind.family is not other.subject.kind.family:
            message = f"`{one.name}` and `{other.name}` judge different things, so neither can imply the other"
            raise InputError([Diagnostic(codes.USAGE, message)])
        return Question(asked.text, "imply", one, other)
    if match := _FORBIDDEN.match(asked.text):
        return Question(asked.text, "forbidden", _rule(match["one"], policy), under=asked.under)
    raise InputError([Diagnostic(codes.USAGE, f"`{asked.text}` is not a question", help=f"the questions are {_FORMS}")])


def _rule(name: str, policy: Policy) -> Rule:
    found = policy.rule(name)
    if found is None or (found.statement == "permit"):
        judging = [each.name for each in policy.rules if each.statement != "permit"]
        what = "is a permit, which judges nothing" if found else "is not a rule"
        raise InputError([Diagnostic(codes.USAGE, f"`{name}` {what}", help=did_you_mean(name, judging))])
    return found


# ---- files


def asked_in(path: Path, disk: Confined) -> tuple[list[Posed], list[Path]]:
    """The questions of a file, and the policies that it names. Raises InputError with all errors in it."""
    name = shown(path)
    try:
        content = disk.read(path, LIMIT)
    except (OSError, ValueError) as error:
        raise InputError([unreadable(name, error)]) from error
    is_json = path.suffix.lower() == ".json"
    document, sink = read_document(name, content, json=is_json, limit=LIMIT, suggestions=Suggestions(), begins="")
    found: list[Posed] = []
    policies: list[Path] = []
    if document is not None:
        with sink.bounded():
            found = list(_listed(document.data, sink))
            policies = [path.parent / each for each in _names(document.data, sink)]
    if sink.found:
        raise InputError(sink.found)
    return found, policies


def _listed(data: Any, sink: DiagnosticSink) -> Iterator[Posed]:
    questions = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(questions, list) or not questions:
        sink.misfit(
            "a list of `questions`",
            data if questions is None else questions,
            (),
            "write `questions: [{ask: …, expect: no}]`",
        )
        return
    for key in data:
        if key not in _TOP:
            sink.add(codes.UNKNOWN_KEY, f"unknown key `{key}`", (key,), help=f"the keys are {', '.join(_TOP)}")
    for number, each in enumerate(questions):
        path = ("questions", number)
        if not isinstance(each, dict) or not isinstance(each.get("ask"), str):
            sink.misfit("a question", each, path, "write `{ask: can … comply, expect: no}`")
            continue
        for key in each:
            if key not in _KEYS:
                sink.add(
                    codes.UNKNOWN_KEY, f"unknown key `{key}`", (*path, key), help=f"the keys are {', '.join(_KEYS)}"
                )
        expected = each.get("expect")
        expected = {True: "yes", False: "no"}.get(expected, expected) if isinstance(expected, bool) else expected
        if str(expected) not in _EXPECTED:
            sink.misfit("`yes` or `no`", expected, (*path, "expect"))
            continue
        under = each.get("under") or []
        yield Posed(each["ask"], tuple(map(str, [under] if isinstance(under, str) else under)), str(expected))


def _names(data: Any, sink: DiagnosticSink) -> Iterator[str]:
    named = data.get("policy") if isinstance(data, dict) else None
    for each in [named] if isinstance(named, str) else named or []:
        if isinstance(each, str):
            yield each
        else:
            sink.misfit("the name of a policy file", each, ("policy",))
