"""What a run does to the repository: the file as it stands and today's listings -> what is written and announced.

Pure: the date is passed in, nothing is asked of anybody. It is computed again when somebody else commits meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from digest.composition import composition
from digest.edition import Edition, edition
from digest.news import announce, news
from digest.remarks import notices, warnings
from digest.section.document import encode
from digest.section.memory import promised_papers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.announcement import Announcement
    from digest.composition import Composition, RunContext
    from digest.export.collection import Collection
    from digest.export.growth import Growth
    from digest.listing import Listing
    from digest.page.truncation import Truncation
    from digest.papers import Identifier
    from digest.section.document import Document
    from digest.section.memory import Memory, Promise
    from digest.snapshot import Snapshot


@dataclass(frozen=True)
class Change:
    """What is to be written, what there is to announce, and what is to be said of it.

    files: the bytes of each file to write, by path; none where nothing but the date would change. Of those beside the
        page, those are added that differ from what stands there, once that is read
    text: the page as it shall be
    edition: what is listed, and what of it is new
    announcement: the issue to open or the comment to add, None where there is nothing to tell
    notices: sentences for the user
    warnings: sentences for the user
    beside: the bytes of each further file as it would be, by path, whether it stands there or not
    growth: what archives may take in besides, once what they hold is read; None where none is kept
    news: what the announcement tells, for readers elsewhere; "" where nothing is new
    """

    files: Mapping[str, bytes]
    text: str
    edition: Edition
    announcement: Announcement | None
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    beside: Mapping[str, bytes] = field(default_factory=dict)
    growth: Growth | None = None
    news: str = ""


NO_CHANGE = Change({}, "", Edition((), frozenset(), frozenset()), None, (), ())


@dataclass(frozen=True)
class Known:
    """What is known of announcements before a change is made.

    unannounced: papers that were promised, of which no issue tells
    announced: papers of which an issue tells, whatever the memory says of them
    others: promises of runs that are under way; they keep them themselves
    """

    unannounced: frozenset[Identifier]
    announced: frozenset[Identifier]
    others: tuple[Promise, ...] = ()


def change(
    context: RunContext,
    document: Document,
    memory: Memory,
    listings: tuple[Listing, ...],
    known: Known,
    snapshot: Snapshot | None = None,
) -> Change:
    """The change of the document's file, and of those beside it; `snapshot` tells what of them is there.

    TemplateFailed where the repository's own template fails.
    """
    made = composition(context, document, memory, listings)
    truncation = made.truncation(known.others)
    today = edition(made.listings(truncation), document.section, memory, known.unannounced, known.announced)
    whole = _whole(made, truncation, snapshot) if snapshot and context.config.files else None
    growth = _growth(made, whole, snapshot) if snapshot and whole and made.archives else None
    if growth and not growth.is_whole:
        made = replace(made, archives="")
    announcement = announce(made, truncation, today)
    text = _text(made, truncation, announcement, known.others)
    content = encode(text or document.current.text)
    return Change(
        files={} if text is None else {document.path: content},
        text=document.current.text if text is None else text,
        edition=today,
        announcement=announcement,
        notices=tuple(notices(made, truncation)),
        warnings=tuple(warnings(made, len(content))),
        beside=_beside(made, whole, None if text is None else context.today) if whole else {},
        growth=growth,
        news=news(made, truncation, today),
    )


def _whole(made: Composition, truncation: Truncation, snapshot: Snapshot) -> Collection:
    """All that is listed, for the files beside the page."""
    # Few runs write any.
    from digest.export.files import collection  # noqa: PLC0415

    return collection(made.context.today.isoformat(), made.lists(truncation), made.found_by, snapshot.current)


def _growth(made: Composition, whole: Collection, snapshot: Snapshot) -> Growth:
    """What archives may take in."""
    from digest.export.growth import growth  # noqa: PLC0415 (few runs write any)

    current = made.document.current.section
    # What was listed when the archives were not kept may be missing in them.
    blocks = current.blocks if current.memory.archives == made.archives else ()
    held = {block.heading_fingerprint: frozenset(block.identifiers) for block in blocks}
    return growth(made.context.config, whole, held, snapshot)


def _beside(made: Composition, whole: Collection, written: date | None) -> dict[str, bytes]:
    """The files of what is listed; they show the day on which the page was last written, None where that stays."""
    from digest.export.files import files  # noqa: PLC0415 (few runs write any)

    shown = made.document.current.section.date
    updated = shown if written is None and _is_day(shown) else made.context.today.isoformat()
    failed = {part.listing.keyword.heading for part in made.parts if part.listing.failure}
    return files(made.context.config, replace(whole, updated=updated), failed)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _text(
    made: Composition, truncation: Truncation, announcement: Announcement | None, others: tuple[Promise, ...]
) -> str | None:
    """The file's new text; None where nothing but the date would change.

    Promises that were kept are forgotten with the next commit that is made anyway. A promise is made anew, so that of
    two runs that keep it the branch lets one through; where its issue was refused only the issue is tried again,
    and likewise a comment.
    """
    own = (announcement.promise,) if announcement else ()
    comment = made.context.config.notify == "comment"
    promises = made.context.promises_in(made.memory)
    refused = promised_papers(one for one in promises if one.refused and one.is_comment == comment)
    if promised_papers(own) <= refused and _stands(made, truncation):
        return None
    return made.text(made.section(truncation, (*others, *own)))


def _stands(made: Composition, truncation: Truncation) -> bool:
    """Whether the file says the same already, but for dates."""
    document = made.document.current
    former = document.section
    section = made.section(truncation, former.memory.promises)
    if former.damaged or former.ahead or len(section.blocks) != len(former.blocks):
        return False
    blocks = (
        replace(block, whole=before.whole, harvested=before.harvested)
        for block, before in zip(section.blocks, former.blocks, strict=True)
    )
    dated = replace(section, date=former.date, blocks=tuple(blocks))
    return dated == former and _one_kind_of_line_end(made.text(dated)) == _one_kind_of_line_end(document.text)


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")
