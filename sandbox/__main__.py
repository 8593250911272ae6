"""`python -m sandbox [FOLDER]`: the action, unchanged, over four recorded days, as its user would see them.

On the fourth arXiv's search throttles, and its harvest answers.

What the repository and the browser would show is left in FOLDER, `demo` by default.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.action import Action
from sandbox.arxiv.faults import throttled
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.demo_html import document
from sandbox.demo_text import indented, issue, log, rule
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import days

if TYPE_CHECKING:
    from sandbox.action import Run

# Four of one week: Monday to Thursday.
DAYS = slice(-5, -1)
KEYWORDS = """\
Video Anomaly Detection
Video Understanding
Vision Language Model: abs:"vision language model" OR ti:VLM
"""
README = b"""\
# Papers on video

A list that keeps itself, by Daily Papers. This sentence is the owner's: the action never touches it.

<!-- daily-papers:start -->
<!-- daily-papers:end -->

## How to contribute

This one too.
"""


def demo(folder: Path) -> int:
    """Four days and one run more; 0 where all went well."""
    folder.mkdir(parents=True, exist_ok=True)
    repository = folder.resolve() / "repository.git"
    shutil.rmtree(repository, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        ArxivStandIn() as arxiv,
        GithubStandIn(repository, {"README.md": README}) as github,
    ):
        inputs = {
            "keywords": KEYWORDS,
            "max-results": "8",
            "notify-limit": "3",
            "token": github.token,
            "arxiv-api-url": arxiv.url,
            "arxiv-oai-url": arxiv.oai_url,
            "arxiv-interval": "0",
        }
        action = Action(arxiv, github, Path(scratch), inputs)
        print(_introduction())
        *good_days, bad_day = days()[DAYS]
        for day in good_days:
            arxiv.show(day)
            if _shown_run(action, f"{day.date:%A, %-d %B %Y}"):
                return 1
            _show_effects(action)
        if _shown_run(action, "The same day, once more"):
            return 1
        shown = good_days[-1].entries
        arxiv.announce([entry for entry in bad_day.entries if entry not in shown])
        # Longer than a run waits, so that nobody waits here.
        arxiv.fail(throttled(retry_after="3600"), door="search")
        if _shown_run(action, f"{bad_day.date:%A, %-d %B %Y}: arXiv's search throttles, its harvest answers"):
            return 1
        _show_effects(action)
        print(f"\n{_left_behind(action, folder)}")
    return 0


def _introduction() -> str:
    return (
        "Daily Papers over four recorded days. arXiv and GitHub are stand-ins on this machine;\n"
        'the action is the real one, in a process of its own, and "Last update" is today.\n'
        "On the fourth day arXiv's search answers 429: the new papers come from its harvest.\n\n"
        f"keywords: |\n{indented(KEYWORDS, '  ')}"
    )


def _shown_run(action: Action, title: str) -> int:
    """Runs it and shows its log; its exit code."""
    start = time.monotonic()
    run: Run = action.run()
    print(f"\n{rule(title)}\n\nLog, {time.monotonic() - start:.1f} seconds:\n{indented(log(run.log))}")
    return run.code


def _show_effects(action: Action) -> None:
    commit = action.github.log()[0]
    store = action.github.store
    who = f"{commit.author.name}{', Verified' if commit.verified else ''}"
    print(f"\nCommit {commit.sha[:7]} by {who}: {commit.message}")
    print(indented(store.text("show", "--stat", "--format=", commit.sha)))
    opened = action.github.issues[-1]
    print(f"\nIssue #{opened.number}, mailed to everyone who watches: {opened.title}  [{', '.join(opened.labels)}]")
    print(indented(issue(opened.body or "")))


def _left_behind(action: Action, folder: Path) -> str:
    page, last = action.page(), action.github.issues[-1]
    files = {
        "README.md": page,
        "README.html": document("README.md", page),
        "issue.md": last.body or "",
        "issue.html": document(last.title, f"# {last.title} #{last.number}\n\n{last.body}"),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    git = f"git --git-dir {folder / 'repository.git'} log --stat"
    return "\n".join(
        (
            rule("Left for you"),
            "",
            f"The page:           {folder / 'README.md'}",
            f"  in the browser:   {(folder / 'README.html').resolve().as_uri()}",
            f"The last issue:     {folder / 'issue.md'}",
            f"  in the browser:   {(folder / 'issue.html').resolve().as_uri()}",
            f"The repository:     {git}",
        )
    )


def main() -> int:
    try:
        return demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
    except BrokenPipeError:
        # Whoever read along has seen enough. https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
