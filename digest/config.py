"""Inputs and the runner's variables -> one frozen Config, every fault at once. The only reader of the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from digest.query import Query


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
