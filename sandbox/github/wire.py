"""What the parts of the GitHub stand-in share: requests, answers, refusals, pages, and the repository's settings.
Shapes and sentences follow https://docs.github.com/en/rest."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")
DOCS = "https://docs.github.com/rest"
BOT = "github-actions[bot]"
# What stands behind a user's address, by the name of the field.
USER = {
    "followers": "followers",
    "following": "following{/other_user}",
    "gists": "gists{/gist_id}",
    "starred": "starred{/owner}{/repo}",
    "subscriptions": "subscriptions",
    "organizations": "orgs",
    "repos": "repos",
    "events": "events{/privacy}",
    "received_events": "received_events",
}


@dataclass(frozen=True)
class Request:
    """One request as it came in; `index` counts from 0, `path` has neither API prefix nor query."""

    index: int
    time: float
    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: Any  # what the JSON said, None without a body
    client: int = 0  # the port that it came from: one a connection

    @property
    def accept(self) -> str:
        return self.headers.get("accept", "")

    @property
    def fields(self) -> Json:
        """The body, where an object is wanted."""
        if not isinstance(self.body, dict):
            raise Refusal(400, "Body should be a JSON object")
        return self.body

    def needs(self, name: str) -> Any:
        """A field of the body that may not be left out."""
        if self.fields.get(name) is None:
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return self.fields[name]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; none where a fault stood in its place."""

    request: Request
    answer: Answer | None


class Refusal(Exception):
    """An error answer of GitHub's."""

    def __init__(self, status: int, message: str, errors: list[Json] | None = None, **headers: str) -> None:
        super().__init__(status, message)
        self.answer = refusal(status, message, errors, headers)


def refusal(
    status: int, message: str, errors: list[Json] | None = None, headers: dict[str, str] | None = None
) -> Answer:
    document: Json = {"message": message}
    if errors is not None:
        document["errors"] = errors
    document |= {"documentation_url": DOCS, "status": str(status)}
    return answer(document, status, headers)


def answer(document: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(document).encode(), headers or {})


Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """A verb and a pattern under /repos/OWNER/NAME, what answers it, and the permission that it asks for."""

    verb: str
    pattern: re.Pattern[str]
    handler: Handler
    permission: str

    def match(self, verb: str, path: str) -> list[str] | None:
        found = self.pattern.fullmatch(path) if verb == self.verb else None
        return [urllib.parse.unquote(part or "") for part in found.groups()] if found else None


def route(verb: str, pattern: str, handler: Handler, permission: str = "contents") -> Route:
    return Route(verb, re.compile(pattern), handler, permission)


@dataclass
class Site:
    """The repository's settings, which a test may change at any time."""

    repository: str = "octo/papers"
    token: str = "token-of-the-run"  # noqa: S105 - nobody's secret
    actor: str = BOT  # whose token it is: a bot's commits are signed, a person's are not
    default_branch: str = "main"
    permissions: dict[str, str] = field(default_factory=lambda: {"contents": "write", "issues": "write"})
    private: bool = False
    archived: bool = False
    issues_enabled: bool = True
    protected: set[str] = field(default_factory=set)  # branches under a protection rule
    ruleset: set[str] = field(default_factory=set)  # branches under a ruleset: pull requests only
    protection: str = "Changes must be made through a pull request."  # what both say of a direct push
    unforceable: set[str] = field(default_factory=set)  # branches that take no force push
    creations_restricted: bool = False  # no branch may be made
    actions_may_open_pulls: bool = True  # "Allow GitHub Actions to create and approve pull requests"
    may_update_refs: bool = True  # GraphQL's updateRefs; where not, it is FORBIDDEN
    tells_stale_refs: bool = False  # whether updateRefs says which ref was elsewhere; GitHub was seen not to
    stale_reads: int = 0  # so many of the next reads of a branch show where it stood before its last move
    late_lists: int = 0  # so many of the next lists of issues lack the newest one
    late_pulls: int = 0  # so many of the next lists of pull requests lack the newest one
    late_comments: int = 0  # likewise of comments
    assignable: set[str] = field(default_factory=lambda: {"mona", "octocat"})  # to whom issues can be given
    largest_page: int = 100  # the most that a page of a list holds, whatever is asked
    may_make_labels: bool = True  # where not, an issue with a label that is not there yet is refused
    rate_limit: int = 1000
    server_url: str = "https://github.com"
    url: str = ""  # of the API, known once the server runs

    @property
    def is_bot(self) -> bool:
        return self.actor.endswith("[bot]")

    @property
    def owner(self) -> str:
        return self.repository.partition("/")[0]

    @property
    def api(self) -> str:
        return f"{self.url}/repos/{self.repository}"

    @property
    def page(self) -> str:
        return f"{self.server_url}/{self.repository}"

    def user(self, login: str) -> Json:
        kind = "Bot" if login.endswith("[bot]") else "User"
        number = 41898282 if login == BOT else 583231
        name = urllib.parse.quote(login)
        url = f"{self.url}/users/{name}"
        return {
            "login": login,
            "id": number,
            "node_id": f"U_{number}",
            "type": kind,
            "site_admin": False,
            "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.server_url}/{login.removesuffix('[bot]')}",
            **{f"{field}_url": f"{url}/{rest}" for field, rest in USER.items()},
        }

    def account(self, login: str) -> Json:
        """A user as their own page shows them."""
        unsaid = ("name", "company", "blog", "location", "email", "hireable", "bio")
        return {
            **self.user(login),
            **dict.fromkeys(unsaid),
            **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
            **dict.fromkeys(("created_at", "updated_at"), "2026-01-01T00:00:00Z"),
        }


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def paged(site: Site, request: Request, rows: list[Json]) -> Answer:
    shown, link = page_of(site, request, rows)
    return answer(shown, headers=link)


def page_of(site: Site, request: Request, rows: list[T]) -> tuple[list[T], dict[str, str]]:
    """One page of the rows, and the Link header that leads to the others."""
    size = min(max(_number(request.query.get("per_page"), 30), 1), site.largest_page)
    page = max(_number(request.query.get("page"), 1), 1)
    last = max((len(rows) + size - 1) // size, 1)
    steps = {"prev": page - 1, "first": 1} if page > 1 else {}
    if page < last:
        steps |= {"next": page + 1, "last": last}
    link = ", ".join(f'<{_page_url(site, request, n)}>; rel="{name}"' for name, n in steps.items())
    start = (page - 1) * size
    return rows[start : start + size], {"Link": link} if link else {}


def _page_url(site: Site, request: Request, page: int) -> str:
    return f"{site.url}{request.path}?{urllib.parse.urlencode(request.query | {'page': str(page)})}"


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
