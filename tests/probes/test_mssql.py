"""SQL Server's PRELOGIN."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import probes
from banner.dialogue import Wire
from banner.probes._ntlm import NEGOTIATE
from banner.probes.mssql import login, request

from .conversation import TLS, Played, play, server

MSSQL = probes.get("mssql")


def answer(payload: bytes, kind: int = 4) -> Played:
    return play(
        MSSQL, [server(struct.pack(">BBHHBB", kind, 1, 8 + len(payload), 0, 1, 0) + payload)], strict=False
    )


def options(version: bytes, encryption: int) -> bytes:
    return (
        struct.pack(">BHHBHHB", 0, 11, len(version), 1, 11 + len(version), 1, 255)
        + version
        + bytes([encryption])
    )


def test_the_request_points_to_its_own_options() -> None:
    sent = bytes(play(MSSQL, [], strict=False).wire.sent)
    assert struct.unpack(">BBH", sent[:4]) == (0x12, 1, len(sent))
    payload = sent[8:]
    tokens = [struct.unpack(">BHH", payload[at : at + 5]) for at in range(0, 25, 5)]
    assert [token[0] for token in tokens] == [0, 1, 2, 3, 4]
    assert payload[25] == 0xFF
    assert tokens[0][1] == 26
    assert tokens[-1][1] + tokens[-1][2] == len(payload)
    assert payload[tokens[1][1]] == 0  # ENCRYPT_OFF


@pytest.mark.parametrize(
    ("version", "number", "release"),
    [
        (b"\x0f\x00\x07\xd0\x05\x00", "15.0.2000.5", "2019"),
        (b"\x0a\x32\x06\x40\x01\x00", "10.50.1600.1", "2008 R2"),
        (b"\x63\x00\x00\x01\x00\x00", "99.0.1.0", None),
    ],
)
def test_builds(version: bytes, number: str, release: str | None) -> None:
    played = answer(options(version, 3))
    assert played.service is not None
    assert (played.service.version, played.service.info) == (number, release)
    assert played.wire.details == {"encryption": "required"}


@pytest.mark.parametrize(
    "payload", [b"", b"\0", b"\0\0\x0b\0\6", b"\1\0\x06\0\1\xff\2", options(b"\x0f\0\7\xd0", 0)]
)
def test_what_has_no_version_is_not_claimed(payload: bytes) -> None:
    assert answer(payload).service is None


def test_an_echo_is_not_claimed() -> None:
    assert answer(options(bytes(6), 2), kind=0x12).service is None


@given(st.binary(max_size=100))
def test_any_payload_is_survived(payload: bytes) -> None:
    answer(payload)


@pytest.mark.parametrize(
    ("encryption", "deep", "secured", "asked"),
    [
        (2, True, False, True),  # it cannot: the login is begun in the clear
        (2, False, False, False),
        (1, True, True, True),
        (3, True, True, True),
        (0, False, True, False),
        (3, False, True, False),
    ],
)
def test_the_names_are_asked_for_in_full_mode(
    encryption: int, deep: bool, secured: bool, asked: bool
) -> None:
    payload = options(bytes([16, 0, 1, 0, 0, 0]), encryption)
    turn = server(struct.pack(">BBHHBB", 4, 1, 8 + len(payload), 0, 1, 0) + payload)
    played = play(MSSQL, [turn, *([TLS] if secured else [])], strict=False, deep=deep)
    assert (b"NTLMSSP" in played.wire.sent) == asked
    assert played.wire.tls == secured
    assert played.service is not None


@pytest.mark.parametrize(
    ("deep", "tls", "may_secure", "wish"),
    [
        (False, False, True, 0),
        (True, False, True, 1),
        (True, True, True, 2),
        (True, False, False, 2),
    ],
)
def test_what_is_wished_is_what_can_be(deep: bool, tls: bool, may_secure: bool, wish: int) -> None:
    wire = Wire(deep=deep, tls=tls)
    wire.may_secure = may_secure
    talk = MSSQL.talk(wire)
    next(talk)
    assert bytes(wire.sent) == request(wish)


def test_the_login_names_nobody() -> None:
    packet = login()
    assert struct.unpack(">BBH", packet[:4]) == (0x10, 1, len(packet))
    body = packet[8:]
    assert int.from_bytes(body[:4], "little") == len(body)
    assert body[25] == 0x80  # fIntSecurity of OptionFlags2, [MS-TDS] 2.2.6.4
    named = struct.unpack("<18H", body[36:72])
    assert set(named[1::2]) == {0}, "host, user, password, application, server ... are empty"
    assert struct.unpack("<HH", body[78:82]) == (94, 40)
    assert body[94:] == NEGOTIATE
