"""RDP's negotiation: what the server chose, why it did not, and who only looks like it."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import TLS, Played, play, server

RDP = probes.get("rdp")


def confirm(kind: int, flags: int, number: int) -> Played:
    negotiation = bytes([kind, flags, 8, 0]) + number.to_bytes(4, "little")
    turns = [server(b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0" + negotiation), TLS]
    return play(RDP, turns, strict=False)


@pytest.mark.parametrize(("number", "name"), [(1, "tls"), (2, "credssp"), (8, "credssp-ex"), (64, "64")])
def test_tls_follows_what_needs_it(number: int, name: str) -> None:
    played = confirm(2, 0x1F, number)
    assert played.wire.tls
    assert played.wire.details["protocol"] == name
    assert played.wire.details["flags"] == [
        "extended-client-data", "graphics-pipeline", "restricted-admin", "credential-guard",
    ]  # fmt: skip


def test_the_old_encryption_is_not_tls() -> None:
    played = confirm(2, 0, 0)
    assert played.service is not None
    assert not played.wire.tls_offered
    assert played.wire.details["protocol"] == "rdp"


def test_a_failure_says_why() -> None:
    played = confirm(3, 0, 5)
    assert played.service is not None
    assert played.wire.details == {"failure": "hybrid required"}
    assert not played.wire.tls_offered


def test_a_server_without_negotiation() -> None:
    played = play(RDP, [server(b"\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0")], strict=False)
    assert played.service is not None
    assert played.wire.details == {"protocol": "rdp"}


@pytest.mark.parametrize(
    "said",
    [
        b"\x03\0\0\x16\x11\xd0\0\1\0\x02\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2",  # a controller's confirm (ISO on TCP)
        b"\x03\0\0\x0b\x06\xd0\0\0\0\x01\0",  # any other service's confirm
        b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\x0b\0\0\0",  # an echo
        b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\7\0\x08\0\1\0\0\0",
    ],
)
def test_other_services_on_iso_transport_are_not_claimed(said: bytes) -> None:
    assert play(RDP, [server(said)], strict=False).service is None
