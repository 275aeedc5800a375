"""What the tests of manifests start from: a small policy, made by hand, and short ways to read a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.loader import estate, estate_from_data, read
from privacy_rules.manifest.model import Estate
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, Attribute, Entity, Form, Type
from privacy_rules.vocabulary.taxonomy import Taxonomy

Found = Sequence[Diagnostic]
HERE = Span("policy.privacy", 1, 1)

_TERMS = {
    "data": "contact email name page_views hashed_email",
    "purpose": "marketing newsletter service_delivery",
    "role": "us service_provider data_subject marketer",
    "kind": "application person warehouse",
    "exchange": "none sale",
    "choice": "opt_in opt_out none",
    "basis": "consent contract",
    "mandate": "law",
    "obligation": "audit confidentiality",
    "right": "access deletion",
    "retention_ground": "legal_obligation",
    "trigger": "account_closed",
    "safeguard": "encryption training",
    "method": "hashing",
    "region": "us no gb IN eea",
    "occasion": "",
}
_ADDED = {
    "double_opt_in": (Entity.FLOW, Type(Form.FLAG)),
    "score": (Entity.FLOW, Type(Form.NUMBER)),
    "reviewed": (Entity.SYSTEM, Type(Form.DATE)),
    "residency": (Entity.SYSTEM, Type(Form.ONE, "region")),
    "dpo": (Entity.ORGANISATION, Type(Form.TEXT)),
}


def policy() -> Policy:
    """Some terms of each vocabulary, and an attribute of each form that none of the built-in ones has."""
    vocabularies = {name: Taxonomy(name, dict.fromkeys(terms.split(), ())) for name, terms in _TERMS.items()}
    attributes = dict(BUILT_IN)
    for name, (entity, type_) in _ADDED.items():
        attributes[entity, name] = Attribute(entity, name, type_, span=HERE)
    return Policy((), vocabularies, attributes, (), (), (), (), ())


def write(folder: Path, **texts: str | bytes) -> list[Path]:
    """Files of these texts; `a_yaml` is `a.yaml`."""
    paths = []
    for name, content in texts.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def load(paths: Sequence[Path], **options: object) -> tuple[Estate | None, Found]:
    """The estate of some files, and all that is wrong with them."""
    documents, found = read(paths, **options)  # type: ignore[arg-type]
    if documents is None:
        return None, found
    made, more = estate(documents, policy())
    return made, (*found, *more)


class Desk:
    """Reads one text at a time, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, text: str | bytes, kind: str = "yaml") -> tuple[Estate | None, Found]:
        """The estate of a text that need not say `manifest: 1` where it is YAML."""
        if kind == "yaml" and isinstance(text, str):
            text = text + "\nmanifest: 1\n"
        return load(write(self.folder, **{f"estate_{kind}": text}))

    def estate(self, text: str, kind: str = "yaml") -> Estate:
        """The estate of a text with nothing wrong."""
        made, found = self.read(text, kind)
        assert not found, found
        assert made is not None
        return made

    def errors(self, text: str | bytes, kind: str = "yaml") -> list[tuple[str, int, int]]:
        """Code, line and column of each error."""
        made, found = self.read(text, kind)
        assert made is None
        return places(found)

    def error(self, text: str | bytes, kind: str = "yaml") -> Diagnostic:
        """The one error."""
        made, found = self.read(text, kind)
        assert made is None
        (only,) = found
        return only


def places(found: Found) -> list[tuple[str, int, int]]:
    """Code, line and column of each diagnostic; 0 where it has no place."""
    return [(each.code, each.span.line, each.span.column) if each.span else (each.code, 0, 0) for each in found]


def from_data(data: dict[str, object]) -> tuple[Estate | None, Found]:
    """The estate of Python data."""
    return estate_from_data(data, policy())


ENDS = "systems: {a: {}, b: {}}\nflows:\n  - {id: f, from: a, to: b, "
JSON_ENDS = '{"manifest": 1, "systems": {"a": {}, "b": {}}, "flows": [{"id": "f", "from": "a", "to": "b", '


FLOW, JSON_FLOW = 1 + len(ENDS.splitlines()[2]), 1 + len(JSON_ENDS)  # the column of the first attribute


def of_flow(desk: Desk, attributes: str) -> dict[str, object]:
    declared = dict(desk.estate(f"{ENDS}{attributes}}}").flows["f"].declared)
    del declared["from"], declared["to"]
    return declared


def of_json_flow(desk: Desk, attributes: str) -> dict[str, object]:
    declared = dict(desk.estate(f"{JSON_ENDS}{attributes}}}]}}", "json").flows["f"].declared)
    del declared["from"], declared["to"]
    return declared


def of_system(desk: Desk, attributes: str) -> dict[str, object]:
    return dict(desk.estate(f"systems:\n  s: {{{attributes}}}").systems["s"].declared)


def wrong_in_system(desk: Desk, attributes: str) -> tuple[str, int, str]:
    found = desk.error(f"systems:\n  s: {{{attributes}}}")
    assert found.span is not None
    assert found.span.line == 2
    assert found.excerpt == f"  s: {{{attributes}}}"
    return found.code, found.span.column - 7, found.message


def help_in_system(desk: Desk, attributes: str) -> str | None:
    return desk.error(f"systems:\n  s: {{{attributes}}}").help
