"""The `action.yml` that a release's users get: it names the image by digest instead of building it."""

from __future__ import annotations

import re
from pathlib import Path

from release.version import Refused

ACTION = Path("action.yml")
BUILT = "  image: Dockerfile"
# By digest and by nothing else: a tag could be given to another image afterwards.
_IMAGE = re.compile(r"[a-z0-9.-]+\.[a-z]+/[a-z0-9._/-]+@sha256:[0-9a-f]{64}", re.ASCII)


def by_digest(image: str) -> str:
    """The same name, where it can mean no other image tomorrow."""
    if not _IMAGE.fullmatch(image):
        raise Refused(f"{image!r} is no image by digest: write registry/owner/name@sha256: and 64 digits")
    return image


def pinned(action: str, image: str) -> str:
    """The same text but for one line."""
    image = by_digest(image)
    if action.splitlines().count(BUILT) != 1:
        raise Refused(
            f"{ACTION} needs the line `{BUILT}` once: on the main branch the image is built from the Dockerfile"
        )
    return re.sub(rf"(?m)^{re.escape(BUILT)}$", f"  image: docker://{image}", action)
