"""Read YAML text into plain data from the stream of events, without guessing types and with all places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

import yaml

from privacy_rules.manifest.nodes import MAX_DEPTH, Content, Duplicate, Node, Plain, UnreadableError, quoted, visible
from privacy_rules.manifest.source_document import KeyedMarks, ListedMarks, Marks
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import SEPARATOR_HELP, SEPARATORS, separator_words

_NULLS = frozenset({"", "~", "null"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_QUOTES = ("'", '"')
_SCALAR: Any = yaml.ScalarEvent
_NO_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class YamlPlaces:
    """The marks of each map and list, by the offset of its start; `aliases` maps an alias to its value's start."""

    root: int
    marks: dict[int, Marks]
    aliases: dict[int, int]

    def children(self, at: int) -> Marks | None:
        return self.marks.get(self.aliases.get(at, at))


def read_yaml(text: str, limit: int, *, several: bool = False) -> tuple[Content, YamlPlaces]:
    """The one document of a YAML text; with `several`, the list of all its documents.

    `limit` bounds the characters of the text with its aliases written out. Raises UnreadableError.
    """
    if not text.isascii() and _SEPARATOR.search(text):
        _refuse_separators(text)
    builder = _Builder(text, limit, several=several)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        raise _unreadable_character(text) from error
    except yaml.MarkedYAMLError as error:
        raise _as_unreadable(error, text) from error
    except (ValueError, OverflowError) as error:  # numbers in directives and escapes, in the loader without libyaml
        raise UnreadableError(f"this is not valid YAML: {visible(str(error))}", 0) from error
    return builder.content(), builder.places()


def _refuse_separators(text: str) -> None:
    """Raises UnreadableError for a line end that YAML knows and few editors show: the next line can look like a comment.

    Between quotes such a character is part of the text. Those after another error are ignored.
    """
    quotes: list[tuple[int, int]] = []
    end = len(text)
    events: Iterable[Any] = yaml.parse(text, Loader=_LOADER)
    try:
        quotes.extend(
            (each.start_mark.index, each.end_mark.index)
            for each in events
            if isinstance(each, _SCALAR) and each.style in _QUOTES
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        end = mark.index if mark else 0
    except (yaml.reader.ReaderError, ValueError, OverflowError):
        return
    starts = [start for start, _ in quotes]
    for found in _SEPARATOR.finditer(text, 0, end):
        before = bisect_right(starts, found.start()) - 1
        if before < 0 or quotes[before][1] <= found.start():
            raise UnreadableError(separator_words(found[0]), found.start(), SEPARATOR_HELP)


def _unreadable_character(text: str) -> UnreadableError:
    found = _NO_YAML.search(text)
    at = found.start() if found else 0
    return UnreadableError(f"this is not valid YAML: the character U+{ord(text[at]):04X} is not allowed", at)


def _as_unreadable(error: yaml.MarkedYAMLError, text: str) -> UnreadableError:
    from privacy_rules.manifest.yaml_errors import explained

    mark = error.problem_mark or error.context_mark
    begun = error.context_mark.index if error.context_mark else None
    return explained(text, mark.index if mark else 0, begun, lone_key=error.context == "while scanning a simple key")


class _Frame:
    """An open map or list."""

    __slots__ = ("anchor", "at", "container", "expanded", "key", "key_at", "key_end", "marks")

    def __init__(self, container: Node, marks: Marks, at: int, anchor: str | None) -> None:
        self.container, self.marks, self.at, self.anchor = container, marks, at, anchor
        self.key: str | None = None  # the key of a map whose value comes next
        self.key_at = self.key_end = 0
        self.expanded = 0  # characters of what its aliases mean


class _Builder:
    """Builds the data from events. The innermost open map or list is the last of `stack`."""

    def __init__(self, text: str, limit: int, *, several: bool = False) -> None:
        self.text = text
        self.several = several
        self.roots: list[Node] = []
        self.root_marks: ListedMarks = []
        self.spare = limit - len(text)
        self.stack: list[_Frame] = []
        self.marks: dict[int, Marks] = {}
        self.aliases: dict[int, int] = {}
        self.anchors: dict[str, tuple[Node, int, int]] = {}  # name → value, its start, its length written out
        self.duplicates: list[Duplicate] = []
        self.documents = 0
        self.root: Node = None
        self.root_at = 0
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._map,
            yaml.SequenceStartEvent: self._list,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        taker = self._takes.get(type(event))
        if taker is not None:
            taker(event)

    def content(self) -> Content:
        root = self.roots if self.several else self.root
        return Content(root, tuple(self.duplicates), bool(self.aliases))

    def places(self) -> YamlPlaces:
        if not self.several:
            return YamlPlaces(self.root_at, self.marks, self.aliases)
        return YamlPlaces(-1, {**self.marks, -1: self.root_marks}, self.aliases)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1 and not self.several:
            raise UnreadableError(
                "a second document begins here", event.start_mark.index, "a manifest file holds one document"
            )

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        at, end = event.start_mark.index, event.end_mark.index
        text = event.value
        value: Node = text
        if event.implicit[0]:  # plain
            value = None if text in _NULLS else Plain(text)
        if event.anchor is not None:
            self.anchors[event.anchor] = value, at, end - at
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.key is None and type(frame.container) is dict:
            frame.key, frame.key_at, frame.key_end = text, at, end
        else:
            self._value(value, at, end)

    def _map(self, event: Any) -> None:
        self._open(event, {}, {})

    def _list(self, event: Any) -> None:
        self._open(event, [], [])

    def _open(self, event: Any, container: Node, marks: Marks) -> None:
        self._refuse_tag(event)
        at = event.start_mark.index
        if len(self.stack) >= MAX_DEPTH:
            raise UnreadableError(f"the data nests deeper than {MAX_DEPTH} levels", at)
        self._refuse_as_key(container, at)
        self.marks[at] = marks
        self.stack.append(_Frame(container, marks, at, event.anchor))

    def _end(self, event: Any) -> None:
        frame = self.stack.pop()
        if frame.anchor is not None:
            size = event.end_mark.index - frame.at + frame.expanded
            self.anchors[frame.anchor] = frame.container, frame.at, size
        if self.stack:
            self.stack[-1].expanded += frame.expanded
        self._value(frame.container, frame.at, 0)

    def _alias(self, event: Any) -> None:
        at = event.start_mark.index
        if event.anchor not in self.anchors:
            raise UnreadableError(f"the alias {quoted('*' + event.anchor)} is not defined above", at)
        value, target, size = self.anchors[event.anchor]
        self.spare -= size
        if self.spare < 0:
            raise UnreadableError("with its aliases written out, the file is larger than the limit", at)
        frame = self.stack[-1]  # the anchor is above, so something is open
        frame.expanded += size
        self._refuse_as_key(value, at)
        if frame.key is None and type(frame.container) is dict:
            frame.key, frame.key_at, frame.key_end = str(value), at, event.end_mark.index
        else:
            self.aliases[at] = target
            self._value(value, at, event.end_mark.index)

    def _value(self, value: Node, at: int, end: int) -> None:
        if not self.stack:
            self.root, self.root_at = value, at
            if value is not None:
                self.roots.append(value)
                self.root_marks.append((at, end))
            return
        frame = self.stack[-1]
        if type(frame.container) is list:
            frame.container.append(value)
            listed: ListedMarks = frame.marks  # type: ignore[assignment]
            listed.append((at, end))
            return
        keyed: KeyedMarks = frame.marks  # type: ignore[assignment]
        key: str = frame.key  # type: ignore[assignment]
        frame.key = None
        if key in keyed:
            self.duplicates.append(Duplicate(key, frame.key_at, keyed[key][0]))
        else:
            frame.container[key] = value
            keyed[key] = frame.key_at, frame.key_end, at, end

    def _refuse_as_key(self, value: Node, at: int) -> None:
        frame = self.stack[-1] if self.stack else None
        is_key = frame is not None and frame.key is None and type(frame.container) is dict
        if is_key and not isinstance(value, str):
            raise UnreadableError("a key is text, not a map or a list", at, self._of_templates(at), codes.UNFIT_VALUE)

    def _of_templates(self, at: int) -> str | None:
        braces = "{{" in self.text[max(at - 1, 0) : at + 2]
        return "if this is a template, fill it in before the check, or put `{{ … }}` in quotes" if braces else None

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise UnreadableError(
                f"tags such as {quoted(event.tag)} are not supported",
                event.start_mark.index,
                "leave it out: the key decides how a value is read",
            )
