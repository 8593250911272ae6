"""The form `.json`: a Collection -> bytes, one paper a line, and such bytes -> a Collection again.

Text is as arXiv gives it, without what no file should hold: control characters and halves of characters.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from digest.columns.code_links import CodeLink
from digest.export.collection import Collection, KeywordList, Record
from digest.papers import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

_HIGHEST_VERSION = 9999
_KINDS = ("Code", "Model", "Page")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.ASCII)
# A line break of any kind, then: controls, lone surrogates and noncharacters.
_LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSOUND = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def write(collection: Collection) -> bytes:
    """The whole file; its keys and papers stand in a fixed order."""
    keywords = [
        _line({"heading": _sound(one.heading), "query": _sound(one.query), "papers": list(one.papers)})
        for one in collection.keywords
    ]
    papers = [paper_line(record) for record in collection.papers.values()]
    return whole(collection.updated, _block("[]", keywords), papers)


def whole(updated: str, keywords: str, papers: Iterable[str]) -> bytes:
    """A file of these lines of papers, as `paper_line` makes them; `keywords` is a list as JSON."""
    head = f'{{"version": 1, "updated": {_line(updated)}, "keywords": {keywords}, "papers": '
    return f"{head}{_block('{}', list(papers))}}}\n".encode()


def paper_line(record: Record) -> str:
    """A paper's key and value, on one line."""
    return f"{_line(record.id)}: {_line(fields(record))}"


def moment(when: datetime) -> str:
    """A moment in UTC, to the second: 2026-03-05T17:59:58Z."""
    return f"{when.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def read(content: bytes) -> Collection | None:
    """What such a file holds; None where it is not a whole one of ours, whatever else it may be."""
    try:
        return _collection(json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _block(brackets: str, lines: list[str]) -> str:
    return "\n".join((brackets[0], ",\n".join(lines), brackets[1])) if lines else brackets


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sound(text: str) -> str:
    # Most text is so, and the patterns take thirty times as long.
    return text if text.isascii() and text.isprintable() else _UNSOUND.sub("", _LINE_BREAK.sub("\n", text))


def fields(record: Record) -> dict[str, Any]:
    """A paper as JSON, its fields in a fixed order."""
    return {
        "id": record.id,
        "version": record.version,
        "title": _sound(record.title),
        "url": record.url,
        "pdf": record.pdf,
        "authors": list(map(_sound, record.authors)),
        "published": moment(record.published),
        "updated": moment(record.updated),
        "categories": list(map(_sound, record.categories)),
        "keywords": list(map(_sound, record.keywords)),
        "abstract": _sound(record.abstract),
        "comment": _sound(record.comment),
        "journal": _sound(record.journal),
        "doi": _sound(record.doi),
        "code": [{"kind": link.kind, "url": link.url} for link in record.code],
        "venue": _sound(record.venue),
    }


# What follows reads: each raises ValueError, TypeError or KeyError where a value is not what we write.


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key twice")
    return read


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _collection(read: Any) -> Collection:
    known = _dict(read)
    if _number(known["version"]) != 1:
        raise ValueError("of another version")
    papers = {key: _record(key, one) for key, one in _dict(known["papers"]).items()}
    keywords = tuple(_keyword(one, papers) for one in _list(known["keywords"]))
    updated = _text(known["updated"])
    if date.fromisoformat(updated).isoformat() != updated:
        raise ValueError("no day")
    return Collection(updated, keywords, papers)


def _keyword(read: Any, papers: dict[str, Record]) -> KeywordList:
    known = _dict(read)
    listed = _texts(known["papers"])
    if not papers.keys() >= set(listed):
        raise ValueError("a paper that is not there")
    return KeywordList(_text(known["heading"]), _text(known["query"]), listed)


def _record(key: str, read: Any) -> Record:
    known = _dict(read)
    version = _number(known["version"])
    if known["id"] != key or identifier(key).text != key or not 1 <= version <= _HIGHEST_VERSION:
        raise ValueError("no identifier")
    return Record(
        id=key,
        version=version,
        title=_text(known["title"]),
        authors=_texts(known["authors"]),
        published=_moment(known["published"]),
        updated=_moment(known["updated"]),
        categories=_texts(known["categories"]),
        keywords=_texts(known["keywords"]),
        abstract=_text(known["abstract"]),
        comment=_text(known["comment"]),
        journal=_text(known["journal"]),
        doi=_text(known["doi"]),
        code=tuple(map(_link, _list(known["code"]))),
        venue=_text(known["venue"]),
    )


def _link(read: Any) -> CodeLink:
    link = CodeLink(_text(_dict(read)["kind"]), _text(read["url"]))
    if link.kind not in _KINDS or not _ADDRESS.fullmatch(link.url):
        raise ValueError("no link of a paper")
    return link


def _moment(read: Any) -> datetime:
    when = datetime.fromisoformat(_text(read))
    if moment(when) != read:
        raise ValueError("no moment")
    return when.replace(tzinfo=UTC)


def _texts(read: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(read)))


def _text(read: Any) -> str:
    if not isinstance(read, str):
        raise TypeError("no text")
    return _sound(read)


def _number(read: Any) -> int:
    if type(read) is not int:
        raise TypeError("no number")
    return read


def _list(read: Any) -> list[Any]:
    if not isinstance(read, list):
        raise TypeError("no list")
    return read


def _dict(read: Any) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read
