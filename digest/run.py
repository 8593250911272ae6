"""The story of one run: papers from arXiv, meanwhile the branch as it stands; then the change, landed and announced."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from digest import actions
from digest.aside import aside
from digest.cancelled import Cancelled, caught
from digest.collect import collect, nothing_found
from digest.composition import RunContext
from digest.config import TEMPLATES
from digest.current_page import current_page
from digest.draft import Drafts
from digest.errors import ArxivUnavailable, DigestError, GithubFailed
from digest.export.file_names import folders
from digest.listing import questions
from digest.obstacles import barrier, second_readme, unwritable
from digest.outcome import Outcome
from digest.page.render import builtin
from digest.papers import Bounds
from digest.publish import Publisher
from digest.report import tell
from digest.section.document import as_text
from digest.sources.rate_limit import RateLimit
from digest.sources.search import SearchApi
from digest.sources.source import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from digest.config import Config
    from digest.landing import Landing
    from digest.listing import Question
    from digest.page.render import Renderer
    from digest.papers import Identifier, Paper
    from digest.repository.connection import Repository
    from digest.section.document import Document
    from digest.section.section import Section
    from digest.snapshot import Snapshot
    from digest.sources.source import Result

# How a repository is reached, as `digest.repository.connection.connect` does.
Connect: TypeAlias = "Callable[[Config], Repository]"


def run(config: Config, connect: Connect | None = None) -> int:
    """One run; the exit code. DigestError where it ends early, after what was done is told."""
    outcome = Outcome(config)
    try:
        return _run(config, outcome, connect)
    except DigestError as error:
        outcome.error = str(error)
        raise
    except Cancelled as cancelled:
        caught()
        outcome.error = str(cancelled)
        raise
    finally:
        tell(outcome)


def _run(config: Config, outcome: Outcome, connect: Connect | None) -> int:
    reading = aside(lambda: _read(config, connect or _connect))
    say, seconds = _unless_failed(reading), config.retry_minutes * 60
    # The harvest is tried for the other half.
    for_search = seconds / 2 if config.arxiv_oai_url else seconds
    source = SearchApi(config.arxiv_api_url, RateLimit(config.arxiv_interval, for_search), say)

    @cache
    def document() -> Document:
        return current_page(reading.result().snapshot, config, Bounds(source.now()))

    began = monotonic()
    with closing(source):
        answers = collect(questions(config), source, lambda: document().section, config)
        outcome.answers = answers
        if config.arxiv_oai_url and any(isinstance(answer, Failure) for answer in answers.values()):
            source.rate_limit.renew(seconds - for_search)
            known = _known_papers(config, reading.result())
            outcome.answers = _supplemented(answers, source, document().section, config, say, known)
    if sentence := nothing_found(outcome.answers, monotonic() - began, config.readme):
        raise ArxivUnavailable(sentence)
    read = reading.result()
    with closing(read.repository):
        if config.dry_run and not config.pull_request and (why := barrier(read.snapshot)):
            actions.warning(why)
        outcome.before = document().current.text
        context = _context(config, read.render, Bounds(source.now()))
        drafts = Drafts(context, outcome.answers, read.landing, read.repository.issues)
        Publisher(drafts, outcome).publish(read.snapshot, document())
    return 1 if any(failure.kind == "refused" for failure in outcome.failures.values()) else 0


def _known_papers(config: Config, read: Read) -> Mapping[Identifier, Paper]:
    """The papers of former lists, where a file knows them and rows of our own making would do without."""
    if not config.files:
        return {}
    # Few runs write any.
    from digest.export.files import papers_in, paths_of_papers  # noqa: PLC0415

    return papers_in(read.landing.more(read.snapshot, paths_of_papers(config)).current)


def _supplemented(
    answers: Mapping[Question, Result],
    source: SearchApi,
    before: Section,
    config: Config,
    say: Callable[[str], None],
    known: Mapping[Identifier, Paper],
) -> Mapping[Question, Result]:
    # Most days do without.
    from digest.sources.harvest import Harvest  # noqa: PLC0415
    from digest.supplement import supplement  # noqa: PLC0415

    harvest = Harvest(config.arxiv_oai_url or "", source.http, say)
    return supplement(answers, harvest, before, config, source.now().date(), known)


@dataclass(frozen=True)
class Read:
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


def _connect(config: Config) -> Repository:
    # GitHub's packages load for as long as arXiv's: they do so while arXiv answers.
    from digest.repository.connection import connect  # noqa: PLC0415

    return connect(config)


def _read(config: Config, connect: Connect) -> Read:
    """GithubFailed or TemplateFailed where there is nothing to go on with."""
    repository = connect(config)
    own = [] if config.template in TEMPLATES else [config.template]
    beside = _beside(config)
    landing = _landing(config, repository)
    under = (*folders(config.files), *beside)
    snapshot = landing.read([config.readme, *own], under=under, thorough=config.dry_run)
    if (entries := snapshot.entries) is not None:
        barriers = (unwritable(entries, path) for path in (config.readme, *beside))
        if why := next(filter(None, barriers), "") or second_readme(entries, config.readme):
            raise GithubFailed(why)
    return Read(repository, landing, snapshot, _renderer(config, snapshot))


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


def _context(config: Config, render: Renderer, bounds: Bounds) -> RunContext:
    now, runner = datetime.now(UTC), config.runner
    page = f"{quote(config.places.linked)}/{quote(config.readme)}"
    return RunContext(
        config=config,
        render=render,
        today=now.astimezone(config.timezone).date(),
        now=int(now.timestamp()),
        link=f"{runner.server_url}/{runner.repository}/blob/{page}",
        bounds=bounds,
        run=token_hex(4),
    )


def _unless_failed(reading: Future[Read]) -> Callable[[str], None]:
    """Tells in the log what is waited for; what GitHub refused by then ends the run, since no waiting heals it."""

    def say(text: str) -> None:
        actions.say(text)
        if reading.done():
            reading.result()

    return say
