"""Store the output of a check in the cache, so that `privacy_rules.cli.replay` can repeat it."""

from __future__ import annotations

import json
import os
from contextlib import suppress

from privacy_rules.cli import cache_folder, replay
from privacy_rules.source import observations

_MOST_ENTRIES = 200
_TAG = "CACHEDIR.TAG"
_BESIDE = {
    _TAG: "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of privacy-rules, safe to delete.\n",
    ".gitignore": "*\n",
}
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

_output: list[tuple[bool, str]] = []


def record_output(text: str, *, error: bool) -> None:
    """Record what the call writes to standard output or standard error."""
    if observations.is_recording():
        _output.append((error, text))


def store(code: int) -> list[str]:
    """Store what the call read and wrote in the cache. Return a warning, as lines, if the cache cannot be used."""
    observed, folder = observations.all_recorded(), cache_folder.folder()
    if replay.name is None or observed is None or folder is None:
        return []
    made = {"name": replay.name, "code": code, "said": _output, "observed": observed}
    content = json.dumps(made, separators=(",", ":")).encode()
    if len(content) > cache_folder.MOST_BYTES:
        return []
    try:
        handle = _open_or_create(folder)
    except FileNotFoundError:  # no home: nothing to warn of
        return []
    except cache_folder.UnusableError as error:
        return replay.ignored_warning(folder, error)
    try:
        _write(handle, replay.name, content)
        _prune(handle)
    except OSError as error:
        return replay.ignored_warning(folder, cache_folder.UnusableError(os.strerror(error.errno or 0).lower()))
    finally:
        os.close(handle)
    return []


def _open_or_create(folder: str) -> int:
    """Open the folder. Create it first if its parent exists, or can be created in the user's home."""
    with suppress(FileNotFoundError):
        return cache_folder.open_folder(folder)
    parent = os.path.dirname(folder)  # noqa: PTH120
    try:
        if os.path.isdir(os.path.dirname(parent)):  # noqa: PTH112, PTH120
            with suppress(FileExistsError):
                os.mkdir(parent, 0o700)  # noqa: PTH102
        with suppress(FileExistsError):
            os.mkdir(folder, 0o700)  # noqa: PTH102
    except OSError as error:
        raise FileNotFoundError(folder) from error
    handle = cache_folder.open_folder(folder)
    for name, text in _BESIDE.items():
        with suppress(OSError):
            _write(handle, name, text.encode())
    return handle


def _write(handle: int, name: str, content: bytes) -> None:
    """Write a file in one step, so that no other call reads half of it."""
    aside = f"{name}.{os.getpid()}.new"
    with suppress(FileNotFoundError):
        os.unlink(aside, dir_fd=handle)
    file = os.open(aside, _NEW, 0o600, dir_fd=handle)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
        os.rename(aside, name, src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside, dir_fd=handle)
        raise


def _prune(handle: int) -> None:
    """Remove the oldest entries if there are too many."""
    with os.scandir(handle) as entries:
        found = [(each.stat(follow_symlinks=False).st_mtime_ns, each.name) for each in entries]
    for _, name in sorted(found)[: max(0, len(found) - _MOST_ENTRIES)]:
        if name not in _BESIDE:
            with suppress(OSError):
                os.unlink(name, dir_fd=handle)
