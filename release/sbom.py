"""What an image holds -> its bill of materials, as SPDX 2.3: https://spdx.github.io/spdx-spec/v2.3/

`python -m release.sbom IMAGE NAME` prints it: IMAGE is what buildah finds here, NAME what the world calls it, with its
digest.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from release.buildah import container
from release.pinned import by_digest
from release.version import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROOT = "SPDXRef-image"


def sbom(contents: Mapping[str, Any], name: str, now: datetime) -> dict[str, Any]:
    """One package for the image, and all that it contains: Python's packages and Debian's."""
    where, _, digest = by_digest(name).partition("@")
    url = f"pkg:oci/{where.rpartition('/')[2]}@{quote(digest)}?repository_url={where}"
    packages = [_package(_ROOT, name, "", url, None)]
    for found in _sorted(contents["python"]):
        url = f"pkg:pypi/{_normal(found['name'])}@{quote(found['version'])}"
        packages.append(_package(_reference("python", found), found["name"], found["version"], url, found["licence"]))
    for found in _sorted(contents["debian"]):
        url = f"pkg:deb/debian/{quote(found['name'])}@{quote(found['version'])}?arch={found['architecture']}"
        packages.append(_package(_reference("debian", found), found["name"], found["version"], url, None))
    contains = [_relation(_ROOT, "CONTAINS", package["SPDXID"]) for package in packages[1:]]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://{name.replace('@', '/').replace(':', '/')}/{now:%Y%m%dT%H%M%SZ}",
        "creationInfo": {"created": f"{now:%Y-%m-%dT%H:%M:%SZ}", "creators": ["Tool: daily-papers-release.sbom"]},
        "packages": packages,
        "relationships": [_relation("SPDXRef-DOCUMENT", "DESCRIBES", _ROOT), *contains],
    }


def _package(reference: str, name: str, version: str, url: str, licence: str | None) -> dict[str, Any]:
    package = {
        "SPDXID": reference,
        "name": name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence or "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url},
        ],
    }
    return package | ({"versionInfo": version} if version else {})


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _sorted(found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(found, key=lambda package: (package["name"].lower(), package.get("architecture", "")))


def _reference(kind: str, found: Mapping[str, Any]) -> str:
    """Letters, digits, dots and dashes only."""
    parts = (kind, found["name"], *([found["architecture"]] if "architecture" in found else ()))
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", "-".join(parts))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(image: str, name: str) -> int:
    def text() -> str:
        with container(image) as held:
            return json.dumps(sbom(held.contents(), name, datetime.now(UTC)), indent=1) + "\n"

    return printed(text)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
