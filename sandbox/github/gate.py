"""Who may do what: the GitHub stand-in's token, permissions and primary rate limit.
https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps"""

from __future__ import annotations

import time

from sandbox.github.faults import PRIMARY
from sandbox.github.wire import Refusal, Request, Site

READS = {"GET", "HEAD"}


def admit(site: Site, request: Request, used: int) -> None:
    """Raises where the token, or its absence, or the number of requests, is no good."""
    given = request.headers.get("authorization")
    if given is not None and given.partition(" ")[2] != site.token:
        raise Refusal(401, "Bad credentials")
    if given is None and site.private:
        raise Refusal(404, "Not Found")
    if given is None and request.verb not in READS:
        raise Refusal(401, "Requires authentication")
    if used > site.rate_limit:
        raise Refusal(403, PRIMARY)


def permit(site: Site, request: Request, permission: str) -> None:
    """Raises where the token lacks a permission, or the repository is archived."""
    has = site.permissions.get(permission)
    if request.verb in READS:
        open_to_all = permission == "metadata" or (not site.private and permission != "administration")
        if not open_to_all and has is None:
            raise _forbidden(site)
        return
    if site.archived:
        raise Refusal(403, "Repository was archived so is read-only.")
    if has != "write":
        raise _forbidden(site)


def _forbidden(site: Site) -> Refusal:
    kind = "integration" if site.is_bot else "personal access token"
    return Refusal(403, f"Resource not accessible by {kind}")


def rate_headers(site: Site, used: int, start: float) -> dict[str, str]:
    """The hour's budget, on every answer."""
    return {
        "X-RateLimit-Limit": str(site.rate_limit),
        "X-RateLimit-Remaining": str(max(site.rate_limit - used, 0)),
        "X-RateLimit-Reset": str(int(start) + 3600 if start else int(time.time()) + 3600),
        "X-RateLimit-Used": str(used),
        "X-RateLimit-Resource": "core",
    }
