"""Images and containers, by the command buildah."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from release.version import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CONTENTS = Path(__file__).with_name("contents.py")


def buildah(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a namespace of its own for the network, so that a container reaches the stand-ins on this machine."""
    environ = {"BUILDAH_ISOLATION": "chroot"} | os.environ
    return subprocess.run(["buildah", *arguments], env=environ, capture_output=True, encoding="utf-8", check=False)


def said(*arguments: str) -> str:
    """Its output; where it fails, that is the end of it."""
    done = buildah(*arguments)
    if done.returncode:
        raise Refused(f"buildah {arguments[0]} failed:\n{done.stderr.strip()}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Container:
    """An image about to run. Each call of `run` is a process of its own in the same files."""

    name: str

    def run(
        self, *command: str, flags: Sequence[str] = (), environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        variables = [f"--env={name}={value}" for name, value in (environ or {}).items()]
        return buildah("run", *flags, *variables, self.name, "--", *command)

    @cached_property
    def config(self) -> dict[str, Any]:
        """What the image says of how it wants to be run."""
        config: dict[str, Any] = json.loads(said("inspect", self.name))["OCIv1"]["config"]
        return config

    def contents(self) -> dict[str, Any]:
        """See contents.py. It leaves no bytecode of its own behind (-B)."""
        done = self.run("/usr/local/bin/python", "-I", "-B", "-c", _CONTENTS.read_text("utf-8"))
        if done.returncode:
            raise Refused(f"the image's Python does not run:\n{done.stderr.strip()}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@contextmanager
def container(image: str) -> Iterator[Container]:
    name = said("from", "--pull-never", image)
    try:
        yield Container(name)
    finally:
        buildah("rm", name)
