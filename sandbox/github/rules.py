"""What refuses a direct push to a branch of the GitHub stand-in: protection rules and rulesets.
A merge through a pull request passes them. https://docs.github.com/en/rest/repos/rules"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, route

if TYPE_CHECKING:
    from sandbox.github.git import Store

VIOLATIONS = "Repository rule violations found\n\n{}\n\n"
CREATIONS = "Cannot create ref due to creations being restricted."
NO_FORCE = "Cannot force-push to this branch"
_REVIEWS: Json = {
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_approving_review_count": 1,
    "required_review_thread_resolution": False,
}
_PROTECTED: Json = {
    "dismiss_stale_reviews": False,
    "require_code_owner_reviews": False,
    "required_approving_review_count": 1,
}


@dataclass
class Rules:
    site: Site
    store: Store

    def routes(self) -> list[Route]:
        return [
            route("GET", r"/rules/branches/(.+)", self.get_rules, "metadata"),
            route("GET", r"/branches/(.+)/protection", self.get_protection, "administration"),
        ]

    def get_rules(self, _request: Request, branch: str) -> Answer:
        source = {"ruleset_source_type": "Repository", "ruleset_source": self.site.repository, "ruleset_id": 1}
        rules: list[Json] = []
        if branch in self.site.ruleset:
            rules.append({"type": "pull_request", "parameters": _REVIEWS})
        if branch in self.site.unforceable:
            rules.append({"type": "non_fast_forward"})
        if self.site.creations_restricted:
            rules.append({"type": "creation"})
        return answer([rule | source for rule in rules])

    def get_protection(self, _request: Request, branch: str) -> Answer:
        if self.store.head(branch) is None:
            raise Refusal(404, "Branch not found")
        if branch not in self.site.protected:
            raise Refusal(404, "Branch not protected")
        url = f"{self.site.api}/branches/{branch}/protection"
        return answer({"url": url, "required_pull_request_reviews": _PROTECTED})

    def check(self, ref: str, status: int = 422, *, forced: bool = False) -> None:
        """Raises where a branch takes no direct push, or none that is `forced`."""
        branch = ref.removeprefix("refs/heads/")
        if branch in self.site.ruleset:
            raise Refusal(status, VIOLATIONS.format(self.site.protection))
        if branch in self.site.protected:
            raise Refusal(status, self.site.protection)
        if forced and branch in self.site.unforceable:
            raise Refusal(status, VIOLATIONS.format(NO_FORCE))

    def check_new(self, ref: str, status: int = 422) -> None:
        """Raises where no branch may be made."""
        if self.site.creations_restricted and ref.startswith("refs/heads/"):
            raise Refusal(status, VIOLATIONS.format(CREATIONS))
