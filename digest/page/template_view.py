"""What a template of the user's own sees of a paper: text as a reader shall see it, made safe where it is put out.

So a template may cut, join and compare the text as it likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, SupportsIndex

from markupsafe import Markup

from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def safe(text: str) -> Markup:
    """Text that `digest.text.markdown` made safe, marked so that templates leave it as it is."""
    return Markup(text)  # noqa: S704 - the one door for such text


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
        # A filter such as `wordwrap` puts line breaks in.
        return markdown.between(" ".join(self.splitlines()), linked=not self.is_title)

    def __getitem__(self, key: SupportsIndex | slice) -> Text:
        return Text(super().__getitem__(key), is_title=self.is_title)

    def __add__(self, other: str) -> Text:
        return Text(super().__add__(other), is_title=self.is_title)


class Texts(list[Text]):
    """Names or categories; where they are asked for as they are, they stand with commas between."""

    def __str__(self) -> str:
        return Text(", ".join(self))

    def __html__(self) -> str:
        return ", ".join(text.__html__() for text in self)


def strangers_text(made: Any, source: object) -> Any:
    """What was made of a text, by a method or a filter, is a stranger's text again."""
    if type(made) is str:
        return Text(made, is_title=isinstance(source, Text) and source.is_title)
    return [strangers_text(part, source) for part in made] if type(made) in (list, tuple) else made


def page_values(told: Mapping[str, Any]) -> dict[str, object]:
    """What a template is rendered with, of what `digest.page.own_template` tells."""
    return {
        "heading": Text(told["heading"], is_title=True),
        "columns": tuple(told["columns"]),
        "papers": list(map(TemplatePaper, told["papers"])),
    }


class TemplatePaper:
    """A paper in a template; a name that begins with `_` is out of a template's reach."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told

    def __repr__(self) -> str:
        # Not where it stands in memory: a page would change with every run.
        return self.id

    @property
    def id(self) -> str:
        return str(self._told["id"])

    @property
    def version(self) -> int:
        return int(self._told["version"])

    @property
    def url(self) -> Markup:
        return safe(self._told["url"])

    @property
    def pdf(self) -> Markup:
        return safe(self._told["pdf"])

    @property
    def title(self) -> Text:
        return Text(self._told["title"], is_title=True)

    @property
    def authors(self) -> Texts:
        return _texts(self._told["authors"])

    @property
    def abstract(self) -> Text:
        return Text(self._told["abstract"])

    @property
    def comment(self) -> Text:
        return Text(self._told["comment"])

    @property
    def journal(self) -> Text:
        return Text(self._told["journal"])

    @property
    def doi(self) -> Text:
        return Text(self._told["doi"])

    @property
    def categories(self) -> Texts:
        return _texts(self._told["categories"])

    @property
    def code(self) -> list[Markup]:
        return list(map(safe, self._told["code"]))

    @property
    def venue(self) -> Text:
        return Text(self._told["venue"])

    @property
    def keywords(self) -> Texts:
        return _texts(self._told["keywords"])

    @property
    def date(self) -> str:
        return str(self._told["date"])

    @property
    def published(self) -> str:
        return str(self._told["published"])

    @property
    def updated(self) -> str:
        return str(self._told["updated"])

    @property
    def show_abstract(self) -> bool:
        return bool(self._told["show_abstract"])

    @property
    def cells(self) -> list[Markup]:
        return list(map(safe, self._told["cells"]))


def _texts(texts: Iterable[str]) -> Texts:
    return Texts(map(Text, texts))
