"""Merging over the bare repository, by merge, squash or rebase, as GitHub's button does.
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox.github.git import GitError, Person, Store
from sandbox.github.objects import WEB

if TYPE_CHECKING:
    from collections.abc import Iterable


class Conflict(Exception):
    """The two sides changed the same lines."""


@dataclass(frozen=True)
class Merging:
    """`ours`: the commit that is merged into; `theirs`: the one that is merged; `by`: whoever pressed the button."""

    store: Store
    ours: str
    theirs: str
    by: Person

    def tree(self) -> str:
        """Of both sides together; raises Conflict."""
        return self._tree(self.ours, self.theirs)

    def merge(self, message: str) -> str:
        return self._signed(self.tree(), [self.ours, self.theirs], message, self.by)

    def squash(self, message: str, author: Person) -> str:
        tree = self.tree()
        commits = [self.store.commit(sha) for sha in self.store.between(self.ours, self.theirs)]
        others = [who for who in _once(commit.author for commit in commits) if who.email != author.email]
        thanks = "\n".join(f"Co-authored-by: {who.name} <{who.email}>" for who in others)
        text = f"{message}\n\n{thanks}" if thanks else message
        return self._signed(tree, [self.ours], text, replace(author, date=self.by.date))

    def rebase(self) -> str:
        """Every commit anew on top, unsigned and committed by the one who merges; merges are left out."""
        head = self.ours
        for sha in self.store.between(self.ours, self.theirs):
            commit = self.store.commit(sha)
            if len(commit.parents) == 1:
                tree = self._picked(sha, commit.parents[0], head)
                head = self.store.add_commit(tree, [head], commit.message, commit.author, self.by)
        return head

    def _picked(self, sha: str, parent: str, head: str) -> str:
        """The tree of `head` with what `sha` changed: git merges a commit with `head`'s tree on `sha`'s own parent."""
        tree = self.store.commit(head).tree
        if tree == self.store.commit(parent).tree:
            return self.store.commit(sha).tree
        return self._tree(self.store.add_commit(tree, [parent], "", self.by, self.by), sha)

    def _tree(self, ours: str, theirs: str) -> str:
        try:
            return self.store.text("merge-tree", "--write-tree", ours, theirs).split("\n", 1)[0]
        except GitError as error:
            raise Conflict from error

    def _signed(self, tree: str, parents: list[str], message: str, author: Person) -> str:
        web = Person("GitHub", WEB, self.by.date)
        return self.store.add_commit(tree, parents, message, author, web, verified=True)


def _once(people: Iterable[Person]) -> list[Person]:
    return list({who.email: who for who in people}.values())
