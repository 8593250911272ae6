"""What the process of `digest.template_process` does: it reads a line of JSON, renders, and writes a line of JSON.

The kernel's alarm ends it, also in the midst of one operation that takes for ever.
"""

from __future__ import annotations

import faulthandler
import json
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

from digest.page.environment import compiled, compiled_line, failure
from digest.page.template_view import page_values


def main() -> None:
    """Answers until nobody asks any more. The last argument of the command is how many bytes of memory it may take."""
    # It says where it stood, and dies then.
    faulthandler.enable()
    faulthandler.register(signal.SIGALRM, all_threads=False, chain=True)
    _limit_memory(int(sys.argv[-1]))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, max(request["seconds"], 0.01))
        sys.stdout.buffer.write(_answer(request))
        sys.stdout.buffer.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(most: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    # There are systems that have no such limit.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


def _answer(request: dict[str, Any]) -> bytes:
    name = request["name"]
    try:
        answer = _made(request)
        # A template can write half of a character.
        return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    except Exception as error:  # noqa: BLE001 - a template can raise whatever its expressions do
        return json.dumps({"failed": failure(name, error)}).encode() + b"\n"


def _made(request: dict[str, Any]) -> dict[str, object]:
    template = (compiled if request["is_page"] else compiled_line)(request["text"])
    if "code_line" in request:
        return {"line": template.get_corresponding_lineno(request["code_line"])}
    values = request["values"]
    if values is None:
        return {"made": ""}
    made = template.render(page_values(values) if request["is_page"] else values)
    if len(made) > request["longest"]:
        return {"failed": f"{request['name']}: what it makes is too long"}
    return {"made": made}
