"""The tables of the LALR(1) parser that Lark makes from `dsl/grammar.lark`. Only this module imports Lark.

Lark takes a fifth of a second to load and to make the tables. So they are stored beside this module, with a digest of
their grammar. If the grammar has changed, Lark makes them again. After a change, store them with `python -m
privacy_rules.language.parser_tables`; a test fails if they are stale.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import language_home

KEPT = Path(__file__).with_name("tables.json")
END = "$END"
SAME = ("condition", "conjunction", "same", "name")
"""Productions that are their child if they have only one."""
_FORM = 1
_WORD = re.compile(r"\w+\Z")
_GROUP = re.compile(r"\((\w+(?:\|\w+)*)\)\\b\Z")


@dataclass(frozen=True, slots=True)
class Production:
    """A rule of the grammar: the name of what it makes, its nonterminal (`origin`) and its number of symbols.

    `inline`: a helper of Lark's for repetition, whose children belong to the rule that uses it.
    """

    origin: str
    name: str
    size: int
    inline: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """An LALR(1) parser as data. States are indices.

    `actions`: terminal → state to shift to, or `~production` to reduce by. `gotos`: nonterminal → state.
    `words`: keyword → the terminals that it may be. `shown`: terminal → how a user writes it, if it is a fixed text.
    `tokens`: terminal → pattern, for all that are not keywords.
    """

    start: int
    end: int
    actions: tuple[Mapping[str, int], ...]
    gotos: tuple[Mapping[str, int], ...]
    productions: tuple[Production, ...]
    words: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]
    tokens: Mapping[str, str]


class Inline(list[Any]):
    """Values that belong to the production above: what the grammar's `*` and `+` gather."""


def flat(values: list[Any]) -> Inline:
    """Return the values, with those of `Inline`s in place of these."""
    if values and type(values[0]) is Inline:  # extend it in place, as copying would take quadratic time
        found: Inline = values[0]
        rest = values[1:]
    else:
        found, rest = Inline(), values
    for each in rest:
        if type(each) is Inline:
            found.extend(each)
        else:
            found.append(each)
    return found


@cache
def defaults() -> tuple[int | None, ...]:
    """Return for each state the production by which it reduces whatever follows, or None."""
    rows = [set(row.values()) for row in tables().actions]
    return tuple(~min(row) if len(row) == 1 and min(row) < 0 else None for row in rows)


@cache
def tables() -> Tables:
    """Return the parser's tables: the stored ones or, for another grammar, new ones."""
    grammar = (language_home() / "grammar.lark").read_text(encoding="utf-8")
    return kept_tables(grammar) or build_tables(grammar)


def accepts(states: Sequence[int], terminal: str) -> bool:
    """Return whether the parser could take a terminal after a stack of states."""
    known = tables()
    kept, pushed = len(states), list[int]()
    while True:
        top = pushed[-1] if pushed else states[kept - 1]
        action = known.actions[top].get(terminal)
        if action is None or action >= 0:
            return action is not None
        made = known.productions[~action]
        below = max(len(pushed) - made.size, 0)
        kept -= made.size - (len(pushed) - below)
        del pushed[below:]
        pushed.append(known.gotos[pushed[-1] if pushed else states[kept - 1]][made.origin])
        if pushed[-1] == known.end:
            return terminal == END


def kept_tables(grammar: str, file: Path = KEPT) -> Tables | None:
    """Return the stored tables if they are of this grammar, else None."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept.pop("digest", None) != _digest(grammar):
        return None
    kept["productions"] = (Production(*each) for each in kept["productions"])
    for several in ("actions", "gotos", "productions"):
        kept[several] = tuple(kept[several])
    kept["words"] = {word: tuple(kinds) for word, kinds in kept["words"].items()}
    return Tables(**kept)


def keep_tables(grammar: str, file: Path = KEPT) -> None:
    """Store the tables of a grammar for `kept_tables`."""
    made = asdict(build_tables(grammar)) | {"digest": _digest(grammar)}
    made["productions"] = [list(each.values()) for each in made["productions"]]
    file.write_text(json.dumps(made, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


def build_tables(grammar: str) -> Tables:
    """Make the tables of a grammar with Lark. Raises lark.GrammarError if it is not LALR(1)."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(grammar, parser="lalr", lexer="contextual", start="file", maybe_placeholders=False)
    table: Any = lark.parser.parser._parse_table  # noqa: SLF001 - Lark shows it nowhere else
    rules = sorted(lark.rules, key=str)
    numbers = {rule: number for number, rule in enumerate(rules)}
    terminals = {each.name for each in lark.terminals} | {END}
    order = _states_in_order(table.states, table.start_states["file"], Shift)
    actions: list[dict[str, int]] = [{} for _ in order]
    gotos: list[dict[str, int]] = [{} for _ in order]
    for state, row in table.states.items():
        for symbol, (action, target) in sorted(row.items()):
            if symbol not in terminals:
                gotos[order[state]][symbol] = order[target]
            else:
                actions[order[state]][symbol] = order[target] if action is Shift else ~numbers[target]
    end = order[table.end_states["file"]]
    productions = tuple(_production(rule) for rule in rules)
    return Tables(0, end, tuple(actions), tuple(gotos), productions, *_lexicon(lark.terminals))


def _states_in_order(states: Any, start: int, shift: Any) -> dict[int, int]:
    """Lark's states → ours, numbered from the start state on: Lark's own numbers differ from run to run."""
    order = {start: 0}
    for state in (walk := [start]):
        for _, (action, target) in sorted(states[state].items(), key=lambda each: str(each[0])):
            if action is shift and target not in order:
                order[target] = len(order)
                walk.append(target)
    return order


def _production(rule: Any) -> Production:
    origin = str(rule.origin.name)
    return Production(origin, str(rule.alias or origin), len(rule.expansion), origin.startswith("__"))


def _lexicon(terminals: Any) -> tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, str]]:
    words: dict[str, tuple[str, ...]] = {}
    shown: dict[str, str] = {}
    tokens: dict[str, str] = {}
    for each in terminals:
        pattern = str(each.pattern.value)
        literal = each.pattern.type == "str"
        if literal:
            shown[each.name] = pattern
        group = _GROUP.match(pattern)
        for word in group[1].split("|") if group else [pattern] if literal and _WORD.match(pattern) else []:
            words[word] = (*words.get(word, ()), each.name)
        if not group and not (literal and _WORD.match(pattern)):
            tokens[each.name] = re.escape(pattern) if literal else pattern
    return words, shown, tokens


def _digest(grammar: str) -> str:
    return sha256(f"{_FORM}\n{grammar}".encode()).hexdigest()


if __name__ == "__main__":
    keep_tables((language_home() / "grammar.lark").read_text(encoding="utf-8"))
