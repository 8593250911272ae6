"""How arXiv's API fails, each way seen by users: a fault makes a reply out of the page that was due.

`ArxivStandIn.fail` puts one in force, `stand_in.fail(status(429, retry_after="7"), times=2, when="Video Anomaly")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Literal

from sandbox.arxiv.feed import Page, error_feed

ATOM, HTML, TEXT = "application/atom+xml; charset=UTF-8", "text/html; charset=utf-8", "text/plain; charset=utf-8"


class Wire(Enum):
    """How a reply goes out."""

    WHOLE = "whole"
    HANG = "hang"
    RESET = "reset"
    TRICKLE = "trickle"


@dataclass(frozen=True, slots=True)
class Reply:
    """`length` is a Content-Length other than the body's, `pause` the seconds before every byte of a trickle."""

    status: int
    body: bytes = b""
    content_type: str = ATOM
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    wire: Wire = Wire.WHOLE
    pause: float = 0.0


Fault = Callable[[Page], Reply]
When = str | Callable[[Mapping[str, str]], bool] | None
Door = Literal["search", "harvest"]


@dataclass
class Rule:
    """A fault in force: for `times` requests (None: always) that `when` fits, the first `after` of them spared.

    `door` names the interface that fails; None: both do.
    """

    fault: Fault
    times: int | None = None
    when: When = None
    after: int = 0
    door: Door | None = None

    def takes(self, params: Mapping[str, str], door: Door) -> bool:
        """Whether this request is the fault's; counts it."""
        if self.door not in (None, door) or not self._fits(params) or self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def _fits(self, params: Mapping[str, str]) -> bool:
        if self.when is None:
            return True
        if isinstance(self.when, str):
            return any(
                self.when in params.get(name, "") for name in ("search_query", "id_list", "set", "resumptionToken")
            )
        return self.when(params)


def whole(page: Page) -> Reply:
    """No fault."""
    return Reply(200, page.feed())


def refusal(sentence: str, anchor: str = "") -> Reply:
    return Reply(400, error_feed(sentence, anchor))


def status(
    code: int,
    body: str | bytes = "",
    *,
    retry_after: str | int | None = None,
    headers: Mapping[str, str] | None = None,
    content_type: str = TEXT,
) -> Fault:
    waits = {} if retry_after is None else {"Retry-After": str(retry_after)}
    content = body.encode() if isinstance(body, str) else body
    return lambda _: Reply(code, content, content_type, waits | dict(headers or {}))


def throttled(retry_after: str | int | None = None) -> Fault:
    return status(429, "Rate exceeded.", retry_after=retry_after)


def rate_exceeded() -> Fault:
    """The throttle's words with status 200."""
    return status(200, "Rate exceeded.")


def forbidden() -> Fault:
    return status(403, "Access denied")


def redirect(url: str, code: int = 302) -> Fault:
    return status(code, headers={"Location": url})


def html(code: int = 200) -> Fault:
    page = "<!DOCTYPE html>\n<html><head><title>arXiv is down</title></head><body><h1>Sorry</h1><br></body></html>\n"
    return status(code, page, content_type=HTML)


def error(code: int = 200, sentence: str = "Unexpected error", anchor: str = "") -> Fault:
    """The feed that tells an error."""
    return lambda _: Reply(code, error_feed(sentence, anchor))


def hang() -> Fault:
    """Takes the request and never answers, until the stand-in closes."""
    return lambda _: Reply(200, wire=Wire.HANG)


def reset() -> Fault:
    return lambda _: Reply(200, wire=Wire.RESET)


def trickle(pause: float = 0.5) -> Fault:
    """The true feed, a byte every `pause` seconds."""
    return lambda page: replace(whole(page), wire=Wire.TRICKLE, pause=pause)


def empty() -> Fault:
    """A sound feed that found nothing, for whatever query."""
    return lambda page: Reply(200, page.feed(entries=(), total=0))


def no_entries(total: int | None = None) -> Fault:
    """The true total, or another one, and not a single entry."""
    return lambda page: Reply(200, page.feed(entries=(), total=total))


def fewer(missing: int = 1) -> Fault:
    """The true total, with the page's last entries missing."""
    return lambda page: Reply(200, page.feed(entries=page.entries[: max(len(page.entries) - missing, 0)]))


def cut(at: float | str = 0.5, *, length: Literal["right", "wrong"] = "right") -> Fault:
    """The feed's beginning: a share of its bytes, a number of bytes, or all before a text's last occurrence.

    The Content-Length fits what is sent, or promises the whole feed.
    """

    def reply(page: Page) -> Reply:
        feed = page.feed()
        place = feed.rindex(at.encode()) if isinstance(at, str) else at
        end = place if isinstance(place, int) else int(len(feed) * place)
        return Reply(200, feed[:end], length=len(feed) if length == "wrong" else None)

    return reply


def without(element: str, *, entries: int | None = None) -> Fault:
    """Entries or records (the first ones, or all) without an element: `updated`, `id`, `title`, `version`, `date`..."""

    def reply(page: Page) -> Reply:
        head, *rest = re.split("(?=<entry>|<record>)", page.feed().decode())
        changed = len(rest) if entries is None else entries
        gone = re.compile(rf"\s*<{element}(?: [^>]*)?>.*?</{element}>", re.DOTALL)
        return Reply(200, "".join([head, *(gone.sub("", text) for text in rest[:changed]), *rest[changed:]]).encode())

    return reply


def without_dates(*, entries: int | None = None) -> Fault:
    return without("updated", entries=entries)


def without_ids(*, entries: int | None = None) -> Fault:
    return without("id", entries=entries)


def out_of_order() -> Fault:
    """The page's own entries, the other way round."""
    return lambda page: Reply(200, page.feed(entries=page.entries[::-1]))


def sort_ignored() -> Fault:
    """The oldest papers first, whatever was asked, as for two days in November 2025."""
    return lambda page: whole(page.but(sorted(page.found, key=lambda entry: entry.updated)))


def old(missing: int = 5) -> Fault:
    """A feed of some days ago: the papers updated last are missing."""

    def reply(page: Page) -> Reply:
        newest = sorted(page.found, key=lambda entry: entry.updated, reverse=True)[:missing]
        return whole(page.but([entry for entry in page.found if entry not in newest]))

    return reply
