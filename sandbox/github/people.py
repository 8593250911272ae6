"""What people do to the repository while the action runs: they merge, close, delete, push and update.
Straight in git and in memory, past permissions and rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.github.git import Person, Store
from sandbox.github.merging import Conflict, Merging
from sandbox.github.objects import WEB, person
from sandbox.github.server import Served
from sandbox.github.wire import Refusal

if TYPE_CHECKING:
    from sandbox.github.pull_request import PullRequest
    from sandbox.github.pull_requests import PullRequests

MONA = "mona"


class People(Served):
    store: Store
    _pulls: PullRequests

    @property
    def pulls(self) -> list[PullRequest]:
        """The pull requests themselves, oldest first."""
        return list(self._pulls.made)

    def open_pull(
        self, head: str, base: str | None = None, title: str = "A change", user: str = MONA, fork: str | None = None
    ) -> PullRequest:
        """A pull request of somebody else's; `fork`: from the branch of that name in their fork, one commit ahead."""
        base = base or self.default_branch
        with self.store.lock:
            sha = self._pulls.head(base if fork else head)
            if fork:
                theirs = person(fork)
                sha = self.store.add_commit(self.store.commit(sha).tree, [sha], title, theirs, theirs)
            association = "NONE" if fork else "COLLABORATOR"
            return self._pulls.add(title, None, (fork or self.owner, head, sha), base, fork or user, association)

    def merge(self, number: int, method: str = "merge", user: str = MONA) -> str:
        """Merges a pull request by merge, squash or rebase; the base's new head. Refused as GitHub does."""
        with self.store.lock:
            return self._pulls.merge(self._pulls.find(number), method, user)

    def close_pull(self, number: int) -> None:
        with self.store.lock:
            self._pulls.close(self._pulls.find(number))

    def reopen(self, number: int) -> None:
        """Refused as GitHub does."""
        with self.store.lock:
            self._pulls.reopen(self._pulls.find(number))

    def update_branch(self, number: int, user: str = MONA) -> str:
        """The button "Update branch": the base is merged into the head. Refused as GitHub does."""
        with self.store.lock:
            pull = self._pulls.find(number)
            ours, theirs = self._pulls.head(pull.head), self._pulls.head(pull.base)
            message = f"Merge branch '{pull.base}' into {pull.head}"
            if self.store.is_ancestor(theirs, ours):
                raise Refusal(422, "There are no new commits on the base branch.")
            try:
                sha = Merging(self.store, ours, theirs, person(user)).merge(message)
            except Conflict as conflict:
                raise Refusal(422, "merge conflict between base and head") from conflict
            self.store.move(f"refs/heads/{pull.head}", sha, ours)
            return sha

    def delete_branch(self, name: str) -> None:
        with self.store.lock:
            self.store.move(f"refs/heads/{name}", None, self.store.head(name))

    def restore_branch(self, name: str, sha: str) -> None:
        """A branch made, or put back to where it was, by force."""
        with self.store.lock:
            self.store.move(f"refs/heads/{name}", sha, self.store.head(name))

    def push(
        self,
        path: str,
        content: bytes | None,
        message: str = "Somebody else's commit",
        branch: str | None = None,
        mode: str | None = None,
        login: str | None = None,
        web: bool = False,
    ) -> str:
        """A commit by somebody else, straight in git (None deletes); a new branch starts at the default one.
        `login`: of their account, without one GitHub does not know them; `web`: edited on github.com, thus signed."""
        branch = branch or self.default_branch
        with self.store.lock:
            head = self.store.head(branch) or self.store.head(self.default_branch)
            base = self.store.commit(head).tree if head else None
            before = self.store.entry(base, path) if base else None
            sha = None if content is None else self.store.add_blob(content)
            change = (mode or (before.mode if before else "100644"), sha, path)
            who = person(login) if login else Person("Mona Lisa", "mona@example.org", datetime.now(UTC))
            committer = Person("GitHub", WEB, who.date) if web else who
            tree, parents = self.store.add_tree(base, [change]), [head] if head else []
            made = self.store.add_commit(tree, parents, message, who, committer, verified=web)
            self.store.move(f"refs/heads/{branch}", made, self.store.head(branch))
            return made
