"""A page without a head: what a server of HTTP/0.9 answers (RFC 1945, section 4.1), told by how its markup begins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator

from ..dialogue import Want, Wire

_SKIPPED = ((b"<!--", b"-->"), (b"<?xml", b"?>"))
"""What may stand before a page's first element: comments, and the declaration of XHTML."""
_NAMES = (
    "html", "head", "title", "body", "meta", "link", "base", "style", "script", "noscript", "frameset", "h[1-6]", "p",
    "b", "i", "br", "hr", "center", "pre", "div", "span", "table", "form", "img", "a", "font", "[uo]l", "big", "strong",
    "em", "tt", "code", "blockquote", "iframe", "main", "nav", "header", "article", "section",
)  # fmt: skip
_ELEMENT = re.compile(rf"<(?:!doctype\s{{1,8}}html|(?:{'|'.join(_NAMES)})(?=[\s/>]))".encode(), re.IGNORECASE)
_BEGUN = re.compile(
    rb"(?:<(?:[a-z][a-z0-9]{0,9}|![a-z-]{0,8}\s{0,8}[a-z]{0,4}|\?[a-z]{0,3})?)?", re.IGNORECASE
)
"""What may become an element, a comment, or a declaration."""


def bare_page(wire: Wire) -> Generator[Want, None, bool]:
    """Whether the answer is a page without a head; waits only while it may become one."""
    at = 0
    while True:
        at, start = _first(wire.unread, at)
        if start is not None and _ELEMENT.match(start):
            return True
        if wire.end is not None or not (start is None or _BEGUN.fullmatch(start)):
            return False
        yield from wire.more()


def _first(data: bytes, at: int) -> tuple[int, bytes | None]:
    """Where the first element of `data` from `at` on begins, and what is there of it; None in a comment without an end.

    From that place on the next call looks, so that a peer that drips costs no more than one that floods.
    """
    if not at:
        if codecs.BOM_UTF8.startswith(data):
            return 0, b""
        at = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    while True:
        at += len(data[at:]) - len(data[at:].lstrip())
        opened = data[at : at + 5].lower()
        end = next((end for opening, end in _SKIPPED if opened.startswith(opening)), None)
        if end is None:
            return at, data[at : at + 64]
        if (found := data.find(end, at + 2)) < 0:
            return at, None
        at = found + len(end)
