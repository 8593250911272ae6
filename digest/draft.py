"""What a run is about to write, by what the page remembers and the issues tell: each read anew where others write.

What was promised and is announced by now is not announced again; what was promised and is not, is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from digest import announcement
from digest import change as changes
from digest.announcement import NOTHING_ANNOUNCED, Announced
from digest.change import NO_CHANGE, Change, Known
from digest.issue import LOOKS, Writers
from digest.listing import listings, papers_of
from digest.section.memory import promised_papers
from digest.sources.source import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.composition import RunContext
    from digest.issue import Issue
    from digest.landing import Issues, Landing
    from digest.listing import Question
    from digest.papers import Identifier
    from digest.section.document import Document
    from digest.section.memory import Promise
    from digest.snapshot import Snapshot
    from digest.sources.source import Result

# Seconds after a promise in which the run that made it may well be alive.
_YOUNG = 300


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
class Drafts:
    """How a run makes drafts.

    context: what the run brings
    answers: what arXiv said
    landing: where the change goes, and what stands there
    issues: where it is announced
    """

    context: RunContext
    answers: Mapping[Question, Result]
    landing: Landing
    issues: Issues

    def of(self, snapshot: Snapshot, document: Document, at_start: tuple[Promise, ...], *, first: bool) -> Draft:
        """The draft of a document, by what the issues tell of its promises.

        `at_start` are the promises that stood there when the run began; `first` says that this is its first draft.
        """
        promises = self.context.promises_in(document.section.memory)
        # What was promised while this run was under way is the business of another one that lives. A promise of this
        # run's own is there too where its commit was not seen to arrive.
        others = tuple(one for one in promises if one not in at_start and one.run != self.context.run)
        snapshot = self._with_papers(snapshot)
        draft = Draft(document, snapshot, tuple(one for one in promises if one not in others), others)
        if draft.promises and self.context.config.notify != "none":
            told = self.announced(draft)
            for pause in LOOKS if first else ():
                if not self._may_be_announced_yet(draft.promises, told):
                    break
                self.issues.let_finish(pause)
                told = self.announced(draft)
            draft = replace(draft, told=told)
        draft = replace(draft, change=self.change(draft))
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
            draft = replace(draft, told=self.announced(draft))
            draft = replace(draft, change=self.change(draft))
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
            # Only where a pull request's base has moved on may it hold what the branch does not.
            is_behind = snapshot.proposal is not None and snapshot.proposal.is_behind
            base = snapshot.files if is_behind else snapshot.current
            made = {**made, **archive.files(growth, base, snapshot.current)}
        differing = unlike(made, snapshot.current_entries)
        snapshot = self.landing.more(snapshot, differing)
        files = written({path: made[path] for path in differing}, snapshot.current)
        return replace(draft, snapshot=snapshot, change=replace(draft.change, files={**draft.change.files, **files}))

    def _may_be_announced_yet(self, promises: Iterable[Promise], told: Announced) -> bool:
        """Whether somebody who promised papers a short while ago may be about to open their issue."""
        young = (promise for promise in promises if self.context.now - promise.since < _YOUNG)
        return any(promise.identifiers - told.papers.keys() for promise in young)

    def change(self, draft: Draft) -> Change:
        """The change by what the draft knows."""
        section, told = draft.document.section, draft.told.papers
        listed = listings(self.answers, section, self.context.config)
        promised = promised_papers(draft.promises)
        known = Known(promised - told.keys(), frozenset(told), draft.others)
        made = changes.change(self.context, draft.document, section.memory, listed, known, draft.snapshot)
        why = "names papers that were promised, and is not by somebody who may write: they are announced once more."
        again = [f"{url} {why}" for url in draft.told.disbelieved]
        return replace(made, warnings=(*made.warnings, *again))

    def announced(self, draft: Draft) -> Announced:
        """What issues tell of its promises, and of other papers."""
        promises = draft.promises
        comments = any(promise.is_comment for promise in promises)
        issues = self.issues.since(announcement.earliest(promises, self.context.now), comments=comments)
        return announcement.announced(
            promises, issues, self.context.config.section, self._writers(draft), self._submitted
        )

    def opened(self, draft: Draft, promise: Promise) -> Issue | None:
        """What keeps the promise, where its making was not seen to arrive."""
        issues = self.issues.since(announcement.earliest([promise], promise.since))
        return announcement.find(promise, issues, self.context.config.section, self._writers(draft), self._submitted)

    def _writers(self, draft: Draft) -> Writers:
        return Writers(draft.document.section.memory.apps, self.issues.own_login)

    @cached_property
    def _submitted(self) -> dict[Identifier, float]:
        """When the papers were of which arXiv told today, in seconds since 1970."""
        papers = (paper for question, answer in self.answers.items() for paper in papers_of(question, answer))
        return {paper.id: paper.published.timestamp() for paper in papers}
