"""`python process.py COMMAND…`: runs the command and tells what it took, as a line of JSON after its own output.

A small process of its own: the peak memory that Linux tells of a child is never less than its parent's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main(command: list[str]) -> int:
    """The command's exit code; `started` is time.monotonic(), which all processes share, `peak` in bytes."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    took = {
        "started": started,
        "wall": time.monotonic() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * 1024,
    }
    print(json.dumps(took))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
