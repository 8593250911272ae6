"""Inputs and the runner's variables -> one Config, every fault at once. The only reader of the environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from digest import converters
from digest.config import COLUMNS, DEFAULTS, TEMPLATES, Config, Keyword, Runner
from digest.errors import BadInputs, Fault
from digest.query import taxonomy
from digest.query.advice import advice, advice_on_excluded, closed
from digest.query.parser import read_line
from digest.query.tree import QueryError, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_Value = TypeVar("_Value")
_MOST_DOUBTS = 10
_JOINED = "if `keywords: >` has joined several lines, write a vertical bar in place of `>`"
# https://info.arxiv.org/help/api/tou.html: one request every three seconds.
_ARXIV_INTERVAL = 3.0


def parse(environ: Mapping[str, str]) -> Config:
    """The run's Config. BadInputs with every fault at once."""
    inputs = _Inputs(environ)
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
        columns=_columns(inputs),
        template=inputs.one("template", _template),
        heading_level=inputs.one("heading-level", converters.whole(1, 6)),
        timezone=inputs.one("timezone", converters.zone),
        branch=_branch(inputs),
        commit_message=_jinja2_text(inputs, "commit-message"),
        notify=inputs.one("notify", converters.one_of("issue", "none")),
        notify_limit=inputs.one("notify-limit", converters.whole(0)),
        issue_title=_jinja2_text(inputs, "issue-title"),
        issue_labels=inputs.each("issue-labels", converters.label),
        dry_run=inputs.one("dry-run", converters.truth),
        token=inputs.text("token"),
        arxiv_api_url=inputs.one("arxiv-api-url", converters.address),
        arxiv_interval=inputs.one("arxiv-interval", converters.amount),
        retry_minutes=inputs.one("retry-minutes", converters.amount),
        runner=_runner(inputs),
        warnings=inputs.warnings(),
    )
    _check_together(config, inputs)
    if inputs.faults:
        raise BadInputs(tuple(inputs.faults), config.runner.output)
    return config


class _Inputs:
    """The environment as inputs; the faults found in them so far, and what is sound and probably meant otherwise."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[Fault] = []
        self.doubts: list[Fault] = []

    def raw(self, name: str) -> str:
        # The runner replaces spaces only, so the hyphens stay.
        return converters.visible(self.environ.get(f"INPUT_{name.upper()}", ""))

    def text(self, name: str) -> str:
        return self.raw(name).strip() or DEFAULTS[name]

    def one(self, name: str, read: Callable[[str], _Value]) -> _Value:
        """The input's value; its default's where it is wrong, so that reading goes on to the next fault."""
        text = self.text(name)
        try:
            return read(text)
        except ValueError as error:
            self.fault(name, str(error))
            return read(DEFAULTS[name])

    def each(self, name: str, read: Callable[[str], str]) -> tuple[str, ...]:
        """The values between commas and line ends, each once."""
        text = self.raw(name) if self.raw(name).strip() else DEFAULTS[name]
        values: dict[str, None] = {}
        for line, item in converters.items(text):
            try:
                values[read(item)] = None
            except ValueError as error:
                self.fault(name, str(error), line if len(converters.lines(text.strip())) > 1 else None)
        return tuple(values)

    def fault(self, name: str, message: str, line: int | None = None) -> None:
        self.faults.append(Fault(name, message, line))

    def doubt(self, name: str, message: str, line: int | None = None) -> None:
        self.doubts.append(Fault(name, message, line))

    def warnings(self) -> tuple[str, ...]:
        """One an input, since GitHub shows ten of a step's warnings, and 4,096 characters of each."""
        told = []
        for name in dict.fromkeys(doubt.input for doubt in self.doubts):
            sentences = [str(doubt) for doubt in self.doubts if doubt.input == name]
            if len(sentences) > _MOST_DOUBTS:
                sentences[_MOST_DOUBTS:] = [f"and {len(sentences) - _MOST_DOUBTS} more such lines"]
            told.append("\n".join(sentences))
        return tuple(told)


def _keywords(inputs: _Inputs) -> tuple[Keyword, ...]:
    """Each line's heading and query, but blank lines and comments; lines are counted as the input stands."""
    keywords: dict[str, Keyword] = {}
    wrong = len(inputs.faults)
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
    if not keywords and len(inputs.faults) == wrong:
        comment = f"; all of the input is a comment ({_JOINED})" if inputs.text("keywords") else ""
        inputs.fault("keywords", f"name at least one keyword, one a line{comment}")
    return tuple(keywords.values())


def _entries(inputs: _Inputs) -> Iterator[tuple[int, str]]:
    """The lines that hold a keyword, with their numbers, from 1."""
    for number, line in enumerate(converters.lines(inputs.raw("keywords")), start=1):
        text = converters.entry(line)
        if text and not text.startswith("#"):
            yield number, text


def _categories(inputs: _Inputs) -> tuple[str, ...]:
    categories = inputs.each("categories", converters.category)
    for category in categories:
        if since := taxonomy.successor(category):
            inputs.doubt("categories", closed(category, since))
    return categories


def _exclude(inputs: _Inputs) -> tuple[str, ...]:
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


def _columns(inputs: _Inputs) -> tuple[str, ...]:
    wrong = len(inputs.faults)
    columns = inputs.each("columns", converters.one_of(*COLUMNS))
    named = [name for _, name in converters.items(inputs.text("columns"))]
    for name in columns:
        if named.count(name) > 1:
            inputs.fault("columns", f"{name!r} is named twice")
    if not columns and len(inputs.faults) == wrong:
        inputs.fault("columns", f"name at least one of {', '.join(COLUMNS)}")
    return columns


def _template(text: str) -> str:
    return text if text in TEMPLATES else converters.path_in_repository(text)


def _jinja2_text(inputs: _Inputs, name: str) -> str:
    # The defaults are sound, and most runs can do without the import of Jinja2.
    default = inputs.text(name) == DEFAULTS[name]
    return DEFAULTS[name] if default else inputs.one(name, converters.jinja2_text)


def _branch(inputs: _Inputs) -> str:
    """The input, or the branch that the run belongs to; never a pull request's, which may be a fork's."""
    if branch := inputs.text("branch").removeprefix("refs/heads/"):
        return branch
    ref = inputs.environ.get("GITHUB_REF", "")
    name = inputs.environ.get("GITHUB_REF_NAME", "")
    if ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    if not ref and name and inputs.environ.get("GITHUB_REF_TYPE", "branch") == "branch":
        return name
    inputs.fault("branch", f"the run belongs to {ref or name or 'nothing'}, not to a branch; set `branch`, like `main`")
    return ""


def _runner(inputs: _Inputs) -> Runner:
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


def _check_together(config: Config, inputs: _Inputs) -> None:
    """What is wrong only beside another input; nothing is, where that one is wrong itself and has its default here."""
    wrong = {fault.input for fault in inputs.faults}
    host = (urlsplit(config.arxiv_api_url).hostname or "").rstrip(".")
    of_arxiv = f".{host}".endswith(".arxiv.org") and "arxiv-api-url" not in wrong
    if config.arxiv_interval < _ARXIV_INTERVAL and of_arxiv:
        message = f"arXiv's terms ask for {_ARXIV_INTERVAL:g} seconds or more; less is for an arxiv-api-url elsewhere"
        inputs.fault("arxiv-interval", message)
    if not config.token and not config.dry_run and "dry-run" not in wrong:
        inputs.fault("token", "it is needed for writing; `dry-run: true` does without")
