"""Check which version of the language a policy file is written for."""

from __future__ import annotations

import re

from privacy_rules.language import syntax
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.language_files import language_version

_VERSION = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\Z")


def newer_language(file: syntax.File) -> Diagnostic | None:
    """Return the error if a file's `language` is not a version, or is newer than this tool reads."""
    for block in file.declarations:
        for word, said in block.fields if isinstance(block, syntax.Policy) else ():
            if word.text == "language" and (wrong := _wrong(said)):
                return wrong
    return None


def _wrong(said: syntax.Text) -> Diagnostic | None:
    ours = language_version()
    written = _VERSION.match(said.text)
    if written is None:
        message = f"`{said.text}` is not a version of the language"
        return Diagnostic(codes.LITERAL, message, said.span, f"a version is written `{ours}`")
    if _numbers(said.text) <= _numbers(ours):
        return None
    message = f"this file is written for version {said.text} of the language, and this tool reads {ours}"
    return Diagnostic(codes.UNREADABLE_POLICY, message, said.span, "use a newer version of the tool")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split("."))
