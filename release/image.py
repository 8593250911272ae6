"""`make image`: builds the image, runs it as GitHub's runner does, and says what it weighs and what was not checked.

`python -m release.image [--base IMAGE] [--tag NAME] [-- FLAGS FOR buildah build]`. With a base of this machine's own,
nothing is asked of a registry.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from release.buildah import container, said
from release.checks import expect, not_checked
from release.runner import new_job
from release.sizes import MOST, added, table, total
from release.version import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release.buildah import Container
    from release.runner import Job

ROOT = Path(__file__).parents[1]
LABELS = ("title", "description", "licenses")


def build(name: str, base: str | None, flags: Sequence[str]) -> None:
    """From the Dockerfile's own base, or from one that is here already."""
    start = time.monotonic()
    source = ["--from", base, "--pull-never"] if base else []
    said("build", "--tag", name, *source, *flags, str(ROOT))
    print(f"built {name} for {platform.machine()} in {time.monotonic() - start:.0f} s")


def check_config(image: Container) -> None:
    """As https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support asks."""
    config = image.config
    entrypoint = config.get("Entrypoint", [])
    expect(not config.get("User"), "no USER: the runner's files belong to root")
    expect(not config.get("WorkingDir", "").strip("/"), "no WORKDIR: the runner sets it")
    expect(
        entrypoint[:1] == ["/usr/local/bin/python"] and not config.get("Cmd"), "ENTRYPOINT by path, no shell, no CMD"
    )
    labels = config.get("Labels") or {}
    expect(all(labels.get(f"org.opencontainers.image.{label}") for label in LABELS), "labels")


def check_runs(image: Container, job: Job) -> None:
    """What a user sees of a first run, of a second one, and of a mistake."""
    before = image.contents()["files"]
    first = job.run(image)
    expect(first.code == 0, "a run ends well", first.log)
    page = job.github.read("README.md") or b""
    expect(b"| **[" in page and job.github.log()[0].verified, "the README has its list, in a commit", first.log)
    expect(len(job.github.issues) == 1, "the issue is open", first.log)
    expect(
        first.outputs.get("changed") == "true" and int(first.outputs["new-papers"]) > 0,
        "the outputs are written",
        str(first.outputs),
    )
    expect("Video Understanding" in first.summary, "the job summary is written", first.summary)
    seconds = time.monotonic()
    second = job.run(image)
    seconds = time.monotonic() - seconds
    expect(second.code == 0 and second.outputs.get("changed") == "false", "a second run writes nothing", second.log)
    dry = job.run(image, dry_run="true", template="papers.md.j2", token="")
    expect(dry.code == 0 and "::group::" in dry.log, "a dry run shows the change, by a template of the user's", dry.log)
    bad = job.run(image, max_results="many")
    told = bad.annotations("error title=Input max-results")
    expect(bad.code == 1 and len(told) == 1, "a bad input is told, dashes and all", bad.log)
    expect(not job.strays(), "nothing is left in the workspace or in HOME", ", ".join(job.strays()))
    after = image.contents()["files"]
    changed = sorted(path for path in after.keys() | before.keys() if after.get(path) != before.get(path))
    expect(not changed, "nothing is written into the image: all that runs is compiled ahead", "\n".join(changed))
    print(f"a run takes {seconds:.1f} s, the container's start included")


def weigh(image: Container, base: str) -> None:
    """Against the base, file by file."""
    held = image.contents()
    with container(base) as bare:
        more = added(held["files"], bare.contents()["files"])
    print(f"\n{table(more, held['python'])}\n")
    expect(total(more) < MOST, f"less than {MOST // 10**6} MB above the base")
    names = {Path(path).name for path in held["files"]}
    expect(
        not names & {"pip", "pip3", "gcc", "cc"} and not any("/site-packages/pip/" in path for path in held["files"]),
        "no compiler, no pip",
    )


def _missing() -> list[str]:
    return [
        f"any machine but {platform.machine()}",
        "GitHub's runner itself: it uses Docker, with a network of its own",
        "arXiv and GitHub: stand-ins answered",
        "the registry, the attestations and the image's digest: a release makes them",
    ]


def _stock(base: str | None) -> str:
    """The base's name: the given one, or the Dockerfile's first."""
    return base or (ROOT / "Dockerfile").read_text("utf-8").partition("\nFROM ")[2].split()[0]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m release.image")
    parser.add_argument("--base", help="an image that is here, instead of the one that the Dockerfile names")
    parser.add_argument("--tag", default="localhost/daily-papers:checked")
    parser.add_argument("flags", nargs="*", help="for `buildah build`")
    asked = parser.parse_args(arguments)
    if not shutil.which("buildah"):
        print("buildah is not here: the image was neither built nor run. Debian and Ubuntu: apt-get install buildah")
        return 1
    try:
        build(asked.tag, asked.base, asked.flags)
        with container(asked.tag) as image, new_job() as job:
            check_config(image)
            check_runs(image, job)
            weigh(image, _stock(asked.base))
    except Refused as refused:
        print(refused)
        return 1
    print(f"\n{not_checked(_missing(), asked.base)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
