"""OpenVPN: a client's first packet. Only a server without ``tls-auth`` and ``tls-crypt`` answers it.

The answer names neither product nor version. Source: OpenVPN's "Security Overview" and its source's ssl_pkt.h: an
operation in the high five bits of the first byte, a session id, acknowledgements with the id that they are for.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from ._asking import ask

_RESET_BY_CLIENT, _RESET_BY_SERVER = 7, 8
_MOST_ACKNOWLEDGED = 8


def talk(wire: Datagrams) -> Talk:
    session = wire.nonce[:8]
    question = bytes([_RESET_BY_CLIENT << 3]) + session + bytes(5)
    if not (yield from ask(wire, question, lambda data: _answers(data, session) or None)):
        return None
    wire.details["tls_auth"] = False
    return wire.claim(Service("openvpn"))


def _answers(data: bytes, session: bytes) -> bool:
    cursor = Cursor(data)
    operation, _, acknowledged = cursor.number(1) >> 3, cursor.take(8), cursor.number(1)
    if operation != _RESET_BY_SERVER or not 0 < acknowledged <= _MOST_ACKNOWLEDGED:
        return False
    cursor.take(4 * acknowledged)
    return cursor.take(8) == session


PROBE = Probe("openvpn", ports=(1194,), talk=talk, limit=2048, transport=Transport.UDP)
