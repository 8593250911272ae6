"""Strangers' text -> GitHub Markdown that shows it and nothing else: https://github.github.com/gfm/"""

from __future__ import annotations

import re
from functools import partial

from digest.text.autolinks import ADDRESS, COMMIT, ISSUE, MENTION, is_reference, split_commit
from digest.text.plain_text import clean, shorten
from digest.text.tex import readable

_BREAK = "&#8203;"
# What else GitHub links or replaces in Markdown.
_EMAIL = r"@(?=[\w-]*\.[\w.-]*[A-Za-z@])"
_EMOJI = r":(?!(?:https?|ftp)://)(?=(?:[0-9_+-]*[A-Za-z][\w+-]*|[+-]1|100|1234):)"

# Most words have none of these, and the scan of `_SPECIAL` is thirty times slower. `www.` is looked for apart.
_SUSPICIOUS = re.compile(r"[\\`*~\[\]|<>&$@#_:0-9]")
_SPECIAL = re.compile(
    rf"""(?P<url>{ADDRESS})
    |(?P<escape>[\\`*~\[\]|])
    |(?P<underscore>(?<![^\W_])_+|_+(?![^\W_]))
    |(?P<entity>[<>]|&(?=[\#A-Za-z0-9]+;))
    |(?P<dollar>\$)
    |(?P<scheme>(?:https?|ftp):(?=//))
    |(?P<www>www(?=\.))
    |(?P<mark>{MENTION}|{_EMAIL}|{ISSUE}|{_EMOJI})
    |(?P<commit>{COMMIT})""",
    re.VERBOSE | re.IGNORECASE,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}

_BLOCK_START = re.compile(r"(?:(?=\#{1,6}(?:\s|$)|[-+](?:\s|$)|=+\s*$|:?-[-\s]*:?$)|[0-9]{1,9}(?=[.)](?:\s|$)))")
_CLOSING_HASHES = re.compile(r"(?<!\S)#+$")

# In these GFM finds the same link that we do; any other address is written as a Markdown link.
_BARE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9/._~%=?#:,+@!&-]*)?", re.IGNORECASE)
_AFTER_BARE = re.compile(r"""[?!.,:'")]*(?:\s|$)""")
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*(?::[0-9]+)?(?=[/?#]|$)", re.IGNORECASE)
_ENDS_IN_ADDRESS = re.compile(r"(?:://|www\.)\S*$", re.IGNORECASE)
_BEGINS_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]*$)")
_BEGINS_REFERENCE = re.compile(r"(?:[@#]|(?<![A-Za-z0-9])gh-)$", re.IGNORECASE)
# A character that is in no address and that nobody uses.
_GUARD = "\U0010fffd"
_LINKING = re.compile(r"^((?:https?://)?(?:www\.)?)", re.IGNORECASE)
_UNSAFE_IN_TARGET = re.compile(r"[^A-Za-z0-9/._~%=?#:,+@!;-]")


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


def between(text: str, *, linked: bool) -> str:
    """Visible text for the middle of anybody's Markdown: it makes no image or link of what stands around it."""
    # A bare address would go on into what follows.
    guard = _GUARD if _ENDS_IN_ADDRESS.search(text) else ""
    escaped = _escape(text + guard, linked=linked).removesuffix(guard)
    if escaped[:1] in ("(", ":"):
        escaped = f"\\{escaped}"
    if escaped.endswith("!"):
        return f"{escaped[:-1]}\\!"
    if _BEGINS_REFERENCE.search(escaped):
        return escaped + _BREAK
    return _BEGINS_ENTITY.sub("&amp;", escaped)


def summary(text: str, characters: int) -> str:
    """The text's first characters as `link_text`; unlike there a blank at the end stays."""
    start = shorten(visible(text), characters)
    return _escape(start, linked=False)


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
        return split_commit(text, _BREAK)
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
    if is_reference(target):
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
