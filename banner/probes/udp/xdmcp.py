"""XDMCP: whether a host would manage a display. None is offered to it.

Source: X Display Manager Control Protocol, version 1.1, section 4 (Query, Willing, Unwilling).
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import text
from ._asking import ask

QUERY = b"\0\1\0\2\0\1\0"
"""Version 1, Query, one byte: no names of authentication."""
_WILLING, _UNWILLING = 5, 6


def talk(wire: Datagrams) -> Talk:
    told = yield from ask(wire, QUERY, _answer)
    if told is None:
        return None
    wire.details["willing"], host, status = told
    for field, said in (("hostname", host), ("status_text", status)):
        if word := text(said):
            wire.details[field] = word
    return wire.claim(Service("xdmcp"))


def _answer(data: bytes) -> tuple[bool, bytes, bytes] | None:
    """Whether it would, its name, and what it says of itself."""
    cursor = Cursor(data)
    version, operation, size = (cursor.number(2) for _ in range(3))
    if version != 1 or operation not in (_WILLING, _UNWILLING) or size != cursor.left():
        return None
    if operation == _WILLING:
        cursor.counted(2)  # the name of the authentication
    told = operation == _WILLING, cursor.counted(2), cursor.counted(2)
    return None if cursor.left() else told


PROBE = Probe("xdmcp", ports=(177,), talk=talk, limit=4096, transport=Transport.UDP, full=True)
