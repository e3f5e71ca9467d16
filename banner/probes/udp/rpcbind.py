"""rpcbind (the port mapper) over UDP: its procedure NULL, which does nothing (RFC 5531, section 12.1).

DUMP, the list of programs, multiplies what was asked: it is for TCP.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _rpc
from .._cursor import Cursor
from ._asking import ask

_REPLY = b"\0\0\0\1"


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:4]
    access = yield from ask(wire, _rpc.call(number, _rpc.NULL), lambda data: _access(data, number))
    if access is None:
        return None
    wire.details["access"] = access
    return wire.claim(Service("rpcbind"))


def _access(data: bytes, number: bytes) -> str | None:
    if data[:8] != number + _REPLY:
        return None
    cursor = Cursor(data)
    cursor.take(8)
    if cursor.number(4):
        return "refused"
    cursor.take(4)
    cursor.counted(4)  # the verifier
    return _rpc.access(cursor.number(4))


PROBE = Probe("rpcbind", ports=(111,), talk=talk, limit=2048, transport=Transport.UDP)
