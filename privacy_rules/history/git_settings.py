"""The settings and variables with which git is called, so that a repository cannot choose a program for it to run."""

from __future__ import annotations

import os

SETTINGS = {
    "advice.graftFileDeprecated": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.askPass": "",
    "core.alternateRefsCommand": "",
    "core.attributesFile": os.devnull,
    "core.bare": "false",
    "core.warnAmbiguousRefs": "true",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "gpg.program": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
"""What no repository may set: most of these name, or lead to, a program or the network."""

PLACES = (
    "GIT_ATTR_SOURCE",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
"""Variables by which git passes a repository to its hooks; it may differ from the one in question."""


def environment(*, without_places: bool = False) -> dict[str, str]:
    """Return the variables that git runs with: those of this process, and what keeps git from fetching and asking.

    `without_places`: leave out the variables that say where a repository is.
    """
    given = {key: each for key, each in os.environ.items() if not (without_places and key in PLACES)}
    safe = {
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    return {**given, **safe, "LC_ALL": "C"}
