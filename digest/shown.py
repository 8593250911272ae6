"""What a template of the user's own sees of a paper: text as a reader shall see it, made safe where it is put out.

So a template may cut, join and compare the text as it likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, SupportsIndex

from digest import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from digest.table import Row


class Text(str):
    """A stranger's text; whoever asks for it as markup (`e`, `safe`, `~`, `join`, being put out) gets safe Markdown.

    A `title` may stand in a link: an address in it is no link of its own.
    """

    __slots__ = ("is_title",)
    is_title: bool

    def __new__(cls, text: str, *, is_title: bool = False) -> Self:
        made = super().__new__(cls, text)
        made.is_title = is_title
        return made

    def __html__(self) -> str:
        return markdown.between(self, linked=not self.is_title)

    def _like(self, text: str) -> Text:
        return Text(text, is_title=self.is_title)

    def __getitem__(self, key: SupportsIndex | slice) -> Text:
        return self._like(super().__getitem__(key))

    def __add__(self, other: str) -> Text:
        return self._like(super().__add__(other))

    def upper(self) -> Text:
        return self._like(super().upper())

    def lower(self) -> Text:
        return self._like(super().lower())

    def capitalize(self) -> Text:
        return self._like(super().capitalize())

    def strip(self, characters: str | None = None, /) -> Text:
        return self._like(super().strip(characters))

    def replace(self, *arguments: Any, **named: Any) -> Text:
        return self._like(super().replace(*arguments, **named))

    def split(self, *arguments: Any, **named: Any) -> list[str]:
        return [self._like(part) for part in super().split(*arguments, **named)]

    def rsplit(self, *arguments: Any, **named: Any) -> list[str]:
        return [self._like(part) for part in super().rsplit(*arguments, **named)]


class Shown:
    """A paper in a template; a name that begins with `_` is out of a template's reach."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._paper = row.paper

    @property
    def id(self) -> str:
        return str(self._paper.id)

    @property
    def version(self) -> int:
        return self._paper.version

    @property
    def url(self) -> str:
        return self._paper.url

    @property
    def pdf(self) -> str:
        return self._paper.pdf

    @property
    def title(self) -> Text:
        return Text(markdown.visible(self._paper.title) or self.id, is_title=True)

    @property
    def authors(self) -> list[Text]:
        return _texts(self._paper.authors)

    @property
    def abstract(self) -> Text:
        return _text(self._paper.abstract if self.show_abstract else "")

    @property
    def comment(self) -> Text:
        return _text(self._paper.comment)

    @property
    def journal(self) -> Text:
        return _text(self._paper.journal)

    @property
    def doi(self) -> Text:
        return _text(self._paper.doi)

    @property
    def categories(self) -> list[Text]:
        return _texts(self._paper.categories)

    @property
    def date(self) -> str:
        return self._row.date

    @property
    def published(self) -> str:
        return f"{self._paper.published:%Y-%m-%d}"

    @property
    def updated(self) -> str:
        return f"{self._paper.updated:%Y-%m-%d}"

    @property
    def show_abstract(self) -> bool:
        return self._row.show_abstract

    @property
    def cells(self) -> list[Markup]:
        return self._row.cells


def _text(text: str) -> Text:
    return Text(markdown.visible(text))


def _texts(texts: Iterable[str]) -> list[Text]:
    return [_text(text) for text in texts]
