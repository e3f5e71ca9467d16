"""IPP: what is asked prints nothing, and what is no IPP is let go."""

from __future__ import annotations

import pytest

from banner import probes
from banner.dialogue import Wire
from banner.plan.hellos import PRINTERS

from .conversation import Played, play, server

IPP = probes.get("ipp")


def told(body: bytes, head: bytes = b"Content-Type: application/ipp") -> Played:
    length = str(len(body)).encode()
    said = b"HTTP/1.1 200 OK\r\n" + head + b"\r\nContent-Length: " + length + b"\r\n\r\n" + body
    return play(IPP, [server(said)], strict=False)


def test_the_operation_asks_and_is_never_said_where_all_is_printed() -> None:
    sent = bytes(play(IPP, [], strict=False).wire.sent)
    head, _, body = sent.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert body[:8] == b"\2\0\0\x0b\0\0\0\1", "Get-Printer-Attributes, RFC 8011, 5.4.15"
    assert body[-1:] == b"\3"
    assert not PRINTERS & {*IPP.ports, *IPP.tls_ports}
    assert IPP.at_home


def test_an_address_of_version_6_stands_in_brackets() -> None:
    wire = Wire("fe80::1%eth0", 631)
    next(IPP.talk(wire))
    assert b"ipp://[fe80::1]:631/ipp/print" in wire.sent


@pytest.mark.parametrize(
    ("server_line", "version"),
    [(b"CUPS/2.4 IPP/2.1", "2.4"), (b"IPP/2.1 CUPS/2.1", "2.1"), (b"Brother IPP/1.1", None)],
)
def test_a_server_that_names_itself(server_line: bytes, version: str | None) -> None:
    service = told(b"no", b"Content-Type: text/html\r\nServer: " + server_line).service
    assert service is not None
    assert (service.name, service.version) == ("ipp", version)


@pytest.mark.parametrize(
    "head", [b"Content-Type: text/html", b"Server: nginx", b"Content-Type: application/ippx"]
)
def test_a_web_server_is_let_go(head: bytes) -> None:
    assert told(b"\2\0\0\0\0\0\0\1\3", head).service is None


@pytest.mark.parametrize(
    "body", [b"", b"\2\0\4", b"\2\0\0\0\0\0\0\1\1\x47\xff\xff", b"\2\0\0\0\0\0\0\1" + b"\1" * 99]
)
def test_a_body_that_is_cut_short_costs_only_itself(body: bytes) -> None:
    played = told(body)
    assert played.service is not None
    assert set(played.wire.details) <= {"status"}
