"""Change sets written on a command line, as the YAML that a file would have.

written("remove", "flow:signup")              == "- remove: {flow: signup}"
written("set", "party:mailer.role=marketer")  == "- set: {party: mailer, role: marketer}"
"""

from __future__ import annotations

import json
import re

_AIM = re.compile(r"""(?P<kind>[a-z]+):(?P<id>"(?:[^"\\]|\\.)*"|[^.:="\s]+)""")
_SETTING = re.compile(rf"{_AIM.pattern}\.(?P<attribute>[A-Za-z_][\w.-]*)=(?P<value>.*)", re.DOTALL)
_UNSETTING = re.compile(rf"{_AIM.pattern}\.(?P<attribute>[A-Za-z_][\w.-]*)")
_ADDING = re.compile(r"(?P<kind>[a-z]+):\s*(?P<body>\{.*\})\s*", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")

FORMS = {
    "remove": "KIND:ID",
    "set": "KIND:ID.ATTRIBUTE=VALUE",
    "unset": "KIND:ID.ATTRIBUTE",
    "add": "KIND:{id: ..., ...}",
}
"""The form of what each flag takes. An id with dots, colons or blanks is a JSON string."""

EXAMPLES = {
    "remove": "flow:signup",
    "set": "party:mailer.role=marketer",
    "unset": "flow:signup.purposes",
    "add": "flow:{id: new, from: website, to: analytics, carries: [email]}",
}


def written(flag: str, value: str) -> str | None:
    """The change as a line of YAML; None where the value has not the flag's form."""
    if flag == "remove":
        found = _AIM.fullmatch(value)
        return found and f"- remove: {{{found['kind']}: {_id(found['id'])}}}"
    if flag == "add":
        found = _ADDING.fullmatch(value)
        return found and f"- add: {{{found['kind']}: {found['body']}}}"
    found = (_SETTING if flag == "set" else _UNSETTING).fullmatch(value)
    if found is None:
        return None
    aim = f"{found['kind']}: {_id(found['id'])}"
    attribute = found["attribute"]
    return f"- set: {{{aim}, {_setting(attribute, found['value']) if flag == 'set' else f'unset: [{attribute}]'}}}"


def contract_ends(id_: str, day: str) -> str:
    """That a contract ends on a day."""
    return f"- set: {{contract: {json.dumps(id_)}, until: {day}}}"


def _id(said: str) -> str:
    return said if said.startswith('"') or _PLAIN.match(said) else json.dumps(said)


def _setting(attribute: str, value: str) -> str:
    return f"{attribute}: {value.strip() or json.dumps('')}"
