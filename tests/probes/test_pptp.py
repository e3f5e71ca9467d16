"""PPTP's reply."""

from __future__ import annotations

from banner import probes

from .conversation import play, server

PPTP = probes.get("pptp")
REPLY = bytes.fromhex("009c00011a2b3c4d0002000001000400000000000000000000000a28")


def reply(host: bytes, vendor: bytes) -> bytes:
    return REPLY + host.ljust(64, b"\0") + vendor.ljust(64, b"\0")


def test_the_request_is_as_long_as_it_says() -> None:
    sent = bytes(play(PPTP, [], strict=False).wire.sent)
    assert sent[:12].hex() == "009c00011a2b3c4d00010000"
    assert len(sent) == 0x9C


def test_a_refusal_still_names_the_vendor() -> None:
    played = play(PPTP, [server(reply(b"gw", b"MikroTik"))], strict=False)
    assert played.service is not None
    assert played.service.vendor == "MikroTik"
    assert played.wire.details["result"] == "not authorized"
    assert played.wire.details["firmware"] == 0x0A28


def test_names_that_fill_their_field_have_no_end() -> None:
    played = play(PPTP, [server(reply(b"h" * 64, b"\xff" * 64))], strict=False)
    assert played.wire.details["hostname"] == "h" * 64


def test_an_echo_is_not_claimed() -> None:
    sent = bytes(play(PPTP, [], strict=False).wire.sent)
    assert play(PPTP, [server(sent)], strict=False).service is None
