"""What can be said of the image without building it; `make image` does the rest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from release.sbom import sbom
from release.sizes import added, shares, table

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
CONTENTS: dict[str, Any] = {
    "python": [
        {"name": "ruamel.yaml", "version": "1.0", "licence": "MIT", "files": ["/site-packages/a.py"]},
        {"name": "Jinja2", "version": "3.1", "licence": None, "files": []},
    ],
    "debian": [{"name": "libc6", "version": "2.41-12+deb13u1", "architecture": "arm64"}],
}
NAME = "ghcr.io/mona/daily-papers@sha256:" + "a" * 64


def test_says_so_where_buildah_is_not_here(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "release.image"]
    asked = subprocess.run(
        command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, encoding="utf-8", check=False
    )
    assert asked.returncode == 1
    assert asked.stdout.startswith("buildah is not here: the image was neither built nor run.")


def test_the_entrypoint_is_a_program_by_its_path_and_deaf_to_the_working_directory() -> None:
    entrypoint = re.findall(r"(?m)^ENTRYPOINT (.*)$", DOCKERFILE)
    assert len(entrypoint) == 1
    assert json.loads(entrypoint[0])[:2] == ["/usr/local/bin/python", "-I"]
    assert not re.search(r"(?m)^(USER|WORKDIR|CMD|ENV)\b", DOCKERFILE)


def test_only_what_the_image_is_made_of_is_sent_to_the_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert rules == ["*", "!requirements.txt", "!entrypoint.py", "!digest/", "**/__pycache__"]
    sent = [path for path in (ROOT / "digest").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assets = [path.relative_to(ROOT).as_posix() for path in sent if path.suffix != ".py"]
    assert sorted(assets) == [f"digest/export/page/page.{kind}" for kind in ("css", "html.jinja", "js")]


def test_every_file_above_the_base_has_an_owner() -> None:
    base = {"/bin/sh": [10, 1], "/usr/local/lib/python3.13/os.py": [5, 1]}
    held = base | {
        "/bin/sh": [20, 2],
        "/site-packages/a.py": [1_500_000, 1],
        "/action/entrypoint.py": [300_000, 1],
        "/usr/local/lib/python3.13/__pycache__/os.cpython-313.pyc": [200_000, 1],
    }
    more = added(held, base)
    assert shares(more, CONTENTS["python"]) == [
        ("ruamel.yaml 1.0", 1_500_000),
        ("Daily Papers", 300_000),
        ("Python's own modules, compiled", 200_000),
        ("other", 20),
    ]
    assert table(more, CONTENTS["python"]).endswith("\n| other | 0.00 |\n| **all above the base** | **2.00** |")


def test_the_bill_of_materials_names_every_package_by_its_address() -> None:
    bill = sbom(CONTENTS, NAME, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert (bill["spdxVersion"], bill["creationInfo"]["created"]) == ("SPDX-2.3", "2026-11-24T12:00:00Z")
    addresses = [package["externalRefs"][0]["referenceLocator"] for package in bill["packages"]]
    assert addresses == [
        f"pkg:oci/daily-papers@sha256%3A{'a' * 64}?repository_url=ghcr.io/mona/daily-papers",
        "pkg:pypi/jinja2@3.1",
        "pkg:pypi/ruamel-yaml@1.0",
        "pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=arm64",
    ]
    references = [package["SPDXID"] for package in bill["packages"]]
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", reference) for reference in references)
    assert [relation["relatedSpdxElement"] for relation in bill["relationships"]] == references
    assert [package["licenseDeclared"] for package in bill["packages"]].count("MIT") == 1
