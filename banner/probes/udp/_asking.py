"""One question and its answer, as every dialogue over UDP holds them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from ...dialogue import Datagrams, Want
from .._cursor import CutShortError

T = TypeVar("T")

PATIENCE = 16
"""Datagrams that are read for one answer: what was forged, or answers an earlier question, is passed over."""


def ask(
    wire: Datagrams, question: bytes, read: Callable[[bytes], T | None]
) -> Generator[Want, None, T | None]:
    """Send `question`: what `read` makes of the first datagram that answers it.

    `read` returns None, or raises `CutShortError`, for what is no answer to it. None where the question itself comes
    back (RFC 862), or too many others came.
    """
    wire.send(question)
    for _ in range(PATIENCE):
        data = yield from wire.datagram()
        if data == question:
            return None
        try:
            found = read(data)
        except CutShortError:
            found = None
        if found is not None:
            return found
        wire.pass_over()
    return None
