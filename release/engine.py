"""Docker or Podman, whichever answers here: images, containers, and the address where others reach it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from release.checks import until
from release.version import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release.runner import Step

_ROOT = Path(__file__).parents[1]
# Where the command docker finds its engine, which others do not know.
_HOST = "{{.Endpoints.docker.Host}}"


@dataclass(frozen=True)
class Engine:
    """What runs containers, on this machine's own network, so that they reach the stand-ins.

    command: `docker` or `podman`, which understand the same
    address: where it takes the requests of Docker's API
    """

    command: str
    address: str

    def said(self, *arguments: str) -> str:
        """Its output; where it fails, that is the end of it."""
        done = _done(self.command, *arguments)
        if done.returncode:
            raise Refused(f"{self.command} {arguments[0]} failed:\n{done.stdout.strip()}")
        return done.stdout.strip()

    def build(self, name: str, base: str | None, flags: Sequence[str]) -> None:
        """From the Dockerfile's own base, or from one that is here already."""
        text = (_ROOT / "Dockerfile").read_text("utf-8")
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "Dockerfile"
            file.write_text(re.sub(r"(?m)^FROM \S+(?= AS base$)", f"FROM {base}", text) if base else text, "utf-8")
            self.said("build", "--tag", name, "--file", str(file), *flags, str(_ROOT))
        print(f"built {name} by {self.command} in {time.monotonic() - start:.0f} s")

    def start(self, image: str, name: str, step: Step, *more: str) -> subprocess.Popen[str]:
        """A step, as GitHub's runner starts it: in the foreground, where signals are passed on."""
        mounts = [f"--volume={path}:{place}" for place, path in step.mounts.items()]
        variables = [f"--env={variable}={value}" for variable, value in step.environ.items()]
        flags = ["--rm", "--name", name, "--network=host", f"--workdir={step.workdir}", *mounts, *variables, *more]
        return subprocess.Popen(
            [self.command, "run", *flags, image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )

    def containers(self) -> set[str]:
        """Their names, of ended ones too."""
        return set(self.said("ps", "--all", "--format", "{{.Names}}").split())

    @contextmanager
    def volumes_removed(self) -> Iterator[None]:
        """Those that were made meanwhile; act leaves some."""
        before = self._volumes()
        try:
            yield
        finally:
            for volume in self._volumes() - before:
                _done(self.command, "volume", "rm", volume)

    def _volumes(self) -> set[str]:
        return set(self.said("volume", "ls", "--quiet").split())


@contextmanager
def engine() -> Iterator[Engine]:
    """Refused where there is none."""
    if _answers("docker", "version"):
        address = os.environ.get("DOCKER_HOST") or _done("docker", "context", "inspect", "--format", _HOST).stdout
        yield Engine("docker", address.strip())
    elif _answers("podman", "info"):
        with tempfile.TemporaryDirectory() as scratch:
            socket = Path(scratch) / "socket"
            service = subprocess.Popen(
                ["podman", "system", "service", "--time=0", f"unix://{socket}"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                until(socket.exists, "podman's service answers")
                yield Engine("podman", f"unix://{socket}")
            finally:
                service.terminate()
                service.wait()
    else:
        raise Refused(
            "Neither Docker nor Podman answers here: nothing was built or run. Debian and Ubuntu: apt-get install "
            "docker.io, and start it"
        )


def _answers(*command: str) -> bool:
    return shutil.which(command[0]) is not None and _done(*command).returncode == 0


def _done(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
