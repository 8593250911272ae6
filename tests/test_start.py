"""How much is loaded before the first request to arXiv leaves; counted in modules, as seconds differ by machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# With Python 3.11 it is about 395, sixty of them our own small ones. What comes on top of it delays every run.
MOST_MODULES = 400
LOADED = "import digest.inputs, digest.actions, digest.run, sys; print(*sys.modules)"


def test_the_first_request_waits_for_no_package_that_it_does_not_need() -> None:
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, check=True)
    modules = set(run.stdout.split())

    assert {"arxiv", "requests", "lxml"} <= modules
    assert not modules & {"github", "jinja2", "cryptography", "nacl", "jwt", "markupsafe"}
    assert len(modules) <= MOST_MODULES


FILLED = (
    "from digest.page.fill import fill; fill('{{ new }} new', 'issue-title', new=1); import sys; print(*sys.modules);"
    "from digest.page.own_template import OwnTemplate; OwnTemplate('own.j2', '{{ heading }}'); print(*sys.modules)"
)


def test_texts_without_jinja2_start_no_process_and_what_has_the_token_never_loads_it() -> None:
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", FILLED], cwd=root, capture_output=True, text=True, check=True)
    plain, own = map(set, map(str.split, run.stdout.splitlines()))

    assert not plain & {"subprocess", "digest.template_process"}
    assert "subprocess" in own
    assert not own & {"jinja2", "markupsafe"}
