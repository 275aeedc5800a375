"""The verb `completion`: the script by which a shell completes our verbs, options, rules and files."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from privacy_rules.cli.report_output import say

PROGRAM = "privacy-rules"
VARIABLE = "_PRIVACY_RULES_COMPLETE"


@click.command(
    epilog="\b\nExample:\n"
    "  privacy-rules completion bash > ~/.local/share/bash-completion/completions/privacy-rules\n"
    '  privacy-rules completion zsh > "${fpath[1]}/_privacy-rules"\n'
    "  privacy-rules completion fish > ~/.config/fish/completions/privacy-rules.fish"
)
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> int:
    """Print the script for completion in a shell.

    Put it where the shell looks for such scripts (see the examples; the folder must be there, and a new shell reads
    it), or, with bash or zsh, write `eval "$(privacy-rules completion bash)"` into ~/.bashrc or ~/.zshrc.
    """
    say(script(shell))
    return 0


def script(shell: str) -> str:
    """What the shell is to run; made without asking whether that shell is here."""
    found = get_completion_class(shell)
    assert found is not None
    return ShellComplete.source(found(click.Command(PROGRAM), {}, PROGRAM, VARIABLE))
