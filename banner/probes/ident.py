"""The identification protocol: the owner of a connection between the ports 0 and 0, which is none.

A server repeats the pair and says that it is invalid, that nobody owns it, or, where it says the same of everybody, a
name, which is not kept.
Source: RFC 1413, sections 4 (the query), 6 (formal syntax).
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

_REPLY = re.compile(
    rb"0 {0,8}, {0,8}0 {0,8}: {0,8}(ERROR|USERID) {0,8}: {0,8}([!-9;-~]{1,64})[^\r\n]{0,512}", re.IGNORECASE
)


def talk(wire: Wire) -> Talk:
    wire.send(b"0, 0\r\n")
    if not (yield from opens(wire, b"0,", b"0 ")):
        return None
    if (reply := _REPLY.fullmatch((yield from wire.line()).strip())) is None:
        return None
    wire.details["error" if reply[1].upper() == b"ERROR" else "system"] = text(reply[2])
    return wire.claim(Service("ident"))


PROBE = Probe("ident", ports=(113,), at_home=True, talk=talk, limit=1024)
