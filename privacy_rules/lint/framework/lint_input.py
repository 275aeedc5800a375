"""What lints examine: a policy, the syntax trees of its files, the prose that it names, and the solver's answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from privacy_rules.analysis.checked_examples import Examples
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import no_checkpoint
from privacy_rules.analysis.step_budget import Effort
from privacy_rules.language import syntax
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.lint.framework.allow_comments import Allow
from privacy_rules.lint.framework.covering import Covering
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, FileSystem
from privacy_rules.source.language_files import names_of_shipped_files, shipped_file
from privacy_rules.source.span import Span
from privacy_rules.tracing.prose_loader import Prose, Texts, prose_of

_MOST_WORK = 400_000
"""The limit of the solver for all lints of a run; it takes at most as long as they take without it."""
_D = TypeVar("_D", bound=syntax.Declaration)


@dataclass(eq=False)
class LintInput:
    """A policy as lints examine it. `files` has all of its files by name, `asked` the names of those that are examined.

    A file that the policy only uses defines terms, and is not examined itself. Lints call `checkpoint` often while they run: it may
    wait, and an exception that it raises ends the run. `unproved` names what lints themselves could not prove anything about.
    `proving`: the lint that runs uses answers to questions.
    """

    policy: Policy
    files: Mapping[str, syntax.File]
    asked: frozenset[str]
    day: date
    paths: Mapping[str, Path] = field(default_factory=dict)
    allows: tuple[Allow, ...] = ()
    idle: list[Allow] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    unproved: set[str] = field(default_factory=set)
    proving: bool = False
    known: Mapping[str, str] = field(default_factory=dict)
    checkpoint: Callable[[], None] = no_checkpoint
    disk: FileSystem = DISK
    texts: Texts | None = None
    effort: Effort = field(default_factory=Effort)

    @property
    def questions(self) -> Questions:
        """Answers questions about the policy's rules, and remembers them."""
        self.proving = True
        return self._questions

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.policy, self.checkpoint, self.effort, _MOST_WORK)

    def rules_at(self, spans: Iterable[Span]) -> set[str]:
        """The names of the examined rules that places are in."""
        return {
            rule.name
            for rule, tree in self.rules
            for each in spans
            if each.file == tree.span.file and tree.span.line <= each.line <= tree.span.end_line
        }

    @cached_property
    def examples(self) -> Examples:
        """Manifests that show what the policy does, confirmed by the checker."""
        return Examples(self.questions, self.policy, self.day)

    @property
    def looked_at(self) -> Iterator[syntax.File]:
        """The examined files, in order of name."""
        return (self.files[name] for name in sorted(self.asked) if name in self.files)

    def declared(self, kind: type[_D], *, everywhere: bool = False) -> Iterator[_D]:
        """Yield the declarations of a kind in the examined files, or in all files."""
        files = self.files.values() if everywhere else self.looked_at
        return (each for file in files for each in file.declarations if isinstance(each, kind))

    def asking(self, *, everywhere: bool = False) -> Iterator[syntax.Rule | syntax.Define]:
        """Yield the rules, then the defines, of the examined files, or of all files."""
        yield from self.declared(syntax.Rule, everywhere=everywhere)
        yield from self.declared(syntax.Define, everywhere=everywhere)

    @cached_property
    def rules(self) -> list[tuple[Rule, syntax.Rule]]:
        """The examined rules, each with its syntax tree."""
        by_name = {rule.name: rule for rule in self.policy.rules}
        return [(by_name[each.name.text], each) for each in self.declared(syntax.Rule) if each.name.text in by_name]

    @cached_property
    def permits(self) -> Mapping[str, list[Rule]]:
        """The permits that lift each rule."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.policy.rules:
            for name in rule.despite:
                found[name].append(rule)
        return found

    def permits_of(self, rule: Rule) -> list[Rule]:
        """The permits that lift a rule."""
        return self.permits.get(rule.name, [])

    @cached_property
    def coverings(self) -> Mapping[Kind, Covering]:
        """The rules other than permits, by the family of their subjects."""
        found: dict[Kind, list[Rule]] = defaultdict(list)
        for rule in self.policy.rules:
            if rule.statement != "permit":
                found[rule.subject.kind.family].append(rule)
        return {
            family: Covering.of(self.questions, self.policy, rules, self.permits) for family, rules in found.items()
        }

    @property
    def liftings(self) -> Iterator[tuple[Rule, Rule, Span]]:
        """The examined permits, each with a rule that it lifts and the place that names this."""
        for permit, tree in self.rules:
            spans = {each.text: each.span for each in tree.statement.despite if isinstance(each, syntax.Word)}
            clauses = [each for each in tree.statement.despite if isinstance(each, syntax.Text)]
            for rule in filter(None, map(self.policy.rule, permit.despite)):
                cited = (each.span for each in clauses if each.text in rule.cites)
                yield permit, rule, spans.get(rule.name) or next(cited)

    # ---- files

    def uses(self, file: syntax.File) -> list[syntax.Use]:
        """The `use` lines of a file, in order."""
        return [each for each in file.declarations if isinstance(each, syntax.Use)]

    def used(self, use: syntax.Use) -> str | None:
        """The name of the file that a `use` means; None if that file was not read."""
        if isinstance(use.target, syntax.Word):
            path = shipped_file(use.target.text)
            shipped = names_of_shipped_files()[path] if path else ""
            return shipped if shipped in self.files else None
        try:
            meant = (self.paths[use.span.file].parent / use.target.text).resolve()
        except (OSError, ValueError, KeyError):
            return None
        return next((name for name, path in self.paths.items() if path == meant), None)

    def brought_by(self, name: str) -> frozenset[str]:
        """The names of a file and of all files that it uses, directly or indirectly."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each not in found and each in self.files:
                found.add(each)
                waiting += [target for use in self.uses(self.files[each]) if (target := self.used(use)) is not None]
        return frozenset(found)

    def source(self, span: Span) -> SourceText:
        """The text of the file that a place is in."""
        return self.files[span.file].source

    def looks_at(self, span: Span) -> bool:
        """Whether the place is in an examined file."""
        return span.file in self.asked

    @cached_property
    def prose(self) -> list[Prose]:
        """The prose files that the headers of all files name."""
        return prose_of(self.policy, self.disk, self.texts)
