"""The verb `completion`: the script with which a shell completes verbs, options, rules and files."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from privacy_rules.cli.options import verb
from privacy_rules.cli.report_output import say

PROGRAM = "privacy-rules"
VARIABLE = "_PRIVACY_RULES_COMPLETE"


@verb(
    "completion bash > ~/.local/share/bash-completion/completions/privacy-rules",
    'completion zsh > "${fpath[1]}/_privacy-rules"',
    "completion fish > ~/.config/fish/completions/privacy-rules.fish",
)
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> int:
    """Print a completion script for a shell.

    Save it where the shell looks for such scripts, as in the examples. The folder must exist, and a new shell reads the
    script. With bash or zsh, you can instead add `eval "$(privacy-rules completion bash)"` to ~/.bashrc or ~/.zshrc.
    """
    say(script(shell))
    return 0


def script(shell: str) -> str:
    """The script for a shell, whether or not that shell is installed."""
    found = get_completion_class(shell)
    assert found is not None
    return ShellComplete.source(found(click.Command(PROGRAM), {}, PROGRAM, VARIABLE))
