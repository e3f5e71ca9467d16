"""DTLS: a hello and, with the cookie that it is answered with, one more, up to the server's certificate.

The handshake is not gone on with. Sources: RFC 6347, sections 4.2.1 (cookie) and 4.2.4 (flights); RFC 5246, section 7.2
(alerts).
"""

from __future__ import annotations

from contextlib import suppress

from ...dialogue import Datagrams, Ended, Probe, Talk
from ...models import Service, Transport
from . import _dtls
from ._asking import ask

MOST = 64
"""Datagrams of a flight that are read; OpenSSL makes seven of a short chain."""


def talk(wire: Datagrams) -> Talk:
    random = wire.nonce
    first = yield from ask(wire, _dtls.client_hello(wire.host, random, b"", 0), _answer)
    if first is None:
        return None
    service, server = wire.claim(Service("dtls")), _dtls.Reassembly()
    cookie = _dtls.cookie(first)
    wire.details["cookie"] = cookie is not None
    if cookie is None:
        server.feed(first)
    else:
        wire.send(_dtls.client_hello(wire.host, random, cookie, 1))
    with suppress(Ended):
        for _ in range(MOST):
            if server.flight.done:
                break
            server.feed((yield from wire.datagram()))
    flight = wire.flight = server.flight
    if flight.alert:
        wire.details["alert"] = flight.alert
    return service


def _answer(data: bytes) -> bytes | None:
    """A datagram that begins with a HelloVerifyRequest, a ServerHello or an alert."""
    for kind, content in _dtls.records(data):
        if kind == _dtls.ALERT:
            return data if len(content) == 2 and content[0] in (1, 2) else None
        opens = kind == _dtls.HANDSHAKE and content[:1] in (b"\2", b"\3")
        return (
            data if opens and (content[0] == _dtls.SERVER_HELLO or _dtls.cookie(data) is not None) else None
        )
    return None


PROBE = Probe("dtls", ports=(4433, 5684, 3391, 10443), talk=talk, limit=32768, transport=Transport.UDP)
