"""Load a policy: the given files and those that they `use`, each read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from os.path import relpath
from pathlib import Path

from privacy_rules.language import syntax
from privacy_rules.language.adjustments import Edge, adjustments
from privacy_rules.language.file_parser import read
from privacy_rules.language.invisible import of_policy
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.policy import Policy
from privacy_rules.language.resolver import resolve
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.versions import newer_constructs, newer_language
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, has_errors, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, POLICY_LIMIT, FileSystem
from privacy_rules.source.language_files import names_of_shipped_files, shipped_file, shipped_files
from privacy_rules.source.opened_files import POLICY, knows
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean

Reader = Callable[[SourceText], tuple[syntax.File, tuple[Diagnostic, ...]]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Survey:
    """Policy files, as far as they can be read in spite of errors: their trees, the policy and the errors.

    `files` maps resolved paths to trees. The policy is incomplete if there are errors.
    """

    files: Mapping[Path, syntax.File]
    policy: Policy
    found: tuple[Diagnostic, ...]


def survey(
    paths: Sequence[Path],
    *,
    root: Path | None = None,
    texts: Mapping[Path, str] | None = None,
    reader: Reader = read,
    disk: FileSystem = DISK,
) -> Survey:
    """Load policy files for an editor, continuing after errors. `reader` may cache; the rest is as in `load`."""
    loading = _Loading(root, texts or {}, reader, disk)
    for path in paths:
        loading.add(path)
    return loading.survey()


def load(
    paths: Sequence[Path],
    *,
    root: Path | None = None,
    texts: Mapping[Path, str] | None = None,
    disk: FileSystem = DISK,
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """Return the policy that files make together, or None, and the errors and warnings.

    No `use "path"` may leave the folder `root`. `texts` replace files of `disk`.
    """
    loading = _Loading(root, texts or {}, disk=disk)
    for path in paths:
        loading.add(path)
    return loading.finish()


def load_text(text: str, file: str = "policy.privacy") -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """Load a policy from a text, as if it were in `file`."""
    path = Path(file)
    return load([path], texts={path: text})


_OF_MANIFESTS = (".yaml", ".yml", ".json")


class _Loading:
    def __init__(
        self, root: Path | None, texts: Mapping[Path, str], reader: Reader = read, disk: FileSystem = DISK
    ) -> None:
        self._reader = reader
        self._disk = disk
        self._root = disk.real(root) if root else None
        self._texts = {path.resolve(): text for path, text in texts.items()}
        self._files: dict[Path, syntax.File | None] = {}
        self._sources: dict[str, SourceText] = {}
        self._hidden: set[str] = set()
        self._unreadable: dict[Path, str] = {}
        self._found: list[Diagnostic] = []
        self._roots: list[Path] = []
        self._edges: list[Edge] = []
        self._lost = Lost()
        self._first: Span | None = None

    # ---- files

    def add(self, path: Path) -> None:
        """Read a file and all that it uses."""
        self._roots.append(self._real(path))
        waiting: list[tuple[Path, tuple[Path, syntax.Use] | None]] = [(path, None)]
        while waiting:
            path, used = waiting.pop()
            resolved = self._real(path)
            if resolved in self._files:
                if used and resolved in self._unreadable:
                    self._report_use(used[1], self._unreadable[resolved], None)
                continue
            self._files[resolved] = None
            source = self._source(path, resolved, used)
            if source is None:
                self._lost = Lost(anything=True)
                continue
            file = self._read(path, source)
            self._files[resolved] = file
            uses = [each for each in file.declarations if isinstance(each, syntax.Use)]
            found = [(self._target(path, use), (path, use)) for use in reversed(uses)]
            waiting += [(target, used) for target, used in found if target]
            self._edges += [Edge(resolved, self._real(target), each) for target, (_, each) in found if target]

    def _real(self, path: Path) -> Path:
        try:
            return self._disk.real(path)
        except (OSError, ValueError):  # reading it reports what is wrong
            return path

    def _read(self, path: Path, source: SourceText) -> syntax.File:
        self._sources[source.file] = source
        if not (_is_shipped(path) or self._disk.may_show(path)):
            self._hidden.add(source.file)
        self._first = self._first or Span(source.file, 1, 1)
        file, found = _read_shipped(source.file, source.text) if _is_shipped(path) else self._reader(source)
        if newer := newer_language(file):
            self._found.append(newer)
            return syntax.File(source, (), Lost(anything=True))
        self._found += found
        if not _is_shipped(path):
            knows(path, POLICY)
        return file

    def _source(self, path: Path, resolved: Path, used: tuple[Path, syntax.Use] | None) -> SourceText | None:
        name = _displayed(path)
        if resolved in self._texts:
            return SourceText(name, self._texts[resolved])
        try:
            disk = DISK if _is_shipped(path) else self._disk
            return SourceText(name, disk.read(resolved, POLICY_LIMIT).decode("utf-8"))
        except (OSError, ValueError) as error:
            if used and not isinstance(error, UnicodeDecodeError):
                written = used[1].target.text
                self._unreadable[resolved] = f"cannot read `{written}`: {_reason(error)}"
                near = isinstance(error, FileNotFoundError) and help_for_absent(written, used[0].parent, self._disk)
                self._report_use(used[1], self._unreadable[resolved], near or None)
            else:
                self._found.append(unreadable(name, error, self._disk))
        return None

    # ---- `use`

    def _target(self, path: Path, use: syntax.Use) -> Path | None:
        if isinstance(use.target, syntax.Word):
            return self._shipped(path, use, use.target.text)
        try:
            target = path.parent / use.target.text
            resolved = self._disk.real(target)
        except (OSError, ValueError) as error:
            self._report_use(use, f"cannot read `{use.target.text}`: {_reason(error)}", None)
            return None
        if self._root and not resolved.is_relative_to(self._root):
            self._report_use(
                use, f"`{use.target.text}` is outside the project's folder", f"the project's folder is `{self._root}`"
            )
            return None
        return target

    def _shipped(self, path: Path, use: syntax.Use, name: str) -> Path | None:
        known = shipped_files()
        if (found := shipped_file(name)) is not None:
            return found
        beside = f"{name}.privacy"
        if self._disk.is_file(path.parent / beside) and self._disk.may_show(path.parent / beside):
            help_: str | None = f'a file is named in quotes: `use "{beside}"`'
        else:
            help_ = did_you_mean(name, known) or "the shipped ones are " + ", ".join(f"`{each}`" for each in known)
        self._report_use(use, f"no shipped policy is named `{name}`", help_)
        return None

    def _report_use(self, use: syntax.Use, message: str, help_: str | None) -> None:
        self._lost = Lost(anything=True)
        if not any(each.code == codes.CHARACTER and each.span == use.target.span for each in self._found):
            self._found.append(Diagnostic(codes.USE, message, use.target.span, help_))

    # ---- the policy

    def finish(self) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
        """Return the policy, or None, with the errors and the warnings about invisible characters."""
        made = self.survey()
        reported = {
            (each.span.file, each.span.line) for each in made.found if each.span and each.code == codes.CHARACTER
        }
        warnings = (
            each
            for source in self._sources.values()
            for each in of_policy(source)
            if each.span and (each.span.file, each.span.line) not in reported
        )
        return (None if has_errors(made.found) else made.policy), in_order([*made.found, *warnings])

    def survey(self) -> Survey:
        """Return the trees, the policy that they make, and the errors."""
        files = [file for file in self._files.values() if file]
        if files and self._lost.anything:
            files[0] = replace(files[0], lost=self._lost)
        self._found += newer_constructs(files)
        read = {path: file for path, file in self._files.items() if file}
        adjusted, unfit = adjustments(self._roots, read, self._edges, lost=self._lost.anything)
        policy, wrong = resolve(files, adjusted)
        self._found += (*unfit, *wrong)
        for header in policy.headers:
            if header.prose is not None:
                knows(header.prose, "the text of a policy")
        if not policy.rules and not self._found:
            help_ = "a rule says what is promised, such as `rule no_selling { forbid flow when exchange is sale }`"
            self._found.append(Diagnostic(codes.NO_RULES, "this policy has no rules", self._first, help_))
        found = in_order(self._with_excerpt(each) for each in self._found)
        return Survey({path: file for path, file in self._files.items() if file}, policy, found)

    def _with_excerpt(self, found: Diagnostic) -> Diagnostic:
        source = self._sources.get(found.span.file) if found.span else None
        if not source or not found.span:
            return found
        excerpt = None if source.file in self._hidden else source.excerpt(found.span.line)
        return replace(with_help(found), excerpt=excerpt)


def with_help(found: Diagnostic) -> Diagnostic:
    """Return a diagnostic; for a syntax error in a file named like a manifest, with help that says so."""
    if found.code != codes.SYNTAX or not found.span or not found.span.file.endswith(_OF_MANIFESTS):
        return found
    return replace(found, help="this looks like a manifest: policy files end in `.privacy`")


def unreadable(name: str, error: OSError | ValueError, disk: FileSystem = DISK) -> Diagnostic:
    """Return the error for a policy file that cannot be read, or is not UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        before = SourceText(name, error.object[: error.start].decode("utf-8"))
        place = before.span(len(before.text), len(before.text))
        message = f"this file is not UTF-8: byte {error.object[error.start]:#04x}"
        return Diagnostic(codes.UNREADABLE_POLICY, message, place, "save it as UTF-8")
    near = help_for_absent(name, disk=disk) if isinstance(error, FileNotFoundError) else None
    return Diagnostic(codes.UNREADABLE_POLICY, f"cannot read `{name}`: {_reason(error)}", Span(name, 1, 1), near)


def _is_shipped(path: Path) -> bool:
    return path in names_of_shipped_files()


@cache
def _read_shipped(file: str, text: str) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    """Read a shipped file, once in a process."""
    made, found = read(SourceText(file, text))
    return replace(made, shipped=True), found


def _displayed(path: Path) -> str:
    """A path relative to the working directory, with `/`; a shipped file as `std/…`."""
    if _is_shipped(path):
        return names_of_shipped_files()[path]
    try:
        return Path(relpath(path)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (getattr(error, "strerror", None) or str(error)).lower()
