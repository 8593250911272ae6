"""The pull requests themselves: opened, merged, closed and reopened, and what their branches' moves do to them.
https://docs.github.com/en/pull-requests"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.github.merging import Conflict, Merging
from sandbox.github.objects import person
from sandbox.github.pull_request import PullRequest
from sandbox.github.wire import Json, Refusal, Site

if TYPE_CHECKING:
    from sandbox.github.git import Store
    from sandbox.github.issues import Issues

NOT_MERGEABLE = "Pull Request is not mergeable"


@dataclass
class PullRequests:
    site: Site
    store: Store
    issues: Issues
    made: list[PullRequest] = field(default_factory=list)  # oldest first

    def __post_init__(self) -> None:
        self.store.watchers.append(self._moved)

    def find(self, number: int) -> PullRequest:
        found = [pull for pull in self.made if pull.number == number]
        if not found:
            raise Refusal(404, "Not Found")
        return found[0]

    def add(
        self,
        title: str,
        body: str | None,
        head: tuple[str, str, str],
        base: str,
        user: str,
        association: str = "NONE",
    ) -> PullRequest:
        """A new one of anybody's; `head`: whose branch it is, the branch, and its commit."""
        moment = now()
        made = PullRequest(
            *(self.issues.next_number(), title, body, [], user, moment, moment),
            association=association,
            owner=head[0],
            head=head[1],
            head_sha=head[2],
            base=base,
            base_sha=self.head(base),
        )
        self.issues.issues.append(made)
        self.made.append(made)
        return made

    def why_not(self, head: str, base: str) -> str | None:
        """What keeps a pull request of one of our branches from being opened."""
        owner = self.site.owner
        if any((pull.state, pull.owner, pull.head, pull.base) == ("open", owner, head, base) for pull in self.made):
            return f"A pull request already exists for {owner}:{head}."
        old, new = self.head(base), self.head(head)
        if self.store.merge_base(old, new) is None:
            return f"The {head} branch has no history in common with {base}"
        return f"No commits between {base} and {head}" if self.store.is_ancestor(new, old) else None

    def head(self, branch: str) -> str:
        sha = self.store.head(branch)
        if sha is None:
            raise Refusal(404, "Not Found")
        return sha

    def turn(self, pull: PullRequest, state: str) -> None:
        """To open or closed."""
        if (pull.state, state) == ("open", "closed"):
            self.close(pull)
        if (pull.state, state) == ("closed", "open"):
            self.reopen(pull)

    def close(self, pull: PullRequest) -> None:
        pull.state, pull.closed_at = "closed", now()
        pull.updated_at = pull.closed_at

    def reopen(self, pull: PullRequest) -> None:
        why_not = self._why_closed(pull)
        if why_not:
            raise refused(f"state cannot be changed. {why_not}", field="state")
        pull.state, pull.closed_at, pull.updated_at = "open", None, now()
        if self._is_ours(pull):
            pull.head_sha = self.head(pull.head)

    def _why_closed(self, pull: PullRequest) -> str | None:
        """What keeps a closed one closed: both branches must be there, and the head still have what it had."""
        if pull.merged_at:
            return "The pull request cannot be reopened."
        for branch in (pull.head, pull.base) if self._is_ours(pull) else (pull.base,):
            if self.store.head(branch) is None:
                return f"The {branch} branch has been deleted."
        if not self._is_ours(pull):
            return None
        if not self.store.is_ancestor(pull.head_sha, self.head(pull.head)):
            return f"The {pull.head} branch was force-pushed or recreated."
        return self.why_not(pull.head, pull.base)

    def _is_ours(self, pull: PullRequest) -> bool:
        """Not from a fork."""
        return pull.owner == self.site.owner

    def merge(
        self, pull: PullRequest, method: str, by: str, title: str | None = None, message: str | None = None
    ) -> str:
        """By merge, squash or rebase, past all rules; the commit that the base is at then."""
        if pull.state == "closed" or pull.draft:
            raise Refusal(405, NOT_MERGEABLE)
        base = self.head(pull.base)
        merging = Merging(self.store, base, pull.head_sha, person(by))
        try:
            if method == "rebase":
                sha = merging.rebase()
            elif method == "squash":
                sha = merging.squash(self._squashed(pull, title, message), person(pull.user))
            else:
                head = title or f"Merge pull request #{pull.number} from {pull.owner}/{pull.head}"
                sha = merging.merge(f"{head}\n\n{message or pull.title}")
        except Conflict as conflict:
            raise Refusal(405, NOT_MERGEABLE) from conflict
        _mark(pull, sha, by)
        self.store.move(f"refs/heads/{pull.base}", sha, base)
        return sha

    def _squashed(self, pull: PullRequest, title: str | None, message: str | None) -> str:
        """GitHub's default: the only commit's message, else the pull request's title and a list of the messages."""
        commits = [self.store.commit(sha) for sha in self.store.between(self.head(pull.base), pull.head_sha)]
        first, _, rest = commits[0].message.partition("\n\n")
        listed = "\n\n".join(f"* {commit.message}" for commit in commits)
        head, body = (first, rest) if len(commits) == 1 else (pull.title, listed)
        text = body if message is None else message
        return f"{title or f'{head} (#{pull.number})'}" + (f"\n\n{text}" if text else "")

    def mergeable(self, pull: PullRequest) -> bool | None:
        """None where GitHub does not say."""
        if pull.state == "closed":
            return None
        try:
            Merging(self.store, self.head(pull.base), pull.head_sha, person(self.site.actor)).tree()
        except Conflict:
            return False
        return True

    def _moved(self, ref: str, sha: str | None) -> None:
        """What becomes of open pull requests when a branch moves."""
        branch = ref.removeprefix("refs/heads/")
        for pull in self.made:
            ends = {pull.head, pull.base} if self._is_ours(pull) else {pull.base}
            if pull.state == "closed" or branch not in ends:
                continue
            if sha is None:
                self.close(pull)
            elif branch == pull.base and self.store.is_ancestor(pull.head_sha, sha):
                _mark(pull, pull.head_sha, None)  # pushed to the base by hand: merged all the same
            elif branch != pull.base:
                self._pushed(pull, sha)

    def _pushed(self, pull: PullRequest, sha: str) -> None:
        base = self.head(pull.base)
        pull.head_sha, pull.base_sha, pull.updated_at = sha, base, now()
        if self.store.is_ancestor(sha, base):  # nothing is left to merge
            self.close(pull)


def _mark(pull: PullRequest, sha: str, by: str | None) -> None:
    pull.state, pull.merged_by, pull.merge_commit_sha = "closed", by, sha
    pull.closed_at = pull.merged_at = pull.updated_at = now()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def invalid(name: str) -> Json:
    return {"resource": "PullRequest", "code": "invalid", "field": name}


def refused(message: str, **more: Any) -> Refusal:
    error = {"resource": "PullRequest", "code": "custom", "message": message, **more}
    return Refusal(422, "Validation Failed", [error])
