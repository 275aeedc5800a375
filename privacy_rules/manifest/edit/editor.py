"""Apply an edit plan to a file's text, in as few places as possible and in the style of the surrounding text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from privacy_rules.manifest.edit.block_edits import Block
from privacy_rules.manifest.edit.bracket_edits import Brackets
from privacy_rules.manifest.edit.cst import Entry, Kind, Part, Tree, UneditableError
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
        entry, above = self.tree.find(path), self._part(path[:-1])
        if entry is None:
            raise UneditableError("the value to change is not written here itself", above.start)
        part, depth = entry.value, len(path)
        if (
            above.block
            and above.kind is Kind.MAP
            and self._is_bare(part)
            and isinstance(wanted, dict | list)
            and wanted
        ):
            self._put_below(path, entry, wanted)
        elif above.block and part.block:
            self._put_beside(above, entry, self.style.inline(wanted), depth)
        elif part.start == part.end:
            at = part.start if above.kind is Kind.LIST else self.tree.colon_end(entry)
            self.edits.append(Edit(at, at, f" {self.style.inline(wanted)}", depth))
        else:
            self.edits.append(Edit(part.start, part.end, self._text(path, part, wanted), depth))

    def _part(self, path: PathKey) -> Part:
        """The part at a path. Raises UneditableError if it is an alias."""
        found = self.tree.part(path)
        if found is None or found.kind is Kind.ALIAS:
            nearest = next(part for depth in range(len(path), -1, -1) if (part := self.tree.part(path[:depth])))
            raise UneditableError("the value to change is written here as an alias", nearest.start)
        return found

    def _is_bare(self, part: Part) -> bool:
        """Whether the value is null, or an empty map or list."""
        return part.node is None if part.kind is Kind.SCALAR else part.kind is not Kind.ALIAS and not part.entries

    def _put_below(self, path: PathKey, entry: Entry, wanted: Data) -> None:
        """Write a section, or the body of an entity, on lines below its key."""
        above = self.tree.part(path[:-1])
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

    def _put_beside(self, above: Part | None, entry: Entry, text: str, depth: int) -> None:
        """Replace a value on several lines by one on the line of its key or dash."""
        part = entry.value
        if above is not None and above.kind is Kind.MAP:
            colon = self.tree.colon_end(entry)
            self.edits.append(Edit(colon, colon, f" {text}", depth))
            if part.start == part.end:
                return
            is_below = self.lines.start(part.start) > colon
            self.edits.append(Edit(self.lines.end(colon) if is_below else colon, part.end))
        else:
            self.edits.append(Edit(part.start, part.end, text, depth))

    def _text(self, path: PathKey, part: Part, wanted: Data) -> str:
        """The text that replaces a value, in the same layout."""
        old = self.tree.text[part.start : part.end]
        if isinstance(wanted, str) and _QUOTE.match(old) and not self.style.json:
            return self.style.quoted(wanted)
        root = self.tree.root
        if len(path) == 1 and not root.block and Brackets(self.lines, root, 0).is_spread():
            spread, indent = habits_of_sections(self.tree).section(wanted), self.lines.indent(part.start)
        elif "\n" in old and part.entries:
            spread, indent = (lambda _, each: each is wanted), self.lines.indent(part.end - 1)
        else:
            return self.style.inline(wanted)
        return self.lines.break_.join(self.style.bracketed(str(path[-1]), wanted, indent, spread))

    # Removed and new entries.

    def _entries(self, path: PathKey) -> None:
        tree, part = self.tree, self._part(path)
        self.tree.refuse_shared(path, inside=False)
        gone = self._gone(path, part)
        new = self.plan.new.get(path, [])
        tree.refuse_bare(part)
        for number in gone:
            tree.refuse_shared((*path, part.entries[number].name or number))
        left = [number for number in range(len(part.entries)) if number not in gone]
        if part.block:
            self._in_block(path, part, gone, new, left)
        else:
            self._in_brackets(path, part, gone, new, left)

    def _gone(self, path: PathKey, part: Part) -> set[int]:
        steps = {each[-1] for each in self.plan.gone if each[:-1] == path}
        return {
            number for number, each in enumerate(part.entries) if (number if each.name is None else each.name) in steps
        }

    def _in_block(
        self, path: PathKey, part: Part, gone: Collection[int], new: Sequence[New], left: Sequence[int]
    ) -> None:
        entry = self.tree.find(path)
        named = entry is not None and entry.key_end
        floor = self.tree.colon_end(entry) if entry is not None and named else part.start if path else -1
        block = Block(self.lines, part, floor, len(path))
        self.edits += block.removed(gone)
        for each in new:
            spread = self._spread(path, part, each.value)
            if each.name is not None:
                lines = self.style.keyed(each.name, each.value, block.indent, spread)
            else:
                lines = self.style.dashed(f"{path[-1]}[]", each.value, block.indent, spread)
            separator = [""] if block.is_separated() and not each.after else []
            after = _predecessor(part, each.after, left)
            self.edits.append(block.inserted([*separator, *lines], after))

    def _in_brackets(
        self, path: PathKey, part: Part, gone: Collection[int], new: Sequence[New], left: Sequence[int]
    ) -> None:
        brackets = Brackets(self.lines, part, len(path))
        self.edits += brackets.removed(gone)
        indent = brackets.indent if brackets.is_spread() else self.lines.indent(part.start)
        for after, several in _grouped(part, new, left).items():
            texts = [self._bracketed(each, indent, self._spread(path, part, each.value)) for each in several]
            ends = after is None or after == left[-1]
            self.edits += brackets.inserted(texts, after, ends=ends, comma=self.style.comma)

    def _bracketed(self, new: New, indent: str, spread: Spread) -> list[str]:
        style: Style = self.style
        lines = style.bracketed(str(new.name), new.value, indent, spread)
        head = "" if new.name is None else style.key(new.name) + style.colon
        return [head + lines[0], *lines[1:]]

    def _spread(self, path: PathKey, part: Part, new: Data) -> Spread:
        """Which values of a new entry get lines of their own."""
        if not part.block and not Brackets(self.lines, part, 0).is_spread() and not path:
            return lambda _name, _value: False
        if not path:
            return habits_of_sections(self.tree).section(new)
        if len(path) == 2:  # an attribute: as in entities of its kind
            return Habits(self.tree, self.tree.part(path[:1])).spread(None)
        return Habits(self.tree, part).spread(new)


def _predecessor(part: Part, names: Collection[str], left: Sequence[int]) -> int | None:
    """The entry that a new one follows: the last of those named, else the last of all that are left."""
    named = [number for number in left if part.entries[number].name in names]
    return (named or left or [None])[-1]  # type: ignore[list-item]


def _grouped(part: Part, new: Sequence[New], left: Sequence[int]) -> dict[int | None, list[New]]:
    found: dict[int | None, list[New]] = {}
    for each in new:
        found.setdefault(_predecessor(part, each.after, left), []).append(each)
    return found
