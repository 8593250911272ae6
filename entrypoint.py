"""Starts a run; turns its errors into annotations and an exit code."""

from __future__ import annotations

import os
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

# The working directory is somebody's repository: nothing is imported from it.
sys.path[:] = [
    str(Path(__file__).resolve().parent),
    *(entry for entry in sys.path if entry not in ("", str(Path.cwd()))),
]

from digest import actions  # noqa: E402
from digest.cancelled import SENTENCE, Cancelled, caught, raise_when_cancelled  # noqa: E402
from digest.errors import BadInputs, DigestError  # noqa: E402
from digest.inputs import parse  # noqa: E402

if TYPE_CHECKING:
    from digest.reading import Connect
    from digest.sources.rate_limit import Clock


def main(connect: Connect | None = None, clock: Clock = time) -> int:
    """0 where the list is as it should be, 1 where somebody has to change something.

    `connect`: how the repository is reached, where it is not as `digest.repository.connection.connect` does by itself.
    `clock`: what pauses between requests to arXiv go by.
    """
    # The log is UTF-8 whatever the locale; a diff may show bytes of a file that are not.
    sys.stdout = TextIOWrapper(sys.stdout.buffer, "utf-8", "replace")
    try:
        config = parse(os.environ)
        from digest.run import run  # noqa: PLC0415 - what it needs is not loaded for a bad input

        return run(config, connect, clock)
    except BadInputs as bad:
        actions.faults(bad.faults)
        actions.outputs(bad.output, actions.NOTHING_DONE)
    except DigestError as error:
        actions.error(str(error))
    except Cancelled as cancelled:
        caught()
        actions.error(str(cancelled))
    except Exception as fault:  # noqa: BLE001 - Python's own account of it could hold a stranger's workflow command
        # Python 3.11 hides what is raised while a class is made, as modules are loaded, behind a RuntimeError.
        if isinstance(fault.__cause__, Cancelled):
            caught()
            actions.error(SENTENCE)
        else:
            actions.own_fault(fault)
    return 1


if __name__ == "__main__":
    raise_when_cancelled(lambda: actions.error(SENTENCE))
    code = main()
    sys.stdout.flush()
    # At once: Python would end a thread that still waits for GitHub wherever it stands, and some libraries abort then.
    os._exit(code)
