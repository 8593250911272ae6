"""The form `.bib`: a Collection -> bytes, a paper an entry, for bibtex, biber and reference managers.

An entry begins on a line of its own and ends with a line `}`; a field stands on one line. What stands between entries
is a comment to BibTeX: https://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.export.bibtex_names import author
from digest.export.mark import BIBTEX_MARK
from digest.text.tex_source import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.export.collection import Collection, Record

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CATEGORY = re.compile(r"[A-Za-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)
# The first of several; what a DOI never has would end the field or begin a comment.
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s{}\\%#\"~^]+", re.ASCII)


def write(collection: Collection) -> bytes:
    """The whole file, the papers in the order of the collection."""
    return whole(collection.updated, map(entry, collection.papers.values()))


def whole(updated: str, entries: Iterable[str]) -> bytes:
    """A file of these entries, as `entry` makes them."""
    head = f"{BIBTEX_MARK} updated {updated}, written by a program. What is changed here is written over.\n"
    return "\n".join((head, *entries)).encode()


def entry(record: Record) -> str:
    """A paper's entry with the end of its last line; the key is `arxiv:` and its identifier."""
    category = record.categories[0] if record.categories else ""
    doi = _DOI.search(record.doi)
    names = filter(None, map(author, record.authors))
    fields = {
        # Braces twice, so that no style writes formulas and names in small letters; a brace with a backslash behind it
        # would not do so.
        "title": f"{{{_not_special(printable(record.title)) or f'arXiv:{record.id}'}}}",
        "author": " and ".join(names),
        "year": f"{record.published.year:04}",
        "month": _MONTHS[record.published.month - 1],
        "eprint": record.id,
        "archiveprefix": "arXiv",
        "primaryclass": category if _CATEGORY.fullmatch(category) else "",
        "doi": doi[0] if doi else "",
        "url": record.url,
        "note": printable(record.journal or record.venue),
        "keywords": ", ".join(filter(None, map(printable, record.keywords))),
    }
    # A month is a macro's name, that each style prints in its own way.
    lines = (f"  {name} = {text if name == 'month' else f'{{{text}}}'},\n" for name, text in fields.items() if text)
    return f"@misc{{arxiv:{record.id},\n{''.join(lines)}}}\n"


def _not_special(text: str) -> str:
    return f"{{}}{text}" if text.startswith("\\") else text
