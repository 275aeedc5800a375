"""What the fuzzer starts from: inputs of each kind, and the words that they are made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import yaml

from privacy_rules import api
from privacy_rules.configuration.model import KEYS
from privacy_rules.findings.baseline import text_of
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.schemas.tests import schema_of_tests
from tests.fuzzing.guard import ROOT
from tests.fuzzing.trees import FIELD, RECORD, record
from tests.history.repositories import CONFIGURATION, POLICY, manifest

SEPARATOR = b"\x1e"
"""Between the files of an input that has several."""
PROJECT = {"policy.privacy": POLICY, "privacy.yaml": manifest("old"), "privacy-rules.toml": CONFIGURATION}
"""The files of the repository that is compared with other commits."""

_SHOP = ROOT / "tests" / "cli" / "shop"
_EXAMPLE = ROOT / "examples" / "iapmo"
_EVERY = 12
"""Of the conformance cases, one in so many is a seed: each costs a run before the fuzzer begins."""

_HOSTILE_JSON = (
    b"[]",
    b"1e999",
    b"9" * 4000,
    b"[" * 4000,
    b'{"version": NaN}',
    b'{"version": 1, "clauses": {"\\ud800": {}}, "findings": {}}',
    b'\xef\xbb\xbf{"version": true, "clauses": {}, "findings": []}',
)
_HOSTILE_SETTINGS = (
    "manifest-limit = 99999999999999999999999",
    "waiver-days = 999999999\nwaiver-soon-days = 999999999\nmanifests = ['estate.yaml']",
    "as-of = 9999-12-31\nwaiver-soon-days = 365000\nmanifests = ['estate.yaml']",
    "as-of = 0001-01-01\nmanifests = ['estate.yaml']",
    'manifests = ["\\u0000", "a\\u0000*", "~root/x", "", "' + "**/" * 200 + '*.yaml"]',
    'policy = ["\\u0000.privacy", ""]',
    'exclude = ["\\u0000", "**/**/**", "[", "[!]", "' + "*a" * 200 + '"]\nmanifests = ["."]',
    'baseline = "\\u0000"\nmanifests = ["estate.yaml"]',
    'baseline = ""\nmanifests = ["estate.yaml"]',
    'format = ["json=."]\nmanifests = ["estate.yaml"]',
    'format = ["json=a\\u0000b"]\nmanifests = ["estate.yaml"]',
    'costs = {"flow:leads" = 1e308, knock-on = inf}\nmanifests = ["estate.yaml"]',
    "a = " + "[" * 4000,
    "a" + ".a" * 2000 + " = 1",
    "[tool]\nprivacy-rules = 1",
    "tool = 1\nprivacy-rules = 1",
    "\x85[tool.privacy-rules]\npolicy = 1",
    "# \u2028\npolicy = 1",
    'severity = {"\\u202e" = "error"}\nlint = {"\\ud800" = "off"}',
    "as-of = 2026-11-01T00:00:00Z",
)


def policies() -> Iterator[bytes]:
    """Policy files, right and wrong ones."""
    yield (_SHOP / "shop.privacy").read_bytes()
    for file in [*sorted((ROOT / "dsl" / "std").glob("*.privacy")), *_cases("policy.privacy")]:
        yield file.read_bytes()
    for block in (_EXAMPLE / "iapmo.privacy").read_text(encoding="utf-8").split("\n\n"):
        yield block.encode()


def cases() -> Iterator[bytes]:
    """A policy and a manifest each."""
    yield _together(_SHOP / "shop.privacy", _SHOP / "estate.yaml")
    for file in _cases("manifest.yaml"):
        yield _together(file.with_name("policy.privacy"), file)


def yaml_manifests() -> Iterator[bytes]:
    """Manifests, most of them with words that the shop's policy does not know."""
    estate = (_SHOP / "estate.yaml").read_bytes()
    yield estate
    yield b"manifest: 1\ninclude: [estate.yaml, '*.yaml', ../outside/privacy.yaml]\n"
    yield estate.replace(b"systems:", b"systems: &a").replace(b"{party: broker}", b"{<<: *a, party: !!str broker}")
    for file in [*_cases("manifest.yaml"), *sorted(_EXAMPLE.glob("variants/*.yaml"))]:
        yield file.read_bytes()


def json_manifests() -> Iterator[bytes]:
    """The same as JSON, but for those with aliases: written out, they may have no end."""
    for each in yaml_manifests():
        if not re.search(rb"[&*]\w", each):
            with suppress(yaml.YAMLError, ValueError, TypeError, RecursionError):
                yield json.dumps(yaml.safe_load(each), default=str, indent=len(each) % 3 or None).encode()


def of_other_tools() -> Iterator[bytes]:
    """Files from other tools, each alone and with a map."""
    folder = ROOT / "tests" / "unit" / "manifest" / "importing" / "fixtures"
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        yield content
        yield (
            content
            + SEPARATOR
            + b"map: 1\ndata: {'*': email, user: [name, email], orders: []}\nzones: {cloud: {country: DE}}\n"
        )


def observations() -> Iterator[bytes]:
    """Traces, dependency links, lineage events and tables."""
    yield b'[{"parent": "browser", "child": "leads", "callCount": 3}]'
    yield b'{"data": [{"parent": "crm", "child": "x", "callCount": 3}]}'
    yield b"source,destination,count,last seen\ncrm,leads,3,2026-01-01\ncrm,x,,\n"
    yield b'{"job": {"name": "crm"}, "inputs": [{"name": "a"}], "outputs": [{"name": "leads"}]}'
    about = b'"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "crm"}}]}'
    peer = b'[{"key": "peer.service", "value": {"stringValue": "leads"}}]'
    span = b'{"traceId": "1", "spanId": "2", "parentSpanId": "3", "kind": 3, "attributes": ' + peer + b"}"
    yield b'{"resourceSpans": [{' + about + b', "scopeSpans": [{"spans": [' + span + b"]}]}]}"


def baselines() -> Iterator[bytes]:
    """Baselines of the shop."""
    policy = api.load_policy(_SHOP / "shop.privacy")
    report = api.check(policy, api.load_manifest(_SHOP / "estate.yaml", policy=policy), as_of=date(2026, 11, 1))
    whole = text_of(report.findings)
    yield whole.encode()
    yield text_of([]).encode()
    yield json.dumps(json.loads(whole), indent=1).encode()
    for each in report.findings:
        yield text_of([each]).encode()
    yield from _HOSTILE_JSON
    odd = '{"rule": "\\ud800", "verdict": "violation", "subject": {"kind": "flow", "id": "leads\\u0000"}, "judged": '
    odd += '[{"data": null, "purpose": null, "verdict": "compliant", "pair": ["a", "b"]}], "message": "\\u001b[31m", '
    yield f'{{"version": 1, "findings": [{odd}"fingerprint": "{"0" * 32}"}}]}}'.encode()


def configurations() -> Iterator[bytes]:
    """Configurations, for either of the two files."""
    whole = (
        'policy = ["shop.privacy"]\nmanifests = ["estate.yaml", "x/*.yaml"]\nformat = ["text", "json=found.json"]\n'
        'rule = ["no_selling"]\nfail-on = "undetermined"\nfail-severity = "note"\nfail-warnings = ["W302"]\n'
        'severity = {no_selling = "warning"}\nlint = {no-clause = "off"}\nlint-fail-severity = "note"\n'
        'costs = {cut-flow = 20, "flow:signup" = "never", knock-on = 0.5}\nexclude = ["old"]\n'
        'baseline = "known.json"\nwaiver-days = 90\nwaiver-soon-days = 0\nas-of = 2026-11-01\nstatistics = true\n'
        "quiet = true\nno-color = true\nmanifest-limit = 2\n"
    )
    lines = whole.splitlines(keepends=True)
    for text in (whole, "".join(lines[:2]), *(lines[0] + lines[1] + each for each in lines[2:])):
        yield text.encode()
        yield b"[tool.privacy-rules]\n" + text.encode()
    yield from (each.encode() for each in _HOSTILE_SETTINGS)
    yield b'policy = ["../outside/policy.md", "/etc/passwd"]\nmanifests = ["../outside"]\nbaseline = "../outside/baseline.json"\n'
    yield b'format = ["json=../outside/privacy.yaml", "html=/dev/null", "sarif=a/b/c.sarif"]\npolicy = ["shop.privacy"]\n'
    yield b"format = " + b"[" * 2000


def tests() -> Iterator[bytes]:
    """Files of tests, the second with a list of survivors."""
    head = b"tests: 1\npolicy: shop.privacy\nmanifest: [estate.yaml, {systems: {spare: {party: shop}}}]\n"
    whole = b"""mode: includes
as_of: 2026-11-01
cases:
  - name: a sale
    changes:
      - set: {flow: leads, exchange: sale, unset: [owner]}
      - add: {flow: {id: more, from: crm, to: leads, carries: [name]}}
      - remove: {contract: packing}
    expect:
      - {rule: no_selling, subject: leads, verdict: violation, judged: [{data: email, purpose: orders}], waived: no}
      - {rule: not_combined, subject: {kind: joining, id: crm}, verdict: violation, judged: [{pair: [card, email]}]}
"""
    survivors = b"survivors: 1\nmutants:\n  - {mutant: 'no_selling: gone', reason: it is so}\n"
    yield head + whole
    yield head + b"cases: [{name: none, expect: []}]\n" + SEPARATOR + survivors
    for verdict in (b"compliant", b"undetermined"):
        yield (
            head
            + b"cases:\n  - {name: one, expect: [{rule: contracted, subject: parcels, verdict: "
            + verdict
            + b"}]}\n"
        )


def change_sets() -> Iterator[bytes]:
    """Change sets for the shop."""
    lists = (
        b"- remove: {party: broker}\n",
        b"- set: {flow: leads, exchange: none}\n- remove: {contract: packing}\n- as_of: 2026-12-01\n",
        b"- set: {system: crm, stores: [card], unset: [supports, joins]}\n",
        b"- add: {flow: {id: more, from: crm, to: leads, carries: [name], purposes: [orders], exchange: sale}}\n",
        b"- add: {party: {id: mailer, role: service_provider}}\n- add: {system: {id: mail, party: mailer}}\n",
        b"- add: {contract: {id: terms, with: broker, until: 2030-01-01, covers: {data: [contact], purposes: [orders]}}}\n",
        b"- end_contract: packing\n",
        b"- set: {defaults: {flow: {purposes: [newsletter]}}}\n",
    )
    yield from lists
    yield b"scenarios:\n" + b"".join(
        b"  s%d:\n    %s" % (number, each.rstrip().replace(b"\n", b"\n    ") + b"\n")
        for number, each in enumerate(lists)
    )


def proses() -> Iterator[bytes]:
    """Prose of a policy, some of it with a lock file."""
    text = (_EXAMPLE / "policy.md").read_bytes()
    yield b"# Selling\n\nWe do not sell.\n\n<a id=processors></a>\n1. They are bound.\n2. Each is.\n\n- a\n  - b\n"
    yield b"Selling\n=======\n\n| a | b |\n|---|---|\n| [x](#selling) | `y` |\n\n```\n# no heading\n```\n\n> said\n\n## Processors {#processors}\n\n(a) one\n(b) two\n"
    for start in range(0, len(text), 2000):
        yield text[start : start + 2000]
    for unit in (
        "[a](#",
        "<a id=",
        "- ",
        "> ",
        "`",
        "| ",
        "<!--",
        "\\\\",
        "[[",
        "a\\n=\\n",
        "    \\t# a\\n",
        "&#x110000;&#xd800;",
    ):
        yield (unit * 4000).encode()[:4000]
    lock = {"fingerprint": "0" * 64, "rules": ["no_selling"], "reviewed": "2026-11-24", "heading": "0" * 64}
    yield (
        b"# Selling\n\nWe do not sell.\n"
        + SEPARATOR
        + json.dumps({"version": 1, "clauses": {"#selling": lock}}).encode()
    )


def repositories() -> Iterator[bytes]:
    """Repositories as `trees.py` reads them."""
    files = [record("b", each) for each in PROJECT.values()]
    plain = [field for number, name in enumerate(PROJECT) for field in ("100644", name, str(number))]
    other = [record("b", POLICY), record("b", manifest("old", "new")), files[2]]

    def of(*records: bytes) -> bytes:
        return RECORD.join(records)

    yield of(*files, record("t", *plain))
    yield of(*other, record("t", *plain))
    yield of(*other, record("t", "100644", "privacy.yaml", "1"), record("t", "40000", "a", "3", *plain))
    yield of(
        *files,
        record("b", "real.yaml"),
        record("t", *plain[:3], "120000", "privacy.yaml", "3", "100644", "real.yaml", "1"),
    )
    yield of(
        *files,
        record("b", "../outside/privacy.yaml"),
        record("t", *plain[:3], *plain[6:], "120000", "privacy.yaml", "3"),
    )
    yield of(*files, record("t", *plain, "160000", "part", "ff"), record("w", "part/.gitmodules", "x"))
    yield of(*files, record("t", *plain, "40000", "..", "3", "40000", ".git", "3"))
    yield of(*files, record("r", b"100644 a\0short"), record("t", "40000", "a", "3"))
    yield of(*files, record("t", *plain), record("c", "tree 0000\nparent x\n\n"))
    whole = CONFIGURATION.replace('"privacy.yaml"', '"."')
    yield of(
        record("b", whole),
        *files,
        record(
            "t", "100644", "privacy-rules.toml", "0", "100644", "a.privacy.yaml", "2", "100644", "policy.privacy", "1"
        ),
    )
    yield of(*files, record("t", *plain), record("w", "privacy-rules.toml", whole), record("l", "a", "../outside"))
    for number in range(7):
        yield of(
            *other,
            record("w", "privacy.yaml", manifest("more")),
            record("w", "x.dat", "x"),
            record("s", str(number)),
            record("t", *plain, "100644", "x.dat", "0"),
        )


def _cases(name: str) -> list[Path]:
    return sorted((ROOT / "dsl" / "conformance").glob(f"*/*/{name}"))[::_EVERY]


def _together(policy: Path, estate: Path) -> bytes:
    return policy.read_bytes() + SEPARATOR + estate.read_bytes()


# ---- words


def words() -> list[str]:
    """The words of policies, manifests, tests and configurations, and what has done harm elsewhere."""
    grammar = (ROOT / "dsl" / "grammar.lark").read_text(encoding="utf-8")
    shop = (_SHOP / "shop.privacy").read_text(encoding="utf-8") + (_SHOP / "estate.yaml").read_text(encoding="utf-8")
    found = {
        *re.findall(r'"([^"\\\s]+)"', grammar),
        *re.findall(r"\w+", shop),
        *_keys(manifest_schema()),
        *_keys(schema_of_tests()),
        *KEYS,
        "survivors: 1",
        "scenarios:",
        "end_contract",
        "privacy_contact",
        "# allow ",
        "--- ",
        "...",
        "%YAML 1.2",
        "!!binary ",
        "!!set ",
        "<<: ",
        "&a ",
        "*a ",
        "? ",
        "|2-",
        ">+",
        "~",
        ".inf",
        "0x7fffffffffffffff",
        "1e400",
        "-0",
        "9" * 30,
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "2026-11-01T00:00:00Z",
        "12:30:45",
        "12 months",
        "null",
        "\\u0000",
        "\\ud800",
        "\ufeff",
        "\u2028",
        "\u202e",
        "\u200b",
        "\x85",
        "\x0c",
        "\r\n",
        "\U0001f600",
        "../",
        "/dev/stdin",
        "/etc/passwd",
        "~/",
        "**/*",
        "[!a]",
        "\0",
        SEPARATOR.decode(),
        FIELD.decode(),
        "40000",
        "100644",
        "100755",
        "120000",
        "160000",
        ".git",
        ".gitattributes",
        "version https://git-lfs.github.com/spec/v1",
    }
    return sorted(found)


def dictionary() -> str:
    """The words as libFuzzer reads them."""
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words())
    return "".join(f'"{word}"\n' for word in escaped)


def _keys(schema: object) -> Iterator[str]:
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            yield from map(str, properties)
        yield from (each for each in schema.get("enum", ()) if isinstance(each, str))
        for each in schema.values():
            yield from _keys(each)
    elif isinstance(schema, list | tuple):
        for each in schema:
            yield from _keys(each)
