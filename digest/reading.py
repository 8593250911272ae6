"""What is read of the repository while arXiv answers, and whether a run can go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from digest.config import TEMPLATES
from digest.errors import GithubFailed
from digest.export.file_names import folders
from digest.obstacles import second_readme, unwritable
from digest.page.render import builtin
from digest.section.document import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from digest.config import Config
    from digest.landing import Landing
    from digest.page.render import Renderer
    from digest.papers import Identifier, Paper
    from digest.repository.connection import Repository
    from digest.snapshot import Snapshot

# How a repository is reached, as `digest.repository.connection.connect` does.
Connect: TypeAlias = "Callable[[Config], Repository]"


@dataclass(frozen=True)
class Reading:
    """What was read while arXiv answered.

    repository: from which it was read
    landing: to which the change goes
    snapshot: the branch as it stood
    render: by the page's template
    """

    repository: Repository
    landing: Landing
    snapshot: Snapshot
    render: Renderer


def read(config: Config, connect: Connect | None) -> Reading:
    """What a run has to know of the repository. GithubFailed or TemplateFailed where there is nothing to go on with."""
    repository = (connect or _connect)(config)
    own = [] if config.template in TEMPLATES else [config.template]
    beside = _beside(config)
    landing = _landing(config, repository)
    under = (*folders(config.files), *beside)
    snapshot = landing.read([config.readme, *own], under=under, thorough=config.dry_run)
    if (entries := snapshot.entries) is not None:
        barriers = (unwritable(entries, path) for path in (config.readme, *beside))
        if why := next(filter(None, barriers), "") or second_readme(entries, config.readme):
            raise GithubFailed(why)
    return Reading(repository, landing, snapshot, _renderer(config, snapshot))


def _connect(config: Config) -> Repository:
    # GitHub's packages load for as long as arXiv's: they do so while arXiv answers.
    from digest.repository.connection import connect  # noqa: PLC0415

    return connect(config)


def _landing(config: Config, repository: Repository) -> Landing:
    if not config.pull_request:
        return repository.target
    # Most runs write to the branch itself.
    from digest.export.files import may_write  # noqa: PLC0415
    from digest.pull_request import PullRequest  # noqa: PLC0415

    return PullRequest(
        config,
        repository.base,
        repository.target,
        repository.compare,
        repository.pulls,
        repository.ref,
        lambda path: path == config.readme or may_write(config, path),
    )


def _beside(config: Config) -> tuple[str, ...]:
    """The paths of the files beside the page."""
    if not config.files:
        return ()
    # Few runs write any.
    from digest.export.files import paths  # noqa: PLC0415

    return paths(config)


def _renderer(config: Config, snapshot: Snapshot) -> Renderer:
    if config.template in TEMPLATES:
        return builtin(config.template)
    # Few repositories have a template of their own.
    from digest.page.own_template import OwnTemplate  # noqa: PLC0415

    content = snapshot.files[config.template]
    if content is None:
        raise GithubFailed(f"template: {config.template} does not exist on the branch {snapshot.branch}.")
    return OwnTemplate(config.template, as_text(content, config.template))


def known_papers(config: Config, reading: Reading) -> Mapping[Identifier, Paper]:
    """The papers that files beside the page know: of them lists are made anew whose rows take no others among them."""
    if not config.files:
        return {}
    # Few runs write any.
    from digest.export.files import papers_in, paths_of_papers  # noqa: PLC0415

    return papers_in(reading.landing.more(reading.snapshot, paths_of_papers(config)).current)
