"""HTTP/2 inside TLS: the connection's preface, one request for ``/``, and gRPC where the answer says so.

Held only with a server that chose ``h2`` by ALPN (RFC 9113, section 3.2), or where it is asked for by name (section
3.3). The server's own preface is a SETTINGS frame (section 3.4). The answer tells what it would tell in HTTP/1.1, and
its head and content, written so, are what the record holds; ``application/grpc`` as its type is gRPC ("gRPC over
HTTP2", Responses). Who takes the request back instead is to be asked in HTTP/1.1 (sections 8.1.1 and 9.2). Frames and
HPACK are the `h2` library's, imported when needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..dialogue import Ended, Probe, Talk, Wire
from ..models import End, Service
from ..recognition import frames
from ._head import LONGEST, Head, text
from ._http import Answer, has_no_page, take
from ._ntlm import offered
from ._page import learn

if TYPE_CHECKING:
    from h2.connection import H2Connection

_OF_GRPC: Final = {b"grpc-status": "grpc_status", b"grpc-message": "grpc_message"}
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
    response = _Response(wire)
    yield from _hear(response, connection, greeting)
    response.learn()
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


class _Response:
    """What came of the request."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.head = b""
        """As HTTP/1.1 writes it."""
        self.answer: Answer | None = None
        self.over = self.refused = False
        """Nothing more comes; it was taken back, or the connection was, before there was an answer."""

    def take(self, connection: H2Connection, data: bytes) -> None:
        """`data` came."""
        from h2 import events

        for event in connection.receive_data(data):
            if isinstance(event, events.ResponseReceived):
                self._begin(event.headers or [])
            elif isinstance(event, events.DataReceived) and self.answer is not None and not self.over:
                self.over |= take(self.answer.body, event.data)
            elif isinstance(event, events.StreamReset | events.ConnectionTerminated):
                self.over = True
                self.refused |= self.answer is None
            elif isinstance(event, events.StreamEnded):
                self.over = True
            if isinstance(event, events.ResponseReceived | events.TrailersReceived):
                self._note_grpc(event.headers or [])

    def _begin(self, fields: list[tuple[bytes, bytes]]) -> None:
        status = next((value for name, value in fields if name == b":status"), b"")
        lines = [name + b": " + value + b"\r\n" for name, value in fields if not name.startswith(b":")]
        self.head = b"HTTP/2 " + status + b"\r\n" + b"".join(lines) + b"\r\n"
        self.answer = Answer(Head(self.head))
        self.over |= has_no_page(self.answer.head)

    def _note_grpc(self, fields: list[tuple[bytes, bytes]]) -> None:
        for name, value in fields:
            if name in _OF_GRPC:
                self.wire.details.setdefault(_OF_GRPC[name], text(value)[:LONGEST])
            if name == b"content-type" and value.startswith(b"application/grpc"):
                self.wire.claim(_GRPC)

    def learn(self) -> None:
        """Tell of it."""
        wire, answer = self.wire, self.answer
        if answer is None:
            wire.found = None if self.refused and wire.found is not _GRPC else wire.found
            return
        if wire.deep and answer.head.status == 401 and offered(answer.head.all("www-authenticate")):
            wire.found = None  # NTLM is for a connection, and goes with HTTP/1.1 alone
            return
        wire.readable = self.head + bytes(answer.body)
        if wire.found is _HTTP2:
            wire.claim(Service("http"))
        learn(wire, answer)


def _hear(response: _Response, connection: H2Connection, heard: bytes) -> Talk:
    """Read the answer up to its end; what breaks off or is malformed costs only what is missing."""
    from h2.exceptions import H2Error

    wire = response.wire
    try:
        while True:
            response.take(connection, heard)
            if response.over or len(wire.sent) >= MOST:
                break
            wire.send(connection.data_to_send())
            heard = yield from wire.some()
        connection.close_connection()
        wire.send(connection.data_to_send())
    except Ended as ended:
        response.refused |= response.answer is None and ended.end in (End.EOF, End.RESET)
    except (H2Error, ValueError):
        pass
    return None


PROBE = Probe("http2", tls_ports=(443,), negotiated=True, talk=talk, limit=16384)
