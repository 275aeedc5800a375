"""What changed in a policy, as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.analysis.policy_comparison import DIRECTIONS, Example
from privacy_rules.analysis.search import No
from privacy_rules.reports.diff.content import (
    Compared,
    estate_title,
    headline,
    remarks,
    status_words,
    verdicts,
    word_words,
)
from privacy_rules.reports.diff.sentences import sentence, snippet
from privacy_rules.reports.markup.markdown import code, escaped
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.markdown import change_lines
from privacy_rules.reports.what_if.text import omitted, summary
from privacy_rules.simulation.compare import Answer
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import upper_first


def render(found: Compared, _: View) -> str:
    """The Markdown, in which no name can become markup."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Compared) -> Iterator[str]:
    yield "# What changes in the policy"
    yield f"\n{code(found.old)} → {code(found.new)}"
    yield f"\n**{escaped(upper_first(headline(found)))}**"
    if found.material:
        yield "\nThis is a material change:\n"
        yield from (f"- {escaped(each)}" for each in found.material)
    if found.changed:
        yield "\n| rule | | for example |\n| --- | --- | --- |"
        for rule in found.changed:
            examples = [getattr(rule.difference, each) for each in DIRECTIONS]
            words = [escaped(sentence(each, found.found.day)) for each in examples if isinstance(each, Example)]
            words += [f"not proved: {each}" for each in rule.difference.unproved]
            yield f"| {code(rule.name)} | {escaped(status_words(rule))} | {'<br>'.join(words)} |"
    for rule in found.changed:
        for direction in DIRECTIONS:
            answer = getattr(rule.difference, direction)
            if isinstance(answer, Example):
                yield f"\n<details><summary>{escaped(rule.name)}, {direction}: {verdicts(answer).replace('->', '→')}</summary>\n"
                yield "```yaml"
                yield from (visible(each) for each in snippet(answer))
                yield "```\n\n</details>"
    yield from _estate(found.estate) if found.estate else ()
    for each in found.renamed:
        assert each.before is not None
        yield f"\n{code(each.before.name)} is now called {code(each.name)}."
    for each in found.noted:
        yield f"\n{code(each.name)}: {escaped('; '.join(each.notes))}"
    if found.found.words:
        yield "\n## Words\n"
        yield from (f"- {escaped(word_words(each))}" for each in found.found.words)
    if any(each is No.NOT_PROVED for each in (found.found.whole.looser, found.found.whole.stricter)):
        yield "\n“Not proved” means that the search reached its limit. It does not mean yes."
    yield from (f"\n{escaped(each)}" for each in remarks(found))


def _estate(answer: Answer) -> Iterator[str]:
    yield f"\n## {estate_title(answer)}\n"
    for rule, changes in answer.by_rule():
        yield f"{code(rule)}\n"
        for each in changes:
            yield from change_lines(each, several=False)
        yield ""
    yield f"**{escaped(summary(answer))}**"
    yield from (f"\n{each}" for each in omitted(answer))
