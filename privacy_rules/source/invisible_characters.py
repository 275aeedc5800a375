"""Escape characters that a reader cannot see, and those that change the text direction.

visible("no\u202eselling\x1b[31m")   -> "no\\u202eselling\\x1b[31m"

Every output shows these characters as escapes, policies and manifests that contain them get a warning, and two names
that differ only by them are an error. Text that a CI runner would take for a command in its log, such as `::error::` at
the start of a line, is escaped as well.

Joiners and variation selectors stay if UAX #31 and UTS #51 give them a visible effect: between two emoji (a family is
several emoji, joined), after an emoji whose look they select, and between letters of joining scripts such as Arabic and
Devanagari. Anywhere else they have no visible effect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from unicodedata import is_normalized, normalize

DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that change the text direction, for use in a character class of a regular expression."""

SEPARATORS = "\x85\u2028\u2029"
"""Line ends for Unicode and YAML 1.1 that most editors and reviews do not show as such."""

_JOINERS, _SELECTORS = "\u200c\u200d", "\ufe0e\ufe0f"
_JOINING = "\u0600-\u0dff\u0f00-\u109f\u1780-\u18af"  # blocks of joining scripts
_NO_WIDTH = (  # ignorable in display, blank fillers of some scripts, noncharacters
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufe00-\ufe0d"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x7f-\x84\x86-\x9f\ud800-\udfff"
_EMOJI = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_ZWJ = "\u200d"
_BINDING = "|".join(
    (
        rf"(?<![{_EMOJI}{_SELECTORS}{_JOINING}]){_ZWJ}",
        rf"(?<=[{_EMOJI}{_SELECTORS}]){_ZWJ}(?![{_EMOJI}])",
        rf"(?<=[{_JOINING}])[{_JOINERS}](?![{_JOINING}])",
        rf"(?<![{_JOINING}])\u200c",
        rf"(?<![{_EMOJI}0-9#*])[{_SELECTORS}]",
        rf"(?<=[0-9#*])[{_SELECTORS}](?!\u20e3)",
    )
)
"""Joiners and selectors where they have no visible effect."""

_ALWAYS = f"{_CONTROLS}{SEPARATORS}{DIRECTION}{_NO_WIDTH}"

_INVISIBLE = re.compile(rf"[\x00-\x1f{_ALWAYS}]|{_BINDING}")
_IN_LINES = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_ALWAYS}]|{_BINDING}|\r(?!\n)")
_IN_JSON = re.compile(rf"[{_ALWAYS}]|{_BINDING}")
_CANDIDATE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_ALWAYS}{_JOINERS}{_SELECTORS}]")
_OBEYED = re.compile(r"#(?=#(?:vso)?\[)")
_OBEYED_AT_START = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
"""Commands to the runners of GitHub and Azure: `##[error]` anywhere in a line, `::error::` after nothing but blanks."""
_LONE_RETURN = re.compile(r"\r(?!\n)")
_VISIBLE_ASCII = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
_CHANGES_DIRECTION = re.compile(f"[{DIRECTION}]")
_IGNORED = re.compile(f"[{_ALWAYS}{_JOINERS}{_SELECTORS}]")


def visible(text: str) -> str:
    """Return the text on one line, with an escape such as `\\x1b` for each invisible character."""
    if text.isascii() and text.isprintable():
        return _disarmed(text)
    return _disarmed(_INVISIBLE.sub(lambda found: escape(found[0]), text))


def visible_lines(text: str) -> str:
    """Return the text with the same escapes, but with its line ends and tabs."""
    return _disarmed(_IN_LINES.sub(lambda found: escape(found[0]), text))


def _disarmed(text: str) -> str:
    """The text with an escape in place of the first character of each command to a CI runner."""
    if "::" not in text and "##" not in text:
        return text
    return _OBEYED_AT_START.sub(r"\1\\x3a", _OBEYED.sub(r"\\x23", text))


def escape(character: str) -> str:
    """Return the escape of one character, as Python writes it."""
    return character.encode("unicode_escape").decode("ascii")


def visible_json(text: str) -> str:
    """Return JSON with JSON's own escapes for the invisible characters in its strings."""
    if "##" in text:
        text = _OBEYED.sub(r"\\u0023", text)
    if (text.isascii() and "\x7f" not in text) or _CANDIDATE.search(text) is None:
        return text
    return _IN_JSON.sub(lambda found: _json_escape(found[0]), text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def yaml_text(text: str) -> str:
    """Return the text in double quotes for YAML, on one line, with an escape for each invisible character.

    JSON's escapes do not work, as YAML has no surrogate pairs. A command to a CI runner gets an escape, too.
    """
    quoted = _INVISIBLE.sub(lambda found: _yaml_escape(found[0]), json.dumps(text, ensure_ascii=False))
    return _OBEYED.sub(r"\\x23", quoted)


def _yaml_escape(character: str) -> str:
    return f"\\U{ord(character):08x}" if ord(character) > 0xFFFF else f"\\u{ord(character):04x}"


def changes_direction(character: str) -> bool:
    """Return whether the character changes the text direction."""
    return _CHANGES_DIRECTION.match(character) is not None


def invisible_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset of each invisible character of a file's text, and the character. Line ends and tabs do not count."""
    if text.isascii() and not text.encode("ascii").translate(None, _VISIBLE_ASCII):  # much faster than the search
        return
    for found in _CANDIDATE.finditer(text):
        if _IN_LINES.match(text, found.start()):
            yield found.start(), found[0]


def lone_returns(text: str) -> Iterator[int]:
    """Yield the offsets of carriage returns without a line feed, in a text that also has line feeds.

    Most reviews do not show such a carriage return as a line end.
    """
    if "\r" in text and "\n" in text and text.count("\r") != text.count("\r\n"):
        yield from (found.start() for found in _LONE_RETURN.finditer(text))


SEPARATOR_HELP = "remove it, or end the line with a line feed"


def separator_words(character: str) -> str:
    """Return the message for a separator outside quotes."""
    return f"U+{ord(character):04X} is a line end for some tools and invisible in most editors"


def shown_characters(text: str) -> list[str]:
    """Return each character of a line as `visible` shows it."""
    found, last = [], 0
    for each in _INVISIBLE.finditer(text):
        found += [*text[last : each.start()], escape(each[0])]
        last = each.end()
    return [*found, *text[last:]]


# ---- names that look alike


def skeleton(name: str) -> str:
    """Return the name in NFKC without invisible characters: names with the same skeleton are easily confused."""
    if name.isascii():
        return name
    if is_normalized("NFKC", name) and _IGNORED.search(name) is None:
        return name
    return normalize("NFKC", _IGNORED.sub("", normalize("NFKC", name)))


def look_alike(name: str, known: Iterable[str]) -> str | None:
    """Return another known name with the same skeleton, or None."""
    wanted, plain = skeleton(name), name.isascii()
    for each in known:
        if not (plain and each.isascii()) and each != name and skeleton(each) == wanted:
            return each
    return None


def difference(name: str, other: str) -> str:
    """Return how two names with the same skeleton differ, in words that follow "differ"."""
    if normalize("NFKC", name) == normalize("NFKC", other):
        return "only in Unicode normalisation"
    return "only by invisible characters"


def twins(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that has the skeleton of an earlier one, with the first such name."""
    found = list(names)
    if all(map(str.isascii, found)):
        return
    first: dict[str, str] = {}
    for name in found:
        known = first.setdefault(skeleton(name), name)
        if known != name:
            yield name, known


def spelt(name: str) -> str:
    """Return the name with an escape for every non-ASCII character, to show how two similar names differ."""
    return name.encode("unicode_escape").decode("ascii")
