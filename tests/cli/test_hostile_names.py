"""Names, ids, titles and comments that would steer a terminal, a log or a reviewer's eye: every verb shows them as escapes."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import privacy_rules.cli
from privacy_rules.cli.main import VERBS
from tests.builders import git, write
from tests.cli.calling import Call

RAW = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]|\r(?!\n)"
)
"""What no output may contain; the sample has no emoji, and nothing in a joining script."""
CLI = Path(privacy_rules.cli.__file__).parent
WRITTEN = {
    "main": (
        "click.echo(f'privacy-rules {__version__} (rule language {language_version()})')",
        "click.echo(error.ctx.get_help() if error.ctx else '')",
        "click.echo(visible(message), err=True)",
    ),
    "report_output": ("click.echo(text, nl=False, err=error, color=True)",),
    "progress": (
        "sys.stderr.write(f'{_CLEAR}{visible(name)} ... {time.perf_counter() - start:.0f} s')",
        "sys.stderr.write(_CLEAR)",
    ),
}
"""What is written past `say` and `print_lines`: nothing that a user wrote, or visible."""
EVIL = "\u202e\u2066\u200b\u200d\u2060\ufeff\u061c\u200f\u3164\U000e0041"
FILE = f"x\n::error::pwn\x1b[31m{EVIL}"
POLICY = f"""\
use std.core
policy acme {{ title "Acme {EVIL}" owner "desk {EVIL}" text "prose.md" }}
data {{ contact {{ email }} card }}
purpose {{ orders }}
# a comment {EVIL}
rule no_selling {{
  title "Not sold {EVIL}"
  cites "#sold{EVIL}"
  hint "End it {EVIL}"
  forbid disclosure of contact when exchange is sale
}}
rule  kept {{ title "Kept" forbid storage of card unless retention <= 2 years }}
rule contracted {{ allow disclosure of card only - when under contract (covers data) }}
rule by_owner {{ forbid disclosure of card to party "box{EVIL}" when exchange is sale }}
rule apart {{ permit disclosure of contact when occasion is card despite no_selling }}
"""
PLAIN = POLICY.replace("rule apart", "# rule apart").replace(" cites", "  cites")
MANIFEST = f"""\
manifest: 1
name: "estate {EVIL}"
as_of: 2026-06-15
parties: # a comment {EVIL}
  us{EVIL}: {{role: us}}
  "broker{EVIL}": {{role: data_broker}}
contracts:
  "deal{EVIL}": {{with: "broker{EVIL}", from: 2026-01-01, until: 2026-09-01, covers: {{data: [card], purposes: [orders]}}}}
systems:
  crm{EVIL}: {{party: us{EVIL}, stores: [card]}}
  lists{EVIL}: {{party: "broker{EVIL}"}}
flows:
  - {{id: "sold{EVIL}", from: crm{EVIL}, to: lists{EVIL}, carries: [email], purposes: [orders], exchange: sale}}
  - {{id: "card{EVIL}", from: crm{EVIL}, to: lists{EVIL}, carries: [card], purposes: [orders]}}
  - {{id: "mail{EVIL}", from: crm{EVIL}, to: lists{EVIL}, carries: [email], purposes: [orders], exchange: sale}}
waivers:
  - {{rule: no_selling, subject: "sold{EVIL}", until: 2026-08-01, reason: "known {EVIL}", approved_by: "legal {EVIL}"}}
"""
TESTS = f"""\
tests: 1
policy: POLICY
manifest: MANIFEST
cases:
  - name: "fails {EVIL}"
    expect: [{{rule: no_selling, subject: "card{EVIL}", verdict: violation}}]
"""
CHANGES = f"""\
scenarios:
  "plan {EVIL}": [{{set: {{flow: "sold{EVIL}", exchange: none}}}}]
  "other {EVIL}": [{{remove: {{system: "lists{EVIL}"}}}}]
"""
OBSERVED = json.dumps([{"parent": f"crm{EVIL}", "child": f"a [b](c) {EVIL}", "callCount": 2}])
IMPORTED = f"""\
system:
  - fides_key: "shop {EVIL}"
    "field {EVIL}": lost
    administrating_department: "team {EVIL}"
    tags: ["tag {EVIL}"]
    privacy_declarations: [{{data_categories: ["user{EVIL}"], data_use: "use {EVIL}"}}]
    egress: [{{fides_key: "box {EVIL}", type: system}}]
"""
READ = re.compile(
    r"(?!.*(MISSING|BROKEN|site MANIFEST|--policy MANIFEST|--output MANIFEST|fmt MANIFEST|(?<!init )(?<!tables -o )(?<!csv -o )FILE)).*"
)
"""Calls with which nothing is wrong."""
CONFIGURED = (("policy", "POLICY"), ("manifests", "MANIFEST"))
CALLS = [
    *(
        f"check MANIFEST --policy POLICY --format {each}"
        for each in ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
    ),
    "check MANIFEST --policy POLICY --statistics",
    "check MANIFEST --policy POLICY --show-config",
    "check MANIFEST --policy POLICY --changed POLICY",
    "check MANIFEST --policy POLICY --baseline MISSING",
    "check MANIFEST --policy POLICY --rule FILE",
    "check MISSING --policy POLICY",
    "check MANIFEST --policy MISSING",
    "check BROKEN --policy POLICY",
    "check BROKEN --policy POLICY --format github",
    "check MANIFEST --policy MANIFEST",
    "check MANIFEST --policy POLICY --format FILE",
    "check MANIFEST --policy POLICY --format json=nowhere/FILE",
    "explain no_selling SUBJECT --manifest MANIFEST --policy POLICY",
    "explain no_selling FILE --manifest MANIFEST --policy POLICY",
    "explain no_selling SUBJECT --manifest MANIFEST --policy POLICY --format json",
    "rule no_selling --policy POLICY --manifest MANIFEST",
    "rule no_selling --policy POLICY --format json",
    "rule FILE --policy POLICY",
    "baseline MANIFEST --policy POLICY --output OUTPUT",
    "baseline MANIFEST --policy POLICY --output MANIFEST",
    "hook MANIFEST",
    "hook nowhere",
    *(f"lint POLICY --format {each}" for each in ("text", "json", "sarif", "github")),
    "lint POLICY --diff",
    "lint POLICY --fix",
    "lint MISSING",
    "lint POLICY --save OUTPUT",
    "lint --explain FILE",
    "lint --explain invisible-character",
    "fmt POLICY --check",
    "fmt POLICY --diff",
    "fmt POLICY",
    "fmt MISSING",
    "fmt MANIFEST",
    *(f"test TESTS --format {each}" for each in ("text", "json", "junit")),
    "test TESTS --coverage",
    "test TESTS --coverage --coverage-format lcov --format json=out.json",
    "test TESTS --coverage --coverage-format html --format json=out.json",
    "test TESTS --mutate",
    "test MISSING",
    *(f"trace POLICY --format {each}" for each in ("text", "json", "html")),
    "trace POLICY --accept --lock OUTPUT",
    "trace POLICY --text MISSING",
    "docs POLICY",
    "docs POLICY --format html",
    *(f"ask is~anything~forbidden~that~kept~requires --policy POLICY --format {each}" for each in ("text", "json")),
    "ask can~disclosure~to~party~FILE~violate --policy POLICY",
    "ask --file MISSING --policy POLICY",
    "ask --file FILE --policy POLICY",
    "ask FILE --policy POLICY",
    "ask can~disclosure~violate --policy POLICY --save OUTPUT",
    *(f"diff POLICY OTHER --format {each}" for each in ("text", "json", "markdown", "html")),
    "diff POLICY OTHER --save OUTPUT",
    "diff POLICY FILE",
    "diff FILE:POLICY OTHER",
    *(
        f"what-if MANIFEST --policy POLICY --changes CHANGES --format {each}"
        for each in ("text", "json", "markdown", "html")
    ),
    "what-if MANIFEST --policy POLICY --changes MISSING",
    "what-if MANIFEST --policy POLICY --remove party:FILE",
    *(
        f"drift MANIFEST --policy POLICY --observed OBSERVED --format {each}"
        for each in ("text", "json", "sarif", "markdown")
    ),
    "drift MANIFEST --policy POLICY --observed MISSING",
    "import IMPORTED",
    "import IMPORTED --suggest-map",
    "import IMPORTED --format json",
    "check IMPORTED --policy POLICY",
    "import fides MISSING",
    *(f"export {name} MANIFEST --policy POLICY" for name in ("cyclonedx", "dpv", "openlineage", "otm", "threagile")),
    "export csv -o FILE MANIFEST --policy POLICY",
    "export tables -o FILE MANIFEST --policy POLICY",
    "check --tables FILE --policy POLICY",
    "check --tables MISSING --policy POLICY",
    "check --tables BROKEN --policy POLICY",
    "impact AIM --manifest MANIFEST --policy POLICY",
    "impact AIM --manifest MANIFEST --policy POLICY --format json",
    *(f"forecast MANIFEST --policy POLICY --format {each}" for each in ("text", "json", "ical")),
    *(f"repair MANIFEST --policy POLICY --format {each}" for each in ("text", "json", "markdown")),
    *(f"graph MANIFEST --policy POLICY --format {each}" for each in ("dot", "mermaid", "svg", "html")),
    "graph MANIFEST --policy POLICY --around system:FILE",
    *(
        f"register {kind} --manifest MANIFEST --policy POLICY --format {each}"
        for kind in ("processing", "processor", "vendors", "transfers", "data-map", "board")
        for each in ("markdown", "json", "csv", "html")
    ),
    "register data-map --manifest MANIFEST --policy POLICY --category card",
    "register transfers --manifest MANIFEST --policy POLICY --criteria MISSING",
    "register vendors --manifest MANIFEST --policy POLICY --table FILE",
    "register vendors --manifest MANIFEST --policy POLICY --link FILE",
    "site made --manifest MANIFEST --policy POLICY",
    "site MANIFEST --manifest MANIFEST --policy POLICY",
    "init FILE --dry-run",
    "init FILE",
    "schema manifest --policy POLICY",
    "FILE",
    "check --FILE",
]


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the words of a call mean, in a folder with hostile files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    found = {
        "POLICY": f"{FILE}.privacy",
        "OTHER": f"other{FILE}.privacy",
        "MANIFEST": f"{FILE}.yaml",
        "BROKEN": f"broken{FILE}.yaml",
        "TESTS": f"{FILE}.tests.yaml",
        "CHANGES": f"{FILE}.changes.yaml",
        "OBSERVED": f"observed{FILE}.json",
        "IMPORTED": f"imported{FILE}.yaml",
        "MISSING": f"missing{FILE}.yaml",
        "OUTPUT": f"output{FILE}.json",
        "FILE": FILE,
        "SUBJECT": f"sold{EVIL}",
        "AIM": f"system:lists{EVIL}",
    }
    texts = {
        "POLICY": PLAIN,
        "OTHER": PLAIN.replace("when exchange is sale", "when exchange is rental"),
        "MANIFEST": MANIFEST,
        "BROKEN": MANIFEST.replace("to: lists", "to: list\ufe0f"),
        "CHANGES": CHANGES,
        "IMPORTED": IMPORTED,
        "OBSERVED": OBSERVED,
    }
    quiet = f"quiet{EVIL}.privacy", f"quiet{EVIL}.yaml"  # a file of tests names no file with control characters
    texts["TESTS"] = TESTS.replace("POLICY", listed(quiet[0])).replace("MANIFEST", listed(quiet[1]))
    for name, text in zip(quiet, (PLAIN, MANIFEST), strict=True):
        write(tmp_path / name, text)
    for name, text in texts.items():
        write(tmp_path / found[name], text)
    write(tmp_path / "prose.md", f"# Sold {EVIL} {{#sold}}\n\nNobody {EVIL} sells.\n")
    configured = "".join(f"{key} = {listed(found[name])}\n" for key, name in CONFIGURED)
    write(tmp_path / "privacy-rules.toml", configured)
    return found


def listed(name: str) -> str:
    """A list of one text, as YAML and JSON have it."""
    return json.dumps([name], ensure_ascii=False)


def meant(words: str, names: dict[str, str]) -> list[str]:
    found = [re.sub("|".join(names), lambda each: names[each[0]], word) for word in words.split(" ")]
    return [each.replace("~", " ") for each in found]


@pytest.mark.parametrize("words", CALLS)
def test_no_output_has_a_character_that_is_not_seen(names: dict[str, str], call: Call, words: str) -> None:
    done = call(*meant(words, names))
    assert done.code in ((0, 1) if READ.fullmatch(words) else (2,)), done.err
    for text in (done.out, done.err):
        assert not RAW.search(text), ascii(text[max(0, RAW.search(text).start() - 60) :][:90])  # type: ignore[union-attr]
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::error::pwn")]


def test_every_verb_is_tried() -> None:
    assert {each.split(" ")[0] for each in CALLS} >= set(VERBS) - {"explore", "lsp", "completion"}


def test_no_line_is_a_command_to_a_runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    name = "::error::pwn ##[error]pwn"
    policy, manifest = f"{name}.privacy", f"{name}.yaml"
    write(policy, f'# {name}\nrule  r {{ title "{name}" forbid disclosure }}\n')
    body = "manifest: 1\nparties: {us_: {role: us}}\nflows:\n"
    write(manifest, f"{body}  ::error::pwn: 1\n")
    for words in (
        ["check", manifest, "--policy", policy],
        ["fmt", policy, "--diff"],
        ["lint", policy],
        ["lint", policy, "--format", "json"],
        ["lint", policy, "--format", "github"],
        ["baseline", manifest, "--policy", policy],
        ["docs", policy],
        ["rule", "r", "--policy", policy],
    ):
        done = call(*words)
        for line in (done.out + done.err).split("\n"):
            assert not line.lstrip().startswith("::error::pwn"), words
            assert "##[" not in line, words


def test_a_patch_of_a_hostile_file_is_quoted_and_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    name = write(f"{FILE} ##[error].yaml", MANIFEST)
    write("p.privacy", PLAIN)
    change = f"flow:sold{EVIL}.exchange=none"
    done = call("what-if", name, "--policy", "p.privacy", "--set", change, "--patch", "-")
    assert done.code == 0
    heads = [line for line in done.out.split("\n") if line.startswith(("#", "diff ", "---", "+++"))]
    assert len(heads) == 5
    assert not RAW.search("".join(heads))
    assert "##[" not in "".join(heads)
    git("apply", "-", given=done.out.encode())
    assert Path(name).read_text(encoding="utf-8").count("exchange: none") == 1


# ---- one function prints names


def calls_in(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
        and (ast.unparse(each.func) == name or ast.unparse(each.func).endswith(f".{name}"))
    ]


@pytest.mark.parametrize("file", sorted(CLI.glob("*.py")), ids=lambda file: file.stem)
def test_words_of_a_verb_are_printed_by_the_one_function_that_makes_them_visible(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for each in calls_in(tree, "say") if file.stem != "report_output" else []:
        inside = list(ast.walk(each.args[0]))
        assert not any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in inside), ast.unparse(each)
    for name in ("echo", "print", "secho", "stdout.write", "stderr.write"):
        for each in calls_in(tree, name):
            assert ast.unparse(each) in WRITTEN.get(file.stem, ()), (
                "verbs write lines by `print_lines`, and whole reports by `say`"
            )
