"""What a run has done so far, however far it came: every field is empty until something is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.change import NO_CHANGE
from digest.proposal import NOTHING_PROPOSED, Proposed
from digest.sources.source import Additions, Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.change import Change
    from digest.config import Config
    from digest.listing import Question
    from digest.sources.source import Result


@dataclass
class Outcome:
    """What is known of a run.

    config: the inputs
    answers: what arXiv said
    before: the page's text as it was read
    change: what was made of it
    commit: the sha of the commit, "" where there is none
    proposed: what became of the pull request
    issue: the address of the issue that tells of the papers, or in which the comment stands; "" where none was opened
    comment: the address of the comment, "" where none was added
    error: the sentence with which the run ended early, "" where it did not
    """

    config: Config
    answers: Mapping[Question, Result] = field(default_factory=dict)
    before: str = ""
    change: Change = NO_CHANGE
    commit: str = ""
    proposed: Proposed = NOTHING_PROPOSED
    issue: str = ""
    comment: str = ""
    error: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether the run came so far as to know what to write."""
        return self.change is not NO_CHANGE

    @property
    def failures(self) -> dict[Question, Failure]:
        """The keywords without an answer."""
        return {question: answer for question, answer in self.answers.items() if isinstance(answer, Failure)}

    @property
    def additions(self) -> dict[Question, Additions]:
        """The keywords for which the harvest answered."""
        return {question: answer for question, answer in self.answers.items() if isinstance(answer, Additions)}

    @property
    def changed(self) -> bool:
        """A commit that was refused changed nothing; that of a dry run would have."""
        return bool(self.files_changed)

    @property
    def files_changed(self) -> tuple[str, ...]:
        """The page and those beside it, as far as they were written, or would have been by a real run."""
        return tuple(sorted(self.change.files)) if self.config.dry_run or self.commit else ()
