"""A set of identifiers as JSON that stays small: a compressed bitmap a month, and those of the old form by name.

`{"2603": "eNpj…", "old": ["hep-th/9901001"]}`: bit n of a month's bitmap, from the lowest bit of the first byte on,
stands for the paper number n. Of the forms tried it is the shortest for dense months and can be read by a person.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from digest.papers import Identifier, identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

_OLD = "old"
# A month's numbers have five digits: https://info.arxiv.org/help/arxiv_identifier.html
_LONGEST_BITMAP = 100_000 // 8
_FIVE_DIGITS_SINCE = "1501"


def encode(identifiers: Iterable[Identifier]) -> dict[str, Any]:
    """The identifiers as a JSON value, the same for the same set."""
    months: dict[str, list[int]] = {}
    old: list[str] = []
    for paper in identifiers:
        if paper.archive:
            old.append(paper.text)
        else:
            months.setdefault(paper.text[:4], []).append(paper.number)
    value: dict[str, Any] = {month: encode_numbers(numbers) for month, numbers in sorted(months.items())}
    return value | ({_OLD: sorted(old)} if old else {})


def decode(value: Any) -> frozenset[Identifier]:
    """The identifiers that `encode` was given. ValueError where the value is none of its."""
    if not isinstance(value, dict):
        raise ValueError("not a set of identifiers")  # noqa: TRY004 - the value is read from a text
    found: set[Identifier] = set()
    for month, numbers in value.items():
        if month == _OLD:
            found.update(map(identifier, numbers))
        else:
            digits = 5 if month >= _FIVE_DIGITS_SINCE else 4
            found.update(identifier(f"{month}.{number:0{digits}}") for number in decode_numbers(numbers))
    return frozenset(found)


def encode_numbers(numbers: Iterable[int]) -> str:
    """A set of small numbers as a compressed bitmap in base64."""
    numbers = list(numbers)
    bitmap = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bitmap[number >> 3] |= 1 << (number & 7)
    return b64encode(zlib.compress(bitmap, 9)).decode()


def decode_numbers(text: Any) -> list[int]:
    """The numbers in rising order. ValueError where the text is no such bitmap, or longer than a month's."""
    if not isinstance(text, str):
        raise ValueError("not a bitmap")  # noqa: TRY004 - the value is read from a text
    inflating = zlib.decompressobj()
    try:
        bitmap = inflating.decompress(b64decode(text, validate=True), _LONGEST_BITMAP)
    except zlib.error as error:
        raise ValueError("not a bitmap") from error
    if not inflating.eof:
        raise ValueError("a bitmap without an end")
    bits = bin(int.from_bytes(bitmap, "little"))[:1:-1]
    return [number for number, bit in enumerate(bits) if bit == "1"]
