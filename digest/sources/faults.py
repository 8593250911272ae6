"""What arXiv does instead of answering, and may not do when it is asked again."""

from __future__ import annotations


class ArxivFault(Exception):
    """What arXiv did: "is throttling (429)"; `retry_after` in seconds where it named a time."""

    def __init__(self, deed: str, retry_after: float | None = None) -> None:
        super().__init__(f"arXiv {deed}")
        self.retry_after = retry_after
