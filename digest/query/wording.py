"""A term's text -> what a text must say: a phrase, words in any place, or one word with wildcards. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digest.query.record import Text

    Cut: TypeAlias = Callable[[str], Sequence[str | None]]

WILDCARD = re.compile(r"[*?]")


def unquoted(sent: str) -> tuple[str, bool]:
    return (sent[1:-1], True) if sent.startswith('"') else (sent, False)


def pattern(text: str) -> str:
    return re.escape(text).replace(r"\*", r"\S*").replace(r"\?", r"\S")


@dataclass(frozen=True)
class Wording:
    """What a text must say.

    line: which of its lines of words is read
    hints: letters without which the line need not be read
    runs: words in a row, with the blanks around them
    shape: the same where wildcards or the places of stop words stand in it
    """

    line: Callable[[Text], str]
    hints: tuple[str, ...]
    runs: tuple[str, ...] = ()
    shape: re.Pattern[str] | None = None

    def stands_in(self, text: Text) -> bool:
        if not all(hint in text.lower for hint in self.hints):
            return False
        line = self.line(text)
        return all(run in line for run in self.runs) and (self.shape is None or self.shape.search(line) is not None)


def wording(sent: str, cut: Cut, line: str, hint: Callable[[str], str] = str) -> Wording | None:
    """What a term asks of the texts that `cut` cut into the line of that name; None where it has no word.

    In quotes a phrase, without them all of the words in any place, or one word with wildcards. A stop word in a phrase
    stands for any one word, at its ends for none. `hint` tells what every word begins with that stands so in the line.
    """
    text, quoted = unquoted(sent)
    of = attrgetter(line)
    if not quoted and WILDCARD.search(text):
        text = text.lower()
        return Wording(of, (hint(WILDCARD.split(text)[0]),), shape=re.compile(f" {pattern(text)} "))
    found = cut(text)
    known = [word for word in found if word]
    if not known:
        return None
    hints = tuple(map(hint, known))
    if not quoted:
        return Wording(of, hints, tuple(f" {word} " for word in known))
    phrase = found[found.index(known[0]) : len(found) - found[::-1].index(known[-1])]
    if None not in phrase:
        return Wording(of, hints, (f" {' '.join(known)} ",))
    shape = " ".join(re.escape(word) if word else r"\S+" for word in phrase)
    return Wording(of, hints, shape=re.compile(f" {shape} "))
