"""Report a list of all terms directly below a term: data declared with the broad term is then undetermined.

forbid flow of (name, email)                        # found, if these are all terms of `contact`

forbid flow of contact                              # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.term_lists import lists


def _check(lint_input: LintInput) -> Iterable[Problem]:
    for listed in lists(lint_input):
        if listed.every or len(listed.items) < 2:
            continue
        taxonomy = lint_input.policy.taxonomy(listed.vocabulary or "")
        names = set(listed.names)
        for parent in dict.fromkeys(parent for name in listed.names for parent in taxonomy.parents.get(name, ())):
            children = set(taxonomy.children(parent))
            always = not any((each, parent) in taxonomy.periods for each in children)
            if always and parent not in names and len(children) > 1 and children <= names:
                message = f"this list has every term below `{parent}`"
                help_ = f"write `{parent}`; then a flow that declares only `{parent}` is also decided"
                yield Problem(listed.items[0].span, message, help_)


LINT = Lint("listed-children", "L121", "warning", "all narrower terms listed instead of the broad one", _check)
