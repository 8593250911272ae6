"""Pull requests of the GitHub stand-in: opened, listed, changed, merged, and closed by what happens to their branches.
https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.github.differences import differences
from sandbox.github.merging import Conflict, Merging
from sandbox.github.objects import person
from sandbox.github.pull_request import PullRequest
from sandbox.github.wire import BOT, Answer, Json, Refusal, Request, Route, Site, answer, paged, route

if TYPE_CHECKING:
    from sandbox.github.git import Store
    from sandbox.github.issues import Issues

MAY_NOT_OPEN = "GitHub Actions is not permitted to create or approve pull requests."
NOT_MERGEABLE = "Pull Request is not mergeable"
METHODS = ("merge", "squash", "rebase")


@dataclass
class Pulls:
    site: Site
    store: Store
    issues: Issues
    _made: list[PullRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store.watchers.append(self._moved)

    def routes(self) -> list[Route]:
        permission = "pull-requests"
        return [
            route("GET", r"/pulls", self.list_pulls, permission),
            route("POST", r"/pulls", self.post_pull, permission),
            route("GET", r"/pulls/(\d+)", self.get_pull, permission),
            route("PATCH", r"/pulls/(\d+)", self.patch_pull, permission),
            route("GET", r"/pulls/(\d+)/merge", self.get_merge),
            route("PUT", r"/pulls/(\d+)/merge", self.put_merge),
        ]

    @property
    def pulls(self) -> list[PullRequest]:
        return list(self._made)

    def list_pulls(self, request: Request) -> Answer:
        asked = request.query
        key = "updated_at" if asked.get("sort") == "updated" else "created_at"
        fitting = [pull for pull in self._made if self._fits(pull, asked)]
        if self.site.late_pulls:
            self.site.late_pulls -= 1
            fitting = [pull for pull in fitting if pull is not self._made[-1]]
        downwards = asked.get("direction", "desc" if asked.get("sort", "created") == "created" else "asc") == "desc"
        fitting.sort(key=lambda pull: (pull[key], pull.number), reverse=downwards)
        return paged(self.site, request, [self._shown(pull) for pull in fitting])

    def _fits(self, pull: PullRequest, asked: dict[str, str]) -> bool:
        """A head without its owner is no filter: GitHub lists all."""
        owner, colon, branch = asked.get("head", "").partition(":")
        mine = self.site.repository.partition("/")[0]
        return (
            asked.get("state", "open") in {pull.state, "all"}
            and asked.get("base", pull.base) == pull.base
            and (not colon or (owner.lower(), branch) == (mine.lower(), pull.head))
        )

    def post_pull(self, request: Request) -> Answer:
        if self.site.actor == BOT and not self.site.actions_may_open_pulls:
            raise Refusal(403, MAY_NOT_OPEN)
        base, head, fields = request.needs("base"), str(request.needs("head")), request.fields
        self.issues.check(fields.get("title") or "", fields)
        owner, _, branch = head.rpartition(":")
        mine = self.site.repository.partition("/")[0]
        there = self.store.head(branch) if owner.lower() in {"", mine.lower()} else None
        wrong = [name for name, sha in (("head", there), ("base", self.store.head(base))) if sha is None]
        if wrong:
            raise Refusal(422, "Validation Failed", [_error("invalid", field=name) for name in wrong])
        why_not = self._why_not(branch, base)
        if why_not:
            raise _refused(why_not)
        association = "NONE" if self.site.is_bot else "COLLABORATOR"
        made = self.add(fields["title"], fields.get("body"), branch, base, self.site.actor, association)
        made.draft = bool(fields.get("draft"))
        return answer(self._whole(made), 201, {"Location": f"{self.site.api}/pulls/{made.number}"})

    def _why_not(self, head: str, base: str) -> str | None:
        """What keeps a pull request from being opened."""
        if any((pull.state, pull.head, pull.base) == ("open", head, base) for pull in self._made):
            owner = self.site.repository.partition("/")[0]
            return f"A pull request already exists for {owner}:{head}."
        old, new = self._head(base), self._head(head)
        if self.store.merge_base(old, new) is None:
            return f"The {head} branch has no history in common with {base}"
        return f"No commits between {base} and {head}" if self.store.is_ancestor(new, old) else None

    def _head(self, branch: str) -> str:
        sha = self.store.head(branch)
        if sha is None:
            raise Refusal(404, "Not Found")
        return sha

    def add(
        self, title: str, body: str | None, head: str, base: str, user: str, association: str = "NONE"
    ) -> PullRequest:
        """A new pull request of anybody's."""
        now, ends = _now(), (self._head(head), self._head(base))
        made = PullRequest(
            *(self.issues.next_number(), title, body, [], user, now, now),
            association=association,
            head=head,
            head_sha=ends[0],
            base=base,
            base_sha=ends[1],
        )
        self.issues.issues.append(made)
        self._made.append(made)
        return made

    def find(self, number: int) -> PullRequest:
        found = [pull for pull in self._made if pull.number == number]
        if not found:
            raise Refusal(404, "Not Found")
        return found[0]

    def get_pull(self, _request: Request, number: str) -> Answer:
        return answer(self._whole(self.find(int(number))))

    def patch_pull(self, request: Request, number: str) -> Answer:
        pull, changes = self.find(int(number)), request.fields
        self.issues.check(changes.get("title", pull.title), changes)
        base = changes.get("base", pull.base)
        if self.store.head(base) is None:
            raise Refusal(422, "Validation Failed", [_error("invalid", field="base")])
        if changes.get("state", pull.state) != pull.state:
            self.close(pull) if pull.state == "open" else self.reopen(pull)
        pull.title, pull.body, pull.base = changes.get("title", pull.title), changes.get("body", pull.body), base
        pull.updated_at = _now()
        return answer(self._whole(pull))

    def close(self, pull: PullRequest) -> None:
        pull.state, pull.closed_at = "closed", _now()
        pull.updated_at = pull.closed_at

    def reopen(self, pull: PullRequest) -> None:
        why_not = self._why_closed(pull)
        if why_not:
            raise _refused(f"state cannot be changed. {why_not}", field="state")
        pull.state, pull.closed_at = "open", None
        pull.head_sha, pull.updated_at = self._head(pull.head), _now()

    def _why_closed(self, pull: PullRequest) -> str | None:
        """What keeps a closed one closed: both branches must be there, and the head still have what it had."""
        if pull.merged_at:
            return "The pull request cannot be reopened."
        for branch in (pull.head, pull.base):
            if self.store.head(branch) is None:
                return f"The {branch} branch has been deleted."
        if not self.store.is_ancestor(pull.head_sha, self._head(pull.head)):
            return f"The {pull.head} branch was force-pushed or recreated."
        return self._why_not(pull.head, pull.base)

    def put_merge(self, request: Request, number: str) -> Answer:
        pull, asked = self.find(int(number)), request.body if isinstance(request.body, dict) else {}
        if asked.get("sha", pull.head_sha) != pull.head_sha:
            raise Refusal(409, "Head branch was modified. Review and try the merge again.")
        method = asked.get("merge_method", "merge")
        if method not in METHODS:
            raise Refusal(422, "Validation Failed", [_error("invalid", field="merge_method")])
        sha = self.merge(pull, method, self.site.actor, asked.get("commit_title"), asked.get("commit_message"))
        return answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})

    def get_merge(self, _request: Request, number: str) -> Answer:
        """Whether it is merged: https://docs.github.com/en/rest/pulls/pulls#check-if-a-pull-request-has-been-merged"""
        if not self.find(int(number)).merged_at:
            raise Refusal(404, "Not Found")
        return Answer(204)

    def merge(
        self, pull: PullRequest, method: str, by: str, title: str | None = None, message: str | None = None
    ) -> str:
        """The commit that the base is at then."""
        if pull.state == "closed" or pull.draft:
            raise Refusal(405, NOT_MERGEABLE)
        base = self._head(pull.base)
        merging = Merging(self.store, base, pull.head_sha, person(by))
        try:
            if method == "rebase":
                sha = merging.rebase()
            elif method == "squash":
                sha = merging.squash(self._squashed(pull, title, message), person(pull.user))
            else:
                sha = merging.merge(self._merged(pull, title, message))
        except Conflict as conflict:
            raise Refusal(405, NOT_MERGEABLE) from conflict
        self._mark(pull, sha, by)
        self.store.move(f"refs/heads/{pull.base}", sha, base)
        return sha

    def _merged(self, pull: PullRequest, title: str | None, message: str | None) -> str:
        owner = self.site.repository.partition("/")[0]
        return f"{title or f'Merge pull request #{pull.number} from {owner}/{pull.head}'}\n\n{message or pull.title}"

    def _squashed(self, pull: PullRequest, title: str | None, message: str | None) -> str:
        """GitHub's default: the only commit's message, else the pull request's title and a list of the messages."""
        commits = [self.store.commit(sha) for sha in self.store.between(self._head(pull.base), pull.head_sha)]
        first, _, rest = commits[0].message.partition("\n\n")
        listed = "\n\n".join(f"* {commit.message}" for commit in commits)
        head, body = (first, rest) if len(commits) == 1 else (pull.title, listed)
        text = body if message is None else message
        return f"{title or f'{head} (#{pull.number})'}" + (f"\n\n{text}" if text else "")

    def _mark(self, pull: PullRequest, sha: str, by: str) -> None:
        now = _now()
        pull.state, pull.closed_at, pull.merged_at, pull.updated_at = "closed", now, now, now
        pull.merged_by, pull.merge_commit_sha = by, sha

    def _moved(self, ref: str, sha: str | None) -> None:
        """What becomes of open pull requests when a branch moves."""
        branch = ref.removeprefix("refs/heads/")
        for pull in self._made:
            if pull.state != "open" or branch not in {pull.head, pull.base}:
                continue
            if sha is None:
                self.close(pull)
            elif branch == pull.head:
                self._pushed(pull, sha)
            elif self.store.is_ancestor(pull.head_sha, sha):  # pushed to the base by hand: merged all the same
                self._mark(pull, pull.head_sha, self.site.actor)

    def _pushed(self, pull: PullRequest, sha: str) -> None:
        base = self._head(pull.base)
        pull.head_sha, pull.base_sha, pull.updated_at = sha, base, _now()
        if self.store.is_ancestor(sha, base):  # nothing is left to merge
            self.close(pull)

    def _shown(self, pull: PullRequest) -> Json:
        return pull.shown(self.site, self.issues.issue(pull))

    def _whole(self, pull: PullRequest) -> Json:
        """As one pull request is shown: with its size, and whether it can be merged."""
        common = self.store.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
        rows = differences(self.store, common, pull.head_sha)
        mergeable = self._mergeable(pull)
        return self._shown(pull) | {
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

    def _mergeable(self, pull: PullRequest) -> bool | None:
        if pull.state == "closed":
            return None
        try:
            Merging(self.store, self._head(pull.base), pull.head_sha, person(BOT)).merge("")
        except Conflict:
            return False
        return True


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _error(code: str, **more: Any) -> Json:
    return {"resource": "PullRequest", "code": code, **more}


def _refused(message: str, **more: str) -> Refusal:
    return Refusal(422, "Validation Failed", [_error("custom", message=message, **more)])
