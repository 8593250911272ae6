"""Links between the project's own pages lead to a file that is there, and to a heading in it."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """A Markdown file as GitHub shows it: where its links go, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self._heading: str | None = None
        self._seen: Counter[str] = Counter()
        self.feed(github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "srcset"):
                self.links.append(value or "")
            if name in ("id", "name"):
                self.anchors.add(value or "")
        if re.fullmatch("h[1-6]", tag):
            self._heading = ""

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading += data

    def handle_endtag(self, tag: str) -> None:
        if self._heading is not None and re.fullmatch("h[1-6]", tag):
            anchor = re.sub(r"[^\w -]", "", self._heading.strip().lower()).replace(" ", "-")
            self.anchors.add(f"{anchor}-{self._seen[anchor]}" if self._seen[anchor] else anchor)
            self._seen[anchor] += 1
            self._heading = None


@cache
def page(file: Path) -> Page:
    return Page(file.read_text("utf-8"))


def broken(file: Path, root: Path) -> list[str]:
    """The file's links that lead nowhere; what leaves the project is not followed."""
    found = []
    for link in page(file).links:
        path, _, anchor = unquote(link).partition("#")
        target = (root / path.lstrip("/") if path.startswith("/") else file.parent / path).resolve() if path else file
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        if not target.is_relative_to(root) or not target.exists():
            found.append(f"{link}: no such file")
        elif anchor and (target.suffix != ".md" or anchor not in page(target).anchors):
            found.append(f"{link}: no such heading")
    return found


def _pages() -> list[Path]:
    """Those that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("file", _pages(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file: Path) -> None:
    assert broken(file, ROOT) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a b.md").write_text('# The *one*, `x_y`\n\n## Same\n\n## Same\n\n<a name="own"></a>\n')
    (tmp_path / "c.md").write_text(
        "# Here\n\n[a](a%20b.md#the-one-x_y) [b](<a b.md#same-1>) [c](#here) [d](/a%20b.md#own) [e](https://example.org/#x)\n"
        "`[code](gone.md)`\n\n```\n[code](gone.md)\n```\n\n<!-- [comment](gone.md) -->\n\n"
        '[f](gone.md) [g](a%20b.md#same-2) [h](#there) [i](../c.md) [j][]\n\n<img src="gone.png">\n\n[j]: gone/\n'
    )
    assert broken(tmp_path / "c.md", tmp_path) == [
        "gone.md: no such file",
        "a%20b.md#same-2: no such heading",
        "#there: no such heading",
        "../c.md: no such file",
        "gone/: no such file",
        "gone.png: no such file",
    ]
