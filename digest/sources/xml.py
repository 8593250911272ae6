"""An answer's body -> its XML, where it is whole, of the kind that was asked for, and nothing that is made to hurt."""

from __future__ import annotations

from lxml import etree

from digest.sources.faults import ArxivFault

# Of arXiv's sentences, so much is told.
_LONGEST_SENTENCE = 500


def parse(body: bytes, root_tag: str, noun: str) -> etree._Element:
    """The root. ArxivFault where it is cut, or something else than the noun: `feed`, `harvest`."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise ArxivFault(_instead_of_xml(body, noun)) from None
    # A document type may hold entities without end; arXiv's answers have none.
    if root.tag != root_tag or root.getroottree().docinfo.internalDTD is not None:
        html = str(root.tag).lower().endswith("html")
        raise ArxivFault(f"answered with {'a page of HTML' if html else f'something that is no {noun}'}")
    return root


def sentence(text: str) -> str:
    """A sentence of arXiv's on one line, cut where it is long."""
    return " ".join(text.split())[:_LONGEST_SENTENCE]


def _instead_of_xml(body: bytes, noun: str) -> str:
    start = body.lstrip()[:200].lower()
    if not start:
        return "answered with nothing"
    if start.startswith(b"rate exceeded"):
        return "is throttling (Rate exceeded.)"
    if start.startswith((b"<!doctype html", b"<html")):
        return "answered with a page of HTML"
    return f"answered with {f'half a {noun}' if start.startswith(b'<') else f'something that is no {noun}'}"
