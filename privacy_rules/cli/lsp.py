"""The verb `lsp`: a language server on standard input and output, for editors."""

from __future__ import annotations

import gc

import click

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

_BROUGHT = ("pygls", "lsprotocol", "attrs")
"""What the extra brings; that of another age counts as none."""
_SELDOM = (500_000, 10, 10)
"""When Python looks for circles: with each key pressed trees are made and dropped, which have none and are many."""


@click.command(epilog="\b\nExample:\n  privacy-rules lsp --stdio")
@click.option("--stdio", is_flag=True, help="What it does anyway; many editors say so.")
def lsp(*, stdio: bool) -> int:  # noqa: ARG001 - there is no other way
    """Serve editors, over standard input and output.

    An editor starts it and speaks the Language Server Protocol with it. It needs the extra `lsp`; exit code 2 without.
    """
    try:
        from privacy_rules.lsp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _BROUGHT:
            raise
        help_ = "install it: `pip install 'privacy-rules[lsp]'`"
        raise InputError(
            [Diagnostic(codes.NO_EXTRA, "the language server needs the extra `lsp`", help=help_)]
        ) from error

    gc.enable()  # a server stays; a check, for which it is off, does not
    gc.set_threshold(*_SELDOM)
    serve()
    return 0
