"""Rows -> the text of a list below its heading: the table, the list of items, or what a template of one's own makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

NO_PAPERS = "No papers yet."
# Without them a browser breaks dates at their hyphens, however wide the page is.
_PADDED = "&nbsp;" * 6
_FOLD = "<details>"


class Written(Protocol):
    """A row, made today or as it stood, which is written as a line."""

    def line(self, columns: Iterable[str], write: Callable[[Iterable[str]], str], /) -> str: ...


# Makes a keyword's rows, in these columns, the text below its heading.
Renderer: TypeAlias = "Callable[[Sequence[Written], Sequence[str], str], str]"


def builtin(template: str) -> Renderer:
    """The template `table` or `list`."""
    head, line = (table_head, table_line) if template == "table" else (list_head, list_line)

    def render(rows: Sequence[Written], columns: Sequence[str], _: str) -> str:
        return "\n".join((*head(columns), *(row.line(columns, line) for row in rows))) if rows else NO_PAPERS

    return render


def table_head(columns: Iterable[str]) -> list[str]:
    """The table's header and the line below it."""
    titles = [f"{_PADDED}**Date**{_PADDED}" if name == "date" else f"**{name.title()}**" for name in columns]
    return [table_line(titles), table_line(["---"] * len(titles))]


def table_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def list_head(_: Iterable[str]) -> list[str]:
    """Nothing stands above a list's items."""
    return []


def list_line(cells: Iterable[str]) -> str:
    """An item: dots between what stands in one line, a blank before and after what is folded."""
    shown = [cell for cell in cells if cell]
    # A line that begins with <details> would be raw HTML to its end, without any Markdown.
    text = "&#8203;" if shown and shown[0].startswith(_FOLD) else ""
    for before, cell in zip(["", *shown], shown, strict=False):
        between = " " if before.startswith(_FOLD) or cell.startswith(_FOLD) else " · "
        text += f"{between if before else ''}{cell}"
    return f"- {text}"
