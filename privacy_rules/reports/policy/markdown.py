"""A policy as a Markdown page: its rules in English, its terms, and what may be disclosed. No text of a policy can become markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.english.document import Document, all_but, facts, meaning, quotes, versions
from privacy_rules.english.glossary import Entry, Tree
from privacy_rules.english.matrix import Block, Cell, Matrix, alike, blocks
from privacy_rules.english.sentences import RuleText, title_of
from privacy_rules.english.terms import holders, term, words
from privacy_rules.reports.markup.markdown import code, escaped
from privacy_rules.reports.markup.markdown import words as prose
from privacy_rules.reports.markup.paragraphs import markdown, markdown_text
from privacy_rules.reports.registry import View
from privacy_rules.source.words import listed, plural

HOW_TO_READ = (
    "Every rule has to be kept, and their order does not matter. If something “may” be done “only” in some cases, everything else of its kind "
    "is forbidden. A rule lifts another one only if it says so. "
    "Each kind of data is judged for each purpose separately, so each has to fit one of the cases. "
    f"Words in italics are terms; a term includes everything below it in its list. “We” are the parties with the role {term('us')}."
)
"""What readers have to know before the first rule."""
ABOUT_MATRIX = (
    "Each line comes from a check, not from the text of the rules: a person gives us the data, and we pass it on unchanged, to one recipient, "
    "for one purpose, under a contract of which nothing is known. “Allowed” and “forbidden” hold whatever the other facts are; "
    "“depends” names the facts that decide. Rules about a party or system by its name do not apply to this recipient."
)
SIGN_OFF = "By signing, you confirm that each rule says the same as the clauses that it cites, as they are quoted here."
SIGNATURE = ("name", "role", "date", "signature")
NO_MATRIX = "There is no table: it needs rules that name data, purposes and recipients outside the organisation."


def render(found: Document, _: View) -> str:
    """The page."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Document) -> Iterator[str]:
    yield f"# {escaped(found.title)}: the rules in plain English"
    yield ""
    for line in found.about:
        yield from (f"{escaped(line)}", "")
    yield from (markdown_text(HOW_TO_READ), "", "## Rules", "")
    for number, text in enumerate(found.texts, start=1):
        yield from _rule(number, text, found)
    if found.clauses:
        yield from ("## Clauses that no rule checks", "", "| clause | kind | why |", "| --- | --- | --- |")
        yield from (f"| {escaped(each.cited)} | {each.kind} | {prose(each.reason)} |" for each in found.clauses)
        yield ""
    if found.policy.left_out:
        yield from ("## Rules of used files that are left out", "", "| rule | why |", "| --- | --- |")
        yield from (f"| {escaped(each.rule)} | {prose(each.reason)} |" for each in found.policy.left_out)
        yield ""
    yield from _words(found)
    yield from _matrix(found)
    yield from ("", "## Sign-off", "", SIGN_OFF, "", "| | |", "| --- | --- |")
    yield from (f"| {escaped(label)} | {prose(value)} |" for label, value in versions(found))
    yield from ("", f"| {' | '.join(SIGNATURE)} |", f"|{' --- |' * len(SIGNATURE)}", *["|  |  |  |  |"] * 2)


def _rule(number: int, text: RuleText, found: Document) -> Iterator[str]:
    rule = text.rule
    yield f"### {number}. {escaped(title_of(rule))}"
    yield ""
    for each in text.passages:
        yield from (*markdown(each), "")
    for note in text.notes:
        yield from (*markdown(meaning(note, among=text.notes)), "")
    labelled = [("rule", code(rule.name))]
    labelled += [(label, prose(each)) for label, each in facts(rule, found.lifted_by[rule.name])]
    for cite, quoted in quotes(rule, found):
        yield f"> {escaped(cite)} says ({escaped(quoted.place)}):  "
        yield from (f"> {escaped(line)}  " for line in quoted.text.splitlines() if line.strip())
        yield ""
    yield "> " + "  \n> ".join(f"{label}: {each}" for label, each in labelled)
    yield ""


# ---- words


def _words(found: Document) -> Iterator[str]:
    yield from ("## What the words mean", "")
    for note in found.definitions:
        yield from (*markdown(meaning(note, among=found.definitions, lead="")), "")
    for name in found.unused:
        yield from (f"“{escaped(name)}” is defined, but no rule uses it.", "")
    for tree in found.trees:
        yield from _tree(tree, found)


def _tree(tree: Tree, found: Document) -> Iterator[str]:
    yield from (f"### {escaped(words(tree.vocabulary).capitalize())}", "")
    for each in tree.entries:
        yield from _entry(each, tree, found, 0)
    if tree.dated:
        yield ""
    for name, parent, days in tree.dated:
        yield f"- {_term(name, tree, found)} is in {_term(parent, tree, found)} only {days}"
    if tree.left_out:
        yield from ("", left_out(tree))
    yield ""


def left_out(tree: Tree) -> str:
    """How much of a vocabulary is not shown."""
    rest = "other term" if tree.left_out == 1 else f"other {tree.left_out:,} terms"
    return f"No rule names the {rest} of this vocabulary."


def _entry(entry: Entry, tree: Tree, found: Document, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {_said(entry, tree, found)}"
    plain: list[str] = []
    for each in entry.below:
        if each.description or each.below or each.also or each.elsewhere:
            yield from _entry(each, tree, found, depth + 1)
        else:
            plain.append(each.term)
    if plain:
        yield f"{'  ' * (depth + 1)}- {_in_line(plain, tree, found)}"
    if entry.elsewhere:
        verb = "appears" if len(entry.elsewhere) == 1 else "appear"
        yield f"{'  ' * (depth + 1)}- {_in_line(entry.elsewhere, tree, found)}, which also {verb} elsewhere"


def _in_line(names: Sequence[str], tree: Tree, found: Document) -> str:
    shown, more = tree.shortened(names)
    return ", ".join(_term(each, tree, found) for each in shown) + (f" and {more:,} more" if more else "")


def _said(entry: Entry, tree: Tree, found: Document) -> str:
    written = _term(entry.term, tree, found)
    also = f" (also below {', '.join(_term(each, tree, found) for each in entry.also)})" if entry.also else ""
    return f"{written}{also}{f': {prose(entry.description)}' if entry.description else ''}"


def _term(name: str, tree: Tree, found: Document) -> str:
    return markdown_text(term(name, found.policy.taxonomy(tree.vocabulary)))


# ---- the matrix


def _matrix(found: Document) -> Iterator[str]:
    yield from ("## What may be disclosed to whom, and for what", "")
    if found.matrix is None:
        yield NO_MATRIX
        return
    yield from (ABOUT_MATRIX, "")
    if found.day:
        yield from (f"As of {found.day}.", "")
    yield from (markdown_text(named_here(found.matrix)), "")
    for roles in alike(found.matrix):
        yield from (f"### To {listed((markdown_text(holders(each)) for each in roles), 'or')}", "")
        yield from ("| data | purposes | verdict |", "| --- | --- | --- |")
        yield from (_row(each, found) for each in blocks(found.matrix, roles[0]))
        yield ""
    if found.matrix.left_out:
        left = ", ".join(markdown_text(term(each)) for each in found.matrix.left_out)
        yield f"Left out because there would be too many lines: {left}."


def named_here(found: Matrix) -> str:
    """The data and purposes of the matrix."""
    data, purposes = (listed(map(term, names)) for names in (found.data, found.purposes))
    return f"The table covers the data {data}, and the purposes {purposes}."


def by_number(cell: Cell, found: Document) -> list[str]:
    """The rules that forbid a cell, in the order of the page."""
    return sorted(cell.by, key=lambda each: found.numbers[each])


def _row(block: Block, found: Document) -> str:
    assert found.matrix is not None
    data = _several(block.data, found.matrix.data, "kind of data in the table")
    purposes = _several(block.purposes, found.matrix.purposes, "purpose in the table")
    return f"| {data} | {purposes} | {_verdict(block.cell, found)} |"


def _several(some: Sequence[str], every: Sequence[str], noun: str) -> str:
    prefix, names = all_but(some, every, noun)
    return " ".join(filter(None, (prefix, listed(markdown_text(term(each)) for each in names) if names else "")))


def _verdict(cell: Cell, found: Document) -> str:
    if cell.verdict == "forbidden":
        numbers = [str(found.numbers[each]) for each in by_number(cell, found)]
        return f"**forbidden** by {plural('rule', len(numbers))} {listed(numbers)}"
    return f"**depends** on {'; '.join(map(escaped, cell.by))}" if cell.verdict == "open" else "**allowed**"
