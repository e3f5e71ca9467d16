"""SMB 2: the request's offsets, the answer's numbers."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server

SMB = probes.get("smb2")


def negotiate(
    *,
    signing: int = 1,
    dialect: int = 0x0210,
    offers: int = 0,
    now: int = 0,
    status: int = 0,
    command: int = 0,
    flags: int = 1,
) -> Played:
    header = struct.pack("<4sHHIHHI", b"\xfeSMB", 64, 0, status, command, 1, flags) + bytes(44)
    guid = bytes(range(16))
    body = struct.pack("<HHHH16sIIIIQQHHI", 65, signing, dialect, 0, guid, offers, 1, 1, 1, now, 0, 128, 0, 0)
    message = header + body
    return play(SMB, [server(len(message).to_bytes(4, "big") + message)], strict=False)


def test_the_request_is_what_it_says() -> None:
    sent = bytes(play(SMB, [], strict=False).wire.sent)
    message = sent[4:]
    assert int.from_bytes(sent[:4], "big") == len(message)
    count = int.from_bytes(message[66:68], "little")
    dialects = struct.unpack(f"<{count}H", message[100 : 100 + 2 * count])
    assert dialects == (0x0202, 0x0210, 0x0300, 0x0302, 0x0311)
    context = int.from_bytes(message[92:96], "little")  # NegotiateContextOffset, [MS-SMB2] 2.2.3
    assert context % 8 == 0
    assert struct.unpack("<HH", message[context : context + 4]) == (1, len(message) - context - 8)


@pytest.mark.parametrize(("mode", "name"), [(0, "disabled"), (1, "enabled"), (3, "required")])
def test_signing(mode: int, name: str) -> None:
    assert negotiate(signing=mode).wire.details["signing"] == name


def test_dialect_identifier_and_time() -> None:
    details = negotiate(dialect=0x0302, offers=0x7F, now=116_444_736_000_000_000).wire.details
    assert details["dialect"] == "3.0.2"
    assert details["server_guid"] == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert details["system_time"] == "1970-01-01T00:00:00Z"  # the distance that every FILETIME library knows
    assert details["capabilities"][-1] == "encryption"
    assert "start_time" not in details


def test_a_time_beyond_the_calendar_is_left_out() -> None:
    assert "system_time" not in negotiate(now=2**64 - 1).wire.details


def test_an_error_is_smb_too() -> None:
    played = negotiate(status=0xC00000BB)
    assert played.service is not None
    assert played.wire.details == {"error": "0xc00000bb"}


def test_an_echo_or_another_command_is_not_claimed() -> None:
    assert negotiate(flags=0).service is None
    assert negotiate(command=1).service is None


def test_a_session_header_that_is_none_is_let_go_at_once() -> None:
    assert play(SMB, [server(b"\0\0\0\x10" + bytes(16))], strict=False).service is None
    assert play(SMB, [server(b"\0\xff\xff\xff")], strict=False).waits == 1
