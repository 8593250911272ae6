"""What a section remembers, as one line of an HTML comment: which papers it has listed, and which announcement is due.

In goes a Memory, out comes text of ASCII letters, and back; text that is not whole is None, never an exception.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.papers import Identifier, Month, horizon, identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION = "1"
_LONGEST_SHIFT = 56


@dataclass(frozen=True)
class Due:
    """An announcement that a commit promised: its papers, when (seconds since 1970), its title's digest.

    `run` tells the run that promised it, so that two that start at the same second do not take each other's commit,
    the same to the byte, for their own.
    """

    identifiers: frozenset[Identifier]
    since: int
    title: str
    run: str = ""


@dataclass(frozen=True)
class Memory:
    """The identifiers listed from the horizon on; those up to `floor` count as listed too.

    `owner` tells the repository that wrote it, so that a copy elsewhere is noticed. `cut` is how far
    the lists were cut for `max-bytes`, so that tomorrow's page is cut in the same place.
    """

    listed: frozenset[Identifier] = frozenset()
    highest: Identifier | None = None
    floor: Identifier | None = None
    due: tuple[Due, ...] = ()
    owner: str = ""
    cut: int = 0

    def is_news(self, paper: Identifier, highest: Identifier) -> bool:
        """Never listed, and not from before the horizon that `highest` draws."""
        known = paper in self.listed or (self.floor is not None and paper <= self.floor)
        return not known and paper.month >= horizon(highest)

    def with_listed(self, papers: Iterable[Identifier]) -> Memory:
        """This memory after a page that lists `papers`: what lies before the horizon is forgotten."""
        listed = self.listed | frozenset(papers)
        highest = max((*listed, *((self.highest,) if self.highest else ())), default=None)
        if highest is None:
            return self
        promised = frozenset(paper for due in self.due for paper in due.identifiers)
        kept = frozenset(paper for paper in listed if paper.month >= horizon(highest) or paper in promised)
        floor = self.floor if self.floor and self.floor.month >= horizon(highest) else None
        return Memory(kept, highest, floor, self.due, self.owner, self.cut)


def write(memory: Memory) -> str:
    """`VERSION CHECKSUM DATA`, the data in base64; under 16 KiB for any three months of identifiers."""
    head = {
        "highest": str(memory.highest or ""),
        "floor": str(memory.floor or ""),
        "owner": memory.owner,
        "cut": memory.cut,
        "due": [[due.since, due.title, due.run] for due in memory.due],
    }
    parts = [json.dumps(head, separators=(",", ":")).encode(), pack(memory.listed)]
    parts += [_pack_promise(due, memory.listed) for due in memory.due]
    plain = b"".join(map(_with_length, parts))
    data = b"".join(_with_length(_compress(part)) for part in parts)
    return f"{VERSION} {zlib.crc32(plain):08x} {b64encode(data).decode()}"


def read(text: str) -> Memory | None:
    """The memory that `write` wrote; None where the text is of another version, cut or changed."""
    try:
        version, checksum, data = text.split()
        parts = [zlib.decompress(part, wbits=-15) for part in _parts(b64decode(data, validate=True))]
        if version != VERSION or zlib.crc32(b"".join(map(_with_length, parts))) != int(checksum, 16):
            return None
        return _understand(parts)
    except (ValueError, zlib.error, LookupError, TypeError):
        return None


def _understand(parts: list[bytes]) -> Memory:
    head, listed = json.loads(parts[0]), unpack(parts[1])
    promises = zip(head["due"], parts[2:], strict=True)
    return Memory(
        listed=listed,
        highest=identifier(head["highest"]) if head["highest"] else None,
        floor=identifier(head["floor"]) if head["floor"] else None,
        owner=head["owner"],
        cut=head["cut"],
        due=tuple(Due(_unpack_promise(part, listed), *words) for words, part in promises),
    )


def _compress(part: bytes) -> bytes:
    # Huffman codes alone come within a percent of what thousands of irregular steps hold; runs want more.
    tries = (zlib.compressobj(9, zlib.DEFLATED, -15, 9, how) for how in (zlib.Z_HUFFMAN_ONLY, zlib.Z_DEFAULT_STRATEGY))
    return min((deflate.compress(part) + deflate.flush() for deflate in tries), key=len)


def _pack_promise(due: Due, listed: frozenset[Identifier]) -> bytes:
    places = [place for place, paper in enumerate(sorted(listed), 1) if paper in due.identifiers]
    return _pack_steps(places)


def _unpack_promise(part: bytes, listed: frozenset[Identifier]) -> frozenset[Identifier]:
    places, _ = _unpack_steps(part)
    papers = sorted(listed)
    return frozenset(papers[place - 1] for place in places)


def pack(identifiers: Iterable[Identifier]) -> bytes:
    """Identifiers as bytes: how many are in today's form, the steps between them, then the others as text."""
    numbers, texts = [], []
    for paper in identifiers:
        number = _number(paper)
        if number >= 0 and _from_number(number) == paper:
            numbers.append(number)
        else:
            texts.append(str(paper))
    return _pack_steps(sorted(numbers)) + "\n".join(sorted(texts)).encode()


def unpack(packed: bytes) -> frozenset[Identifier]:
    """The identifiers that `pack` packed. LookupError or ValueError where the bytes are not its."""
    numbers, at = _unpack_steps(packed)
    return frozenset((*map(_from_number, numbers), *map(identifier, packed[at:].decode().split())))


def _pack_steps(numbers: list[int]) -> bytes:
    steps = (number - before for before, number in zip([0, *numbers], numbers, strict=False))
    return b"".join(map(_varint, (len(numbers), *steps)))


def _unpack_steps(packed: bytes) -> tuple[list[int], int]:
    count, at = _read_varint(packed, 0)
    numbers, number = [], 0
    for _ in range(count):
        step, at = _read_varint(packed, at)
        number += step
        numbers.append(number)
    return numbers, at


def _number(paper: Identifier) -> int:
    return ((paper.month.year - 2000) * 12 + paper.month.month - 1) * 100_000 + paper.number


def _from_number(number: int) -> Identifier:
    months, number = divmod(number, 100_000)
    month = Month(2000 + months // 12, months % 12 + 1)
    # Five digits since January 2015: https://info.arxiv.org/help/arxiv_identifier.html
    digits = 5 if month >= (2015, 1) else 4
    return Identifier(month, number, "", f"{month.year % 100:02}{month.month:02}.{number:0{digits}}")


def _varint(number: int) -> bytes:
    low = []
    while number > 0x7F:
        low.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*low, number))


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        if shift > _LONGEST_SHIFT:
            raise ValueError("no number that was ever written")
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def _with_length(part: bytes) -> bytes:
    return _varint(len(part)) + part


def _parts(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length, at = _read_varint(data, at)
        yield data[at : at + length]
        at += length
