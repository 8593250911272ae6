"""Yes, no and cannot tell: what cannot be told of a part matters only where the other parts do not decide. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digest.query.record import Record

    Answer: TypeAlias = bool | None
    Matcher: TypeAlias = Callable[[Record], Answer]


def all_of(matchers: Sequence[Matcher]) -> Matcher:
    def answer(record: Record) -> Answer:
        told: Answer = True
        for matches in matchers:
            one = matches(record)
            if one is False:
                return False
            told = told and one
        return told

    return answer


def any_of(matchers: Sequence[Matcher]) -> Matcher:
    return negated(all_of([negated(matches) for matches in matchers]))


def negated(matches: Matcher) -> Matcher:
    def answer(record: Record) -> Answer:
        told = matches(record)
        return None if told is None else not told

    return answer


def never(_record: Record) -> Answer:
    return False


def cannot_tell(_record: Record) -> Answer:
    return None
