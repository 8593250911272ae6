"""`python -m sandbox [FOLDER]`: the action, unchanged, over five recorded days, as its user would see them.

On the fourth arXiv's search throttles, and its harvest answers. On the fifth the list goes into a pull request, and the
news into a comment on a standing issue.

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
from sandbox.demo_left import left_behind
from sandbox.demo_text import indented, issue, log, rule
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import days

if TYPE_CHECKING:
    from sandbox.action import Run
    from sandbox.github.git import Commit

# Monday to Thursday, then Sunday.
DAYS = slice(-5, None)
KEYWORDS = """\
Video Anomaly Detection
Video Understanding
Vision Language Model: abs:"vision language model" OR ti:VLM
"""
FILES = """\
docs/papers.json
docs/index.html
archive/{{ year }}-{{ month }}.md
"""
LIMITS = {"max-results": "8", "notify-limit": "3"}
README = b"""\
# Papers on video

A list that keeps itself, by Daily Papers. This sentence is the owner's: the action never touches it.

<!-- daily-papers:start -->
<!-- daily-papers:end -->

## How to contribute

This one too.
"""


def demo(folder: Path) -> int:
    """Five days and one run more; 0 where all went well."""
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
            "files": FILES,
            **LIMITS,
            "token": github.token,
            "arxiv-api-url": arxiv.url,
            "arxiv-oai-url": arxiv.oai_url,
            "arxiv-interval": "0",
        }
        action = Action(arxiv, github, Path(scratch), inputs)
        print(_introduction())
        *good_days, bad_day, last_day = days()[DAYS]
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
        arxiv.heal()
        arxiv.show(last_day)
        # The branch takes no direct commits any more.
        github.ruleset.add("main")
        github.permissions["pull-requests"] = "write"
        action.inputs |= {"pull-request": "true", "notify": "comment"}
        if _shown_run(action, f"{last_day.date:%A, %-d %B %Y}: pull-request: true, notify: comment"):
            return 1
        _show_pull_request(action)
        print(f"\n{left_behind(github, folder)}")
    return 0


def _introduction() -> str:
    return (
        "Daily Papers over five recorded days. arXiv and GitHub are stand-ins on this machine;\n"
        'the action is the real one, in a process of its own, and "Last update" is today.\n'
        "On the fourth day arXiv's search answers 429: the new papers come from its harvest.\n"
        "On the fifth the list goes into a pull request, the news into a comment on a standing issue.\n\n"
        f"keywords: |\n{indented(KEYWORDS, '  ')}\n"
        f"files: |\n{indented(FILES, '  ')}\n" + "\n".join(f"{name}: {value}" for name, value in LIMITS.items())
    )


def _shown_run(action: Action, title: str) -> int:
    """Runs it and shows its log; its exit code."""
    start = time.monotonic()
    run: Run = action.run()
    print(f"\n{rule(title)}\n\nLog, {time.monotonic() - start:.1f} seconds:\n{indented(log(run.log))}")
    return run.code


def _show_effects(action: Action) -> None:
    _show_commit(action, action.github.log()[0])
    opened = action.github.issues[-1]
    print(f"\nIssue #{opened.number}, mailed to everyone who watches: {opened.title}  [{', '.join(opened.labels)}]")
    print(indented(issue(opened.body or "")))


def _show_commit(action: Action, commit: Commit) -> None:
    who = f"{commit.author.name}{', Verified' if commit.verified else ''}"
    print(f"\nCommit {commit.sha[:7]} by {who}: {commit.message}")
    print(indented(action.github.store.git("show", "--stat=72", "--format=", commit.sha).decode()))


def _show_pull_request(action: Action) -> None:
    """The pull request and the comment; then somebody merges it."""
    github = action.github
    pull, standing, comment = github.pulls[-1], github.issues[-1], github.comments[-1]
    _show_commit(action, github.log(pull.head)[0])
    print(f"\nPull request #{pull.number}, from {pull.head} to {pull.base}: {pull.title}")
    print(indented(issue(pull.body or "")))
    print(f"\nIssue #{standing.number}, which stays and can be subscribed to: {standing.title}")
    print(indented(issue(standing.body or "")))
    print("\nIts first comment, mailed to subscribers and everyone who watches:")
    print(indented(issue(comment.body)))
    github.merge(pull.number)
    print(f"\nHere somebody merges #{pull.number}.")


def main() -> int:
    try:
        return demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
    except BrokenPipeError:
        # Whoever read along has seen enough. https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
