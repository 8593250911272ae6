"""The commit and the issue, so that each new paper is announced by exactly one issue: docs/exactly-once.md.

The commit promises the issue; a promise that a dead run left behind is kept by the next run.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from digest import actions
from digest.change import NO_CHANGE, Change
from digest.current_page import current_page
from digest.errors import AnotherApp, GithubFailed, HeadMoved
from digest.follow_up import follow_up
from digest.page.fill import fill
from digest.page.issue_body import with_pull_request
from digest.section.document import encode
from digest.section.section import fingerprint
from digest.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.announcement import Announced, Announcement
    from digest.composition import RunContext
    from digest.draft import Draft, Drafts
    from digest.issue import Opened
    from digest.landing import Issues, Landing
    from digest.outcome import Outcome
    from digest.section.document import Document
    from digest.section.memory import Promise
    from digest.snapshot import Snapshot

# Each lost try is another's commit: enough for a matrix of jobs that all write at once.
_COMMIT_TRIES = 30


@dataclass(frozen=True)
class Publisher:
    """One run's way to the repository.

    drafts: what is about to be written
    outcome: grows with what is done
    """

    drafts: Drafts
    outcome: Outcome

    @property
    def context(self) -> RunContext:
        return self.drafts.context

    @property
    def landing(self) -> Landing:
        return self.drafts.landing

    @property
    def issues(self) -> Issues:
        return self.drafts.issues

    def publish(self, snapshot: Snapshot, document: Document) -> None:
        """Commits the change of the document, again on top of what others commit meanwhile, and announces it."""
        at_start, noticed, paths = self.context.promises_in(document.section.memory), False, tuple(snapshot.files)
        for number in range(_COMMIT_TRIES):
            draft = self.drafts.of(snapshot, document, at_start, first=not number)
            self.outcome.change = draft.change
            if self.context.config.dry_run:
                return
            if not draft.change.files:
                break
            try:
                draft = self._committed(draft, at_start)
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
            if not noticed and self._has_other_keywords(before, document):
                noticed = True
                actions.notice(
                    f"Another run wrote the section {document.name} meanwhile, for other keywords: each undoes what "
                    "the other did. Give each its own `section`."
                )
        refused = self._propose(snapshot, draft.change)
        self._announce(draft)
        if refused:
            raise refused

    def _committed(self, draft: Draft, at_start: tuple[Promise, ...]) -> Draft:
        """The draft that is committed; where the token turns out to be of another app, what that app told counts."""
        try:
            self.outcome.commit = self._commit(draft)
        except AnotherApp as another:
            document = draft.document.written_by(another.login)
            draft = self.drafts.of(draft.snapshot, document, at_start, first=False)
            self.outcome.change = draft.change
            self.outcome.commit = self._commit(draft) if draft.change.files else ""
        return draft

    def _commit(self, draft: Draft) -> str:
        apps = draft.document.section.memory.apps
        return self.landing.commit(draft.snapshot, draft.change.files, self._message(draft.change), apps)

    def _propose(self, snapshot: Snapshot, made: Change) -> GithubFailed | None:
        """The pull request, where there is to be one; what GitHub refused keeps no news back."""
        try:
            self.outcome.proposed = self.landing.propose(
                snapshot,
                lambda: plain_text.issue_title(self._message(made).partition("\n")[0]),
                is_changed=bool(made.files),
                is_committed=bool(self.outcome.commit),
            )
        except GithubFailed as failed:
            return failed
        return None

    def _has_other_keywords(self, before: Document, after: Document) -> bool:
        """Whether what others wrote meanwhile lists neither what stood there nor what this run lists."""
        lists = {block.heading_fingerprint for block in after.section.blocks}
        own = {fingerprint(question.keyword.heading) for question in self.drafts.answers}
        return lists not in ({block.heading_fingerprint for block in before.section.blocks}, own)

    def _announce(self, draft: Draft) -> None:
        """Opens the issue, for what no issue tells of by now."""
        announcement = draft.change.announcement
        if announcement is None:
            return
        with self._told_what_is_done():
            told = self._told(draft, announcement)
        if announcement.promise.identifiers & told.papers.keys():
            # Another run was faster, or somebody put an older file in the place of the one that remembers it.
            self.outcome.change = replace(self.drafts.change(replace(draft, told=told)), files=draft.change.files)
            announcement = self.outcome.change.announcement
        if announcement is None:
            return
        with self._told_what_is_done():
            try:
                opened = self._open(draft, announcement)
            except GithubFailed:
                self._remember_refusal(announcement.promise)
                raise
        self.outcome.issue, self.outcome.comment = opened.issue.url, opened.comment
        for sentence in follow_up(self.context.config, opened, told.issues, self.issues):
            actions.warning(sentence)

    def _told(self, draft: Draft, announcement: Announcement) -> Announced:
        """What the issues tell by now, also those of an app whose token began to write here meanwhile."""
        told = self.drafts.announced(draft)
        if announcement.promise.identifiers & told.strange:
            page = self._page(self.landing.read([self.context.config.readme]))
            told = self.drafts.announced(replace(draft, document=page))
        return told

    def _open(self, draft: Draft, announcement: Announcement) -> Opened:
        """The issue, opened exactly once."""
        body = with_pull_request(announcement.body, self.outcome.proposed.pull)
        opened = partial(self.drafts.opened, draft, announcement.promise)
        return self.issues.open(replace(announcement, body=body), self.context.config.issue_labels, opened)

    def _remember_refusal(self, promise: Promise) -> None:
        """So that later runs with nothing new do not commit once more only to be refused again."""
        if promise.refused:
            return
        config = self.context.config
        with suppress(GithubFailed):
            snapshot = self.landing.read([config.readme])
            document = self._page(snapshot)
            memory = document.section.memory
            promises = (replace(one, refused=one.refused or one.run == promise.run) for one in memory.promises)
            section = replace(document.section, memory=replace(memory, promises=tuple(promises)))
            files = {config.readme: encode(document.with_section(section))}
            self.landing.commit(snapshot, files, "Remember that GitHub refused the announcement", memory.apps)

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
            return self._page(snapshot)
        if snapshot.files[config.readme] is None and before.text:
            raise GithubFailed(
                f"{config.readme} was removed from {snapshot.branch} or renamed while this run was under way; nothing "
                "was written. Set the input `readme` to its new path, or run it again to have it made anew."
            )
        document = self._page(snapshot)
        if before.has_section and not document.has_section:
            raise GithubFailed(
                f"The section {config.section} was removed from {config.readme} while this run was under way; nothing "
                "was written. Run it again to have it appended anew."
            )
        return document

    def _page(self, snapshot: Snapshot) -> Document:
        return current_page(snapshot, self.context.config, self.context.bounds)

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
