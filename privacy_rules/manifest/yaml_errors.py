"""Explain why a text is not valid YAML: an unclosed quote or bracket, or a key with the wrong indentation.

The parser only says where it gave up. The cause is usually before that place, so the text is searched for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy_rules.manifest.nodes import UnreadableError, quoted, visible
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.merge_conflicts import HAS_MARKERS, MARKERS_HELP, first_marker
from privacy_rules.source.words import counted

_CLOSING = {"[": "]", "{": "}"}
_SIGNS = "@`%*&!|>?,]}"
_DASHES = "–—•·"
_LEVEL = re.compile(r"( *)((?:- +)*)(?:([^\s#:\"'\[{-][^:#]*?) *:(?= |$)|(.*))")
_NO_SPACE = re.compile(r"(?:- +)*([A-Za-z_][\w.-]*):([^\s:/].*)")
_NO_SPACE_AFTER_DASH = re.compile(r"(?:- +)*-([^\s-].*)")
_EQUALS = re.compile(r"(?:- +)*([A-Za-z_][\w.-]*) *= *(\S.*)")
_VALUE = re.compile(r" *(?:- +)*(?:[^\s#:\"'\[{][^:#]*?|\"[^\"]*\"|'[^']*') *: +(?=\S)| *(?:- +)+(?=\S)")
_COMMENT = re.compile(r" (#[^\r\n]*)")
_FAR = 4_000_000  # characters: looking through more takes too long
_BLOCK_TEXT = re.compile(r"[|>][+-]?[0-9]?[+-]? *(?:#[^\n]*)?\n")


@dataclass(slots=True)
class _Scan:
    """What a scan of the text found before the place where the parser gave up."""

    open: list[int]
    wrong: UnreadableError | None = None
    comment: int | None = None  # a comment inside brackets that begins where a value is expected


def explained(text: str, at: int, begun: int | None, *, lone_key: bool) -> UnreadableError:
    """Explain the error in a text that the parser gave up at the offset `at`, in something that begins at `begun`.

    `lone_key`: the parser took what begins at `begun` for a key, and found no colon after it.
    """
    conflict = first_marker(text)
    if conflict is not None:
        return UnreadableError(HAS_MARKERS, conflict, MARKERS_HELP)
    if at > _FAR:
        return UnreadableError(
            "this is not valid YAML", at, "look for a quote, bracket or key that does not fit, here or above"
        )
    found = _scanned(text, at)
    if found.wrong is not None:
        return found.wrong
    if text[at : at + 1] == "\t":
        return UnreadableError("a tab cannot indent YAML", at, "indent with spaces")
    first = "" if begun is None else text[begun : begun + 1]
    if begun is not None and first and first in "*&!|>":
        return _begins_with(text, begun)
    if first == '"' and "\\" in text[at - 1 : at + 1]:
        return _escape(text, at if text[at : at + 1] == "\\" else at - 1)
    if found.open:
        return _in_brackets(text, at, found)
    return _in_line(text, begun if begun is not None and lone_key else at)


# ---- quotes and brackets


def _scanned(text: str, end: int) -> _Scan:
    """Scan quotes, brackets and comments up to where the parser gave up, or to the first error."""
    found, at, fresh = _Scan([]), 0, True  # fresh: a value may begin here
    while at < len(text) and (at < end or (text[at] in "]}" and at == end)):
        sign, after = text[at], text[at + 1 : at + 2]
        if sign in " \t\r":
            at += 1
        elif sign == "#" and text[at - 1 : at] in ("", " ", "\t", "\n"):
            if found.open and fresh and text[:at].rstrip(" ").endswith(":"):
                found.comment = at
            at = _line_end(text, at)
        elif sign in "\"'" and fresh:
            close = _closing_quote(text, at)
            found.wrong = _wrong_quote(text, at, close, listed=bool(found.open))
            if found.wrong or close is None:
                return found
            at, fresh = close, False
        elif sign in "[{" and (fresh or found.open):
            found.open.append(at)
            at, fresh = at + 1, True
        elif sign in "]}" and found.open:
            found.wrong = _wrong_bracket(text, at, found.open)
            if found.wrong:
                return found
            found.open.pop()
            at, fresh = at + 1, False
        elif sign in "|>" and fresh and not found.open and (header := _BLOCK_TEXT.match(text, at)):
            at, fresh = _after_block_text(text, at, header.end()), True
        else:
            separates = (sign in ":-" and (not after or after.isspace())) or (found.open and sign in ",:")
            fresh = sign == "\n" or (fresh and sign == "-" and bool(separates)) or (sign != "-" and bool(separates))
            at += 1
    return found


def _closing_quote(text: str, at: int) -> int | None:
    """The offset after the quote that closes the one at `at`."""
    inside = r"(?:[^']|'')*+'" if text[at] == "'" else r'(?:[^"\\]|\\.)*+"'
    found = re.compile(inside, re.DOTALL).match(text, at + 1)
    return found.end() if found else None


def _wrong_quote(text: str, at: int, close: int | None, *, listed: bool) -> UnreadableError | None:
    rest = "" if close is None else text[close : _line_end(text, close)]
    if close is not None and (not rest.strip() or re.match(r" *(?:[,\]}:\r]| #)", rest)):
        return None
    if close is None or "\n" in text[at:close]:
        help_ = f"close it on this line, with another {text[at]}"
        return UnreadableError("the quote that opens here is not closed", at, help_)
    following = re.match(r" +(?=[\"']|[\w.-]+ *:)", rest)
    if listed and following:
        return _no_comma(text, close + following.end())
    help_ = "put the whole value in quotes; inside single quotes, write a single quote twice"
    return UnreadableError(f"more text follows the closing quote of {quoted(text[at:close])}", close, help_)


def _wrong_bracket(text: str, at: int, opened: list[int]) -> UnreadableError | None:
    sign, last = text[at], opened[-1]
    if _CLOSING[text[last]] == sign:
        return None
    if all(_CLOSING[text[each]] != sign for each in opened):
        return UnreadableError(f"`{sign}` does not close anything", at, "remove it, or add the bracket that opens it")
    return _not_closed(text, last)


def _not_closed(text: str, at: int) -> UnreadableError:
    message = f"the `{text[at]}` that opens here is not closed"
    help_ = f"close it with `{_CLOSING[text[at]]}`"
    comment = _COMMENT.search(text, at, _line_end(text, at))
    if comment and _CLOSING[text[at]] in comment[1]:
        help_ += f"; {quoted(comment[1])} is read as a comment, unless the value is in quotes"
    return UnreadableError(message, at, help_)


def _in_brackets(text: str, at: int, found: _Scan) -> UnreadableError:
    opening = found.open[-1]
    if found.comment is not None and found.comment > opening:
        return _begins_with(text, found.comment)
    if not text[at:].strip():
        return _not_closed(text, opening)
    if text[at] == ",":
        return UnreadableError("nothing comes before this comma", at, "remove it, or write what is missing")
    if text[at] in _SIGNS:
        return _begins_with(text, at)
    line, first = _line_start(text, at), _line_start(text, opening)
    begins = line + _indent(text, line)
    if line > first and (text.startswith("- ", begins) or begins - line <= _indent(text, first)):
        return _not_closed(text, opening)
    if text[at] == ":":  # after a key that the parser took for the end of the value before it
        at = line + len(re.sub(r"(?:\"[^\"]*\"|'[^']*'|[^\s,\[{]+) *\Z", "", text[line:at]))
    return _no_comma(text, at)


def _no_comma(text: str, at: int) -> UnreadableError:
    following = re.match(r"[^\s,:\[\]{}]+", text[at:])
    name = f" before {quoted(following[0])}" if following else ""
    return UnreadableError(f"a comma is missing{name}", at, "separate what is in brackets by commas")


# ---- lines


def _in_line(text: str, at: int) -> UnreadableError:
    start, end = _line_start(text, at), _line_end(text, at)
    line = text[start:end]
    first = start + len(line) - len(line.lstrip())
    if "\t" in text[start:first]:
        return UnreadableError("a tab cannot indent YAML", start + text[start:first].index("\t"), "indent with spaces")
    slashes = re.search(r"(?:^| )//", line)
    if slashes:
        return UnreadableError("`//` does not begin a comment", start + slashes.end() - 2, "begin a comment with `#`")
    value = _VALUE.match(line)
    if value and start + value.end() <= at < end:
        return _in_value(text, start + value.end(), at)
    if text[first : first + 1] and text[first] in "@`%*&!|>":
        return _begins_with(text, first)
    above = next(_lines_above(text, start), None)
    if wrong := _slip(text, start) or (None if at > first else _without_colon(text, start)):
        return wrong
    if above is not None and (wrong := _slip(text, above) or _without_colon(text, above)):
        return wrong
    return _indented(text, start)


def _in_value(text: str, begins: int, at: int) -> UnreadableError:
    """An error in the value that begins on the line of its key."""
    value = _plain(text, begins)
    if text[begins] in _SIGNS:
        return _begins_with(text, begins)
    if text.startswith("- ", begins):
        help_ = "write the items in brackets, such as `[a, b]`, or each on a line of its own"
        return UnreadableError("a list cannot begin on the line of its key", begins, help_)
    if text[at] == ":" and text[begins] not in "\"'[{":
        return UnreadableError("a value with `: ` in it needs quotes", begins, _quotes(value))
    if text[at] in "]}":
        return UnreadableError(
            f"`{text[at]}` does not close anything", at, "remove it, or add the bracket that opens it"
        )
    return UnreadableError(
        "more text follows the value", at, "put the whole value in quotes, or remove what follows it"
    )


def _begins_with(text: str, at: int) -> UnreadableError:
    if text[at] in ",]}":
        return UnreadableError(
            f"a value cannot begin with `{text[at]}`", at, "write what is missing before it, or remove it"
        )
    sign = visible(text[at])
    message = f"{'a backtick' if text[at] == '`' else f'`{sign}`'} cannot begin a value without quotes"
    return UnreadableError(message, at, _quotes(_plain(text, at)))


def _escape(text: str, at: int) -> UnreadableError:
    message = f"{quoted(text[at : at + 2])} is not a valid escape in double quotes"
    help_ = "in a path write slashes; elsewhere write the backslash twice, or use single quotes"
    return UnreadableError(message, at, help_)


def _slip(text: str, start: int) -> UnreadableError | None:
    """Explain a misplaced dash or colon in one line."""
    inner, at = _inner(text, start)
    if inner[:1] and inner[0] in _DASHES:
        return UnreadableError(f"`{inner[0]}` does not begin an item", at, f"write {quoted('- ' + inner[1:].strip())}")
    if found := _NO_SPACE_AFTER_DASH.fullmatch(inner):
        return UnreadableError("a space is missing after the dash", at, f"write {quoted('- ' + found[1])}")
    if found := _NO_SPACE.fullmatch(inner):
        return UnreadableError("a space is missing after the colon", at, f"write {quoted(f'{found[1]}: {found[2]}')}")
    if found := _EQUALS.fullmatch(inner):
        return UnreadableError("a key is followed by a colon", at, f"write {quoted(f'{found[1]}: {found[2]}')}")
    return None


def _without_colon(text: str, start: int) -> UnreadableError | None:
    """A line that is neither an item nor a key with its colon."""
    inner, at = _inner(text, start)
    if not inner or inner.startswith(("- ", "#")) or re.search(r":(?: |\Z)", inner):
        return None
    help_ = f"write {quoted(inner + ':')} if it is a key; indent it more than its key if it continues the text above"
    return UnreadableError(f"{quoted(inner)} is not followed by a colon", at, help_)


def _inner(text: str, start: int) -> tuple[str, int]:
    """A line without its indentation and comment, and where that begins."""
    line = text[start : _line_end(text, start)].partition(" #")[0].rstrip()
    inner = line.lstrip()
    return inner, start + len(line) - len(inner)


def _indented(text: str, start: int) -> UnreadableError:
    """A line whose indentation fits none of the keys or items above it."""
    line = text[start : _line_end(text, start)]
    indent, name = next(_levels(line))
    is_item = name == "-"
    known: dict[int, str] = {}
    least = 10**9
    for above in _lines_above(text, start):
        levels = [each for each in _levels(text[above : _line_end(text, above)]) if each[0] < least]
        for each, label in levels:
            if (label == "-") == is_item:
                known.setdefault(each, label)
        least = min([least, *(each for each, _ in levels)])
        if not least:
            break
    at = start + indent
    what = "this item" if is_item else quoted(name)
    message = f"{what} is indented by {counted(indent, 'space')}, unlike anything above it"
    if indent in known:
        message = f"{what} cannot be here: there is no {'list' if is_item else 'map'} above that it continues"
    if is_item and not known:
        help_ = "leave out the dash, or write all of them as items"
        return UnreadableError("this item is among the keys of a map", at, help_)
    if not known or indent in known:
        return UnreadableError(message, at, "indent it like the line that it belongs with")
    near = [
        each
        for each in (
            max((each for each in known if each < indent), default=None),
            min((each for each in known if each > indent), default=None),
        )
        if each is not None
    ]
    like = [f"by {each}, like {'an item' if is_item else quoted(known[each])} above" for each in near]
    return UnreadableError(message, at, f"indent it {', or '.join(like)}")


def _levels(line: str) -> Iterator[tuple[int, str]]:
    """The indentations of a line, each with its key, or `-` for an item: `  - id: a` has an item and a key."""
    found = _LEVEL.match(line)
    assert found is not None
    indent = len(found[1])
    for dash in re.finditer("-", found[2]):
        yield indent + dash.start(), "-"
    yield indent + len(found[2]), found[3] or (found[4] or "").strip()


def _lines_above(text: str, start: int) -> Iterator[int]:
    """Yield the starts of the lines above that are not empty, the nearest first."""
    while start > 0:
        start = _line_start(text, start - 1)
        inner = text[start : _line_end(text, start)].strip()
        if inner and not inner.startswith("#"):
            yield start


def _plain(text: str, at: int) -> str:
    """Return the text that was meant as a value; in brackets, up to a comma or bracket."""
    line = text[at : _line_end(text, at)]
    before = text[_line_start(text, at) : at]
    inside = before.count("[") + before.count("{") > before.count("]") + before.count("}")
    return re.split(r" #|[,\]}]" if inside else r" #", line, maxsplit=1)[0].strip()


def _quotes(value: str) -> str:
    if "`" in value:
        return "put it in quotes"
    doubled = value.replace("'", "''")
    shown = f"'{doubled}'" if '"' in value or "\\" in value else f'"{value}"'
    return f"put it in quotes: {quoted(shown)}"


def _after_block_text(text: str, at: int, after: int) -> int:
    """The offset after the lines of a text that begins with `|` or `>`: those that are indented more than its key."""
    indent = _indent(text, _line_start(text, at))
    while after < len(text):
        end = _line_end(text, after)
        if text[after:end].strip() and _indent(text, after) <= indent:
            break
        after = end + 1
    return after


def _indent(text: str, start: int) -> int:
    end = start
    while text[end : end + 1] == " ":
        end += 1
    return end - start


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
