"""Explain why a text is not valid JSON: an unclosed string or bracket, a comma, a comment or single quotes."""

from __future__ import annotations

import re

from privacy_rules.manifest.nodes import UnreadableError, quoted
from privacy_rules.source.merge_conflicts import HAS_MARKERS, MARKERS_HELP, first_marker

_CLOSING = {"[": "]", "{": "}"}
_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++|"')
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_WORD = re.compile(r"[^\s\[\]{},:\"']+(?: +(?:hours?|days?|weeks?|months?|years?)\b)?")
_CONSTANTS = {"True": "true", "False": "false", "None": "null", "yes": "true", "no": "false", "~": "null"}
_FAR = 4_000_000  # characters: looking through more takes too long
_QUOTES = "'‘’“”`"


def explained(text: str, at: int) -> UnreadableError:
    """Explain the error in a text that the parser gave up at the offset `at`."""
    conflict = first_marker(text)
    if conflict is not None:
        return UnreadableError(HAS_MARKERS, conflict, MARKERS_HELP)
    if at > _FAR:
        return UnreadableError(
            "this is not valid JSON", at, "look for a quote, bracket or comma that is missing, here or above"
        )
    opened, unclosed, is_key = _walked(text, at)
    if unclosed is not None:
        return _in_string(text, unclosed, at)
    at += len(text[at:]) - len(text[at:].lstrip())
    sign, before = text[at : at + 1], text[:at].rstrip()
    if text.startswith(("//", "/*", "#"), at):
        return UnreadableError("JSON has no comments", at, "remove it, or write the manifest as YAML")
    if not text.lstrip().startswith(("{", "[")):
        return UnreadableError("a manifest in JSON begins with `{`", at, "if it is YAML, name the file `.yaml`")
    if not opened:
        return UnreadableError(
            "text follows the end of the manifest", at, "remove it, or the bracket that closes too early"
        )
    if not sign:
        return _not_closed(text, opened[-1])
    if sign in "]}":
        return _at_closing(text, at, before, opened)
    if sign == "," or (sign == ":" and not is_key):
        what = "comma" if sign == "," else "colon"
        return UnreadableError(f"nothing comes before this {what}", at, "remove it, or write what is missing")
    if is_key and before.endswith('"'):
        return UnreadableError("a colon is missing after this key", at, "write `:` between a key and its value")
    return _unexpected(text, at, expects=before[-1:] in "{[,:", is_key=is_key)


def _walked(text: str, end: int) -> tuple[list[int], int | None, bool]:
    """Return the brackets that are open before an offset, the unclosed quote before it, and whether a key is there."""
    opened: list[int] = []
    is_key = False
    for piece in _PIECE.finditer(text):
        sign, at = piece[0], piece.start()
        if at >= end and not (sign == '"' and at == end):
            break
        if sign == '"' or (piece.end() > end > at and sign[0] == '"'):
            return opened, at, is_key
        if sign in _CLOSING:
            opened.append(at)
            is_key = sign == "{"
        elif sign in ("]", "}") and opened and _CLOSING[text[opened[-1]]] == sign:
            opened.pop()
        elif sign == ",":
            is_key = bool(opened) and text[opened[-1]] == "{"
        elif sign == ":":
            is_key = False
    return opened, None, is_key


def _in_string(text: str, opens: int, at: int) -> UnreadableError:
    if text[at : at + 1] == "\\":
        message = f"{quoted(text[at : at + 2])} is not a valid escape in a string"
        return UnreadableError(message, at, "in a path write slashes; elsewhere write the backslash twice")
    if text[at : at + 1] == "\t":
        return UnreadableError("a string cannot hold a tab", at, "write `\\t`")
    return UnreadableError("the string that opens here is not closed", opens, 'close it on this line, with another "')


def _not_closed(text: str, at: int) -> UnreadableError:
    sign = text[at]
    return UnreadableError(f"the `{sign}` that opens here is not closed", at, f"close it with `{_CLOSING[sign]}`")


def _at_closing(text: str, at: int, before: str, opened: list[int]) -> UnreadableError:
    sign = text[at]
    if before.endswith(","):
        help_ = "remove it: commas only separate items"
        return UnreadableError(f"a comma comes before `{sign}`", len(before) - 1, help_)
    if _CLOSING[text[opened[-1]]] == sign:
        return UnreadableError(f"a value is missing before `{sign}`", at, "write it, or `null` if nothing is known")
    if any(_CLOSING[text[each]] == sign for each in opened):
        return _not_closed(text, opened[-1])
    return UnreadableError(f"`{sign}` does not close anything", at, "remove it, or add the bracket that opens it")


def _unexpected(text: str, at: int, *, expects: bool, is_key: bool) -> UnreadableError:
    """Explain the error in what begins at `at`. `expects`: a key or a value is expected there, otherwise a comma."""
    if text[at] in _QUOTES:
        return UnreadableError("strings in JSON need double quotes", at, "put it in double quotes")
    number = None if expects else re.search(r"(?<![\w\"\]}])[-+\w.]+ ?\Z", text[max(at - 60, 0) : at])
    begins = max(at - 60, 0) + number.start() if number and (text[at].isalnum() or text[at] in "-/+.") else at
    word = _WORD.match(text, begins)
    if word is None or text[at] in '"{[;' or (not expects and begins == at):
        following = _STRING.match(text, at) or re.compile(r"[^\s,\[\]{};]+").match(text, at)
        name = f" before {quoted(following[0])}" if following else ""
        return UnreadableError(f"a comma is missing{name}", at, "separate keys and items by commas")
    if word[0] in _CONSTANTS and not is_key:
        message = f"{quoted(word[0])} is not a valid JSON value"
        return UnreadableError(message, begins, f"write `{_CONSTANTS[word[0]]}`")
    if re.fullmatch(r"[+-]?[\d.]+", word[0]):
        help_ = "write it without a `+`, with a digit before the point, and without zeros in front"
        return UnreadableError(f"{quoted(word[0])} is not a valid JSON number", begins, help_)
    shown = '"' + word[0] + '"'
    what = "keys" if is_key else "text, dates and durations"
    return UnreadableError(f"{quoted(word[0])} has no quotes", begins, f"{what} need double quotes: {quoted(shown)}")
