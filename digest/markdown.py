"""Strangers' text -> text that is safe where it will stand: GitHub Markdown, plain titles and messages, a log.

What GitHub links and shows: https://github.github.com/gfm/ and its "Autolinked references and URLs".
"""

from __future__ import annotations

import re
from functools import partial
from unicodedata import category
from urllib.parse import unquote

from digest.tex import readable

_ZERO_WIDTH_SPACE = "\u200b"
_BREAK = "&#8203;"
_ISSUE_TITLE_UNITS = 256

_INVISIBLE = re.compile(
    # Controls that are no white space, soft hyphen, bidirectional and zero-width characters, annotations, tags,
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    # lone surrogates and noncharacters.
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
    + "]"
)
# Joiners shape Indic and Arabic letters and make emoji families; between anything else they only hide.
_JOINED = r"[^\x00-\x7f\u200c\u200d\s]"
_STRAY_JOINER = re.compile(rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")

# What links or notifies on GitHub though it is no Markdown.
_MENTION = r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9])"
_EMAIL = r"@(?=[\w-]*\.[\w.-]*[A-Za-z@])"
_ISSUE = r"\#(?=[0-9])|(?<![A-Za-z0-9])[Gg][Hh]-(?=[0-9])"
_COMMIT = r"(?<![A-Za-z0-9_])(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{7,40}(?![A-Za-z0-9_])"
_EMOJI = r":(?=(?:[0-9_+-]*[A-Za-z][\w+-]*|[+-]1|100|1234):(?!//))"
_URL = r"(?<![A-Za-z])(?:https?://|(?<![0-9./@-])www\.)(?:(?!,?https?://)[A-Za-z0-9._~:/?\#\[\]@!$&'()*+,;=%-])+"

# Most words have none of these, and the scan of `_SPECIAL` is thirty times slower. `www.` is looked for apart.
_SUSPICIOUS = re.compile(r"[\\`*~\[\]|<>&$@#_:0-9]")
_SPECIAL = re.compile(
    rf"""(?P<url>{_URL})
    |(?P<escape>[\\`*~\[\]|])
    |(?P<underscore>(?<![^\W_])_+|_+(?![^\W_]))
    |(?P<entity>[<>]|&(?=[\#A-Za-z0-9]+;))
    |(?P<dollar>\$)
    |(?P<scheme>(?:https?|ftp):(?=//))
    |(?P<www>www(?=\.))
    |(?P<mark>{_MENTION}|{_EMAIL}|{_ISSUE}|{_EMOJI})
    |(?P<commit>{_COMMIT})""",
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESSES = re.compile(_URL, re.VERBOSE | re.IGNORECASE)
_REFERRING = re.compile(rf"(?P<commit>{_COMMIT})|{_MENTION}|{_ISSUE}", re.VERBOSE | re.IGNORECASE)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}

_BLOCK_START = re.compile(r"(?:(?=\#{1,6}(?:\s|$)|[-+](?:\s|$)|=+\s*$|:?-[-\s]*:?$)|[0-9]{1,9}(?=[.)](?:\s|$)))")
_CLOSING_HASHES = re.compile(r"(?<!\S)#+$")

# In these GFM finds the same link that we do; any other address is written as a Markdown link.
_BARE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9/._~%=?#:,+@!&-]*)?", re.IGNORECASE)
_AFTER_BARE = re.compile(r"""[?!.,:'")]*(?:\s|$)""")
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*(?::[0-9]+)?(?=[/?#]|$)", re.IGNORECASE)
_LINKING = re.compile(r"^((?:https?://)?(?:www\.)?)", re.IGNORECASE)
_UNSAFE_IN_TARGET = re.compile(r"[^A-Za-z0-9/._~%=?#:,+@!;-]")
_GITHUB = re.compile(r"(?:https?://)?(?:[^/?#]*@)?(?:www\.)?github\.com(?::[0-9]*)?(?=/)", re.IGNORECASE)
# A link to one of these leaves a back-reference in somebody's repository.
_REFERENCES = {
    "issues",
    "pull",
    "pulls",
    "commit",
    "commits",
    "discussions",
    "compare",
    "projects",
    "security",
    "releases",
}


def clean(text: str) -> str:
    """One line of visible text: no line breaks, no controls, nothing invisible or reordering."""
    if not text.isprintable():
        text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def visible(text: str) -> str:
    """What a reader shall see of the text: clean, and TeX made readable."""
    return clean(readable(clean(text)))


def inline(text: str) -> str:
    """Inline Markdown that shows the text and nothing else; its addresses stay clickable."""
    return _escape(visible(text), linked=True)


def link_text(text: str) -> str:
    """Like `inline`, for a place in which no link may stand."""
    return _escape(visible(text), linked=False)


def heading(text: str) -> str:
    """Like `link_text`, for what follows the `#`s of a heading."""
    return _CLOSING_HASHES.sub(lambda hashes: r"\#" * len(hashes[0]), link_text(text))


def summary(text: str, characters: int) -> str:
    """The text's first characters as `link_text`; unlike there a blank at the end stays."""
    start = shorten(visible(text), characters)
    return _escape(start, linked=False)


def html_text(text: str) -> str:
    """For raw HTML, outside of Markdown."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def issue_title(text: str) -> str:
    """A plain title that notifies nobody and closes nothing, at most as long as GitHub takes."""
    title = _neutral(clean(text))
    if _units(title) <= _ISSUE_TITLE_UNITS:
        return title
    left, kept = _ISSUE_TITLE_UNITS - 1, []
    for cluster in _clusters(title):
        left -= _units(cluster)
        if left < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…"


def commit_message(text: str) -> str:
    """A message that notifies nobody and closes nothing; its lines stay."""
    lines = (_STRAY_JOINER.sub("", _INVISIBLE.sub("", line)).rstrip() for line in text.splitlines())
    return "\n".join(map(_neutral, lines)).strip("\n")


def log_line(text: str) -> str:
    """A line that the runner takes for no workflow command."""
    line = clean(text).replace("##[", f"#{_ZERO_WIDTH_SPACE}#[")
    return f":{_ZERO_WIDTH_SPACE}{line[1:]}" if line.startswith("::") else line


def shorten(text: str, characters: int) -> str:
    """The clean text's first characters as a reader counts them: no accent, emoji or flag is cut."""
    text = clean(text)
    if len(text) <= characters:
        return text
    if text.isascii():
        return text[:characters]
    return "".join(_clusters(text)[:characters])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _clusters(text: str) -> list[str]:
    """Characters as readers see them, by the rules of Unicode's annex 29 that matter in names and emoji."""
    clusters: list[str] = []
    for character in text:
        if clusters and _extends(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _extends(cluster: str, character: str) -> bool:
    if character in "\u200c\u200d" or cluster[-1] == "\u200d" or category(character)[0] == "M":
        return True
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\u1160" <= character <= "\u11ff"


def _neutral(text: str) -> str:
    """Plain text in which GitHub finds nobody's name and nothing of anybody's repository."""
    return _REFERRING.sub(_apart, _ADDRESSES.sub(_address_apart, text))


def _address_apart(found: re.Match[str]) -> str:
    return (
        re.sub(r"(?i)(?<=github)\.", f"{_ZERO_WIDTH_SPACE}.", found[0], count=1)
        if _is_reference(found[0])
        else found[0]
    )


def _apart(found: re.Match[str]) -> str:
    return _split_commit(found[0], _ZERO_WIDTH_SPACE) if found["commit"] else found[0] + _ZERO_WIDTH_SPACE


def _split_commit(commit: str, separator: str) -> str:
    """In pieces that are too short for a commit's id."""
    return separator.join(commit[start : start + 6] for start in range(0, len(commit), 6))


def _escape(text: str, *, linked: bool) -> str:
    begin = _BLOCK_START.match(text)
    if begin:
        end = begin.end()
        return f"{text[:end]}\\{text[end]}{_escape_words(text[end + 1 :], linked=linked)}"
    return _escape_words(text, linked=linked)


def _escape_words(text: str, *, linked: bool) -> str:
    escape = partial(_escape_match, linked=linked)
    if "www." in text:
        return _SPECIAL.sub(escape, text)
    out: list[str] = []
    done = 0
    for found in _SUSPICIOUS.finditer(text):
        if found.start() < done:
            continue
        # Nothing special goes over a blank, and a blank is to all of it what the text's ends are.
        start = text.rfind(" ", done, found.start()) + 1 or done
        end = text.find(" ", found.end())
        end = len(text) if end < 0 else end
        out += text[done:start], _SPECIAL.sub(escape, text[start:end])
        done = end
    return "".join(out) + text[done:]


def _escape_match(found: re.Match[str], *, linked: bool) -> str:
    kind, text = found.lastgroup, found[0]
    if kind == "url":
        return _url(found, linked=linked)
    if kind == "escape":
        return "\\" + text
    if kind == "underscore":
        return r"\_" * len(text)
    if kind == "entity":
        return _ENTITIES[text]
    if kind == "dollar":
        # GitHub's documented escape: it looks for math in the rendered text, where `\$` and `&#36;` are `$` again.
        return "<span>$</span>"
    if kind == "commit":
        return _split_commit(text, _BREAK)
    return text + _BREAK


def _url(found: re.Match[str], *, linked: bool) -> str:
    """The address as a link where that is safe, else broken up invisibly; what follows it stays outside."""
    text = found.string
    address = _trim(found[0])
    end = found.start() + len(address)
    target = f"http://{address}" if address[:3].lower() == "www" else address
    image = text[found.start() - 1 : found.start()] == "!"
    if not linked or image or not _ADDRESS.match(target) or _continues(text[end : end + 1]):
        return _broken(found[0])
    rest = _SPECIAL.sub(partial(_escape_match, linked=linked), found[0][len(address) :])
    if _is_reference(target):
        target = re.sub(r"(?i)//(?:www\.)?github\.com", "//redirect.github.com", target, count=1)
    elif target is address and _BARE.fullmatch(address) and _AFTER_BARE.match(text, end):
        return address + rest
    target = _UNSAFE_IN_TARGET.sub(lambda character: f"%{ord(character[0]):02X}", target.replace("&", "\0"))
    # GFM looks for no addresses between brackets.
    scheme = _LINKING.split(address, maxsplit=1)[1]
    shown = scheme + _SPECIAL.sub(partial(_escape_match, linked=False), address[len(scheme) :])
    return f"[{shown}]({target.replace('%00', '&amp;')}){rest}"


def _continues(following: str) -> bool:
    """An address with letters outside of ASCII goes on; Chinese and Japanese write on without a blank."""
    return following.isalnum() and following < "\u2e80"


def _trim(address: str) -> str:
    """Without the punctuation of the sentence in which the address stands."""
    unopened = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    end = len(address)
    while end and (address[end - 1] in "?!.,:;*_~'\"[" or unopened.get(address[end - 1], 0) > 0):
        if address[end - 1] in unopened:
            unopened[address[end - 1]] -= 1
        end -= 1
    # An entity is escaped as a whole.
    return (
        address[: end + 1]
        if address[end : end + 1] == ";" and "&" in address[max(end - 40, 0) : end]
        else address[:end]
    )


def _broken(address: str) -> str:
    """The address as text in which GitHub finds no link."""
    begin = 3 if address[:3].lower() == "www" else address.index(":") + 1
    shown = _SPECIAL.sub(partial(_escape_match, linked=False), address[begin:])
    # Where it was cut from the next address, an `@` may have lost what makes it one of an e-mail's.
    return address[:begin] + _BREAK + re.sub(f"@(?!{_BREAK})", f"@{_BREAK}", shown)


def _is_reference(address: str) -> bool:
    found = _GITHUB.match(address)
    if not found:
        return False
    # OWNER/REPOSITORY/issues or orgs/OWNER/discussions, with slashes as in `//` counted once.
    path = [part for part in re.split(r"[/?#]+", unquote(address[found.end() :]).lower()) if part]
    return len(path) > 2 and path[2] in _REFERENCES
