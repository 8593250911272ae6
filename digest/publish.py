"""The commit and the issue, so that each new paper is announced by exactly one issue: docs/exactly-once.md.

The commit promises the issue; a promise that a dead run left behind is kept by the next run.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digest import actions
from digest.announcement import NOTHING_ANNOUNCED, Announced, announced, earliest, find
from digest.change import NO_CHANGE, Change, Known, change, promises_here
from digest.current_page import current_page
from digest.errors import GithubFailed, HeadMoved
from digest.follow_up import Handling, follow_up
from digest.issue import LOOKS
from digest.listing import listings
from digest.page.fill import fill
from digest.page.issue_body import with_pull_request
from digest.section.document import encode
from digest.section.memory import promised_papers
from digest.section.section import fingerprint
from digest.sources.source import Answer
from digest.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from digest.announcement import Announcement
    from digest.composition import RunContext
    from digest.issue import Issue, Opened
    from digest.listing import Question
    from digest.outcome import Outcome
    from digest.proposal import Proposed
    from digest.section.document import Document
    from digest.section.memory import Promise
    from digest.snapshot import Snapshot
    from digest.sources.source import Result

# Each lost try is another's commit: enough for a matrix of jobs that all write at once.
_COMMIT_TRIES = 30
# Seconds after a promise in which the run that made it may well be alive.
_YOUNG = 300


class Landing(Protocol):
    """Where a change goes: `digest.repository.branch`, or `digest.pull_request`."""

    def read(self, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False) -> Snapshot: ...
    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot: ...
    def commit(self, snapshot: Snapshot, files: Mapping[str, bytes], message: str) -> str: ...
    def propose(self, snapshot: Snapshot, title: str, *, is_changed: bool, is_committed: bool) -> Proposed: ...
    def give_way(self, number: int) -> None: ...


class Issues(Handling, Protocol):
    """What publishing needs of `digest.repository.issues.Issues`."""

    def since(self, moment: int, *, comments: bool = ...) -> Iterable[Iterable[Issue]]: ...
    def open(
        self, announcement: Announcement, labels: tuple[str, ...], opened: Callable[[], Issue | None]
    ) -> Opened: ...
    def let_finish(self, seconds: float) -> None: ...
    def own_login(self) -> str: ...


@dataclass(frozen=True)
class Draft:
    """A change before it is written.

    document: the file as it stands
    snapshot: the branch in which it stands
    promises: those of the document that this run has to keep
    others: those of runs that are under way
    told: what the issues tell
    change: what comes of it
    """

    document: Document
    snapshot: Snapshot
    promises: tuple[Promise, ...] = ()
    others: tuple[Promise, ...] = ()
    told: Announced = NOTHING_ANNOUNCED
    change: Change = NO_CHANGE


@dataclass(frozen=True)
class Publisher:
    """One run's way to the repository.

    context: what the run brings
    answers: what arXiv said
    landing: where the change goes
    issues: where it is announced
    outcome: grows with what is done
    """

    context: RunContext
    answers: Mapping[Question, Result]
    landing: Landing
    issues: Issues
    outcome: Outcome

    def publish(self, snapshot: Snapshot, document: Document) -> None:
        """Commits the change of the document, again on top of what others commit meanwhile, and announces it."""
        at_start, told, paths = self._promises(document), False, tuple(snapshot.files)
        for number in range(_COMMIT_TRIES):
            draft = self._draft(snapshot, document, at_start, first=not number)
            self.outcome.change = draft.change
            if self.context.config.dry_run:
                return
            if not draft.change.files:
                break
            try:
                message = self._message(draft.change)
                self.outcome.commit = self.landing.commit(draft.snapshot, draft.change.files, message)
                break
            except HeadMoved as moved:
                if number + 1 == _COMMIT_TRIES:
                    raise GithubFailed(
                        f"{moved} So it went {_COMMIT_TRIES} times in a row; nothing was written. Run it again."
                    ) from moved
                actions.say(f"{moved} Once more.")
                # What was decided on the older file is not what will be written.
                self.outcome.change = NO_CHANGE
            self.landing.give_way(number)
            snapshot = self.landing.read(paths, under=snapshot.under)
            before, document = document, self._as_others_left_it(snapshot, document)
            if not told and self._has_other_keywords(before, document):
                told = True
                actions.notice(
                    f"Another run wrote the section {document.name} meanwhile, for other keywords: each undoes what "
                    "the other did. Give each its own `section`."
                )
        refused = self._propose(snapshot, draft.change)
        self._announce(draft)
        if refused:
            raise refused

    def _propose(self, snapshot: Snapshot, made: Change) -> GithubFailed | None:
        """The pull request, where there is to be one; what GitHub refused keeps no news back."""
        try:
            self.outcome.proposed = self.landing.propose(
                snapshot, self._message(made), is_changed=bool(made.files), is_committed=bool(self.outcome.commit)
            )
        except GithubFailed as failed:
            return failed
        return None

    def _has_other_keywords(self, before: Document, after: Document) -> bool:
        """Whether what others wrote meanwhile lists neither what stood there nor what this run lists."""
        lists = {block.heading_fingerprint for block in after.section.blocks}
        own = {fingerprint(question.keyword.heading) for question in self.answers}
        return lists not in ({block.heading_fingerprint for block in before.section.blocks}, own)

    def _promises(self, document: Document) -> tuple[Promise, ...]:
        return promises_here(self.context, document.section.memory)

    def _draft(self, snapshot: Snapshot, document: Document, at_start: tuple[Promise, ...], *, first: bool) -> Draft:
        """The change of the document, by what the issues tell of its promises."""
        promises = self._promises(document)
        # What was promised while this run was under way is the business of another one that lives. A promise of this
        # run's own is there too where its commit was not seen to arrive.
        others = tuple(one for one in promises if one not in at_start and one.run != self.context.run)
        snapshot = self._with_papers(snapshot)
        draft = Draft(document, snapshot, tuple(one for one in promises if one not in others), others)
        if draft.promises and self.context.config.notify != "none":
            told = self._announced(draft.promises)
            for pause in LOOKS if first else ():
                if not self._may_be_announced_yet(draft.promises, told):
                    break
                self.issues.let_finish(pause)
                told = self._announced(draft.promises)
            draft = replace(draft, told=told)
        draft = replace(draft, change=self._change(draft))
        if snapshot.proposal is not None and snapshot.proposal.awaits_news:
            draft = self._with_news_only(draft)
        return self._with_files(draft)

    def _with_papers(self, snapshot: Snapshot) -> Snapshot:
        """With the files that know the papers of lists of which arXiv said nothing today, or not all."""
        config = self.context.config
        if not config.files or all(isinstance(answer, Answer) for answer in self.answers.values()):
            return snapshot
        # Few repositories keep any.
        from digest.export.files import paths_of_papers  # noqa: PLC0415

        return self.landing.more(snapshot, paths_of_papers(config))

    def _with_news_only(self, draft: Draft) -> Draft:
        """The draft where people closed what was proposed: without news nothing is written.

        What was told may be remembered by the issues alone, since the branch may be gone.
        """
        if draft.change.announcement and not draft.promises:
            draft = replace(draft, told=self._announced(()))
            draft = replace(draft, change=self._change(draft))
        if draft.change.edition.new:
            return draft
        return replace(draft, change=replace(draft.change, files={}, beside={}, growth=None))

    def _with_files(self, draft: Draft) -> Draft:
        """With the files beside the page that change, once what stands there is read."""
        made, growth, snapshot = draft.change.beside, draft.change.growth, draft.snapshot
        if not made and growth is None:
            return draft
        # Few repositories keep any.
        from digest.export import archive  # noqa: PLC0415
        from digest.export.files import unlike, written  # noqa: PLC0415

        if growth:
            snapshot = self.landing.more(snapshot, growth.paths)
            made = {**made, **archive.files(growth, snapshot.files, snapshot.current)}
        differing = unlike(made, snapshot.current_entries)
        snapshot = self.landing.more(snapshot, differing)
        files = written({path: made[path] for path in differing}, snapshot.current)
        return replace(draft, snapshot=snapshot, change=replace(draft.change, files={**draft.change.files, **files}))

    def _may_be_announced_yet(self, promises: Iterable[Promise], told: Announced) -> bool:
        """Whether somebody who promised papers a short while ago may be about to open their issue."""
        young = (promise for promise in promises if self.context.now - promise.since < _YOUNG)
        return any(promise.identifiers - told.papers.keys() for promise in young)

    def _change(self, draft: Draft) -> Change:
        section, told = draft.document.section, draft.told.papers
        listed = listings(self.answers, section, self.context.config)
        promised = promised_papers(draft.promises)
        # An issue cannot have told of what was submitted after it.
        papers = (paper for listing in listed for paper in listing.papers)
        before = frozenset(paper.id for paper in papers if paper.published.timestamp() <= told.get(paper.id, 0))
        known = Known(promised - told.keys(), before | promised & told.keys(), draft.others)
        made = change(self.context, draft.document, section.memory, listed, known, draft.snapshot)
        why = "names papers that were promised, and is not by somebody who may write: they are announced once more."
        again = [f"{url} {why}" for url in draft.told.disbelieved]
        return replace(made, warnings=(*made.warnings, *again))

    def _announced(self, promises: Iterable[Promise]) -> Announced:
        promises = list(promises)
        comments = any(promise.is_comment for promise in promises)
        issues = self.issues.since(earliest(promises, self.context.now), comments=comments)
        return announced(promises, issues, self.context.config.section, self.issues.own_login)

    def _announce(self, draft: Draft) -> None:
        """Opens the issue, for what no issue tells of by now."""
        announcement = draft.change.announcement
        if announcement is None:
            return
        with self._told_what_is_done():
            told = self._announced(draft.promises)
        if announcement.promise.identifiers & told.papers.keys():
            # Another run was faster, or somebody put an older file in the place of the one that remembers it.
            self.outcome.change = replace(self._change(replace(draft, told=told)), files=draft.change.files)
            announcement = self.outcome.change.announcement
        if announcement is None:
            return
        with self._told_what_is_done():
            try:
                opened = self._open(announcement)
            except GithubFailed:
                self._remember_refusal(announcement.promise)
                raise
        self.outcome.issue, self.outcome.comment = opened.issue.url, opened.comment
        for sentence in follow_up(self.context.config, opened, told.issues, self.issues):
            actions.warning(sentence)

    def _open(self, announcement: Announcement) -> Opened:
        """The issue, opened exactly once."""
        config, promise = self.context.config, announcement.promise

        def opened() -> Issue | None:
            issues = self.issues.since(earliest([promise], promise.since))
            return find(promise, issues, config.section, self.issues.own_login)

        body = with_pull_request(announcement.body, self.outcome.proposed.pull)
        return self.issues.open(replace(announcement, body=body), config.issue_labels, opened)

    def _remember_refusal(self, promise: Promise) -> None:
        """So that later runs with nothing new do not commit once more only to be refused again."""
        if promise.refused:
            return
        config = self.context.config
        with suppress(GithubFailed):
            snapshot = self.landing.read([config.readme])
            document = current_page(snapshot, config, self.context.bounds)
            memory = document.section.memory
            promises = (replace(one, refused=one.refused or one.run == promise.run) for one in memory.promises)
            section = replace(document.section, memory=replace(memory, promises=tuple(promises)))
            text = document.with_section(section)
            self.landing.commit(snapshot, {config.readme: encode(text)}, "Remember that GitHub refused the issue")

    @contextmanager
    def _told_what_is_done(self) -> Iterator[None]:
        """A failure between the commit and the issue says what is done already."""
        config, commit = self.context.config, self.outcome.commit
        done = f" Done so far: {config.readme} is committed to {config.places.target} ({commit[:7]})." if commit else ""
        try:
            yield
        except GithubFailed as failed:
            what = "adds the comment" if config.notify == "comment" else "opens the issue"
            raise GithubFailed(f"{failed}{done} The next run {what}.") from failed

    def _as_others_left_it(self, snapshot: Snapshot, before: Document) -> Document:
        """The file of a newer commit. GithubFailed where others took away what this run was to write into."""
        config = self.context.config
        if snapshot.proposal:
            # A pull request's branch may come and go; the base is only read.
            return current_page(snapshot, config, self.context.bounds)
        if snapshot.files[config.readme] is None and before.text:
            raise GithubFailed(
                f"{config.readme} was removed from {snapshot.branch} or renamed while this run was under way; nothing "
                "was written. Set the input `readme` to its new path, or run it again to have it made anew."
            )
        document = current_page(snapshot, config, self.context.bounds)
        if before.has_section and not document.has_section:
            raise GithubFailed(
                f"The section {config.section} was removed from {config.readme} while this run was under way; nothing "
                "was written. Run it again to have it appended anew."
            )
        return document

    def _message(self, made: Change) -> str:
        today = made.edition
        text = fill(
            self.context.config.commit_message,
            "commit-message",
            new=len(today.new_papers),
            papers=today.count,
            date=self.context.today.isoformat(),
        )
        return plain_text.commit_message(text) or "Update papers"
