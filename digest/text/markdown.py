"""Strangers' text -> GitHub Markdown that shows it and nothing else: https://github.github.com/gfm/"""

from __future__ import annotations

import re

from digest.text.autolinks import (
    ADDRESS_CHARACTER,
    ADDRESS_PART,
    COMMIT,
    ISSUE,
    MENTION,
    is_reference,
    split_commit,
)
from digest.text.plain_text import clean, shorten
from digest.text.tex import readable

_BREAK = "&#8203;"
# An address that may be a link: a host with a dot, and no punctuation of the sentence at its end.
_LABEL, _PUNCTUATION = "[A-Za-z0-9-]+", "?!.,:;*_~'"
_LINK = rf"""(?<![A-Za-z])(?:https?://(?:{_LABEL}\.)+|(?<![0-9./@-])www\.(?:{_LABEL}\.)*)[A-Za-z][A-Za-z0-9-]*(?::[0-9]+)?
    (?:[/?\#]{ADDRESS_PART}*(?<![{_PUNCTUATION}])|(?=[{_PUNCTUATION}]*+(?!{ADDRESS_CHARACTER})))"""
# What else GitHub links or replaces in Markdown.
_EMAIL = r"@(?=[\w-]*\.[\w.-]*[A-Za-z@])"
_EMOJI = r":(?!(?:https?|ftp)://)(?=(?:[0-9_+-]*[A-Za-z][\w+-]*|[+-]1|100|1234):)"

# Most words have none of these, and the scan of `_TEXT` is thirty times slower. `www.` is looked for apart.
_SUSPICIOUS = re.compile(r"[\\`*~\[\]|<>{&$@#_:0-9]")
_SPECIAL = rf"""(?P<escape>[\\*\[\]|])
    |(?P<underscore>(?<![^\W_])_+|_+(?![^\W_])|_+(?=https?://|www\.))
    |(?P<entity>[<>{{~`]|&(?=[\#A-Za-z0-9]+;))
    |(?P<dollar>\$)
    |(?P<scheme>(?:https?|ftp):(?=//))
    |(?P<www>www(?=\.))
    |(?P<mark>{MENTION}|{_EMAIL}|{ISSUE}|{_EMOJI})
    |(?P<commit>{COMMIT})"""
_TEXT = re.compile(_SPECIAL, re.VERBOSE | re.IGNORECASE)
_TEXT_WITH_LINKS = re.compile(rf"(?P<link>{_LINK}_*)|{_SPECIAL}", re.VERBOSE | re.IGNORECASE)
# Jekyll's Liquid and kramdown and Python-Markdown read attributes and code behind `{`; a backslash before one of these
# is shown by some of them.
_ENTITIES = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "{": "&#123;",
    "~": "&#126;",
    "`": "&#96;",
    ":": "&#58;",
    "=": "&#61;",
}

_BLOCK_START = re.compile(r"(?=\#{1,6}(?:\s|$)|[-+](?:\s|$)|-[-\s]*:?$)|[0-9]{1,9}(?=[.)](?:\s|$))")
_CLOSING_HASHES = re.compile(r"(?<!\S)#+$")

# Between angle brackets a parser reads entities, another one links, and GitHub formulas and emoji.
_NO_AUTOLINK = re.compile(rf"^(?!https?://)|[\[\]$]|&\#?[A-Za-z0-9]+;|{_EMOJI}")
_BEGINS_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]*$)")
_BEGINS_REFERENCE = re.compile(r"(?:[@#]|(?<![A-Za-z0-9])gh-)$", re.IGNORECASE)
_LINKING = re.compile(r"^((?:https?://)?(?:www\.)?)", re.IGNORECASE)
_UNSAFE_IN_TARGET = re.compile(r"[^A-Za-z0-9/._~%=?#:,+@!;-]")


def visible(text: str) -> str:
    """What a reader shall see of the text: clean, and TeX made readable."""
    text = clean(text)
    read = readable(text)
    return text if read is text else clean(read)


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
    escaped = _escape(text, linked=linked)
    if escaped.startswith("("):
        escaped = f"\\{escaped}"
    elif escaped.startswith("["):
        escaped = _BREAK + escaped
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
    escaped = _escape_words(text, linked=linked)
    if escaped.startswith((":", "=")):
        return _ENTITIES[escaped[0]] + escaped[1:]
    begin = _BLOCK_START.match(text)
    # What stands before is digits, which are never escaped.
    return f"{escaped[: begin.end()]}\\{escaped[begin.end() :]}" if begin else escaped


def _escape_words(text: str, *, linked: bool) -> str:
    special = _TEXT_WITH_LINKS if linked else _TEXT
    if "www." in text:
        return special.sub(_escape_match, text)
    out: list[str] = []
    done = 0
    for found in _SUSPICIOUS.finditer(text):
        if found.start() < done:
            continue
        # Nothing special goes over a blank, and a blank is to all of it what the text's ends are.
        start = text.rfind(" ", done, found.start()) + 1 or done
        end = text.find(" ", found.end())
        end = len(text) if end < 0 else end
        out += text[done:start], special.sub(_escape_match, text[start:end])
        done = end
    return "".join(out) + text[done:]


def _escape_match(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found[0]
    if kind == "link":
        # Behind a link an underscore stands in no word any more.
        address = text.rstrip("_")
        end = found.start() + len(address)
        before, following = found.string[max(found.start() - 1, 0) : found.start()], found.string[end : end + 1]
        return _link(address, before, following) + r"\_" * (len(text) - len(address))
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


def _link(address: str, before: str, following: str) -> str:
    """The address as a link, between angle brackets where every parser shows that alike."""
    if _continues(following):
        # In what was cut from its text `@` and `&` may have lost what makes an e-mail's or an entity of them.
        shown = _TEXT.sub(_escape_match, address)
        return _BEGINS_ENTITY.sub("&amp;", re.sub(f"@(?!{_BREAK})", f"@{_BREAK}", shown))
    target = f"http://{address}" if address[:3].lower() == "www" else address
    if is_reference(target):
        target = re.sub(r"(?i)//(?:www\.)?github\.com", "//redirect.github.com", target, count=1)
    elif not _NO_AUTOLINK.search(address):
        return f"<{address}>"
    target = _UNSAFE_IN_TARGET.sub(lambda character: f"%{ord(character[0]):02X}", target.replace("&", "\0"))
    # GFM looks for no addresses between brackets.
    scheme = _LINKING.split(address, maxsplit=1)[1]
    link = f"[{scheme}{_TEXT.sub(_escape_match, address[len(scheme) :])}]({target.replace('%00', '&amp;')})"
    # Behind an exclamation mark it would be an image.
    return _BREAK + link if before == "!" else link


def _continues(following: str) -> bool:
    """An address with letters outside of ASCII goes on; Chinese and Japanese write on without a blank."""
    return following.isalnum() and "\x7f" < following < "\u2e80"
