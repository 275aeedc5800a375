"""Builds the documentation site into `build/site`: `python docs/build.py`.

The pages stay where they are (`dsl/`, `docs/`, the README). They are copied into one folder first, because a generator reads
one folder, with a few changes: what follows the language of a code block is for our tests and removed, examples show their
verdict as a colour, Mermaid pictures are drawn, so that the site needs no script from elsewhere, and folders are not links.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mermaidx

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "LICENSE",
    "action.yml",
    "ci/*.yml",
    "dsl/*.md",
    "dsl/grammar.lark",
    "dsl/lints/*.md",
    "dsl/conformance/README.md",
    "dsl/editors/vscode/README.md",
    "docs/*.md",
    "docs/decisions/*.md",
    "docs/packs/*.md",
    "dsl/conformance/packs/*",
    "dsl/std/packs/*",
    "examples/**/*",
)
"""The pages, and the files that they link to."""
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\[\]]+)\]\(([^)#:\s]+)\)")
ARROW = re.compile(r'^ *(\w+)(?:\[.*?\])? \S+ "(.*?)" \S+ (\w+)', re.MULTILINE)
THEMES = {"light": "default", "dark": "dark"}
"""The colour schemes of the site, and Mermaid's themes for them."""


def build(folder: Path) -> int:
    """Builds the site as `site` in a folder; returns the exit code: 0 only if there is no warning, dead links among them."""
    shutil.rmtree(folder / "pages", ignore_errors=True)
    stage(folder / "pages")
    shutil.copytree(ROOT / "docs" / "theme", folder / "theme", dirs_exist_ok=True)
    configuration = folder / "mkdocs.yml"
    configuration.write_text(_configuration(folder / "pages"), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(configuration)]
    return subprocess.run(command, check=False, cwd=folder).returncode  # noqa: S603 -- our own command


def stage(folder: Path) -> None:
    """Copies the pages, and what they link to, into a folder."""
    for path in sorted(path for pattern in COPIED for path in ROOT.glob(pattern) if path.is_file()):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            text = _without_links_to_folders(path.read_text(encoding="utf-8"), path.parent)
            target.write_text(_page(text, target), encoding="utf-8")
        else:
            shutil.copyfile(path, target)


def _without_links_to_folders(text: str, folder: Path) -> str:
    """A folder has a page on a code host, and none here: only the words of a link to it stay."""

    def replaced(link: re.Match[str]) -> str:
        return link[1] if (folder / link[2]).is_dir() else link[0]

    return LINK.sub(replaced, text)


def _page(text: str, target: Path) -> str:
    pictures = 0

    def replaced(block: re.Match[str]) -> str:
        nonlocal pictures
        if block[1] != "mermaid":
            verdict = re.search(r"\bexpect=(\w+)", block[2])
            shown = f"{{ .{block[1]} .verdict-{verdict[1].lower()} }}" if verdict else block[1]
            return f"``` {shown}\n{block[3]}```"
        pictures += 1
        return _picture(block[3], target.with_name(f"{target.stem}-{pictures}.svg"))

    return BLOCK.sub(replaced, text)


def _picture(source: str, target: Path) -> str:
    """Draws a picture for each theme; returns the Markdown that shows the right one, with its arrows in words."""
    target.parent.mkdir(parents=True, exist_ok=True)
    words = html.escape("; ".join(f"{start} to {end}: {label}" for start, label, end in ARROW.findall(source)))
    shown = []
    for scheme, theme in THEMES.items():
        file = target.with_stem(f"{target.stem}-{scheme}")
        svg = mermaidx.render(source, theme=theme).svg()
        width = re.findall(r'viewBox="\S+ \S+ (\d+)', svg)[0]
        file.write_text(svg.replace('width="100%"', f'width="{width}"', 1), encoding="utf-8")
        shown.append(f"![{words}]({file.name}#only-{scheme})")
    return f'<div class="picture" markdown tabindex="0">\n{" ".join(shown)}\n</div>'


def _configuration(pages: Path) -> str:
    """`mkdocs.yml` with its patterns replaced by the files that they match, and its folders by those of the build."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"^( *)- (\S*[*\[]\S*)$", lambda found: "\n".join(_matches(pages, *found.groups())), text, flags=re.M)
    text = text.replace("custom_dir: docs/theme", "custom_dir: theme")
    return f"{text}docs_dir: pages\nsite_dir: site\n"


def _matches(pages: Path, indent: str, pattern: str) -> Iterator[str]:
    for path in sorted(pages.glob(pattern)):
        yield f"{indent}- {path.relative_to(pages).as_posix()}"


if __name__ == "__main__":
    sys.exit(build(ROOT / "build"))
