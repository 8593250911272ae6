"""Comments and assignees of the GitHub stand-in's issues, and locking.
https://docs.github.com/en/rest/issues/comments, /assignees and /issues#lock-an-issue"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.github.issues import LONGEST_BODY, Comment, Issue, Issues, moment
from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, paged, route, stamp

MOST_COMMENTS = 2500
MOST_ASSIGNEES = 10


@dataclass
class Comments:
    site: Site
    issues: Issues
    count: int = 0

    def routes(self) -> list[Route]:
        return [
            route("GET", r"/issues/comments", self.list_all, "issues"),
            route("GET", r"/issues/(\d+)/comments", self.list_of, "issues"),
            route("POST", r"/issues/(\d+)/comments", self.post, "issues"),
            route("POST", r"/issues/(\d+)/assignees", self.assign, "issues"),
            route("PUT", r"/issues/(\d+)/lock", self.lock, "issues"),
            route("DELETE", r"/issues/(\d+)/lock", self.unlock, "issues"),
        ]

    def list_all(self, request: Request) -> Answer:
        """Those of all issues, by identifier unless it is said otherwise."""
        asked = request.query
        found = [comment for issue in self.issues.issues for comment in issue.comments if _fits(comment, request)]
        if self.site.late_comments:
            self.site.late_comments -= 1
            found = [comment for comment in found if comment.id != self.count]
        by_update = asked.get("sort") == "updated"
        # The direction is ignored without `sort`.
        down = "sort" in asked and asked.get("direction") == "desc"
        found.sort(key=lambda one: (one.updated_at if by_update else one.created_at, one.id), reverse=down)
        return paged(self.site, request, [self.comment(one) for one in found])

    def list_of(self, request: Request, number: str) -> Answer:
        """Those of one issue, oldest first."""
        found = [comment for comment in self.issues.find(number, "/comments").comments if _fits(comment, request)]
        return paged(self.site, request, [self.comment(one) for one in found])

    def post(self, request: Request, number: str) -> Answer:
        issue, body = self.issues.find(number, "/comments"), str(request.needs("body"))
        if issue.locked and self.site.is_bot:
            raise Refusal(403, "Unable to create comment because issue is locked.")
        if issue.comment_count >= MOST_COMMENTS:
            raise Refusal(403, f"Commenting is disabled on issues with more than {MOST_COMMENTS} comments")
        if not body.strip() or len(body) > LONGEST_BODY:
            said = f"Body is too long (maximum is {LONGEST_BODY} characters)" if body.strip() else "Body can't be blank"
            error = {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": said}
            raise Refusal(422, "Validation Failed", [error])
        association = "NONE" if self.site.is_bot else "COLLABORATOR"
        made = self.add(issue, body, self.site.actor, association)
        return answer(self.comment(made), 201, {"Location": self.comment(made)["url"]})

    def add(self, issue: Issue, body: str, user: str, association: str = "NONE") -> Comment:
        """A new comment of anybody's."""
        self.count += 1
        now = datetime.now(UTC).replace(microsecond=0)
        made = Comment(self.count, issue.number, body, user, now, now, association)
        issue.comments.append(made)
        issue.updated_at = now
        return made

    def assign(self, request: Request, number: str) -> Answer:
        """Who cannot be assigned is left out in silence, as GitHub's documentation has it."""
        issue = self.issues.find(number, "/assignees")
        known = {login.lower(): login for login in self.site.assignable}
        for login in request.fields.get("assignees") or []:
            name = known.get(str(login).lower())
            if name and name not in issue.assignees and len(issue.assignees) < MOST_ASSIGNEES:
                issue.assignees.append(name)
        return answer(self.issues.issue(issue), 201)

    def lock(self, _request: Request, number: str) -> Answer:
        self.issues.find(number, "/lock").locked = True
        return Answer(204)

    def unlock(self, _request: Request, number: str) -> Answer:
        self.issues.find(number, "/lock").locked = False
        return Answer(204)

    def comment(self, comment: Comment) -> Json:
        """As the API shows it; under the page of its issue or pull request."""
        (issue,) = (one for one in self.issues.issues if one.number == comment.issue)
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": f"{self.site.api}/issues/comments/{comment.id}",
            "html_url": f"{self.issues.issue(issue)['html_url']}#issuecomment-{comment.id}",
            "issue_url": f"{self.site.api}/issues/{comment.issue}",
            "body": comment.body,
            "user": self.site.user(comment.user) if comment.user else None,
            "author_association": comment.association,
            "created_at": stamp(comment.created_at),
            "updated_at": stamp(comment.updated_at),
        }


def _fits(comment: Comment, request: Request) -> bool:
    since = request.query.get("since")
    return not since or comment.updated_at >= moment(since)
