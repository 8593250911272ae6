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
    """One line of `keywords`.

    line: where it stands in the input, from 1, comments and blank lines counted
    heading: the heading of its list on the page, in the user's words
    query: what is asked, without `categories` and `exclude`
    """

    line: int
    heading: str
    query: Query


@dataclass(frozen=True)
class Runner:
    """What the runner says of the run. https://docs.github.com/en/actions/reference/variables-reference

    repository: OWNER/NAME
    repository_id: its number, which stays when it is renamed; "" where the runner does not say
    api_url: of GitHub's REST API, without a slash at the end
    server_url: of the web site, likewise
    output: the file for the step's outputs; None where there is none
    summary: the file for the job summary, likewise
    """

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
    """Every input, sound, under its own name; `action.yml` has the meaning of each, for users.

    keywords: at least one, in the order of the input, each heading once
    categories: patterns like `cs.*`, each of which some category of arXiv's fits; none: all of arXiv
    exclude: phrases without quotes
    max_results: papers a keyword, 1 to 2000
    sort_by: the date that orders and shows papers: of the last version, or of the first
    deduplicate: whether a paper is listed under one keyword only
    readme: a path inside the repository, parts joined by `/`
    max_bytes: of the whole file; 0: no limit
    section: the name in the markers
    columns: some of COLUMNS, in the order wanted
    links: some of LINKS, in the order wanted in the column of that name
    contents: whether a list of the keywords stands above the first heading
    files: paths of further files, with `{{ heading }}` where each keyword has one of its own
    pull_request: whether the change goes into a pull request
    pull_request_branch: the branch of that pull request, without `refs/heads/`
    template: one of TEMPLATES, or a path like `readme`
    heading_level: 1 to 6
    timezone: of the date on the page
    branch: the one that is read, and written without `pull_request`; without `refs/heads/`
    commit_message: a sound Jinja2 text
    notify: what tells of new papers
    notify_limit: rows a keyword in the announcement; 0: it only counts
    issue_title: a sound Jinja2 text
    issue_labels: of at most 50 characters each
    issue_assignees: logins, without `@`
    issue_mentions: likewise
    close_previous: whether earlier issues of the section are closed once a new one is open
    dry_run: whether nothing is written
    token: for GitHub; "" only in a dry run
    arxiv_api_url: an http(s) address
    arxiv_oai_url: an http(s) address; None: the harvest is not asked
    arxiv_interval: seconds between the starts of two requests to arXiv, 3 or more where an address is arXiv's
    retry_minutes: how long to keep trying while arXiv fails
    runner: what the runner says
    warnings: sentences for the user on inputs that are sound and probably mean something else, at most one an input
    """

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
    links: tuple[str, ...]
    contents: bool
    files: tuple[str, ...]
    pull_request: bool
    pull_request_branch: str
    template: str
    heading_level: int
    timezone: ZoneInfo
    branch: str
    commit_message: str
    notify: Literal["issue", "comment", "none"]
    notify_limit: int
    issue_title: str
    issue_labels: tuple[str, ...]
    issue_assignees: tuple[str, ...]
    issue_mentions: tuple[str, ...]
    close_previous: bool
    dry_run: bool
    token: str = field(repr=False)
    arxiv_api_url: str
    arxiv_oai_url: str | None
    arxiv_interval: float
    retry_minutes: float
    runner: Runner
    warnings: tuple[str, ...] = ()

    @property
    def places(self) -> Places:
        target = self.pull_request_branch if self.pull_request else self.branch
        return Places(base=self.branch, target=target, linked=self.branch)


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
    "links": "pdf, html",
    "contents": "false",
    "files": "",
    "pull-request": "false",
    "pull-request-branch": "daily-papers",
    "template": "table",
    "heading-level": "2",
    "timezone": "UTC",
    "branch": "",
    "commit-message": "Update papers: {{ new }} new",
    "notify": "issue",
    "notify-limit": "15",
    "issue-title": "Daily papers {{ date }}: {{ new }} new",
    "issue-labels": "daily-papers",
    "issue-assignees": "",
    "issue-mentions": "",
    "close-previous": "false",
    "dry-run": "false",
    "token": "",
    "arxiv-api-url": "https://export.arxiv.org/api/query",
    "arxiv-oai-url": "https://oaipmh.arxiv.org/oai",
    "arxiv-interval": "3",
    "retry-minutes": "10",
}
TEMPLATES = ("table", "list")
COLUMNS = ("title", "date", "authors", "abstract", "comment", "categories", "links", "code", "venue", "keywords")
LINKS = ("pdf", "html", "code", "alphaxiv", "huggingface", "semantic-scholar", "papers.cool", "bibtex")
