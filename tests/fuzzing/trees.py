"""Git objects, files and links made from any bytes, as a fuzzer gives them.

The bytes are records, separated by RECORD; a record is its kind and fields, separated by FIELD:

    b CONTENT               a file
    t (MODE NAME OBJECT)…   a folder, well-formed or not; OBJECT counts the objects made before, or is an id in hex
    r CONTENT               the bytes of a folder as they are
    c CONTENT               the bytes of a commit as they are
    w NAME CONTENT          a file of the working tree
    l NAME TARGET           a link of the working tree
    s NUMBER                a setting of git that somebody might make to do harm

Whatever is no such record is left out. The last commit is compared with, else a commit of the last folder.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

RECORD, FIELD = b"\x1e", b"\x1f"
_MOST = 64
_PLAIN = re.compile(rb"(?!\.git(/|\Z))[A-Za-z0-9_.-]{1,40}(/(?!\.git)[A-Za-z0-9_.-]{1,40}){0,2}")
_WHO = b"author A <a@example.org> 0 +0000\ncommitter A <a@example.org> 0 +0000\n\nmade by hand\n"

SETTINGS = (
    '[filter "evil"]\n\tclean = {program}\n\tsmudge = {program}\n\tprocess = {program}\n\trequired = true\n',
    "[core]\n\tsparseCheckout = true\n",
    "[core]\n\tfsmonitor = {program}\n\tpager = {program}\n\tsshCommand = {program}\n",
    '[remote "origin"]\n\tpromisor = true\n\turl = ext::{program}\n\tpartialclonefilter = blob:none\n'
    "[extensions]\n\tpartialClone = origin\n",
    '[diff "evil"]\n\ttextconv = {program}\n\tcommand = {program}\n[diff]\n\texternal = {program}\n',
    "[core]\n\tautocrlf = true\n\tignoreCase = true\n\tsymlinks = false\n\tquotePath = true\n",
    "[alias]\n\tcat-file = !{program}\n\trev-parse = !{program}\n",
)


@dataclass
class Made:
    """What the bytes say."""

    objects: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    links: list[tuple[str, bytes]] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    commit: str | None = None

    def add(self, kind: bytes, content: bytes) -> str:
        """An object, as git would store it; its id."""
        whole = kind + b" %d\0" % len(content) + content
        oid = hashlib.sha1(whole).hexdigest()
        self.objects.append((oid, whole))
        return oid


def made(data: bytes) -> Made:
    """The objects, files, links and settings that these bytes say."""
    found = Made()
    top = None
    for record in data.split(RECORD)[:_MOST]:
        kind, *fields = record.split(FIELD)
        match kind:
            case b"b":
                found.add(b"blob", FIELD.join(fields))
            case b"t" | b"r":
                content = _folder(found, fields) if kind == b"t" else FIELD.join(fields)
                top = found.add(b"tree", content)
            case b"c":
                found.commit = found.add(b"commit", FIELD.join(fields))
            case b"w" | b"l" if len(fields) == 2 and _PLAIN.fullmatch(fields[0]) and b".." not in fields[0]:
                (found.files if kind == b"w" else found.links).append((fields[0].decode(), fields[1]))
            case b"s" if len(fields) == 1 and fields[0].isdigit():
                found.settings.append(SETTINGS[int(fields[0][:3]) % len(SETTINGS)])
    if top is not None and found.commit is None:
        found.commit = found.add(b"commit", b"tree %s\n" % top.encode() + _WHO)
    return found


def _folder(found: Made, fields: list[bytes]) -> bytes:
    lines = []
    for mode, name, which in zip(*[iter(fields)] * 3, strict=False):
        if which.isdigit() and found.objects:
            oid = bytes.fromhex(found.objects[int(which[:4]) % len(found.objects)][0])
        else:
            oid = hashlib.sha1(which).digest()  # an object that is missing
            with suppress(ValueError):
                oid = (bytes.fromhex(which.decode("ascii", "replace")) + oid)[:20]
        lines.append(mode + b" " + name + b"\0" + oid)
    return b"".join(lines)


def store(objects: list[tuple[str, bytes]], repository: Path) -> None:
    """Writes objects into a repository, as git would."""
    for oid, whole in objects:
        file = repository / ".git" / "objects" / oid[:2] / oid[2:]
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(zlib.compress(whole, 1))


def record(kind: str, *fields: bytes | str) -> bytes:
    """A record, for seeds."""
    return FIELD.join([kind.encode(), *(each if isinstance(each, bytes) else each.encode() for each in fields)])
