"""The objects of a git repository, by id.

with Objects(repository) as objects:
    content = objects.read(oid, limit=2**20)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import IO

from privacy_rules.history.git import SECONDS, MissingObjectError, Repository


class Objects:
    """Reads objects by id, asking for the size of each before its content."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sizes: _Answering | None = None
        self._contents: _Answering | None = None

    def size(self, oid: str, kind: str) -> int:
        """How many bytes an object of a kind (`blob`, `tree`, `commit`) has.

        Raises MissingObjectError if the repository does not have it, or has one of another kind.
        """
        self._sizes = self._sizes or _Answering(self._repository, "cat-file", "--batch-check")
        return self._sizes.size_of(oid, kind)

    def read(self, oid: str, limit: int, kind: str = "blob") -> bytes | None:
        """The content of an object; None if it has more than `limit` bytes."""
        if self.size(oid, kind) > limit:
            return None
        self._contents = self._contents or _Answering(self._repository, "cat-file", "--batch")
        return self._contents.bytes(self._contents.size_of(oid, kind) + 1)[:-1]

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the commands that were started."""
        for each in (self._sizes, self._contents):
            if each is not None:
                each.close()
        self._sizes = self._contents = None


class _Answering:
    """A `git cat-file` that answers one object at a time, and is killed if an answer takes too long."""

    def __init__(self, repository: Repository, *words: str) -> None:
        self._running = repository.started(*words)
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._to: IO[bytes] = self._running.stdin
        self._from: IO[bytes] = self._running.stdout
        self._waiting_since: float | None = None
        self._ended = Event()
        Thread(target=self._watch, daemon=True).start()

    def size_of(self, oid: str, kind: str) -> int:
        """Ask for an object, and read the line that gives its size."""
        with self._in_time():
            with suppress(BrokenPipeError):
                self._to.write(f"{oid}\n".encode())
                self._to.flush()
            line = self._from.readline().split()
        if len(line) != 3:  # `OID missing`, or nothing: git has given up on a broken object
            raise MissingObjectError(f"the object {oid[:12]} is missing from the repository, or corrupt")
        if line[1] != kind.encode():
            raise MissingObjectError(f"the object {oid[:12]} is not a {kind}")
        return int(line[2])

    def bytes(self, count: int) -> bytes:
        """The next bytes of the answer."""
        with self._in_time():
            found = self._from.read(count)
        if len(found) != count:
            raise MissingObjectError("git ended before it answered; an object may be corrupt")
        return found

    def close(self) -> None:
        """Ends the command."""
        self._ended.set()
        self._running.kill()
        for each in (self._to, self._from):
            with suppress(OSError):
                each.close()
        self._running.wait()

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        self._waiting_since = monotonic()
        try:
            yield
        finally:
            self._waiting_since = None

    def _watch(self) -> None:
        while not self._ended.wait(1.0):
            since = self._waiting_since
            if since is not None and monotonic() - since > SECONDS:
                self._running.kill()
