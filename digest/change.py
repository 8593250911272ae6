"""What a run does to the repository: the file as it stands and today's listings -> what is written and announced.

Pure: the date is passed in, nothing is asked of anybody. It is computed again when somebody else commits meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from digest.announcement import Announcement, key, title_fingerprint
from digest.composition import composition
from digest.config import DEFAULTS, TEMPLATES
from digest.edition import Edition, edition
from digest.page.cells import Row
from digest.page.fill import fill
from digest.page.issue_body import Group, issue_body, issue_columns, issue_title, news_markdown, standing_text
from digest.page.truncation import LEAST_PAPERS
from digest.section.document import encode
from digest.section.memory import Promise, promised_papers
from digest.standing import TITLE as STANDING_TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from digest.composition import Composition, RunContext
    from digest.export.collection import Collection
    from digest.export.growth import Growth
    from digest.listing import Listing
    from digest.page.truncation import Truncation
    from digest.papers import Identifier
    from digest.section.document import Document
    from digest.section.memory import Memory
    from digest.section.section import Block
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


def promises_here(context: RunContext, memory: Memory) -> tuple[Promise, ...]:
    """The announcements that the section promises; a section copied from another repository promises nothing here."""
    return memory.promises if memory.owner == context.owner else ()


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
    announcement = _announcement(made, truncation, today)
    text = _text(made, truncation, announcement, known.others)
    content = encode(text or document.current.text)
    return Change(
        files={} if text is None else {document.path: content},
        text=document.current.text if text is None else text,
        edition=today,
        announcement=announcement,
        notices=tuple(_notices(made, truncation)),
        warnings=tuple(_warnings(made, len(content))),
        beside=_beside(made, whole, None if text is None else context.today) if whole else {},
        growth=growth,
        news=news_markdown(context.config, context.link, list(_groups(made, truncation, today))) if today.new else "",
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
    promises = promises_here(made.context, made.memory)
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


def _announcement(made: Composition, truncation: Truncation, today: Edition) -> Announcement | None:
    context, config = made.context, made.context.config
    if not today.new or config.notify == "none":
        return None
    comment = config.notify == "comment"
    title = STANDING_TITLE if comment and config.issue_title == DEFAULTS["issue-title"] else _title(context, today)
    body = issue_body(config, context.link, list(_groups(made, truncation, today)), key(config.section, today.new))
    again = [one for one in promises_here(context, made.memory) if one.identifiers & today.new]
    promise = Promise(
        identifiers=today.new,
        since=context.now,
        title_fingerprint="" if comment else title_fingerprint(title),
        run=context.run,
        tries=1 + max((one.tries for one in again), default=0),
        refused=any(one.refused for one in again),
    )
    return Announcement(promise, title, body, standing_text(config, context.link) if comment else "")


def _title(context: RunContext, today: Edition) -> str:
    values = {"date": context.today.isoformat(), "new": len(today.new), "papers": today.count}
    return issue_title(fill(context.config.issue_title, "issue-title", **values))


def _groups(made: Composition, truncation: Truncation, today: Edition) -> Iterator[Group]:
    """Per keyword its new papers, then those that were promised earlier and have left the lists since."""
    config = made.context.config
    columns = issue_columns(config)
    left = today.new.difference(paper.id for listing in today.listings for paper in listing.papers)
    for part in made.parts:
        made_today = (row for row in part.shown(truncation) if isinstance(row, Row))
        own = [row.cells(columns, folded=False) for row in made_today if row.identifier in today.new]
        former = part.listing.former
        earlier = [paper for paper in former.identifiers if paper in left] if former else []
        left = left.difference(earlier)
        rows = [*own, *(_only_link(paper, columns, former) for paper in earlier)]
        if rows:
            yield Group(part.listing.keyword.heading, rows)
    if left:
        blocks = made.document.section.blocks
        shown = {paper: block for block in blocks for paper in block.links}
        rows = [_only_link(paper, columns, shown.get(paper)) for paper in sorted(left, reverse=True)]
        yield Group("Earlier", rows)


def _only_link(paper: Identifier, columns: Sequence[str], former: Block | None) -> list[str]:
    """The cells of a paper of which the source said nothing today: its link as it stood on the page."""
    link = former.links.get(paper) if former else None
    place = columns.index("title") if "title" in columns else 0
    cells = [""] * len(columns)
    cells[place] = link or f"**[{paper}](https://arxiv.org/abs/{paper})**"
    return cells


def _notices(made: Composition, truncation: Truncation) -> Iterator[str]:
    config, document = made.context.config, made.document
    if not document.current.has_section:
        if document.text:
            yield f"The section {config.section} has no markers yet: it goes to the end of {config.readme}."
        else:
            yield f"The section {config.section} has no markers yet: it begins the new file {config.readme}."
    if document.open_fence:
        place = f"{config.readme}, line {document.open_fence}"
        yield f"{place}: a code block begins here and never ends, so what is below it shows as code."
    shown = [row for part in made.parts for row in part.shown(truncation)]
    with_abstracts = "abstract" in config.columns or config.template not in TEMPLATES
    bare = sum(not row.show_abstract for row in shown) if with_abstracts else 0
    left_out = sum(len(part.rows or ()) for part in made.parts) - len(shown)
    counted = [_counted(number, what) for number, what in ((bare, "abstract"), (left_out, "paper")) if number]
    if counted:
        what = " and ".join(counted)
        yield f"max-bytes: {what} left out to keep {config.readme} under {config.max_bytes} bytes."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _warnings(made: Composition, size: int) -> Iterator[str]:
    config, former = made.context.config, made.document.section
    if former.damaged:
        yield (
            f"The memory of the section {config.section} was damaged; it was made anew from the rows, "
            "and no paper older than the newest of them will be announced."
        )
    if former.ahead:
        yield (
            f"The section {config.section} held identifiers or dates of the future, which nothing can have; they were "
            "dropped, and no paper older than the newest row will be announced."
        )
    own = (row for part in made.parts for row in part.rows or () if isinstance(row, Row))
    broken = [f"{row.identifier} ({', '.join(row.broken)})" for row in own if row.broken]
    if broken:
        yield f"Shown as plain text, since the action has a fault there; please report it: {', '.join(broken)}."
    if config.max_bytes and size > config.max_bytes:
        yield (
            f"max-bytes: {config.readme} has {size} bytes, over {config.max_bytes}, though no abstract is shown and "
            f"no list is longer than {LEAST_PAPERS}: use fewer keywords, or another file."
        )
