"""HTTP/2 inside TLS: the connection's preface, one request for ``/``, and gRPC where the answer says so.

Held only with a server that chose ``h2`` by ALPN (RFC 9113, section 3.2), or where it is asked for by name (section
3.3). The server's own preface is a SETTINGS frame (section 3.4); the answer's head tells the rest: ``application/grpc``
as its type is gRPC ("gRPC over HTTP2", Responses). Frames and HPACK are the `h2` library's, imported when needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..dialogue import Ended, Probe, Talk, Wire
from ..models import Service
from ..recognition import frames
from ._head import LONGEST, text

if TYPE_CHECKING:
    from h2.connection import H2Connection

KEPT: Final = {
    b"server": "server",
    b"content-type": "content_type",
    b"grpc-status": "grpc_status",
    b"grpc-message": "grpc_message",
}
MOST: Final = 2048
"""Bytes that are said at most: each frame of SETTINGS or PING is to be answered."""
_HEADER: Final = 9
"""Octets of a frame's header: length, type, flags, stream (RFC 9113, section 4.1)."""
_LONGEST_SETTINGS: Final = 6 * 64
_HTTP2: Final = Service("http", info="HTTP/2")
_GRPC: Final = Service("http", info="HTTP/2, gRPC")


def talk(wire: Wire) -> Talk:
    connection = _opened(wire)
    wire.send(connection.data_to_send())
    greeting = yield from wire.exactly(_HEADER)
    size = int.from_bytes(greeting[:3])
    if greeting[3:] != b"\4\0\0\0\0\0" or size % 6 or size > _LONGEST_SETTINGS:
        return None
    greeting += yield from wire.exactly(size)
    found = frames.settings(greeting) or {}
    wire.claim(_GRPC if frames.grpc(found) else _HTTP2)
    wire.details["http2"] = found
    yield from _hear(wire, connection, greeting)
    return wire.found


def _opened(wire: Wire) -> H2Connection:
    """A connection with our preface and the request for ``/`` in its buffer."""
    from h2.config import H2Configuration
    from h2.connection import H2Connection

    connection = H2Connection(H2Configuration(client_side=True, header_encoding=None))
    connection.initiate_connection()
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    if wire.port != (443 if wire.tls else 80):
        host += f":{wire.port}"
    head = [
        (":method", "GET"),
        (":scheme", "https" if wire.tls else "http"),
        (":authority", host),
        (":path", "/"),
        ("user-agent", wire.manners.user_agent),
    ]
    connection.send_headers(1, head, end_stream=True)
    return connection


def _hear(wire: Wire, connection: H2Connection, heard: bytes) -> Talk:
    """Read the answer up to its end; what breaks off or is malformed costs only what is missing."""
    from h2.exceptions import H2Error

    try:
        while not _learn(wire, connection, heard) and len(wire.sent) < MOST:
            wire.send(connection.data_to_send())
            heard = yield from wire.some()
        connection.close_connection()
        wire.send(connection.data_to_send())
    except (H2Error, Ended, ValueError):
        pass
    return None


def _learn(wire: Wire, connection: H2Connection, data: bytes) -> bool:
    """Take `data`; whether the answer has come to its end."""
    from h2 import events

    over = False
    for event in connection.receive_data(data):
        if isinstance(event, events.ResponseReceived | events.TrailersReceived):
            _keep(wire, event.headers or [])
        elif isinstance(event, events.StreamEnded | events.StreamReset | events.ConnectionTerminated):
            over = True
    return over


def _keep(wire: Wire, fields: list[Any]) -> None:
    for name, value in fields:
        if name == b":status" and len(value) == 3 and value.isdigit():
            wire.details["status"] = int(value)
        elif name in KEPT:
            wire.details.setdefault(KEPT[name], text(value)[:LONGEST])
        if name == b"content-type" and value.startswith(b"application/grpc"):
            wire.claim(_GRPC)


PROBE = Probe("http2", tls_ports=(443,), negotiated=True, talk=talk, limit=16384)
