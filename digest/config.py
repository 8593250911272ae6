"""What a run is told, sound and frozen: every input with its default, and what the runner says.

`digest.inputs` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from digest.query.tree import Query


@dataclass(frozen=True)
class Keyword:
    """One line of `keywords`: where it stands in the input (from 1), its heading, and what it asks."""

    line: int
    heading: str
    query: Query


@dataclass(frozen=True)
class Runner:
    """What the runner says of the run. https://docs.github.com/en/actions/reference/variables-reference"""

    repository: str
    repository_id: str = ""
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    output: Path | None = None
    summary: Path | None = None


@dataclass(frozen=True)
class Places:
    """The branches of a run.

    base: the one that is read
    target: the one that is written
    linked: the one whose page announcements link to
    """

    base: str
    target: str
    linked: str


@dataclass(frozen=True)
class Config:
    """Every input, sound; see `action.yml` for their meaning."""

    keywords: tuple[Keyword, ...]
    categories: tuple[str, ...]
    exclude: tuple[str, ...]
    max_results: int
    sort_by: Literal["updated", "submitted"]
    deduplicate: bool
    readme: str
    max_bytes: int
    section: str
    columns: tuple[str, ...]
    template: str
    heading_level: int
    timezone: ZoneInfo
    branch: str
    commit_message: str
    notify: Literal["issue", "none"]
    notify_limit: int
    issue_title: str
    issue_labels: tuple[str, ...]
    dry_run: bool
    token: str = field(repr=False)
    arxiv_api_url: str
    arxiv_interval: float
    retry_minutes: float
    runner: Runner
    warnings: tuple[str, ...] = ()

    @property
    def places(self) -> Places:
        return Places(base=self.branch, target=self.branch, linked=self.branch)


# Every default, as in `action.yml`; keywords and token have none, an empty branch is the run's own.
DEFAULTS: Mapping[str, str] = {
    "keywords": "",
    "categories": "",
    "exclude": "",
    "max-results": "100",
    "sort-by": "updated",
    "deduplicate": "true",
    "readme": "README.md",
    "max-bytes": "500000",
    "section": "daily-papers",
    "columns": "title, date, abstract, comment",
    "template": "table",
    "heading-level": "2",
    "timezone": "UTC",
    "branch": "",
    "commit-message": "Update papers: {{ new }} new",
    "notify": "issue",
    "notify-limit": "15",
    "issue-title": "Daily papers {{ date }}: {{ new }} new",
    "issue-labels": "daily-papers",
    "dry-run": "false",
    "token": "",
    "arxiv-api-url": "https://export.arxiv.org/api/query",
    "arxiv-interval": "3",
    "retry-minutes": "10",
}
TEMPLATES = ("table", "list")
COLUMNS = ("title", "date", "authors", "abstract", "comment", "categories", "links")
