"""SIP: the request is what RFC 3261 demands, and provisional answers are passed over."""

from __future__ import annotations

import pytest

from banner import probes
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


@pytest.mark.parametrize("size", [0, 1])
def test_provisional_answers_are_passed_over(size: int) -> None:
    trying, done = (
        b"SIP/2.0 100 Trying\r\n\r\n",
        b"SIP/2.0 404 Not Found\r\nServer: x\r\nAllow: INVITE, ACK\r\n\r\n",
    )
    played = play(SIP, [server(trying + done)], strict=False, size=size)
    assert played.wire.details == {"status": 404, "server": "x", "methods": ["INVITE", "ACK"]}


def test_nothing_but_provisional_answers_ends() -> None:
    assert play(SIP, [server(b"SIP/2.0 180 Ringing\r\n\r\n" * 50)], strict=False).waits == 1


def test_another_protocols_error_is_not_claimed() -> None:
    assert play(SIP, [server(b"HTTP/1.1 501 Not Implemented\r\n\r\n")], strict=False).service is None
