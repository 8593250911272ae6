"""What the repository holds before a run writes: the file, its section, and the page's template.

A module of its own, so that GitHub's and the templates' packages load while arXiv answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.config import TEMPLATES
from digest.errors import GithubFailed
from digest.page.render import Page
from digest.publish import read_text
from digest.repository.connection import Repository, connect
from digest.section import section

if TYPE_CHECKING:
    from digest.config import Config
    from digest.section.section import Section


@dataclass(frozen=True)
class Before:
    """The repository at the branch's head, as it was read."""

    repository: Repository
    text: str
    section: Section
    page: Page


def read_before(config: Config) -> Before:
    """Reads it all. GithubFailed, BrokenSection or TemplateFailed where there is nothing to go on with."""
    repository = connect(config)
    text = read_text(repository.files, config.readme) or ""
    place = section.find(text, config.section, config.readme)
    return Before(repository, text, section.read(text, place, config.section), _page(repository, config))


def _page(repository: Repository, config: Config) -> Page:
    if config.template in TEMPLATES:
        return Page(config.template)
    own = repository.files.read(config.template)
    if own is None:
        raise GithubFailed(f"template: {config.template} does not exist on the branch {config.branch}.")
    return Page(config.template, own.decode("utf-8", "replace"))
