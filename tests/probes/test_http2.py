"""HTTP/2 inside TLS: one request, what a server's SETTINGS and its answer say, and gRPC where they say so."""

from __future__ import annotations

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from hypothesis import given
from hypothesis import strategies as st

from banner import probes
from banner.dialogue import Want, Wire
from banner.models import End, Service
from banner.plan.conversation import Conversation
from banner.plan.steps import Hold
from banner.recognition.structure import readings

HTTP2 = probes.get("http2")
GREETING = bytes.fromhex("00000c040000000000 000300000064 000400010000")


def served(
    fields: list[tuple[str, str]], size: int = 65536, *, page: bytes = b"", deep: bool = False
) -> tuple[Wire, Service | None, list[RequestReceived]]:
    """The dialogue with a server that answers with `fields`, in segments of `size`, and the requests that it heard."""
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    wire, requests = Wire("a.example", 8443, limit=HTTP2.limit, tls=True, deep=deep), []
    conversation = Conversation(Hold(HTTP2), wire)
    while conversation.end is None:
        for event in server.receive_data(wire.outgoing()):
            if isinstance(event, RequestReceived):
                requests.append(event)
                server.send_headers(1, fields, end_stream=not page)
                if page:
                    server.send_data(1, page, end_stream=True)
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
    assert service == Service("http")
    assert wire.details["http_version"] == "2"
    assert wire.details["http2"]["max_concurrent_streams"] == 100
    assert (wire.details["status"], wire.details["server"]) == (404, "envoy")
    assert len(requests) == 1
    asked = {bytes(name).decode(): bytes(value).decode() for name, value in requests[0].headers or []}
    assert (asked[":method"], asked[":path"], asked[":scheme"]) == ("GET", "/", "https")
    assert asked[":authority"] == "a.example:8443"


def test_the_answer_tells_what_it_would_in_http_1_1() -> None:
    wire, service, _ = served(
        [
            (":status", "401"),
            ("server", "nginx/1.22.1"),
            ("www-authenticate", "Basic realm=a"),
            ("set-cookie", "sid=1"),
        ],
        page=b"<html><title>Router</title><body>" + b"x" * 9000,
    )
    assert service == Service("http")
    assert (wire.details["title"], wire.details["cookies"]) == ("Router", ["sid"])
    assert wire.details["www_authenticate"] == ["Basic realm=a"]
    assert wire.readable is not None
    assert wire.readable.startswith(
        b"HTTP/2 401\r\nserver: nginx/1.22.1\r\nwww-authenticate: Basic realm=a\r\nset-cookie: sid=1\r\n\r\n<html>"
    )


@pytest.mark.parametrize("kind", ["image/svg+xml", "multipart/mixed", "text/html"])
@pytest.mark.parametrize("size", [1, 65536])
def test_what_is_no_page_is_not_read_however_it_is_cut(kind: str, size: int) -> None:
    page = b"<html><title>One</title></html>"
    wire, *_ = served([(":status", "200"), ("content-type", kind)], size, page=page)
    head = b"HTTP/2 200\r\ncontent-type: " + kind.encode() + b"\r\n\r\n"
    assert wire.readable == (head + page if kind == "text/html" else head)
    assert ("title" in wire.details) == (kind == "text/html")
    assert wire.reading == readings(wire.banner(), 8443, "http")[0]


@pytest.mark.parametrize("code", [13, 12])
def test_who_takes_the_request_back_is_not_told_yet(code: int) -> None:
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    wire = Wire("a.example", 8443, limit=HTTP2.limit, tls=True)
    conversation = Conversation(Hold(HTTP2), wire)
    server.receive_data(wire.outgoing())
    if code == 13:  # HTTP_1_1_REQUIRED (RFC 9113, section 7)
        server.reset_stream(1, code)
    else:  # INADEQUATE_SECURITY
        server.close_connection(code)
    conversation.feed(server.data_to_send())
    assert (conversation.end, conversation.service) == (End.COMPLETE, None)
    assert "http2" in wire.details


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
        conversation.close(End.DEADLINE)
    assert conversation.wire.details["http2"]


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-x\r\n", b"\0\0\6\4\1\0\0\0\0", b"\0\0\5\4\0\0\0\0\0", b"\xff" * 9]
)
def test_another_greeting_is_let_go(said: bytes) -> None:
    conversation = Conversation(Hold(HTTP2), Wire(limit=HTTP2.limit))
    conversation.feed(said)
    if conversation.want is Want.PAUSE:  # a stranger is heard out
        conversation.pause()
    assert (conversation.end, conversation.service) == (End.COMPLETE, None)


@pytest.mark.parametrize("deep", [False, True])
def test_who_offers_ntlm_is_asked_for_his_names_in_http_1_1(deep: bool) -> None:
    _, service, _ = served([(":status", "401"), ("www-authenticate", "NTLM")], deep=deep)
    assert (service is None) is deep
