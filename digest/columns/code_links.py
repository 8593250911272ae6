"""A paper's comment and abstract -> the addresses of its code, its model and its page that it names itself.

Nobody is asked whether an address leads anywhere. Where a text may mean the work of others, or an address may be cut,
nothing is named: a wrong link is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.tex import readable
from digest.text.tex_tables import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 2

_ADDRESS = re.compile(
    r"(?<![\w.@-])(?:www\.)?(?P<host>github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|anonymous\.4open\.science"
    r"|huggingface\.co|hf\.co|[a-z0-9-]{1,63}\.github\.io)(?P<path>(?:/{1,2}[\w.~%+=-]+)*)",
    re.ASCII | re.IGNORECASE,
)
# Most texts hold none of these, and are not looked through any further.
_HINTS = ("git", "codeberg", "bitbucket", "4open", "hugging", "hf.")
# `https: // github. com/ OWNER/ NAME`, as lines are broken in a PDF; elsewhere a blank ends an address.
_BROKEN = re.compile(r"(?i)\bgithub(?: ?\. com ?/ ?([\w-]{1,39}) ?/ ?|\.com ?/ ([\w-]{1,39})/)(?=\w)")
# `NAME.The code`, `NAME.Warning: this`: the next sentence, glued to the name.
_GLUED_SENTENCE = re.compile(r"\.(?!Net\b)[A-Z][a-z]+$")
_GOES_ON = re.compile(r"[:,]? \w")

# What stands right before an address of somebody else's work, and before one of the paper's own: the last one counts.
_CUE = re.compile(
    r"(?i)\b(?:(?P<others>(?:built|builds?|building|based|rel(?:y|ies|ying)) (?:up)?on|on top of|using|uses"
    r"|extends?|extending|extension of|compared? (?:to|with|against)|such as|e\.g\.|inspired by|thanks? to|unlike"
    r"|(?:forked|adapted|taken|derived|collected|sampled|sourced|borrowed|modified|datasets?|data|images) from"
    r"|forks? of|(?:incorporated|integrated|merged) in(?:to)?)"
    r"|available|accessible|released?|releasing|found|code(?:base)?|published|project|page|website|here|see|open-?sourced?"
    r"|provided?|obtained|downloaded|accessed|public(?:ly)?|hosted|introduce)(?!\w)"
)
_CUE_REACH = 60
_SENTENCE_END = re.compile(r"(?<! al)[.!?;] (?=[A-Z])")

# The first part of github.com's own pages, which are nobody's repositories.
_GITHUB_PAGES = members("""
    about apps collections enterprise explore features login marketplace orgs search security settings site sponsors
    stars topics trending user-attachments users
""")
# Notices of somebody's repository, which a link to them would also disturb.
_NOTICES = frozenset(("commit", "commits", "compare", "discussions", "issues", "projects", "pull", "pulls", "security"))
_PLACEHOLDER = re.compile(r"(?i)x{2,}|anonymous|user(?:name)?|owner|repo(?:sitory)?|your[-_].*|\.+")
# Hugging Face's other kinds: a paper, a data set or a demonstration is no model.
_NO_MODELS = frozenset(("blog", "chat", "datasets", "docs", "learn", "models", "papers", "posts", "spaces", "tasks"))


@dataclass(frozen=True)
class CodeLink:
    """Where a paper says that something of its own is.

    kind: `Code` of a repository, `Model` at Hugging Face, or `Page` at github.io; the text of the link
    url: its address, with https, without TeX
    """

    kind: str
    url: str


def code_links(comment: str, abstract: str) -> tuple[CodeLink, ...]:
    """What the paper names in its comment, then in its abstract, in this order: two at most, each once."""
    links: dict[str, CodeLink] = {}
    for text in (comment, abstract):
        if not any(map(text.lower().__contains__, _HINTS)):
            continue
        for link in _named(" ".join(readable(text).split())):
            links.setdefault(_place(link), link)
            if len(links) == _MOST:
                return tuple(links.values())
    return tuple(links.values())


def _place(link: CodeLink) -> str:
    """What two addresses share that lead to the same place: GitHub ignores case, and a folder is in its repository."""
    return link.url.partition("/tree/")[0].lower()


def _named(text: str) -> Iterator[CodeLink]:
    text = _BROKEN.sub(lambda broken: f"github.com/{broken[1] or broken[2]}/", text)
    for found in _ADDRESS.finditer(text):
        if not _is_of_others(text[max(0, found.start() - _CUE_REACH) : found.start()]):
            link = _link(found["host"].lower(), _parts(found["path"], text[found.end() : found.end() + 3]))
            if link:
                yield link


def _is_of_others(before: str) -> bool:
    """Whether the sentence, up to an address, says last that it is about to name somebody else's work."""
    cues = [cue["others"] for cue in _CUE.finditer(_SENTENCE_END.split(before)[-1])]
    return bool(cues and cues[-1])


def _parts(path: str, following: str) -> list[str]:
    """The names in a path, without what is no part of them: full stops, `.git`, a sentence that goes on."""
    parts = [part for part in path.split("/") if part]
    if parts:
        last = parts[-1]
        if _GOES_ON.match(following):
            last = _GLUED_SENTENCE.sub("", last)
        if following.startswith("://"):
            last = re.sub(r"https?$", "", last)
        parts[-1] = last.rstrip(".,~%+=")
    return [part for part in parts if part]


def _link(host: str, parts: list[str]) -> CodeLink | None:
    if host.endswith(".github.io"):
        return CodeLink("Page", "/".join((f"https://{host}", *parts)))
    if host in ("huggingface.co", "hf.co"):
        return _model(parts)
    address = _REPOSITORIES[host](parts)
    return CodeLink("Code", f"https://{host}/{address}") if address else None


def _github(parts: list[str]) -> str:
    """OWNER/NAME, or the folder of it that is named; "" where it is no repository."""
    repository = _repository(parts)
    if not repository or parts[0].lower() in _GITHUB_PAGES or not _NOTICES.isdisjoint(map(str.lower, parts[2:3])):
        return ""
    if parts[2:3] == ["tree"] and len(parts) > 3 and parts[3:] not in (["main"], ["master"]):  # codespell:ignore master
        return "/".join((repository, *parts[2:]))
    return repository


def _repository(parts: list[str]) -> str:
    """OWNER/NAME; "" for an owner alone, for placeholders, and for a name that was cut at its hyphen."""
    if len(parts) < 2:
        return ""
    owner, name = parts[0], re.sub(r"(?i)\.git$", "", parts[1])
    if not re.fullmatch(r"[A-Za-z0-9-]+", owner) or not name or name.endswith("-"):
        return ""
    return "" if _PLACEHOLDER.fullmatch(owner) or _PLACEHOLDER.fullmatch(name) else f"{owner}/{name}"


def _project(parts: list[str]) -> str:
    """GROUP/…/NAME at GitLab, where groups hold groups and `/-/` begins what is in a repository."""
    parts = parts[: parts.index("-")] if "-" in parts else parts
    if parts[2:3] and parts[2] in ("tree", "blob", "issues", "merge_requests"):
        parts = parts[:2]
    return "/".join((_repository(parts), *parts[2:])) if _repository(parts) else ""


def _anonymous(parts: list[str]) -> str:
    return "/".join(parts[:2]) if len(parts) > 1 and parts[0].lower() in ("r", "repository", "anonymize") else ""


def _model(parts: list[str]) -> CodeLink | None:
    """OWNER/NAME, or a collection's; an owner alone is no model."""
    length = 3 if parts[:1] == ["collections"] else 2
    if len(parts) < length or parts[0].lower() in _NO_MODELS:
        return None
    return CodeLink("Model", "/".join(("https://huggingface.co", *parts[:length])))


_REPOSITORIES: dict[str, Callable[[list[str]], str]] = {
    "github.com": _github,
    "gitlab.com": _project,
    "codeberg.org": _repository,
    "bitbucket.org": _repository,
    "anonymous.4open.science": _anonymous,
}
