"""What lints find, as text, and the list of lints.

customers.privacy:12:6: warning[L116 no-clause]: `no_selling` cites no clause
    rule no_selling {
         ^^^^^^^^^^
  help: name the clause that it encodes, such as `cites "#no-selling"`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from privacy_rules.analysis import solver
from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.runner import Finding, Level, Linted, level_of
from privacy_rules.reports.diff.sentences import snippet_of
from privacy_rules.reports.lint.content import example_words
from privacy_rules.reports.markup.diagnostics import pointed
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import counted, first_few

_COLOURS: Mapping[str, Colour] = {"error": "red", "warning": "yellow", "note": "blue"}


_SEVERITIES = ("error", "warning", "note")


_MOST_LINTS = 12


_MOST_NAMES = 60
"""At most this many rules are named in the summary."""


def render(content: FixResult, view: View) -> str:
    """Each finding on lines of its own, and a summary."""
    found, ink = content.linted, view.ink
    lines = [line for each in found.findings for line in _lines(each, ink)]
    return "".join(f"{line}\n" for line in [*lines, *_summary(found, content.count, ink)])


def _lines(finding: Finding, ink: Ink) -> Iterator[str]:
    lint, found = finding.lint, finding.found
    head = ink(f"{finding.severity}[{lint.code} {lint.name}]", _COLOURS[finding.severity], bold=True)
    yield f"{ink(str(found.span), bold=True)}: {head}: {ink(found.message)}"
    yield from pointed(finding.excerpt, found.span, ink)
    for other in found.also:
        yield f"  {ink('also:', 'blue')} {ink(str(other))}"
    if found.example:
        yield f"  {ink('example:', 'cyan')} {ink(example_words(found.example))}"
        yield from (f"    {ink(line)}" for line in snippet_of(found.example.data, found.example.day))
    if finding.solver:
        yield f"  {ink('note:', 'cyan')} {ink(f'proved with {finding.solver}')}"
    if found.help:
        yield f"  {ink('help:', 'cyan')} {ink(found.help)}"
    if found.edits:
        yield f"  {ink('fix:', 'green')}  {ink('`--fix` does this; no verdict changes')}"


def _summary(found: Linted, fixed: int, ink: Ink) -> Iterator[str]:
    rules = found.policy.rules
    named = f": {', '.join(each.name for each in rules)}" if 0 < len(rules) <= _MOST_NAMES else ""
    yield ink(f"{_counts(found)} in {counted(len(rules), 'rule')}{named}", bold=bool(found.findings))
    fixable = sum(bool(each.found.edits) for each in found.findings)
    if fixed:
        yield ink(f"{counted(fixed, 'finding')} fixed")
    if fixable:
        yield ink(f"{fixable:,} can be fixed with `--fix`")
    if found.allowed:
        yield ink(f"{len(found.allowed):,} allowed by comments")
    if found.solved:
        about = f" about {first_few(found.solved_of, _MOST_LINTS)}" if found.solved_of else ""
        yield ink(f"decided with {solver.NAME}: {counted(found.solved, 'question')}{about}")
    if found.undecided:
        about = f" about {first_few(found.unproved, _MOST_LINTS)}" if found.unproved else ""
        yield ink(
            f"not proved: {counted(found.undecided, 'question')}{about} too large to decide; some findings may be missing"
        )
    if found.unfinished:
        yield ink(
            f"not finished: {first_few(found.unfinished, _MOST_LINTS)}, as the policy is too large; some findings may be missing"
        )


def _counts(found: Linted) -> str:
    several = [(sum(each.severity == word for each in found.findings), word) for word in _SEVERITIES]
    counts = [counted(count, word) for count, word in several if count]
    return ", ".join(counts) or "no findings"


def message_lines(found: Problem) -> list[str]:
    """A finding's message, its example in words, and its help, for formats that show the place themselves."""
    example = [f"for example {example_words(found.example)}"] if found.example else []
    return [found.message, *example, *([f"help: {found.help}"] if found.help else [])]


def listing(lints: Iterable[Lint], levels: Mapping[str, Level], ink: Ink) -> str:
    """A line for each lint: its code, name, configured severity and title."""
    every = list(lints)
    width = max((len(each.name) for each in every), default=0)
    return "".join(_listed(each, level_of(each, levels), width, ink) for each in every)


def _listed(lint: Lint, level: Level, width: int, ink: Ink) -> str:
    fix = "  (fix)" if lint.fixes else ""
    shown = ink(f"{level:7}", _COLOURS.get(level))
    return f"{ink(lint.code)}  {ink(lint.name.ljust(width), bold=True)}  {shown}  {ink(lint.title)}{fix}\n"


def fixed_lines(names: Sequence[str], count: int, *, dry: bool) -> list[str]:
    """The files that are fixed, or would be, one line each."""
    verb = "would fix" if dry else "fixed"
    lines = [f"{verb} {name}" for name in names]
    total = f"{counted(count, 'finding')} {'would be ' * dry}fixed" if count else "nothing to fix"
    return [*lines, total]
