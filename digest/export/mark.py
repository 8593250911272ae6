"""The mark by which a run tells a file of its own from one of people's, and whether a file says anything new. Pure.

Each form has its own mark, in the file's first bytes: no stranger's text stands there. The rest may be damaged.
"""

from __future__ import annotations

import re

MARKDOWN_MARK = "<!-- daily-papers:file -->"
BIBTEX_MARK = "% daily-papers:"
HTML_MARK = '<meta name="generator" content="Daily Papers, a GitHub Action">'
GENERATOR = "Daily Papers"
CSV_HEADER = (
    *("id", "version", "title", "url", "pdf", "authors", "published", "updated", "categories", "keywords"),
    *("abstract", "comment", "journal", "doi", "code", "venue"),
)

# Those in which rows can be put in without writing the others anew.
ARCHIVE_FORMS = (".json", ".csv", ".bib", ".md")

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Where the marks stand: the longest of what comes before one is an HTML file's head.
_HEAD = 4096
# A spreadsheet that saved the file again may have chosen another delimiter, or quoted every cell.
_CSV = '"?' + '"?[,;\\t]"?'.join(CSV_HEADER) + '"?[\\r\\n]'
_MARKS = {
    ".json": r'\s*\{\s*"version"\s*:\s*1\s*,\s*"updated"\s*:\s*"[0-9-]{10}"\s*,\s*"keywords"\s*:\s*\[',
    ".csv": _CSV,
    ".bib": re.escape(BIBTEX_MARK),
    ".xml": rf"(?s:\s*(?:<\?xml\b[^<>]*\?>\s*)?<feed\b(?:(?!<entry\b).)*<generator\b[^<>]*>{GENERATOR}</generator>)",
    ".md": re.escape(MARKDOWN_MARK),
    ".html": rf"(?s:(?:(?!<body\b).)*{re.escape(HTML_MARK)})",
}
_PATTERNS = {form: re.compile(mark.encode()) for form, mark in _MARKS.items()}
# Up to the date of the run, in the file's first lines; a form without one has none.
_BEFORE_DATES = {
    ".json": r'\s*\{\s*"version"\s*:\s*1\s*,\s*"updated"\s*:\s*"',
    ".bib": rf"{re.escape(BIBTEX_MARK)} updated ",
    ".xml": r"(?s:(?:(?!<entry\b).)*?<updated>)",
    ".md": rf"{re.escape(MARKDOWN_MARK)}\s+Last update: ",
    ".html": r'(?s:.*?<time id="updated">)',
}
_DATES = {form: re.compile(f"({before})[0-9]{{4}}[0-9T:Z-]*".encode()) for form, before in _BEFORE_DATES.items()}


def form_of(path: str) -> str:
    """The ending that says the form, such as `.json`; "" where it is none of ours."""
    ending = path[path.rfind(".") :].lower() if "." in path else ""
    return ending if ending in _MARKS else ""


def is_ours(path: str, content: bytes) -> bool:
    """Whether the file carries the mark of its form, so that a run may write it anew."""
    pattern = _PATTERNS.get(form_of(path))
    return bool(pattern and pattern.match(content[:_HEAD].removeprefix(_BYTE_ORDER_MARK)))


def written_anew(path: str, old: bytes | None, new: bytes) -> bool:
    """Whether the file is to be written: the date alone is no change, nor are the ends of its lines."""
    return old is None or _undated(path, old) != _undated(path, new)


def dated(path: str, content: bytes, date: str) -> bytes:
    """The file with another date of the run; it stays as it is where it shows none."""
    pattern = _DATES.get(form_of(path))
    found = pattern.match(content) if pattern else None
    return content[: found.end(1)] + date.encode() + content[found.end() :] if found else content


def _undated(path: str, content: bytes) -> bytes:
    return dated(path, content.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n"), "")
