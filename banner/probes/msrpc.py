"""Microsoft's RPC: a bind to the endpoint mapper; in full mode its map, which any stranger may read.

The map lists the interfaces that the host serves, each with where it is reached.
Sources: The Open Group, C706 "DCE 1.1: Remote Procedure Call", 12.6 (connection-oriented PDUs), appendix L (towers),
appendix O (endpoint mapper); [MS-RPCE] 2.2.1.1 (protocol sequences); IANA's name is ``epmap``, people say msrpc.
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._cursor import CutShortError
from ._epm import BIND, LOOKUP, described
from ._text import opens, text

BIND_ACK, BIND_NAK, RESPONSE = 12, 13, 2
LAST: Final = 2
"""The flag of a PDU that is the last fragment of its answer."""
_HEADER: Final = struct.Struct("<4BIHHI")
_ORDER: Final = 0x10
"""Data representation of little endian, as all who speak it today."""


def talk(wire: Wire) -> Talk:
    wire.send(BIND)
    found = yield from _pdu(wire)
    if found is None or found[0] not in (BIND_ACK, BIND_NAK):
        return None
    kind, _, body = found
    service = wire.claim(Service("msrpc"))
    if kind == BIND_NAK:
        wire.details["refused"] = int.from_bytes(body[:2], "little")
        return service
    length = int.from_bytes(body[8:10], "little")
    wire.details["secondary_address"] = text(body[10 : 10 + length].rstrip(b"\0"))
    accepted = (10 + length + 3) // 4 * 4 + 4
    if wire.deep and body[accepted : accepted + 2] == b"\0\0":
        yield from _map(wire)
    return service


def _map(wire: Wire) -> Generator[Want, None, None]:
    wire.send(LOOKUP)
    stub, flags = b"", 0
    while not flags & LAST:
        found = yield from _pdu(wire)
        if found is None or found[0] != RESPONSE:
            return
        _, flags, body = found
        stub += body[8:]
    try:
        wire.details.update(described(stub))
    except CutShortError:
        return


def _pdu(wire: Wire) -> Generator[Want, None, tuple[int, int, bytes] | None]:
    """Type, flags and body of the next PDU; None where it is none of version 5."""
    if not (yield from opens(wire, b"\x05\x00")):
        return None
    _, _, kind, flags, order, length, _, _ = _HEADER.unpack((yield from wire.exactly(_HEADER.size)))
    if order != _ORDER or not _HEADER.size + 2 <= length <= wire.limit:
        return None
    return kind, flags, (yield from wire.exactly(length - _HEADER.size))


PROBE = Probe("msrpc", ports=(135,), talk=talk, at_home=True)
