"""How long an editor waits after a key press: a real session with a policy of so many rules.

    python benchmarks/editing.py --rules 200 --keys 60

Each key is one letter of a term typed in the middle of the policy (`word`), or with it a line put in at the top, so that all that
follows moves (`line`); nothing is saved. With `lints` it is a word, and each key is pressed while a run of lints is under way, which
is dropped: here each rule is implied by those before it, which is the most that lints can have to do. Completion is asked for at once; mistakes come when the server sends them, which it does after
a pause of 10 ms without a key. CPU is that of the server, less that of a session in which nothing is typed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from large_policy import policy
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).resolve().parent.parent
HEAD = """policy large { title "Large" }
use std.core
use std.regions
data { contact { name email phone } card }
purpose { orders newsletter }
attribute assurance on party: number
"""
RULE = """rule promise_NUMBER {
  title "Contact information is not sold or rented"
  cites "Disclosure outside the group"
  forbid disclosure of contact to third_party when exchange is (sale, rental) and not recipient.country is eea
    unless recipient.assurance > NUMBER and under contract (covers data and obliges includes policy_protection)
  hint   "Remove the flow, or end the sale or rental."
}

"""
TYPED = "rental"
_UNTIL_LINTS = 0.8
"""Seconds after which lints are surely looked for: the server waits 0.56 s."""
_MANY = 150
"""So many rules that their lints take longer than that."""


@dataclass(frozen=True)
class Typing:
    """What is typed: how many keys, into a policy of how many rules, a `word`, a `line`, or a word while `lints` are run."""

    rules: int
    keys: int
    typed: str


async def session(typing: Typing) -> tuple[list[float], list[float]]:
    """Seconds to completion and to diagnostics, for each key."""
    client, told = LanguageClient("benchmark", "1"), asyncio.Event()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(_: lsp.PublishDiagnosticsParams) -> None:
        told.set()

    await _start(client)
    with tempfile.TemporaryDirectory() as folder:
        found = await _type(client, told, (Path(folder).resolve() / "large.privacy").as_uri(), typing)
    await _leave(client)
    return found


async def _start(client: LanguageClient) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    await client.start_io(sys.executable, "-m", "privacy_rules", "lsp", env=environment)
    await client.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
    client.initialized(lsp.InitializedParams())


async def _leave(client: LanguageClient) -> None:
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


async def _type(
    client: LanguageClient, told: asyncio.Event, uri: str, typing: Typing
) -> tuple[list[float], list[float]]:
    text = HEAD + "".join(RULE.replace("NUMBER", str(number)) for number in range(typing.rules))
    before, after = text[: len(text) // 2], text[len(text) // 2 :]
    cut = after.index("(sale, ") + len("(sale, ")
    before, after = before + after[:cut], after[cut + len("rental") :]
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "privacy", 0, text)))
    await asyncio.wait_for(told.wait(), 30)
    completion, diagnostics = [], []
    for key in range(typing.keys):
        above = "\n" * (key + 1) if typing.typed == "line" else ""
        word = TYPED[: 1 + key % (len(TYPED) - 1)] + "xyz"[key % 3]  # no term, another one than before
        if typing.typed == "lints":
            await _lints_begin(client, told, uri, f"{text}# {key}\n", 2 * key + 1)
        told.clear()
        start = time.perf_counter()
        change = lsp.TextDocumentContentChangeWholeDocument(above + before + word + after)
        document = lsp.VersionedTextDocumentIdentifier(2 * key + 2, uri)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))
        line, column = len(above) + before.count("\n"), len(before) - before.rfind("\n") - 1 + len(word)
        place = lsp.Position(line, column)
        offered = await client.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), place)
        )
        completion.append(time.perf_counter() - start)
        assert offered, "completion offers nothing"
        await asyncio.wait_for(told.wait(), 30)
        diagnostics.append(time.perf_counter() - start)
    return completion, diagnostics


async def _lints_begin(client: LanguageClient, told: asyncio.Event, uri: str, text: str, version: int) -> None:
    """Types a text without a mistake, and waits until lints are looked for in it."""
    told.clear()
    change = lsp.TextDocumentContentChangeWholeDocument(text)
    document = lsp.VersionedTextDocumentIdentifier(version, uri)
    client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))
    if version > 1:  # there was one
        await asyncio.wait_for(told.wait(), 30)
        told.clear()
    await asyncio.sleep(_UNTIL_LINTS)
    assert not told.is_set(), "the lints were told already: more rules are needed"


async def lints_told(rules: int) -> float:
    """Seconds from the opening of a large policy to its lints."""
    client, told = LanguageClient("benchmark", "1"), asyncio.Event()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: lsp.PublishDiagnosticsParams) -> None:
        if params.diagnostics:
            told.set()

    await _start(client)
    with tempfile.TemporaryDirectory() as folder:
        uri = (Path(folder).resolve() / "large.privacy").as_uri()
        start = time.perf_counter()
        document = lsp.TextDocumentItem(uri, "privacy", 0, policy(rules))
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
        await asyncio.wait_for(told.wait(), 300)
        took = time.perf_counter() - start
    await _leave(client)
    return took


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, nargs="+", default=[28, 200, 1_000])
    parser.add_argument("--keys", type=int, default=60)
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    print(
        "| rules | typed | completion, median | worst | errors reported, median | worst | CPU of the server per key |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for rules in chosen.rules:
        for typed in ("word", "line", "lints") if rules >= _MANY else ("word", "line"):
            _, before = measured(Typing(rules, 0, typed))
            took, cpu = measured(Typing(rules, chosen.keys, typed))
            figures = [each for times in took for each in (statistics.median(times), max(times))]
            told = [f"{each * 1000:.0f} ms" for each in (*figures, (cpu - before) / chosen.keys)]
            print(f"| {rules:,} | {typed} | " + " | ".join(told) + " |")

    print("\n| rules | lints told |\n| ---: | ---: |")
    for rules in chosen.rules:
        print(f"| {rules:,} | {asyncio.run(lints_told(rules)):.1f} s |")


def measured(typing: Typing) -> tuple[tuple[list[float], list[float]], float]:
    """A session, and the seconds of CPU that its server took, with its start."""
    start = sum(os.times()[2:4])
    took = asyncio.run(session(typing))
    return took, sum(os.times()[2:4]) - start


if __name__ == "__main__":
    main()
