"""The verb `lsp`: a language server for editors, on standard input and output."""

from __future__ import annotations

import gc

from privacy_rules.cli.options import option, verb
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

_PACKAGES = ("pygls", "lsprotocol", "attrs")
"""The packages of the extra. A version that does not fit counts as missing."""
_COLLECTIONS = (500_000, 10, 10)
"""The thresholds of garbage collection. Each key makes and drops many trees, which have no reference cycles."""


@verb("lsp --stdio")
@option("--stdio", is_flag=True, help="Accepted because many editors pass it; it changes nothing.")
def lsp(*, stdio: bool) -> int:  # noqa: ARG001 - there is no other way
    """Serve editors, over standard input and output.

    An editor starts it, and communicates with it by the Language Server Protocol.

    It needs the extra `lsp`: pip install 'privacy-rules[lsp]'. Without it, the exit code is 2.
    """
    try:
        from privacy_rules.lsp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _PACKAGES:
            raise
        help_ = "install it: `pip install 'privacy-rules[lsp]'`"
        raise InputError(
            [Diagnostic(codes.NO_EXTRA, "the language server needs the extra `lsp`", help=help_)]
        ) from error

    gc.enable()  # a server keeps running; a check, for which it is off, does not
    gc.set_threshold(*_COLLECTIONS)
    serve()
    return 0
