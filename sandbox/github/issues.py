"""Issues of the GitHub stand-in: kept in memory, made, changed and listed with GitHub's limits.
https://docs.github.com/en/rest/issues/issues; their comments and assignees are in comments.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, paged, route, stamp

LONGEST_TITLE = 256
LONGEST_BODY = 65536
LONGEST_LABEL = 50
REASONS = {None, "completed", "not_planned", "duplicate", "reopened"}


@dataclass
class Comment:
    """One comment of an issue."""

    id: int
    issue: int
    body: str
    user: str
    created_at: datetime
    updated_at: datetime
    association: str = "NONE"


@dataclass
class Issue:
    """One issue; fields may also be read like a dict's."""

    number: int
    title: str
    body: str | None
    labels: list[str]
    user: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    association: str = "NONE"  # whether its author may write: OWNER, MEMBER, COLLABORATOR
    locked: bool = False
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    more_comments: int = 0  # that are counted and not kept

    @property
    def comment_count(self) -> int:
        return len(self.comments) + self.more_comments

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def beside(self, _site: Site) -> Json:
        """What a pull request says besides."""
        return {}


@dataclass
class Issues:
    site: Site
    issues: list[Issue] = field(default_factory=list)  # pull requests too, as GitHub has it
    labels: dict[str, str] = field(default_factory=dict)  # lower case -> as it was first written
    gone: dict[int, str] = field(default_factory=dict)  # number -> where it was moved to, "" where it was deleted

    def routes(self) -> list[Route]:
        return [
            route("GET", r"/issues", self.list_issues, "issues"),
            route("POST", r"/issues", self.post_issue, "issues"),
            route("GET", r"/issues/(\d+)", self.get_issue, "issues"),
            route("PATCH", r"/issues/(\d+)", self.patch_issue, "issues"),
            route("GET", r"/labels", self.list_labels, "issues"),
        ]

    def list_issues(self, request: Request) -> Answer:
        """Where issues are switched off, GitHub still lists pull requests."""
        asked = request.query
        key = {"updated": "updated_at"}.get(asked.get("sort", "created"), "created_at")
        listed = [issue for issue in self.issues if self.site.issues_enabled or issue.beside(self.site)]
        fitting = [issue for issue in listed if self._fits(issue, asked)]
        if self.site.late_lists:
            self.site.late_lists -= 1
            fitting = [issue for issue in fitting if issue is not self.issues[-1]]
        fitting.sort(key=lambda issue: (issue[key], issue.number), reverse=asked.get("direction") != "asc")
        return paged(self.site, request, [self.issue(issue) for issue in fitting])

    def _fits(self, issue: Issue, asked: dict[str, str]) -> bool:
        wanted = {name.strip().lower() for name in asked.get("labels", "").split(",") if name.strip()}
        since = moment(asked["since"]) if asked.get("since") else None
        return (
            asked.get("state", "open") in {issue.state, "all"}
            and wanted <= {name.lower() for name in issue.labels}
            and (since is None or issue.updated_at >= since)
            and asked.get("creator", issue.user) == issue.user
        )

    def get_issue(self, _request: Request, number: str) -> Answer:
        return answer(self.issue(self.find(number)))

    def find(self, number: str, below: str = "") -> Issue:
        """`below`: what of the issue is asked for, which has moved with it."""
        self._check_enabled()
        moved_to = self.gone.get(int(number))
        if moved_to:
            raise Refusal(301, "Moved Permanently", None, Location=moved_to + below)
        if moved_to is not None:
            raise Refusal(410, "This issue was deleted")
        found = [issue for issue in self.issues if issue.number == int(number)]
        if not found:
            raise Refusal(404, "Not Found")
        return found[0]

    def remove(self, issue: Issue, moved_to: str = "") -> None:
        """Deletes it, or moves it to another repository: what is left is its number."""
        self.issues.remove(issue)
        self.gone[issue.number] = moved_to

    def _check_enabled(self) -> None:
        if not self.site.issues_enabled:
            raise Refusal(410, "Issues has been disabled in this repository.")

    def post_issue(self, request: Request) -> Answer:
        self._check_enabled()
        title = request.needs("title")
        self.check(title, request.fields)
        self._check_labels(_names(request.fields))
        actor = self.site.actor
        # A bot has no association, whatever it may do.
        association = "NONE" if self.site.is_bot else "COLLABORATOR"
        made = self.add(str(title), request.fields.get("body"), _names(request.fields), actor, association)
        return answer(self.issue(made), 201, {"Location": f"{self.site.api}/issues/{made.number}"})

    def _check_labels(self, names: list[str]) -> None:
        if not self.site.may_make_labels and {name.lower() for name in names} - self.labels.keys():
            error = {"resource": "Repository", "field": "label", "code": "unauthorized"}
            raise Refusal(403, "You do not have permission to create labels on this repository.", [error])

    def add(self, title: str, body: str | None, labels: list[str], user: str, association: str = "NONE") -> Issue:
        """A new issue of anybody's."""
        now = datetime.now(UTC).replace(microsecond=0)
        made = Issue(self.next_number(), title, body, self._known(labels), user, now, now, association=association)
        self.issues.append(made)
        return made

    def next_number(self) -> int:
        """Issues and pull requests are counted together."""
        return len(self.issues) + len(self.gone) + 1

    def patch_issue(self, request: Request, number: str) -> Answer:
        issue, changes = self.find(number), request.fields
        self.check(changes.get("title", issue.title), changes)
        for name in ("title", "body", "state", "state_reason"):
            setattr(issue, name, changes.get(name, issue[name]))
        if "labels" in changes:
            issue.labels = self._known(_names(changes))
        issue.updated_at = datetime.now(UTC).replace(microsecond=0)
        return answer(self.issue(issue))

    def check(self, title: Any, changes: Json) -> None:
        errors = []
        if not str(title).strip():
            errors.append(_error("missing_field", "title"))
        if len(str(title)) > LONGEST_TITLE:
            errors.append(_too_long("title", LONGEST_TITLE))
        if len(changes.get("body") or "") > LONGEST_BODY:
            errors.append(_too_long("body", LONGEST_BODY))
        if changes.get("state", "open") not in {"open", "closed"}:
            errors.append(_error("invalid", "state"))
        if changes.get("state_reason") not in REASONS:
            errors.append(_error("invalid", "state_reason"))
        labels = [_error("invalid", "name", "Label") for name in _names(changes) if len(name) > LONGEST_LABEL]
        if errors or labels:
            raise Refusal(422, "Validation Failed", errors + labels)

    def _known(self, labels: list[str]) -> list[str]:
        """Labels as the repository writes them; unknown ones are made."""
        return list(dict.fromkeys(self.labels.setdefault(name.lower(), name) for name in labels))

    def list_labels(self, request: Request) -> Answer:
        return paged(self.site, request, [self._label(name) for name in self.labels.values()])

    def issue(self, issue: Issue) -> Json:
        """As the API shows it."""
        url, number = f"{self.site.api}/issues/{issue.number}", issue.number
        shown: Json = {
            "id": 9_000_000 + number,
            "node_id": f"I_{number}",
            "url": url,
            "repository_url": self.site.api,
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "labels_url": f"{url}/labels{{/name}}",
            "html_url": f"{self.site.page}/issues/{number}",
            "number": number,
            "title": issue.title,
            "body": issue.body,
            "milestone": None,
            "user": self.site.user(issue.user) if issue.user else None,  # whose account is deleted
            "author_association": issue.association,
            "labels": [self._label(name) for name in issue.labels],
            "state": issue.state,
            "state_reason": issue.state_reason,
            "locked": issue.locked,
            "assignees": [self.site.user(login) for login in issue.assignees],
            "comments": issue.comment_count,
            "created_at": stamp(issue.created_at),
            "updated_at": stamp(issue.updated_at),
            "closed_at": stamp(issue.updated_at) if issue.state == "closed" else None,
            **issue.beside(self.site),
        }
        return shown | {"assignee": next(iter(shown["assignees"]), None)}

    def _label(self, name: str) -> Json:
        number = list(self.labels.values()).index(name) + 1
        url = f"{self.site.api}/labels/{quote(name)}"
        more = {"color": "ededed", "default": False, "description": None}
        return {"id": number, "node_id": f"LA_{number}", "url": url, "name": name, **more}


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Refusal(422, "Validation Failed", [_error("invalid", "since")]) from error


def _names(fields: Json) -> list[str]:
    return [str(label["name"] if isinstance(label, dict) else label) for label in fields.get("labels") or []]


def _error(code: str, field_name: str, resource: str = "Issue", **more: str) -> Json:
    return {"resource": resource, "code": code, "field": field_name, **more}


def _too_long(field_name: str, most: int) -> Json:
    return _error("custom", field_name, message=f"{field_name} is too long (maximum is {most} characters)")
