"""Pull requests of the GitHub stand-in, as its REST API lists, opens, changes and merges them.
https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.differences import differences
from sandbox.github.pull_requests import invalid, now, refused
from sandbox.github.wire import BOT, Answer, Json, Refusal, Request, Route, Site, answer, paged, route

if TYPE_CHECKING:
    from sandbox.github.git import Store
    from sandbox.github.issues import Issues
    from sandbox.github.pull_request import PullRequest
    from sandbox.github.pull_requests import PullRequests

MAY_NOT_OPEN = "GitHub Actions is not permitted to create or approve pull requests."
METHODS = ("merge", "squash", "rebase")


@dataclass
class Pulls:
    site: Site
    store: Store
    issues: Issues
    requests: PullRequests

    def routes(self) -> list[Route]:
        permission = "pull-requests"
        return [
            route("GET", r"/pulls", self.list_pulls, permission),
            route("POST", r"/pulls", self.post_pull, permission),
            route("GET", r"/pulls/(\d+)", self.get_pull, permission),
            route("PATCH", r"/pulls/(\d+)", self.patch_pull, permission),
            route("GET", r"/pulls/(\d+)/merge", self.get_merge, permission),
            route("PUT", r"/pulls/(\d+)/merge", self.put_merge),
            route("PATCH", r"/issues/(\d+)", self.patch_issue, "issues"),
        ]

    def list_pulls(self, request: Request) -> Answer:
        asked, made = request.query, self.requests.made
        by = asked.get("sort", "created")
        if self.site.late_pulls:
            self.site.late_pulls -= 1
            made = made[:-1]
        fitting = [pull for pull in made if self._fits(pull, asked)]
        key = "updated_at" if by == "updated" else "created_at"
        downwards = asked.get("direction", "desc" if by == "created" else "asc") == "desc"
        fitting.sort(key=lambda pull: (pull[key], pull.number), reverse=downwards)
        return paged(self.site, request, [self._listed(pull) for pull in fitting])

    def _fits(self, pull: PullRequest, asked: dict[str, str]) -> bool:
        """A head without its owner is no filter: GitHub lists all."""
        owner, colon, branch = asked.get("head", "").partition(":")
        return (
            asked.get("state", "open") in {pull.state, "all"}
            and asked.get("base", pull.base) == pull.base
            and (not colon or (owner.lower(), branch) == (pull.owner.lower(), pull.head))
        )

    def post_pull(self, request: Request) -> Answer:
        if self.site.actor == BOT and not self.site.actions_may_open_pulls:
            raise Refusal(403, MAY_NOT_OPEN)
        base, head, fields = str(request.needs("base")), str(request.needs("head")), request.fields
        self.issues.check(fields.get("title") or "", fields)
        owner, _, branch = head.rpartition(":")
        sha = self.store.head(branch) if owner.lower() in {"", self.site.owner.lower()} else None
        if sha is None or self.store.head(base) is None:
            wrong = [name for name, there in (("head", sha), ("base", self.store.head(base))) if there is None]
            raise Refusal(422, "Validation Failed", [invalid(name) for name in wrong])
        why_not = self.requests.why_not(branch, base)
        if why_not:
            raise refused(why_not)
        # A bot has no association, whatever it may do.
        association, ours = "NONE" if self.site.is_bot else "COLLABORATOR", (self.site.owner, branch, sha)
        made = self.requests.add(fields["title"], fields.get("body"), ours, base, self.site.actor, association)
        made.draft = bool(fields.get("draft"))
        return answer(self._whole(made), 201, {"Location": f"{self.site.api}/pulls/{made.number}"})

    def get_pull(self, _request: Request, number: str) -> Answer:
        return answer(self._whole(self.requests.find(int(number))))

    def patch_pull(self, request: Request, number: str) -> Answer:
        pull, changes = self.requests.find(int(number)), request.fields
        self.issues.check(changes.get("title", pull.title), changes)
        base = changes.get("base", pull.base)
        if self.store.head(base) is None:
            raise Refusal(422, "Validation Failed", [invalid("base")])
        if base != pull.base and pull.state == "closed":
            raise refused("Cannot change the base branch of a closed pull request.", field="base")
        self.requests.turn(pull, changes.get("state", pull.state))
        pull.title, pull.body, pull.base = changes.get("title", pull.title), changes.get("body", pull.body), base
        pull.updated_at = now()
        return answer(self._whole(pull))

    def patch_issue(self, request: Request, number: str) -> Answer:
        """An issue that is a pull request is closed and reopened as one."""
        for pull in self.requests.made:
            if pull.number == int(number):
                self.requests.turn(pull, request.fields.get("state", pull.state))
        return self.issues.patch_issue(request, number)

    def get_merge(self, _request: Request, number: str) -> Answer:
        """Whether it is merged: https://docs.github.com/en/rest/pulls/pulls#check-if-a-pull-request-has-been-merged"""
        if not self.requests.find(int(number)).merged_at:
            raise Refusal(404, "Not Found")
        return Answer(204)

    def put_merge(self, request: Request, number: str) -> Answer:
        pull, asked = self.requests.find(int(number)), request.body if isinstance(request.body, dict) else {}
        if asked.get("sha", pull.head_sha) != pull.head_sha:
            raise Refusal(409, "Head branch was modified. Review and try the merge again.")
        method = asked.get("merge_method", "merge")
        if method not in METHODS:
            raise Refusal(422, "Validation Failed", [invalid("merge_method")])
        title, message = asked.get("commit_title"), asked.get("commit_message")
        sha = self.requests.merge(pull, method, self.site.actor, title, message)
        return answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})

    def _listed(self, pull: PullRequest) -> Json:
        return pull.shown(self.site, self.issues.issue(pull))

    def _whole(self, pull: PullRequest) -> Json:
        """As one pull request is shown: with its size, and whether it can be merged."""
        common = self.store.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
        rows, mergeable = differences(self.store, common, pull.head_sha), self.requests.mergeable(pull)
        return self._listed(pull) | {
            "merged": pull.merged_at is not None,
            "merged_by": self.site.user(pull.merged_by) if pull.merged_by else None,
            "mergeable": mergeable,
            "rebaseable": mergeable,
            "mergeable_state": {True: "clean", False: "dirty", None: "unknown"}[mergeable],
            "maintainer_can_modify": False,
            "comments": self.issues.issue(pull)["comments"],
            "review_comments": 0,
            "commits": len(self.store.between(common, pull.head_sha)),
            "additions": sum(row.additions for row in rows),
            "deletions": sum(row.deletions for row in rows),
            "changed_files": len(rows),
        }
