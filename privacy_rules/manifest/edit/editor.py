"""Apply an edit plan to a file's text, in as few places as possible and in the style of the surrounding text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from privacy_rules.manifest.edit.block_edits import Block
from privacy_rules.manifest.edit.bracket_edits import Brackets
from privacy_rules.manifest.edit.cst import Element, Entry, Kind, Tree, UneditableError
from privacy_rules.manifest.edit.edit_plan import FilePlan, New
from privacy_rules.manifest.edit.rendering import Spread, Style
from privacy_rules.manifest.edit.style_detection import Habits, habits_of_sections, style_of
from privacy_rules.manifest.edit.text_edits import Edit, Lines, edited
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.write import Data

_QUOTE = re.compile("[\"']")


def edited_text(tree: Tree, plan: FilePlan) -> str:
    """The text of the file after the plan. Raises UneditableError if it cannot be edited safely."""
    return _Editor(tree, plan).text()


class _Editor:
    def __init__(self, tree: Tree, plan: FilePlan) -> None:
        self.tree, self.plan = tree, plan
        self.lines, self.style = Lines(tree.text), style_of(tree)
        self.edits: list[Edit] = []

    def text(self) -> str:
        for path, wanted in self.plan.put.items():
            self._put(path, wanted)
        for path in sorted({each[:-1] for each in self.plan.gone} | self.plan.new.keys(), key=len):
            self._entries(path)
        found = edited(self.tree.text, self.edits)
        return found if self.tree.text.endswith(("\n", "\r")) else found.rstrip("\r\n")

    # Changed values.

    def _put(self, path: PathKey, wanted: Data) -> None:
        self.tree.refuse_shared(path)
        entry, above = self.tree.find(path), self._element(path[:-1])
        if entry is None:
            raise UneditableError("the value to change is not written here itself", above.start)
        element, depth = entry.value, len(path)
        if (
            above.block
            and above.kind is Kind.MAP
            and self._is_bare(element)
            and isinstance(wanted, dict | list)
            and wanted
        ):
            self._put_below(path, entry, wanted)
        elif above.block and element.block:
            self._put_beside(above, entry, self.style.inline(wanted), depth)
        elif element.start == element.end:
            at = element.start if above.kind is Kind.LIST else self.tree.colon_end(entry)
            self.edits.append(Edit(at, at, f" {self.style.inline(wanted)}", depth))
        else:
            self.edits.append(Edit(element.start, element.end, self._text(path, element, wanted), depth))

    def _element(self, path: PathKey) -> Element:
        """The element at a path. Raises UneditableError if it is an alias."""
        found = self.tree.element(path)
        if found is None or found.kind is Kind.ALIAS:
            nearest = next(
                element for depth in range(len(path), -1, -1) if (element := self.tree.element(path[:depth]))
            )
            raise UneditableError("the value to change is written here as an alias", nearest.start)
        return found

    def _is_bare(self, element: Element) -> bool:
        """Whether the value is null, or an empty map or list."""
        return (
            element.node is None
            if element.kind is Kind.SCALAR
            else element.kind is not Kind.ALIAS and not element.entries
        )

    def _put_below(self, path: PathKey, entry: Entry, wanted: Data) -> None:
        """Write a section, or the body of an entity, on lines below its key."""
        above = self.tree.element(path[:-1])
        habits = Habits(self.tree, above)
        if not (habits.entry or len(path) == 1):
            text = self.style.inline(wanted)
            self._put_beside(above, entry, text, len(path))
            return
        colon = self.tree.colon_end(entry)
        self.edits.append(Edit(colon, max(colon, entry.value.end)))
        rest = self.lines.rest(entry.end)
        if rest and not rest.startswith("#"):
            raise UneditableError("its line also contains something else", entry.start)
        indent = " " * (entry.start - self.lines.start(entry.start))
        spread = habits.spread(wanted) if len(path) > 1 else habits_of_sections(self.tree).section(wanted)
        below = self.style.below(str(path[-1]), wanted, indent, spread)
        at = self.lines.end(entry.end)
        self.edits.append(Edit(at, at, "".join(self.lines.break_ + line for line in below), len(path)))

    def _put_beside(self, above: Element | None, entry: Entry, text: str, depth: int) -> None:
        """Replace a value on several lines by one on the line of its key or dash."""
        element = entry.value
        if above is not None and above.kind is Kind.MAP:
            colon = self.tree.colon_end(entry)
            self.edits.append(Edit(colon, colon, f" {text}", depth))
            if element.start == element.end:
                return
            is_below = self.lines.start(element.start) > colon
            self.edits.append(Edit(self.lines.end(colon) if is_below else colon, element.end))
        else:
            self.edits.append(Edit(element.start, element.end, text, depth))

    def _text(self, path: PathKey, element: Element, wanted: Data) -> str:
        """The text that replaces a value, in the same layout."""
        old = self.tree.text[element.start : element.end]
        if isinstance(wanted, str) and _QUOTE.match(old) and not self.style.json:
            return self.style.quoted(wanted)
        root = self.tree.root
        if len(path) == 1 and not root.block and Brackets(self.lines, root, 0).is_spread():
            spread, indent = habits_of_sections(self.tree).section(wanted), self.lines.indent(element.start)
        elif "\n" in old and element.entries:
            spread, indent = (lambda _, each: each is wanted), self.lines.indent(element.end - 1)
        else:
            return self.style.inline(wanted)
        return self.lines.break_.join(self.style.bracketed(str(path[-1]), wanted, indent, spread))

    # Removed and new entries.

    def _entries(self, path: PathKey) -> None:
        tree, element = self.tree, self._element(path)
        self.tree.refuse_shared(path, inside=False)
        gone = self._gone(path, element)
        new = self.plan.new.get(path, [])
        tree.refuse_bare(element)
        for number in gone:
            tree.refuse_shared((*path, element.entries[number].name or number))
        left = [number for number in range(len(element.entries)) if number not in gone]
        if element.block:
            self._in_block(path, element, gone, new, left)
        else:
            self._in_brackets(path, element, gone, new, left)

    def _gone(self, path: PathKey, element: Element) -> set[int]:
        steps = {each[-1] for each in self.plan.gone if each[:-1] == path}
        return {
            number
            for number, each in enumerate(element.entries)
            if (number if each.name is None else each.name) in steps
        }

    def _in_block(
        self, path: PathKey, element: Element, gone: Collection[int], new: Sequence[New], left: Sequence[int]
    ) -> None:
        entry = self.tree.find(path)
        named = entry is not None and entry.key_end
        floor = self.tree.colon_end(entry) if entry is not None and named else element.start if path else -1
        block = Block(self.lines, element, floor, len(path))
        self.edits += block.removed(gone)
        for each in new:
            spread = self._spread(path, element, each.value)
            if each.name is not None:
                lines = self.style.keyed(each.name, each.value, block.indent, spread)
            else:
                lines = self.style.dashed(f"{path[-1]}[]", each.value, block.indent, spread)
            separator = [""] if block.is_separated() and not each.after else []
            after = _predecessor(element, each.after, left)
            self.edits.append(block.inserted([*separator, *lines], after))

    def _in_brackets(
        self, path: PathKey, element: Element, gone: Collection[int], new: Sequence[New], left: Sequence[int]
    ) -> None:
        brackets = Brackets(self.lines, element, len(path))
        self.edits += brackets.removed(gone)
        indent = brackets.indent if brackets.is_spread() else self.lines.indent(element.start)
        for after, several in _grouped(element, new, left).items():
            texts = [self._bracketed(each, indent, self._spread(path, element, each.value)) for each in several]
            ends = after is None or after == left[-1]
            self.edits += brackets.inserted(texts, after, ends=ends, comma=self.style.comma)

    def _bracketed(self, new: New, indent: str, spread: Spread) -> list[str]:
        style: Style = self.style
        lines = style.bracketed(str(new.name), new.value, indent, spread)
        head = "" if new.name is None else style.key(new.name) + style.colon
        return [head + lines[0], *lines[1:]]

    def _spread(self, path: PathKey, element: Element, new: Data) -> Spread:
        """Which values of a new entry get lines of their own."""
        if not element.block and not Brackets(self.lines, element, 0).is_spread() and not path:
            return lambda _name, _value: False
        if not path:
            return habits_of_sections(self.tree).section(new)
        if len(path) == 2:  # an attribute: as in entities of its kind
            return Habits(self.tree, self.tree.element(path[:1])).spread(None)
        return Habits(self.tree, element).spread(new)


def _predecessor(element: Element, names: Collection[str], left: Sequence[int]) -> int | None:
    """The entry that a new one follows: the last of the named entries, or otherwise the last remaining one."""
    named = [number for number in left if element.entries[number].name in names]
    return (named or left or [None])[-1]  # type: ignore[list-item]


def _grouped(element: Element, new: Sequence[New], left: Sequence[int]) -> dict[int | None, list[New]]:
    found: dict[int | None, list[New]] = {}
    for each in new:
        found.setdefault(_predecessor(element, each.after, left), []).append(each)
    return found
