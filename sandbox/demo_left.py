"""What the demo leaves: the branch's files as they are, and as HTML what GitHub shows of the page and of the issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.demo_html import document
from sandbox.demo_text import rule

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.github.stand_in import GithubStandIn


def left_behind(github: GithubStandIn, folder: Path) -> str:
    """Writes both into the folder; where they are, for people."""
    for entry in github.store.entries(github.log()[0].tree, recursive=True):
        if entry.kind == "blob":
            file = folder / entry.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(github.store.blob(entry.sha))
    *_, dated, standing = github.issues
    talk = [standing.body or "", *(comment.body for comment in standing.comments)]
    shown = {
        "README.html": ("README.md", (folder / "README.md").read_text("utf-8")),
        "issue.html": (dated.title, f"# {dated.title} #{dated.number}\n\n{dated.body}"),
        "standing-issue.html": (
            standing.title,
            f"# {standing.title} #{standing.number}\n\n" + "\n\n---\n\n".join(talk),
        ),
    }
    for name, (title, markdown) in shown.items():
        (folder / name).write_text(document(title, markdown), encoding="utf-8")
    archive = max(folder.glob("archive/2*.md"))
    return "\n".join(
        (
            rule("Left for you"),
            "",
            "In the browser",
            f"  the page            {_address(folder / 'README.html')}",
            f"  the HTML page       {_address(folder / 'docs/index.html')}",
            f"  Thursday's issue    {_address(folder / 'issue.html')}",
            f"  the standing issue  {_address(folder / 'standing-issue.html')}",
            "As files",
            f"  the page            {folder / 'README.md'}",
            f"  its papers as JSON  {folder / 'docs/papers.json'}",
            f"  a month's archive   {archive}",
            f"The repository        git --git-dir {folder / 'repository.git'} log --stat",
        )
    )


def _address(file: Path) -> str:
    return file.resolve().as_uri()
