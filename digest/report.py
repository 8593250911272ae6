"""What a run tells at its end, however it ends: annotations, the log, the job summary and the outputs."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING

from digest import actions
from digest.deadline import TooLong, deadline
from digest.page.issue_body import with_pull_request
from digest.query.echo import misread
from digest.query.tree import searched_phrase, to_arxiv
from digest.sources.calendar import next_announcement
from digest.sources.source import Additions, Answer
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digest.config import Keyword
    from digest.listing import Listing, Question
    from digest.outcome import Outcome

# A file that says the same few things in a hundred thousand lines can be compared for hours: then all of it is shown.
_DIFF_SECONDS = 10.0
_SUMMARY_HEAD = (
    "| Keyword | Listed | New | Older, came in | Seconds | Requests |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


def tell(outcome: Outcome) -> None:
    """Annotations, the log, the job summary and the outputs, as far as the run came."""
    notices = [*_keyword_notices(outcome), *_harvest_notices(outcome), *outcome.change.notices]
    warnings = [*outcome.config.warnings, *_keyword_warnings(outcome), *outcome.change.warnings]
    for text in notices:
        actions.notice(text)
    for text in warnings:
        actions.warning(text)
    diff = _diff(outcome) if outcome.config.dry_run and outcome.is_decided and not outcome.error else ""
    if diff:
        actions.group("The change, not written (dry-run)", diff.split("\n"))
    done = list(_done(outcome))
    for line in (*_lists(outcome), *done):
        actions.say(line)
    remarks = [*([outcome.error] if outcome.error else []), *warnings, *notices]
    actions.summary(outcome.config.runner.summary, _summary(outcome, done, remarks), diff)
    actions.outputs(outcome.config.runner.output, outputs(outcome))


def outputs(outcome: Outcome) -> Mapping[str, str]:
    """Every output, as far as it is known."""
    # What it needs would delay the first request, and it is made last.
    from digest.export.papers_json import new_papers_json  # noqa: PLC0415

    today, pull = outcome.change.edition, outcome.proposed.pull
    return actions.NOTHING_DONE | {
        "changed": str(outcome.changed).lower(),
        "papers": str(today.count),
        "new-papers": str(len(today.new_papers)),
        "new-papers-json": new_papers_json(today),
        "news-markdown": outcome.change.news and with_pull_request(outcome.change.news, pull),
        "failed-keywords": "\n".join(question.keyword.heading for question in outcome.failures),
        "harvested-keywords": "\n".join(question.keyword.heading for question in outcome.additions),
        "files-changed": "\n".join(outcome.files_changed),
        "commit-sha": outcome.commit,
        "issue-url": outcome.issue,
        "comment-url": outcome.comment,
        "pull-request-url": pull.url if pull else "",
        "pull-request-number": str(pull.number) if pull else "",
        "pull-request-operation": outcome.proposed.operation,
    }


def _keyword_notices(outcome: Outcome) -> Iterator[str]:
    for question, answer in outcome.answers.items():
        keyword = question.keyword
        if isinstance(answer, Answer) and not answer.total:
            as_phrase = ", searched as a phrase in title or abstract" if searched_phrase(keyword.query) else ""
            yield f"keywords, line {keyword.line}: arXiv has no paper for {keyword.heading}{as_phrase}"
        if isinstance(answer, Answer) and (reading := misread(answer.echo, to_arxiv(question.search.query))):
            yield f"keywords, line {keyword.line}: arXiv reads this query as {reading}"


def _harvest_notices(outcome: Outcome) -> Iterator[str]:
    """One a reason."""
    harvested: dict[str, list[Question]] = {}
    for question, answer in outcome.additions.items():
        harvested.setdefault(answer.failure.reason, []).append(question)
    for reason, asked in harvested.items():
        answers = [outcome.additions[question] for question in asked]
        added = sum(len(answer.papers) for answer in answers)
        since = min(answer.since for answer in answers)
        complete = all(answer.complete for answer in answers)
        gap = "" if complete else "; what was announced before that day may be missing"
        yield (
            f"{_named([question.keyword for question in asked])}: {reason}, so arXiv's harvest was matched here: "
            f"{added} paper{'s' * (added != 1)} announced since {since}{gap}. The next search replaces the list"
        )
    # It was one harvest for all of them.
    if left_out := max((answer.left_out for answer in outcome.additions.values()), default=0):
        yield f"arXiv's harvest: records of older papers that could not be read and were left out: {left_out}"


def _named(keywords: Sequence[Keyword]) -> str:
    """Their lines in the input, and their headings."""
    lines = ", ".join(str(keyword.line) for keyword in keywords)
    return f"keywords, line{'s' * (len(keywords) > 1)} {lines}: {', '.join(keyword.heading for keyword in keywords)}"


def _keyword_warnings(outcome: Outcome) -> Iterator[str]:
    """One a reason: GitHub shows only ten of a step's warnings."""
    failed: dict[str, list[Keyword]] = {}
    for question, failure in outcome.failures.items():
        failed.setdefault(failure.reason, []).append(question.keyword)
    for reason, keywords in failed.items():
        yield f"{_named(keywords)} {'keep their' if len(keywords) > 1 else 'keeps its'} rows: {reason}"


def _lists(outcome: Outcome) -> Iterator[str]:
    today = outcome.change.edition
    for listing in today.listings:
        how = ", its rows were kept" if listing.failure else ""
        if isinstance(listing.answer, Additions):
            how = ", by the harvest"
        yield f"{listing.keyword.heading}: {listing.count} listed, {len(today.new_in(listing))} new{how}"


def _done(outcome: Outcome) -> Iterator[str]:
    """What was done, in sentences of our own."""
    config, today = outcome.config, outcome.change.edition
    if outcome.commit:
        yield f"Committed {', '.join(outcome.files_changed)} to {config.places.target} ({outcome.commit[:7]})"
    elif outcome.is_decided and not outcome.change.files:
        yield f"{config.readme} is up to date: nothing to write"
    if outcome.proposed.pull and outcome.proposed.operation != "none":
        yield f"Pull request {outcome.proposed.operation}: {outcome.proposed.pull.url}"
    if outcome.issue:
        yield f"Announced in {outcome.comment or outcome.issue}"
    if config.dry_run and outcome.is_decided:
        no = None if outcome.change.announcement else "no"
        would = f"add {no or 'a'} comment" if config.notify == "comment" else f"open {no or 'an'} issue"
        where = f"{config.places.target}, for a pull request," if config.pull_request else config.places.target
        commit = f"commit {', '.join(outcome.files_changed)} to {where} and " if outcome.changed else ""
        yield f"This was a dry run: nothing was written. A real one would {commit}{would}"
    if outcome.is_decided and not today.new_papers:
        yield f"No new papers. arXiv announces next on {next_announcement(datetime.now(UTC)):%A %Y-%m-%d at %H:%M} UTC"


def _summary(outcome: Outcome, done: Iterable[str], remarks: Iterable[str]) -> str:
    """A table with a row a keyword, then what was `done`, in words of our own, and remarks, which quote others."""
    today = outcome.change.edition
    rows = [
        (
            markdown.inline(listing.keyword.heading),
            _count(listing),
            len(today.new_in(listing)),
            today.older_in(listing),
            f"{listing.answer.cost.seconds:.1f}",
            listing.answer.cost.requests,
        )
        for listing in today.listings
    ]
    table = [*_SUMMARY_HEAD, *(f"| {' | '.join(map(str, row))} |" for row in rows)] if rows else []
    sentences = [*done, *map(markdown.inline, remarks)]
    return "\n".join(["## Daily Papers", "", *table, "", *(f"- {sentence}" for sentence in sentences), ""])


def _count(listing: Listing) -> str:
    """How many papers it lists, and why they are not the search's."""
    if listing.failure:
        return f"{listing.count} kept: {markdown.inline(listing.failure.reason)}"
    if isinstance(listing.answer, Additions):
        return f"{listing.count} by the harvest: {markdown.inline(listing.answer.failure.reason)}"
    return str(listing.count)


def _diff(outcome: Outcome) -> str:
    name = outcome.config.readme
    before, after = outcome.before.split("\n"), outcome.change.text.split("\n")
    try:
        with deadline(_DIFF_SECONDS):
            return "\n".join(unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))
    except TooLong:
        removed, added = (f"-{line}" for line in before), (f"+{line}" for line in after)
        return "\n".join((f"--- a/{name}", f"+++ b/{name}", *removed, *added))
