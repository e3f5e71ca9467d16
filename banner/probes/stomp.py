"""STOMP: CONNECT without a login; a broker that lets anybody in names itself, another says why it does not.

We leave with DISCONNECT. Source: STOMP 1.2, "Connecting" (CONNECT, CONNECTED), "ERROR" and "STOMP Frames".
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

CONNECT = b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\0"
"""To the virtual host that RabbitMQ has from the start; elsewhere it is not looked at."""
DISCONNECT = b"DISCONNECT\n\n\0"
CONNECTED, ERROR = b"CONNECTED", b"ERROR"
FIELDS = {
    "server": b"server",
    "protocol_version": b"version",
    "heart_beat": b"heart-beat",
    "message": b"message",
}
MOST_HEADERS = 16
_ESCAPES = {b"\\n": b"\n", b"\\r": b"\r", b"\\c": b":", b"\\\\": b"\\"}
_ESCAPED = re.compile(rb"\\[nrc\\]")


def talk(wire: Wire) -> Talk:
    wire.send(CONNECT)
    if not (yield from opens(wire, b"CONNECTED\n", b"CONNECTED\r\n", b"ERROR\n", b"ERROR\r\n")):
        return None
    command = yield from wire.line()
    headers: dict[bytes, bytes] = {}
    while line := (yield from wire.line()):
        name, colon, value = line.partition(b":")
        if not colon or len(headers) == MOST_HEADERS:
            return None
        headers.setdefault(name, _unescaped(value))
    if command == CONNECTED:
        wire.send(DISCONNECT)
    elif not headers.keys() & {b"message", b"version", b"content-type", b"server"}:
        return None
    for field, header in FIELDS.items():
        if said := text(headers.get(header, b"")):
            wire.details[field] = said
    wire.details["access"] = "granted" if command == CONNECTED else "refused"
    return wire.claim(Service("stomp"))


def _unescaped(value: bytes) -> bytes:
    """Read once from left to right: what an escaped backslash leaves begins no escape (STOMP 1.2, "Value Encoding")."""
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], value)


PROBE = Probe("stomp", ports=(61613,), tls_ports=(61614,), talk=talk, limit=8192)
