"""Firebird: op_connect offers protocols, and the server chooses one. No database and no user is named.

Servers before 3.0 choose the newest protocol that they know, and with each came a release; from 3.0 on they want to
know first who asks, and are left there. None tells its version before a login.
Source: Firebird's "Wire protocol" (firebirdsql.org, documentation), sections "op_connect", "op_accept" and
"op_cont_auth"; its source, src/remote/protocol.h, for the numbers.
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens

OP_CONNECT, OP_ACCEPT, OP_RESPONSE, OP_ATTACH, OP_CONT_AUTH = 1, 3, 9, 19, 92
CONNECT_VERSION, GENERIC, BATCH_SEND = 3, 1, 3
NEW = 0x8000
"""Set in the numbers of the protocols that InterBase does not have: all from 11 on."""
RELEASES = {10: "1.0", NEW | 11: "2.1", NEW | 12: "2.5", NEW | 13: "3.0"}
"""Protocols, and the release of Firebird that each came with."""
REFUSED = b"\0\0\0\1\x14\0"
"""A status vector begins with an error of Firebird's own (facility 20)."""


def _numbers(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "big") for value in values)


REQUEST = _numbers(OP_CONNECT, OP_ATTACH, CONNECT_VERSION, GENERIC, 0, len(RELEASES), 0) + b"".join(
    _numbers(version, GENERIC, 0, BATCH_SEND, 2 * weight) for weight, version in enumerate(RELEASES, 1)
)
"""Every number takes four bytes. The two zeros of the head are the lengths of a file's name and of who asks."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, *map(_numbers, (OP_ACCEPT, OP_RESPONSE, OP_CONT_AUTH)))):
        return None
    kind = int.from_bytes((yield from wire.exactly(4)), "big")
    if kind == OP_ACCEPT:
        return _accepted(wire, (yield from wire.exactly(12)))
    # A refusal's object, identifier and no data; or no data, no plug-in, no list and no keys.
    if any((yield from wire.exactly(16))):
        return None
    if kind == OP_RESPONSE and not (yield from opens(wire, REFUSED)):
        return None
    return _known(wire, RELEASES[NEW | 13])


def _accepted(wire: Wire, data: bytes) -> Service | None:
    # Written as a signed number of two bytes is: all ones before it.
    version = int.from_bytes(data[2:4], "big")
    if version not in RELEASES or data[:2] not in (b"\0\0", b"\xff\xff") or data[4:8] != _numbers(GENERIC):
        return None
    wire.details["protocol_version"] = str(version & ~NEW)
    return _known(wire, RELEASES[version])


def _known(wire: Wire, oldest: str) -> Service:
    wire.details["version_at_least"] = oldest
    return wire.claim(Service("firebird"))


PROBE = Probe("firebird", ports=(3050,), talk=talk, limit=512)
