"""Nagios' remote plug-in executor: the one query that runs no plug-in is answered with the daemon's version.

TLS is its default, with an anonymous Diffie-Hellman exchange where it has no certificate. A daemon answers to the hosts
of its configuration alone, and hangs up on all others.
Source: NRPE, docs/PROTOCOL and include/common.h (packets of version 2, which every release understands); the query
``_NRPE_CHECK`` from its README.
"""

from __future__ import annotations

import zlib

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor
from ._text import opens, text

VERSION, QUERY, RESPONSE = 2, 1, 2
COMMAND = b"_NRPE_CHECK"
BUFFER, PADDING = 1024, 2
SIZE = 10 + BUFFER + PADDING


def _packet(kind: int, result: int, buffer: bytes) -> bytes:
    """A packet; its checksum is taken with four zeros in its place."""
    head = VERSION.to_bytes(2, "big") + kind.to_bytes(2, "big")
    tail = result.to_bytes(2, "big") + buffer.ljust(BUFFER + PADDING, b"\0")
    return head + zlib.crc32(head + bytes(4) + tail).to_bytes(4, "big") + tail


REQUEST = _packet(QUERY, 0, COMMAND)


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, b"\0\2\0\2")):
        return None
    data = yield from wire.exactly(SIZE)
    packet = Cursor(data)
    packet.take(8)
    result, buffer = packet.number(2), packet.take(BUFFER + PADDING)
    if zlib.crc32(data[:4] + bytes(4) + data[8:]) != int.from_bytes(data[4:8], "big"):
        return None
    service = wire.claim(Service("nrpe"))
    wire.details["result"] = result
    wire.details["output"] = text(buffer.partition(b"\0")[0])
    return service


PROBE = Probe("nrpe", tls_ports=(5666,), at_home=True, talk=talk, limit=SIZE + 1)
