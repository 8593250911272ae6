"""A composition -> sentences for the user on what was found in the page, and on what was left out of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.config import TEMPLATES
from digest.page.cells import Row
from digest.page.truncation import LEAST_PAPERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.composition import Composition
    from digest.page.truncation import Truncation


def notices(made: Composition, truncation: Truncation) -> Iterator[str]:
    """What is worth knowing, where nobody need do anything."""
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
        yield f"max-bytes: {what} left out, since {config.readme} may have {config.max_bytes} bytes at most."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def warnings(made: Composition, size: int) -> Iterator[str]:
    """What somebody should look at; `size` is the page's, in bytes."""
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
