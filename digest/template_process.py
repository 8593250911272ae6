"""The process in which the users' Jinja2 texts are rendered: whatever one computes can neither hold nor fill the run.

It knows nothing of the run but what it is told in a line of JSON: it has no environment, no open file and none of the
run's memory. One serves a whole run; it ends with it, since nobody asks any more, or at a rendering's deadline.
"""

from __future__ import annotations

import atexit
import json
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, cast

from digest.errors import TemplateFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT = Path(__file__).resolve().parents[1]
# -I: nothing is imported from the working directory, which is somebody's repository.
_START = "import sys; sys.path.insert(0, sys.argv[1]); from digest.page.template_program import main; main()"
_MEMORY = 1 << 30
# To find out in which line a text was stopped.
_SECONDS_TO_COMPILE = 5.0
# A character of text as JSON: six bytes at most. What else is answered is short.
_BYTES, _BESIDES = 6, 100_000
_STOPPED_AT = re.compile(rb'File "<template>", line (\d+)')


def rendered(name: str, text: str, seconds: float, longest: int, values: object, *, is_page: bool = False) -> str:
    """What the text of that `name` makes of the values, of at most `longest` characters; "" of None: it is only read.

    seconds: how long it may take
    is_page: whether it is a template of the repository's own, whose values are those of `digest.page.own_template`
    TemplateFailed where it is broken, fails, or is stopped.
    """
    source = {"name": name, "text": text, "is_page": is_page}
    with _LOCK:
        answer = _PROCESS.ask({**source, "seconds": seconds, "longest": longest, "values": values}, longest)
        if "stopped" in answer:
            line = ""
            if at := answer["at"]:
                asked = _PROCESS.ask({**source, "seconds": _SECONDS_TO_COMPILE, "code_line": at})
                line = f", line {asked['line']}" if "line" in asked else ""
            raise TemplateFailed(f"{name}{line}: {answer['stopped']}")
    if "failed" in answer:
        raise TemplateFailed(answer["failed"])
    return str(answer["made"])


class TemplateProcess:
    """The process, which starts where it is first needed and again where it was stopped."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Mapping[str, object], longest: int = 0) -> dict[str, Any]:
        """Its answer; where it was stopped, why, and at which line of the compiled text, 0 where nobody knows."""
        process = self._running()
        asks, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        with suppress(BrokenPipeError):
            asks.write(json.dumps(request).encode() + b"\n")
            asks.flush()
        line = answers.readline(longest * _BYTES + _BESIDES)
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        code, said = self.end()
        if code == 1 and b"MemoryError" not in said:
            raise RuntimeError(said.decode("utf-8", "replace"))
        why = "long" if code == -signal.SIGALRM else "much memory"
        at = _STOPPED_AT.search(said)
        return {"stopped": f"it was stopped, since it took too {why}", "at": int(at[1]) if at else 0}

    def end(self) -> tuple[int, bytes]:
        """Ends it; the code with which it ended, and what it said of where it stood."""
        process, self._process = self._process, None
        if not process:
            return 0, b""
        process.kill()
        said = process.communicate()[1]
        return process.returncode, said

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is not None:
            self.end()
        if not self._process:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-W", "ignore", "-c", _START, str(_ROOT), str(_MEMORY)],
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        return self._process


_PROCESS, _LOCK = TemplateProcess(), Lock()
atexit.register(_PROCESS.end)
