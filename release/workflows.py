"""`make runner`: the README's workflow and every example under act, then the image as GitHub's runner starts it.

`python -m release.workflows [--base IMAGE] [-- FLAGS FOR docker build]`. With a base of this machine's own, nothing is
asked of a registry.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from digest.cancelled import SENTENCE
from release.act import USES, repository, workflows
from release.checks import expect, not_checked, until
from release.engine import engine
from release.runner import new_job
from release.version import Refused
from sandbox.arxiv import faults

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence

    from release.act import Repository
    from release.engine import Engine
    from release.runner import Job
    from sandbox.action import Run

IMAGE = "localhost/daily-papers:checked"
# A second for the run, the others for the engine.
_SOON = 4.0


def check_workflow(name: str, text: str, place: Repository) -> None:
    """What its user sees, of a first run and of a second one."""
    before = place.files()
    first = place.run()
    expect(first.code == 0, f"{name}: ends well", first.log)
    expect(not first.commands("warning", "error"), f"{name}: warns of nothing", first.log)
    papers = [int(outputs["papers"]) for outputs in first.outputs]
    expect(len(papers) == text.count(f"uses: {USES}") and all(papers), f"{name}: lists {papers} papers", first.log)
    expect("| Keyword | Listed |" in first.summary, f"{name}: the job summary is there", first.log)
    commits = _made(place)
    told = tuple(sum(bool(outputs[key]) for outputs in first.outputs) for key in ("commit-sha", "issue-url"))
    expect(commits == told, f"{name}: {commits[0]} commits and {commits[1]} issues, as the outputs tell", first.log)
    second = place.run()
    expect(second.code == 0 and _made(place) == commits, f"{name}: a second run writes nothing", second.log)
    expect(place.files() == before, f"{name}: the workspace is as it was")


def _made(place: Repository) -> tuple[int, int]:
    """How many commits there are besides the first one, on all branches, and how many issues."""
    branches = [ref.removeprefix("refs/heads/") for ref in place.github.store.refs()]
    commits = {commit.sha for branch in branches for commit in place.github.log(branch)}
    return len(commits) - 1, len(place.github.issues)


def check_interrupted(place: Repository) -> None:
    """SIGINT to act while arXiv says nothing. act ends; a container that it leaves behind is stopped as engines do."""
    engine, containers = place.engine, place.engine.containers()
    place.arxiv.fail(faults.hang())
    process = place.start()
    until(lambda: place.arxiv.requests, "arXiv is asked by a step under act")
    process.send_signal(signal.SIGINT)
    log, _ = process.communicate(timeout=60)
    expect(process.returncode != 0 and _made(place) == (0, 0), "act ends at SIGINT, and nothing was written", log)
    left = engine.containers() - containers
    steps = [name for name in left if "entrypoint.py" in engine.said("inspect", "--format", "{{.Args}}", name)]
    for name in steps:
        began = time.monotonic()
        engine.said("stop", name)
        seconds, log = time.monotonic() - began, engine.said("logs", name)
        # With Podman act kills it even so, a moment later.
        killed = engine.said("inspect", "--format", "{{.State.ExitCode}}", name) == str(128 + signal.SIGKILL)
        how = "killed by act" if killed else "with a sentence"
        expect(seconds < _SOON and killed != (SENTENCE in log), f"the step ends in {seconds:.1f} s, {how}", log)
    # A job's own container goes last: the step's is in its network.
    for name in (*steps, *left.difference(steps)):
        engine.said("rm", "--force", name)
    place.arxiv.heal()
    again = place.run()
    expect(again.code == 0 and _made(place) == (1, 1), "the next run makes up for it, with one issue", again.log)


def check_confined(engine: Engine, job: Job) -> None:
    """A root that cannot be written, no capabilities, and whoever runs this as the user."""
    confined = (
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        f"--user={os.getuid()}:{os.getgid()}",
    )
    step = job.step()
    process = engine.start(IMAGE, f"daily-papers-{uuid4()}", step, *confined)
    log, _ = process.communicate(timeout=300)
    run = step.ended(process.returncode, log)
    expect(run.code == 0, "a run ends well with a read-only root and no capabilities", run.log)
    expect(not run.annotations("warning"), "and warns of nothing", run.log)
    expect(
        run.outputs.get("changed") == "true" and "Video Understanding" in run.summary, "and tells its outputs", run.log
    )
    expect(not job.strays(), "and leaves nothing in the workspace or in HOME", ", ".join(job.strays()))


def check_cancelled(engine: Engine, job: Job) -> None:
    """As GitHub's runner cancels, and as an engine stops, while arXiv says nothing."""
    ways: dict[str, Callable[[subprocess.Popen[str], str], object]] = {
        f"SIGINT to `{engine.command} run`": lambda process, _: process.send_signal(signal.SIGINT),
        f"`{engine.command} stop`": lambda _, name: engine.said("stop", name),
    }
    for way, cancel in ways.items():
        run, seconds = _cancelled(engine, job, cancel)
        expect(run.code == 1 and seconds < _SOON, f"{way} ends a run in {seconds:.1f} s", run.log)
        expect(run.log.count(SENTENCE) == 1 and SENTENCE in run.summary, "and log and summary say so", run.log)
        expect(run.outputs.get("changed") == "false" and not job.strays(), "and nothing was written", run.log)


def _cancelled(engine: Engine, job: Job, cancel: Callable[[subprocess.Popen[str], str], object]) -> tuple[Run, float]:
    job.arxiv.forget()
    job.arxiv.fail(faults.hang())
    step, name = job.step(), f"daily-papers-{uuid4()}"
    process = engine.start(IMAGE, name, step)
    until(lambda: job.arxiv.requests, "arXiv is asked by a run in a container")
    began = time.monotonic()
    cancel(process, name)
    log, _ = process.communicate(timeout=60)
    seconds = time.monotonic() - began
    job.arxiv.heal()
    return step.ended(process.returncode, log), seconds


def _missing(engine: Engine) -> list[str]:
    return [
        f"any machine but {platform.machine()}, any engine but {engine.command}",
        "GitHub's own runner: act took its place, on this machine's own network",
        "arXiv and GitHub: stand-ins answered, at addresses that the workflows did not name",
        "a download of the action or of its image: both were here",
    ]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m release.workflows")
    parser.add_argument("--base", help="an image that is here, instead of the one that the Dockerfile names")
    parser.add_argument("flags", nargs="*", help="for `docker build` or `podman build`")
    asked = parser.parse_args(arguments)
    try:
        with engine() as found, found.volumes_removed():
            found.build(IMAGE, asked.base, asked.flags)
            for name, text in workflows().items():
                with repository(text, found, IMAGE, "/api/v3" if name == "enterprise" else "") as place:
                    check_workflow(name, text, place)
            with repository(workflows()["README"], found, IMAGE) as place:
                check_interrupted(place)
            with new_job() as job:
                check_cancelled(found, job)
                check_confined(found, job)
        print(f"\n{not_checked(_missing(found), asked.base)}")
    except Refused as refused:
        print(refused)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
