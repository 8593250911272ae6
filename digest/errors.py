"""The kinds of failure, each carrying the sentences that the user reads; `entrypoint.py` prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DigestError(Exception):
    """A failure with a sentence for the user: what happened, where, and what to do."""


@dataclass(frozen=True)
class Fault:
    """One wrong input: its name as in `action.yml`, what is wrong, and the line (from 1) where it has several."""

    input: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.input if self.line is None else f"{self.input}, line {self.line}"
        return f"{place}: {self.message}"


class BadInputs(DigestError):
    """Every wrong input of a run at once, and the file for its outputs."""

    def __init__(self, faults: tuple[Fault, ...], output: Path | None) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
        self.output = output


class BrokenSection(DigestError):
    """The markers in the file do not enclose one section."""


class NotUtf8(DigestError):
    """A file of the repository's is no text that can be read."""


class ForeignFile(DigestError):
    """A file of the repository's stands where one of ours is to be written."""


class ArxivUnavailable(DigestError):
    """arXiv gave no sound answer although it was asked again."""


class QueryRefused(ArxivUnavailable):
    """arXiv will not answer this query, however often it is asked."""


class ArxivForbids(ArxivUnavailable):
    """arXiv forbids this client to ask (403); asking on would count as an attack."""


class GithubFailed(DigestError):
    """GitHub refused or did not answer; says what to change and what was done so far."""


class AnotherApp(GithubFailed):
    """The token is of an app that the page does not remember to have written it; `login` is the app's."""

    def __init__(self, login: str) -> None:
        super().__init__(f"The token's app became {login} while this run was under way. Run it again.")
        self.login = login


class NoFile(GithubFailed):
    """At a path there is a folder, a link that leads nowhere, or a submodule."""


class HeadMoved(GithubFailed):
    """The branch is not as it was read: somebody else committed meanwhile, or GitHub showed a file otherwise."""


class TemplateFailed(DigestError):
    """A Jinja2 text of the user's could not be rendered."""
