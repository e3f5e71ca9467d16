"""IRC: the notices that servers send while they look up a newcomer's name. Nothing is said.

``NOTICE AUTH :*** Looking up your hostname...`` with or without the server's name before it, or an ERROR
that refuses us (RFC 1459, section 2.3 and 7.4, and what the ircd, InspIRCd and UnrealIRCd families send).
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._replies import LINE
from ._text import MOST, opens, text

_LINE = re.compile(rb"(?::([A-Za-z0-9._:-]{1,255}) )?(NOTICE|ERROR|020)(?: (?:AUTH|\*|[^\s:]+))? :?(.*)")
_ERROR = re.compile(
    rb"ERROR :?(?:Closing Link|Trying to reconnect|Your host|Throttled|.*\bclosing\b)", re.IGNORECASE
)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b":", b"NOTICE ", b"ERROR ")):
        return None
    while True:
        line = yield from wire.line(LINE)
        found = _LINE.fullmatch(line)
        if found is None or (found[2] == b"ERROR" and not _ERROR.match(line)):
            break
        wire.claim(Service("irc"))
        if found[1]:
            wire.details["server"] = text(found[1])
        notices = wire.details.setdefault("notices", [])
        if len(notices) < MOST:
            notices.append(text(found[3]))
        while b"\n" not in wire.unread:
            if wire.paused or wire.end is not None or not wire.room():
                return wire.found
            yield Want.PAUSE
    return wire.found


PROBE = Probe("irc", ports=(6667,), tls_ports=(6697,), greets=True, asks=False, talk=talk, limit=4096)
