"""Repeat the output of a check whose input has not changed since a check with the same arguments.

An entry of the cache has what the earlier check read from disk, what it wrote, and its exit code. It is used only if the
disk still has the same, and if everything else that a check depends on is the same: the arguments, the working directory,
the day, the terminal, the environment and the program itself. A hash of these is the name of the entry.
"""

from __future__ import annotations

import json
import os
import sys
import time
from hashlib import blake2b

from privacy_rules.cli import cache_folder
from privacy_rules.source import observations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

FORM = 1
"""The form of an entry; a new form gets a new number."""
_ENVIRONMENT = ("CI_PROJECT_DIR", "GITHUB_WORKSPACE", "NO_COLOR", "PRIVACY_RULES_DEBUG", "TERM", "TZ")
"""The variables that a check looks at."""

name: str | None = None
"""The name of the entry that this call may write, if it must run."""


def replayed(words: list[str]) -> int | None:
    """Write what the same check wrote before, and return its exit code; None if it must run.

    If the check must run, it records what it reads from disk, and `name` is set.
    """
    global name  # noqa: PLW0603 -- one call in a process
    folder = cache_folder.folder()
    if folder is None or sys.stdout is None or sys.stderr is None:
        return None
    name = name_of(words)
    try:
        found = _entry(folder, name)
    except cache_folder.UnusableError as error:
        from privacy_rules.cli.report_output import print_lines

        print_lines(*ignored_warning(folder, error), error=True)
        name = None
        return None
    if found is None:
        observations.begin()
        return None
    said, code = found
    try:
        for is_error, text in said:
            _write(sys.stderr if is_error else sys.stdout, text, is_error=is_error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        from privacy_rules.cli.main import report_unwritable

        return report_unwritable(error)
    return code


def ignored_warning(folder: str, error: Exception) -> list[str]:
    """Return the warning that the cache is ignored, as lines."""
    return [f"warning: the cache `{folder}` is ignored: {error}", "  help: remove it, or use `--no-cache`"]


def _entry(folder: str, name: str) -> tuple[list[tuple[bool, str]], int] | None:
    """Return the output and the exit code that an entry has; None without an entry whose answers are still the same."""
    try:
        handle = cache_folder.open_folder(folder)
    except FileNotFoundError:
        return None
    try:
        content = cache_folder.read_entry(handle, name)
    finally:
        os.close(handle)
    if content is None:
        return None
    try:
        found = json.loads(content)
        code, said, observed = found["code"], found["said"], found["observed"]
        if found["name"] != name or code not in (0, 1) or not all(_is_said(each) for each in said):
            raise ValueError
        if not all(isinstance(each, list) and len(each) == 3 for each in observed):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise cache_folder.UnusableError(f"its entry `{name}` is damaged") from error
    return ([(is_error, text) for is_error, text in said], code) if observations.unchanged(observed) else None


def _is_said(each: object) -> bool:
    return isinstance(each, list) and len(each) == 2 and isinstance(each[0], bool) and isinstance(each[1], str)


def _write(stream: TextIO, text: str, *, is_error: bool) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        if not is_error:
            raise


def name_of(words: list[str]) -> str:
    """Return the name of the entry for a call with these arguments."""
    facts = [
        FORM,
        words,
        os.getcwd(),  # noqa: PTH109 -- see `start`
        time.strftime("%Y-%m-%d"),
        [os.environ.get(each) for each in _ENVIRONMENT],
        [(stream.isatty(), stream.encoding) for stream in (sys.stdout, sys.stderr)],
        sys.getfilesystemencoding(),
        sys.version,
        _program(),
    ]
    return f"{blake2b(json.dumps(facts).encode(), digest_size=20).hexdigest()}.json"


def _program() -> list[object]:
    """What distinguishes this version of the program from others: its files, and the installed packages."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    files: list[object] = [package]
    waiting = [package, os.path.join(os.path.dirname(package), "dsl")]  # noqa: PTH118, PTH120 -- a checkout has it there
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda each: each.name)
        except OSError:
            continue
        for each in entries:
            if each.is_dir():
                waiting += [each.path] * (each.name != "__pycache__")
            elif each.name.endswith((".py", ".privacy", ".lark", ".md", "VERSION")):
                found = each.stat()
                files.append([each.name, found.st_size, found.st_mtime_ns])
    installed = [each for each in sys.path if each.endswith(("site-packages", "dist-packages"))]
    return [files, [[each, os.stat(each).st_mtime_ns] for each in installed if os.path.isdir(each)]]  # noqa: PTH112, PTH116
