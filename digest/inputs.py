"""Inputs and the runner's variables -> one Config, every fault at once. The only reader of the environment."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest import converters
from digest.config import COLUMNS, DEFAULTS, LINKS, TEMPLATES, Config, Keyword, Runner
from digest.errors import BadInputs
from digest.export.clashes import clashes
from digest.export.file_names import places
from digest.export.mark import ARCHIVE_FORMS, form_of
from digest.query import taxonomy
from digest.query.advice import advice, advice_on_excluded, closed
from digest.query.parser import read_line
from digest.query.tree import QueryError, phrase
from digest.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_JOINED = "if `keywords: >` has joined several lines, write a vertical bar in place of `>`"
# https://info.arxiv.org/help/api/tou.html: one request every three seconds.
_ARXIV_INTERVAL = 3.0
# Each takes forty characters at most of the 65,536 that an announcement may have.
_MOST_MENTIONS = 100


def parse(environ: Mapping[str, str]) -> Config:
    """The run's Config. BadInputs with every fault at once."""
    inputs = Reader(environ)
    config = Config(
        keywords=_keywords(inputs),
        categories=_categories(inputs),
        exclude=_exclude(inputs),
        max_results=inputs.one("max-results", converters.whole(1, 2000)),
        sort_by=inputs.one("sort-by", converters.one_of("updated", "submitted")),
        deduplicate=inputs.one("deduplicate", converters.truth),
        readme=inputs.one("readme", converters.path_in_repository),
        max_bytes=inputs.one("max-bytes", converters.whole(0)),
        section=inputs.one("section", converters.section_name),
        columns=_each_once(inputs, "columns", COLUMNS),
        links=_each_once(inputs, "links", LINKS),
        contents=inputs.one("contents", converters.truth),
        files=_files(inputs),
        pull_request=inputs.one("pull-request", converters.truth),
        pull_request_branch=inputs.one("pull-request-branch", converters.branch),
        template=inputs.one("template", _template),
        heading_level=inputs.one("heading-level", converters.whole(1, 6)),
        timezone=inputs.one("timezone", converters.zone),
        branch=_branch(inputs),
        commit_message=_jinja2_text(inputs, "commit-message"),
        notify=inputs.one("notify", converters.one_of("issue", "comment", "none")),
        notify_limit=inputs.one("notify-limit", converters.whole(0)),
        issue_title=_jinja2_text(inputs, "issue-title"),
        issue_labels=inputs.each("issue-labels", converters.label),
        issue_assignees=inputs.each("issue-assignees", converters.login),
        issue_mentions=_mentions(inputs),
        close_previous=_close_previous(inputs),
        dry_run=inputs.one("dry-run", converters.truth),
        token=inputs.text("token"),
        arxiv_api_url=inputs.one("arxiv-api-url", converters.address),
        arxiv_oai_url=inputs.one("arxiv-oai-url", converters.address_or_none),
        arxiv_interval=inputs.one("arxiv-interval", converters.amount),
        retry_minutes=inputs.one("retry-minutes", converters.amount),
        runner=_runner(inputs),
        warnings=inputs.warnings(),
    )
    config = _within_arxivs_terms(config, inputs)
    _check_token(config, inputs)
    _check_files(config, inputs)
    _check_pull_request(config, inputs)
    if inputs.faults:
        raise BadInputs(tuple(inputs.faults), config.runner.output)
    return config


def _keywords(inputs: Reader) -> tuple[Keyword, ...]:
    """Each line's heading and query, but blank lines and comments; lines are counted as the input stands."""
    keywords: dict[str, Keyword] = {}
    written = list(_entries(inputs))
    for number, line in written:
        try:
            heading, query = read_line(line)
        except QueryError as error:
            joined = f" ({_JOINED})" if len(written) == 1 and line.count(": ") > 1 else ""
            inputs.fault("keywords", f"{error.message}{joined}\n{error.place}", number)
            continue
        if heading in keywords:
            first = keywords[heading].line
            message = f"the heading {heading!r} stands in line {first} already; rename one, or join them by OR"
            inputs.fault("keywords", message, number)
            continue
        keywords[heading] = Keyword(number, heading, query)
        if doubt := advice(line, query, alone=len(written) == 1):
            inputs.doubt("keywords", doubt, number)
    if not keywords and not inputs.wrong("keywords"):
        comment = f"; all of the input is a comment ({_JOINED})" if inputs.text("keywords") else ""
        inputs.fault("keywords", f"name at least one keyword, one a line{comment}")
    return tuple(keywords.values())


def _entries(inputs: Reader) -> Iterator[tuple[int, str]]:
    """The lines that hold a keyword, with their numbers, from 1."""
    for number, line in enumerate(converters.lines(inputs.raw("keywords")), start=1):
        text = converters.entry(line)
        if text and not text.startswith("#"):
            yield number, text


def _categories(inputs: Reader) -> tuple[str, ...]:
    categories = inputs.each("categories", converters.category)
    for category in categories:
        if since := taxonomy.successor(category):
            inputs.doubt("categories", closed(category, since))
    return categories


def _exclude(inputs: Reader) -> tuple[str, ...]:
    phrases = inputs.each("exclude", _excluded)
    for text in phrases:
        if message := advice_on_excluded(text):
            inputs.doubt("exclude", message)
    return phrases


def _excluded(text: str) -> str:
    """A word or phrase that arXiv can be asked for; quotes around it say nothing more."""
    if len(text) > 2 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    try:
        phrase(text)
    except QueryError as error:
        raise ValueError(error.shown) from None
    return text


def _mentions(inputs: Reader) -> tuple[str, ...]:
    logins = inputs.each("issue-mentions", converters.login)
    if len(logins) > _MOST_MENTIONS:
        message = f"{len(logins)} logins leave too little room for papers; name {_MOST_MENTIONS} at most"
        inputs.fault("issue-mentions", message)
    return logins


def _each_once(inputs: Reader, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Some of the known names, in the order given."""
    chosen = inputs.each(name, converters.one_of(*known))
    named = [one for _, one in converters.items(inputs.text(name))]
    for one in chosen:
        if named.count(one) > 1:
            inputs.fault(name, f"{one!r} is named twice")
    if not chosen and not inputs.wrong(name):
        inputs.fault(name, f"name at least one of {', '.join(known)}")
    return chosen


def _files(inputs: Reader) -> tuple[str, ...]:
    """The paths, each shaped as its form asks; that none is another's is checked with the headings."""
    named = [name for _, name in converters.items(inputs.text("files"))]
    for name in dict.fromkeys(name for name in named if named.count(name) > 1):
        inputs.fault("files", f"{name!r} is named twice")
    return inputs.each("files", _file_pattern)


def _file_pattern(text: str) -> str:
    form, named = form_of(text), places(text)
    if not form:
        raise ValueError(f"{text!r} has no form: a path ends in .json, .csv, .bib, .xml, .md or .html")
    for place in sorted(named - {"heading", "year", "month"}):
        known = "{{ heading }}, {{ year }} and {{ month }}"
        raise ValueError(f"{text!r}: a path knows {known}, not {{{{ {place} }}}}")
    if "month" in named and "year" not in named:
        raise ValueError(f"{text!r}: write {{{{ year }}}} beside {{{{ month }}}}, which is one of every year")
    if "year" in named and form not in ARCHIVE_FORMS:
        raise ValueError(
            f"{text!r}: an archive by {{{{ year }}}} ends in .json, .csv, .bib or .md, since it only grows"
        )
    return converters.path_in_repository(text)


def _check_files(config: Config, inputs: Reader) -> None:
    if config.files:
        headings = [keyword.heading for keyword in config.keywords] or ["-"]
        for sentence in clashes(config.readme, config.files, headings):
            inputs.fault("files", sentence)


def _check_pull_request(config: Config, inputs: Reader) -> None:
    name, target, base = "pull-request-branch", config.places.target, config.places.base
    if not config.pull_request or inputs.wrong(name) or inputs.wrong("branch"):
        return
    if target == base:
        inputs.fault(name, f"{base!r} is `branch` itself; a pull request needs another one")
    elif target.startswith(f"{base}/") or base.startswith(f"{target}/"):
        inputs.fault(name, f"git keeps no branch {target!r} beside {base!r}: the one's name is a folder of the other's")


def _template(text: str) -> str:
    return text if text in TEMPLATES else converters.path_in_repository(text)


def _jinja2_text(inputs: Reader, name: str) -> str:
    # The defaults are sound, and most runs can do without the import of Jinja2.
    default = inputs.text(name) == DEFAULTS[name]
    return DEFAULTS[name] if default else inputs.one(name, converters.jinja2_text)


def _close_previous(inputs: Reader) -> bool:
    wanted = inputs.one("close-previous", converters.truth)
    notify = inputs.text("notify")
    if wanted and notify in ("comment", "none"):
        inputs.doubt("close-previous", f"with `notify: {notify}` no issue is opened, so none is closed")
    return wanted


def _branch(inputs: Reader) -> str:
    """The input, or the branch that the run belongs to; never a pull request's, which may be a fork's."""
    if text := inputs.text("branch"):
        try:
            return converters.branch(text)
        except ValueError as error:
            inputs.fault("branch", str(error))
            return ""
    ref = inputs.environ.get("GITHUB_REF", "")
    name = inputs.environ.get("GITHUB_REF_NAME", "")
    if ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    if not ref and name and inputs.environ.get("GITHUB_REF_TYPE", "branch") == "branch":
        return name
    inputs.fault("branch", f"the run belongs to {ref or name or 'nothing'}, not to a branch; set `branch`, like `main`")
    return ""


def _runner(inputs: Reader) -> Runner:
    environ = inputs.environ
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not re.fullmatch(r"[^/\s]+/[^/\s]+", repository):
        inputs.fault("GITHUB_REPOSITORY", f"{repository!r} is not OWNER/NAME; the runner of a workflow sets it")
    return Runner(
        repository=repository,
        repository_id=environ.get("GITHUB_REPOSITORY_ID", ""),
        api_url=environ.get("GITHUB_API_URL", "").rstrip("/") or Runner.api_url,
        server_url=environ.get("GITHUB_SERVER_URL", "").rstrip("/") or Runner.server_url,
        output=_file(environ, "GITHUB_OUTPUT"),
        summary=_file(environ, "GITHUB_STEP_SUMMARY"),
    )


def _file(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _within_arxivs_terms(config: Config, inputs: Reader) -> Config:
    """Nothing of arXiv's own is asked faster than its terms allow; addresses elsewhere may be, as tests and mirrors do.

    The runner gives every default, so the default of `arxiv-oai-url` is nobody's wish: with a short interval, which is
    for another `arxiv-api-url`, the harvest is not asked. An address that is wrong itself has its default here.
    """
    if config.arxiv_interval >= _ARXIV_INTERVAL:
        return config
    if config.arxiv_oai_url == DEFAULTS["arxiv-oai-url"]:
        config = replace(config, arxiv_oai_url=None)
    for name, address in (("arxiv-api-url", config.arxiv_api_url), ("arxiv-oai-url", config.arxiv_oai_url)):
        if address and _is_arxivs(address) and not inputs.wrong(name):
            least = f"{_ARXIV_INTERVAL:g} seconds or more"
            inputs.fault("arxiv-interval", f"arXiv's terms ask for {least}; less is for an {name} elsewhere")
            break
    return config


def _is_arxivs(address: str) -> bool:
    host = (urlsplit(address).hostname or "").rstrip(".")
    return f".{host}".endswith(".arxiv.org")


def _check_token(config: Config, inputs: Reader) -> None:
    """A token is needed for writing; not told where `dry-run` is wrong itself."""
    if not config.token and not config.dry_run and not inputs.wrong("dry-run"):
        inputs.fault("token", "it is needed for writing; `dry-run: true` does without")
