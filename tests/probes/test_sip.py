"""SIP: the request is what RFC 3261 demands, and provisional answers are passed over."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.dialogue import Wire
from banner.models import Manners

from .conversation import play, server

SIP = probes.get("sip")
MANDATORY = (b"Via", b"From", b"To", b"Call-ID", b"CSeq", b"Max-Forwards")
"""RFC 3261, section 8.1.1."""


def asked(host: str, *, tls: bool = False) -> list[bytes]:
    wire = Wire(host, 5061, tls=tls, manners=Manners(ehlo="us.example"))
    next(SIP.talk(wire))
    return wire.outgoing().split(b"\r\n")


def test_every_mandatory_field_is_there_once() -> None:
    names = [line.partition(b":")[0] for line in asked("host.example")]
    assert all(names.count(name) == 1 for name in MANDATORY)
    assert asked("host.example")[-2:] == [b"", b""]


def test_the_transport_and_the_address_are_named() -> None:
    assert asked("fe80::7%eth0")[0] == b"OPTIONS sip:[fe80::7]:5061 SIP/2.0"
    lines = asked("2001:db8::7", tls=True)
    assert lines[0] == b"OPTIONS sip:[2001:db8::7]:5061 SIP/2.0"
    assert lines[1].startswith(b"Via: SIP/2.0/TLS us.example;branch=z9hG4bK")


OURS = b"v: SIP/2.0/TCP a;branch=z9hG4bKbanner\r\nCSeq: 1 OPTIONS\r\nCall-ID: banner@a\r\n"
"""What every answer takes over from the request."""


@pytest.mark.parametrize("lacks", [b"v", b"CSeq", b"Call-ID"])
def test_a_web_server_that_repeats_our_protocol_is_not_sip(lacks: bytes) -> None:
    fields = b"".join(line for line in OURS.splitlines(True) if not line.startswith(lacks))
    said = b"SIP/2.0 501 Not Implemented\r\nServer: mini_httpd/1.30\r\n" + fields + b"\r\n<HTML></HTML>"
    assert play(SIP, [server(said)], strict=False).service is None
    known = identify(said)
    assert known is None or known.name != "sip"
    whole = identify(b"SIP/2.0 501 Not Implemented\r\n" + OURS + b"\r\n")
    assert whole is not None
    assert whole.name == "sip"


@pytest.mark.parametrize("size", [0, 1])
def test_provisional_answers_are_passed_over(size: int) -> None:
    trying, done = (
        b"SIP/2.0 100 Trying\r\n" + OURS + b"\r\n",
        b"SIP/2.0 404 Not Found\r\n" + OURS + b"Server: x\r\nAllow: INVITE, ACK\r\n\r\n",
    )
    played = play(SIP, [server(trying + done)], strict=False, size=size)
    assert played.wire.details == {"status": 404, "server": "x", "methods": ["INVITE", "ACK"]}


def test_nothing_but_provisional_answers_ends() -> None:
    assert play(SIP, [server((b"SIP/2.0 180 Ringing\r\n" + OURS + b"\r\n") * 50)], strict=False).waits == 1


def test_another_protocols_error_is_not_claimed() -> None:
    assert play(SIP, [server(b"HTTP/1.1 501 Not Implemented\r\n\r\n")], strict=False).service is None
