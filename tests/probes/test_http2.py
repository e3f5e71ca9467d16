"""HTTP/2 inside TLS: one request, what a server's SETTINGS and its answer say, and gRPC where they say so."""

from __future__ import annotations

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from hypothesis import given
from hypothesis import strategies as st

from banner import probes
from banner.dialogue import Wire
from banner.models import End, Service
from banner.plan.conversation import Conversation
from banner.plan.steps import Hold

HTTP2 = probes.get("http2")
GREETING = bytes.fromhex("00000c040000000000 000300000064 000400010000")


def served(
    fields: list[tuple[str, str]], size: int = 65536, *, tls: bool = True
) -> tuple[Wire, Service | None, list[RequestReceived]]:
    """The dialogue with a server that answers with `fields`, in segments of `size`, and the requests that it heard."""
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    wire, requests = Wire("a.example", 8443, limit=HTTP2.limit, tls=tls), []
    conversation = Conversation(Hold(HTTP2), wire)
    while conversation.end is None:
        for event in server.receive_data(wire.outgoing()):
            if isinstance(event, RequestReceived):
                requests.append(event)
                server.send_headers(1, fields, end_stream=True)
        if not (said := server.data_to_send()):
            conversation.close(End.EOF)
        for at in range(0, len(said), size):
            if conversation.end is None:
                conversation.feed(said[at : at + size])
    server.receive_data(wire.outgoing())
    return wire, conversation.service, requests


@pytest.mark.parametrize("size", [1, 7, 65536])
def test_one_request_tells_the_server(size: int) -> None:
    wire, service, requests = served(
        [(":status", "404"), ("server", "envoy"), ("content-type", "text/plain")], size
    )
    assert service is not None
    assert (service.name, service.info) == ("http", "HTTP/2")
    assert wire.details["http2"]["max_concurrent_streams"] == 100
    assert (wire.details["status"], wire.details["server"]) == (404, "envoy")
    assert len(requests) == 1
    asked = {bytes(name).decode(): bytes(value).decode() for name, value in requests[0].headers or []}
    assert (asked[":method"], asked[":path"], asked[":scheme"]) == ("GET", "/", "https")
    assert asked[":authority"] == "a.example:8443"


def test_grpc_says_so() -> None:
    wire, service, _ = served(
        [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12")]
    )
    assert service == Service("http", info="HTTP/2, gRPC")
    assert (wire.details["grpc_status"], wire.details["content_type"]) == ("12", "application/grpc")


def test_a_greeting_alone_is_enough() -> None:
    wire = Wire(limit=HTTP2.limit)
    conversation = Conversation(Hold(HTTP2), wire)
    conversation.feed(GREETING)
    conversation.close(End.DEADLINE)
    assert conversation.service == Service("http", info="HTTP/2")
    assert wire.details == {"http2": {"max_concurrent_streams": 100, "initial_window_size": 65536}}


@given(st.binary(max_size=200))
def test_any_bytes_after_the_greeting_raise_nothing(data: bytes) -> None:
    conversation = Conversation(Hold(HTTP2), Wire(limit=HTTP2.limit))
    conversation.feed(GREETING + data)
    if conversation.end is None:
        conversation.close(End.EOF)
    assert conversation.service is not None


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-x\r\n", b"\0\0\6\4\1\0\0\0\0", b"\0\0\5\4\0\0\0\0\0", b"\xff" * 9]
)
def test_another_greeting_is_let_go(said: bytes) -> None:
    conversation = Conversation(Hold(HTTP2), Wire(limit=HTTP2.limit))
    conversation.feed(said)
    assert (conversation.end, conversation.service) == (End.COMPLETE, None)
