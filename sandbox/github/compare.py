"""Two branches compared, as GitHub does: what the second has that the first lacks.
https://docs.github.com/en/rest/commits/commits#compare-two-commits"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from sandbox.github.differences import differences
from sandbox.github.wire import Answer, Refusal, Request, Route, Site, answer, page_of, route

if TYPE_CHECKING:
    from sandbox.github.branches import Branches
    from sandbox.github.git import Store

MOST_COMMITS = 250
MOST_FILES = 300


@dataclass
class Compare:
    site: Site
    store: Store
    branches: Branches

    def routes(self) -> list[Route]:
        return [route("GET", r"/compare/(.+?)\.\.\.(.+)", self.get)]

    def get(self, request: Request, base: str, head: str) -> Answer:
        old, new = self._commit(base), self._commit(head)
        common = self.store.merge_base(old, new)
        if common is None:
            raise Refusal(404, f"No common ancestor between {base} and {head}.")
        ahead, behind = self.store.between(old, new), self.store.between(new, old)
        commit, names = self.branches.commit, f"{quote(base)}...{quote(head)}"
        page = f"{self.site.page}/compare/{names}"
        owner = self.site.owner
        document = {
            "url": f"{self.site.api}/compare/{names}",
            "html_url": page,
            "permalink_url": f"{self.site.page}/compare/{owner}:{old[:7]}...{owner}:{new[:7]}",
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "base_commit": commit(old),
            "merge_base_commit": commit(common),
            "status": _status(len(ahead), len(behind)),
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
        }
        link: dict[str, str] = {}
        if not {"page", "per_page"} & request.query.keys():
            # Without pages: the newest commits, oldest first.
            shown = ahead[-MOST_COMMITS:]
        else:
            shown, link = page_of(self.site, request, ahead)
        document["commits"] = [commit(sha) for sha in shown]
        if request.query.get("page", "1") == "1":
            rows = differences(self.store, common, new)[:MOST_FILES]
            document["files"] = [row.shown(self.site, new) for row in rows]
        return answer(document, headers=link)

    def _commit(self, name: str) -> str:
        """A branch, tag or sha, maybe with the owner before a colon."""
        owner, _, bare = name.rpartition(":")
        sha = self.store.resolve(bare) if owner.lower() in {"", self.site.owner.lower()} else None
        if sha is None or self.store.kind(sha) != "commit":
            raise Refusal(404, "Not Found")
        return self.branches.seen(f"refs/heads/{bare}", sha)


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"
