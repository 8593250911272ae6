"""arXiv's harvest (OAI-PMH), the door beside its search: what was announced since a day, page by page.

https://info.arxiv.org/help/oa/index.html. It comes whole, or as a named failure; who takes papers out of one that fails
in the middle throws them away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import requests

from digest.errors import ArxivUnavailable, QueryRefused
from digest.papers import Bounds
from digest.sources.faults import ArxivFault
from digest.sources.http import Timeouts
from digest.sources.oai_sets import sets
from digest.sources.rate_limit import span
from digest.sources.records import Page, read_page
from digest.sources.request import REFUSALS, bad_status
from digest.sources.source import Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from digest.papers import Identifier
    from digest.sources.http import Http
    from digest.sources.records import Harvested

# Small sets were seen to take 67 s in the hour after the announcement.
TIMEOUTS = Timeouts(silence=100.0, whole=150.0)
_LONGEST_WINDOW = timedelta(days=7)
_DAY = timedelta(days=1)
# Seven days of all arXiv are about 16 pages.
_MOST_PAGES = 100


def first_day(whole: date | None, today: date) -> date:
    """From which day to harvest for a list that was last whole on a day (None: never), both by UTC.

    That day itself is asked for again: the end of a batch was seen to be missing until the day after. Never today's, as
    an answer that there is nothing yet is kept for the whole day; seven days at most.
    """
    return max(min(whole or date.min, today - _DAY), today - _LONGEST_WINDOW)


@dataclass
class Harvest:
    """The harvest at `url`, through the search's own connection and pace. `say` is told in a line what is waited for.

    `cost` is what was spent so far, `newest` the last day of which there was a record, `left_out` how many old papers
    lacked something that a row needs.
    """

    url: str
    http: Http
    say: Callable[[str], None]
    cost: Cost = field(default=Cost(), init=False)
    newest: date | None = field(default=None, init=False)
    left_out: int = field(default=0, init=False)

    def papers(self, since: date, categories: Iterable[str] = ()) -> Iterator[Harvested]:
        """What was announced, revised or edited from a day on, in sets that hold the categories; all without any.

        A paper comes again where a later page has a higher version of it. ArxivUnavailable where the harvest is not
        whole, ArxivForbids where arXiv forbids to ask.
        """
        since = min(since, self.http.now().date() - _DAY)
        versions: dict[Identifier, int] = {}
        for name in sets(categories):
            for page in self._pages(since, name):
                self.left_out += page.left_out
                for record in page.records:
                    self.newest = max(self.newest or record.datestamp, record.datestamp)
                    if versions.get(record.paper.id, 0) < record.paper.version:
                        versions[record.paper.id] = record.paper.version
                        yield record

    def _pages(self, since: date, name: str) -> Iterator[Page]:
        asked = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": since.isoformat()}
        if name:
            asked["set"] = name
        tokens: set[str] = set()
        while True:
            page = self._page(asked, since)
            yield page
            if not page.token:
                return
            if page.token in tokens or len(tokens) >= _MOST_PAGES:
                raise ArxivUnavailable("arXiv sent a harvest without end")
            tokens.add(page.token)
            asked = {"verb": "ListRecords", "resumptionToken": page.token}

    def _page(self, asked: Mapping[str, str], since: date) -> Page:
        """The page, asked for once more where it fails."""
        try:
            return self._ask(asked, since)
        except ArxivFault as fault:
            self._wait_after(fault)
        try:
            return self._ask(asked, since)
        except ArxivFault as fault:
            self.http.close()
            raise ArxivUnavailable(str(fault)) from None

    def _wait_after(self, fault: ArxivFault) -> None:
        """ArxivUnavailable where the budget has no second try left."""
        self.http.close()
        rate_limit = self.http.rate_limit
        wait = rate_limit.fault(fault.retry_after)
        if wait is None:
            raise ArxivUnavailable(str(fault))
        self.say(f"{fault}: waiting {span(wait)}, {span(rate_limit.left())} left")
        rate_limit.wait(wait)

    def _ask(self, asked: Mapping[str, str], since: date) -> Page:
        rate_limit, sent = self.http.rate_limit, self.http.requests
        began = rate_limit.clock.monotonic()
        try:
            response = self.http.send(f"{self.url}?{urlencode(asked)}", timeouts=TIMEOUTS)
            if response.status_code in REFUSALS:
                raise QueryRefused(f"arXiv refuses the harvest: {response.status_code} {response.reason}".rstrip())
            if response.status_code != requests.codes.ok:
                raise bad_status(response)
            page = read_page(response.content, asked, since, Bounds(self.http.now()))
        finally:
            self.cost += Cost(self.http.requests - sent, rate_limit.clock.monotonic() - began)
        rate_limit.succeeded()
        return page
