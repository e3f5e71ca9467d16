"""XMPP's stream header, features and errors."""

from __future__ import annotations

import pytest

from banner import probes
from banner.dialogue import Wire
from banner.models import Service

from .conversation import Turn, client, play, server

XMPP = probes.get("xmpp")
OPEN = client(
    b"<?xml version='1.0'?><stream:stream to='host.example' version='1.0' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams'>"
)
HEADER = b"<stream:stream from='x' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
CLOSE = client(b"</stream:stream>")


@pytest.mark.parametrize(
    ("node", "product"),
    [
        (b"http://prosody.im", "Prosody"),
        (b"http://www.process-one.net/en/ejabberd/", "ejabberd"),
        (b"http://www.igniterealtime.org/projects/openfire/", "Openfire"),
        (b"http://unknown.example", None),
    ],
)
def test_the_software_is_what_its_capabilities_tell(node: bytes, product: str | None) -> None:
    features = (
        b"<stream:features><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='"
        + node
        + b"' ver='x'/>"
    )
    played = play(XMPP, [OPEN, server(HEADER + features + b"</stream:features>"), CLOSE])
    assert played.service is not None
    assert played.service.product == product
    assert played.wire.details["features"] == ["c"]


@pytest.mark.parametrize(
    ("attributes", "product"),
    [
        (b"id='4075521190863312547' version='1.0' xml:lang='en'", "ejabberd"),
        (b"id='4075521190863312547' xml:lang='en' version='1.0'", None),
        (b"id='40755211908633a2547' version='1.0' xml:lang='en'", None),
        (b"id='e6998ebb-2af9-4a10-8004-5e5d3503bf74' version='1.0' xml:lang='en'", None),
        (b'id="4075521190863312547" version="1.0" xml:lang="en"', None),
    ],
)
def test_ejabberd_is_known_by_its_header(attributes: bytes, product: str | None) -> None:
    header = b"<stream:stream " + attributes + b" xmlns:stream='http://etherx.jabber.org/streams' from='x'>"
    played = play(XMPP, [OPEN, server(header + b"<stream:features></stream:features>"), CLOSE])
    assert played.service is not None
    assert played.service.product == product


def test_a_server_port_is_greeted_as_a_server() -> None:
    wire = Wire("x", 5269)
    next(XMPP.talk(wire))
    assert b"xmlns='jabber:server'" in wire.outgoing()


@pytest.mark.parametrize(
    ("host", "domain"),
    [("192.0.2.7", b"localhost"), ("2001:db8::1", b"localhost"), ("im.example", b"im.example")],
)
def test_an_address_is_no_domain(host: str, domain: bytes) -> None:
    wire = Wire(host, 5222)
    next(XMPP.talk(wire))
    assert b"to='" + domain + b"'" in wire.outgoing()


def test_a_name_cannot_break_out_of_its_attribute() -> None:
    wire = Wire("a'><b&", 5222)
    next(XMPP.talk(wire))
    assert b"to='a&apos;>&lt;b&amp;'" in wire.outgoing()


def test_a_stream_that_breaks_off_after_its_header_is_xmpp() -> None:
    played = play(XMPP, [OPEN, server(HEADER)])
    assert played.ended is not None
    assert played.service == Service("xmpp-client")


def test_starttls_that_is_refused_is_not_started() -> None:
    features = b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
    ask = client(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    refusal = server(b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    assert play(XMPP, [OPEN, server(HEADER + features), ask, refusal, CLOSE]).missing == ()
    assert play(XMPP, [OPEN, server(HEADER + features), CLOSE], tls=True).missing == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"<?xml version='1.0'?><html>",
        b"<html><body>",
        b"<stream:stream xmlns:stream='urn:other'></stream:stream>",
        b"\0\0\0\1",
    ],
)
def test_another_answer_is_let_go_without_waiting(answer: bytes) -> None:
    turns: list[Turn] = [OPEN, server(answer)]
    played = play(XMPP, turns)
    assert played.service is None
    assert played.wire.found is None
    assert played.ended is None
