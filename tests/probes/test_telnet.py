"""Telnet's negotiation, its text, and what merely looks like either."""

from __future__ import annotations

import pytest

from banner import probes
from banner.models import End, Service

from .conversation import client, play, server

TELNET = probes.get("telnet")
DO, WILL, DONT, WONT = b"\xff\xfd", b"\xff\xfb", b"\xff\xfe", b"\xff\xfc"


def test_every_request_is_refused_once() -> None:
    said = [
        server(DO + b"\x01" + WILL + b"\x03" + DO + b"\x01"),
        client(WONT + b"\x01" + DONT + b"\x03"),
        server(b"hi"),
    ]
    played = play(TELNET, said)
    assert played.wire.details == {"options": ["do echo", "will suppress-go-ahead"], "text": "hi"}
    assert played.missing == ()


def test_a_refusal_is_not_answered() -> None:
    played = play(TELNET, [server(DONT + b"\x01" + WONT + b"\x63" + b"login: ")])
    assert not played.wire.sent
    assert played.wire.details["options"] == ["dont echo", "wont 99"]


def test_subnegotiation_is_not_text() -> None:
    said = [
        server(DO + b"\x18"),
        client(WONT + b"\x18"),
        server(b"a\xff\xfa\x18\x01\xff\xf0b\xff\xf1c\xff\xffd"),
    ]
    assert play(TELNET, said).wire.details["text"] == "abcd"


def test_all_options_of_a_hostile_peer_cost_their_number() -> None:
    every = b"".join(DO + bytes([option]) + WILL + bytes([option]) for option in range(256))
    played = play(TELNET, [server(every), server(every)], strict=False)
    assert len(played.wire.sent) == 2 * 256 * 3
    assert len(played.wire.details["options"]) == 64


def test_a_peer_that_only_negotiates_is_claimed() -> None:
    played = play(TELNET, [server(DO + b"\x01")], strict=False, end=End.DEADLINE)
    assert played.ended is End.DEADLINE
    assert played.service == Service("telnet")


@pytest.mark.parametrize(
    "text", [b"\r\nUser Access Verification\r\n\r\nUsername: ", b"router login: ", b"Password:"]
)
def test_a_prompt_is_telnet_without_negotiation(text: bytes) -> None:
    assert play(TELNET, [server(text)]).service == Service("telnet")


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n",
        b"\x01\x02\x03" + DO + b"\x01",
        b"\xff\x01\x02",
        b"login: wrong\r\n",
        b"caf\xe9",
        "login: ".encode("utf-16"),
    ],
)
def test_other_bytes_are_let_go_and_hear_nothing(data: bytes) -> None:
    played = play(TELNET, [server(data)])
    assert played.service is None
    assert played.wire.found is None
    assert not played.wire.sent
