"""Prints, as JSON, each word of the project's policies with its place and whether the parser takes it as a keyword."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT))

from pygments.token import Comment, Keyword, Name, Operator, Whitespace  # noqa: E402

from privacy_rules.pygments_lexer import PrivacyLexer  # noqa: E402

FOLDERS = ("dsl/conformance", "dsl/std", "examples")
VALUES = ("yes", "no", "unlimited")
FACTS = ("source", "recipient", "today")
"""Names to the parser at the right of a comparison, and coloured there as they are at the left."""


def words(text: str) -> list[tuple[int, int, str, bool]]:
    """Line and column from 0, in UTF-16 code units, the word, and whether it is a keyword."""
    found, compared = [], False
    for at, kind, word in PrivacyLexer().get_tokens_unprocessed(text):
        if (kind in Keyword or kind is Operator.Word or kind in Name) and word not in VALUES:
            line = text[text.rfind("\n", 0, at) + 1 : at]
            keyword = kind not in Name or (compared and word in FACTS)
            found.append((text.count("\n", 0, at), len(line.encode("utf-16-le")) // 2, word, keyword))
        if kind not in Whitespace and kind not in Comment:
            compared = kind is Operator
    return found


def main() -> None:
    """All policies but those that are wrong on purpose."""
    files = (file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.privacy")))
    chosen = [file for file in files if file.parent.parent.name != "errors"]
    json.dump({str(file): words(file.read_text("utf-8")) for file in chosen}, sys.stdout)


if __name__ == "__main__":
    main()
