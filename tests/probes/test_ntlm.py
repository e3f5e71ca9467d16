"""NTLM's first message names nobody; its second is read within its bounds, wherever it stands."""

from __future__ import annotations

import struct
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.probes import _ber
from banner.probes._ntlm import NEGOTIATE, challenge, challenge_in, spnego

from .recordings import everything

SAMPLE = bytes.fromhex(
    "4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000"
    "060070170000000f53006500720076006500720002000c0044006f006d00610069006e0001000c005300650072007600"
    "65007200000000 00"
)
"""[MS-NLMP], section 4.2.4.3."""


def made(
    *pairs: tuple[int, bytes], flags: int = 0, at: int | None = None, length: int | None = None
) -> bytes:
    """A challenge with these pairs (section 2.2.2.1), whose place may be told wrongly."""
    info = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in pairs)
    size = len(info) if length is None else length
    place = struct.pack("<HHI", size, size, 56 if at is None else at)
    head = b"NTLMSSP\0\2\0\0\0" + bytes(8) + struct.pack("<I", flags) + bytes(16) + place
    return head + struct.pack("<BBH4x", 10, 0, 20348) + info


def test_the_first_message_names_nobody() -> None:
    kind, flags = struct.unpack_from("<II", NEGOTIATE, 8)
    assert (kind, flags & 0x3000) == (1, 0), "neither a domain nor a workstation is supplied"
    assert NEGOTIATE[16:32] == bytes(16)
    assert len(NEGOTIATE) == 40
    assert spnego().endswith(NEGOTIATE)


def test_the_wrapped_one_is_whole() -> None:
    ((tag, outer),) = _ber.elements(spnego())
    mechanism, (choice, inner) = _ber.elements(outer)
    assert (tag, mechanism, choice) == (0x60, (6, bytes.fromhex("2b0601050502")), 0xA0)
    ((_, fields),) = _ber.elements(inner)
    assert [tag for tag, _ in _ber.elements(fields)] == [0xA0, 0xA2]


def test_no_dialogue_ever_sends_the_third_message() -> None:
    for recorded in everything().values():
        for recording in recorded:
            assert b"NTLMSSP\0\3" not in recording.sent()
            assert b"TlRMTVNTUAADA" not in recording.sent()


def test_the_sample_of_the_specification() -> None:
    told = {"ntlm_hostname": "Server", "ntlm_domain": "Domain", "ntlm_build": "6.0.6000"}
    assert challenge(SAMPLE) == told
    assert challenge(b"\x30\x81wrapped" + SAMPLE + b"and more") == told
    assert challenge_in(b64encode(SAMPLE)) == told
    assert challenge_in(b64encode(SAMPLE).decode()) == told


def test_every_name_and_the_clock() -> None:
    names = [(kind, f"name {kind}".encode("utf-16-le")) for kind in (1, 2, 3, 4, 5, 9)]
    clock = (7, struct.pack("<Q", 133_500_000_000_000_000))
    assert challenge(made(*names, clock, (0, b""), (1, b"late"), flags=0x2000000)) == {
        "ntlm_hostname": "name 1",
        "ntlm_domain": "name 2",
        "ntlm_dns_hostname": "name 3",
        "ntlm_dns_domain": "name 4",
        "ntlm_dns_forest": "name 5",
        "ntlm_time": "2024-01-17T21:20:00Z",
        "ntlm_build": "10.0.20348",
    }


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"NTLMSSP\0\1\0\0\0" + bytes(48),
        made(at=1 << 31),
        made((1, b"H\0"), at=0xFFFF),
        made((7, b"short")),
        made((7, bytes(8))),
        made((7, b"\xff" * 8)),
        made((1, b"")),
        made((1, b"H\0"), length=5),
    ],
)
def test_what_is_out_of_bounds_is_left_out(message: bytes) -> None:
    assert challenge(message) == {}


def test_a_long_name_is_cut_and_half_a_character_replaced() -> None:
    name = challenge(made((1, b"H\0" * 30_000)))["ntlm_hostname"]
    assert name == "H" * 256
    assert challenge(made((1, b"H\0x")))["ntlm_hostname"] == "H\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("text", [b"!", b"AAA", "\xe9\xe9", ""])
def test_what_is_no_base64_holds_nothing(text: str | bytes) -> None:
    assert challenge_in(text) == {}


@given(st.binary(max_size=200), st.integers(0, len(SAMPLE)))
def test_damaged_messages_raise_nothing(noise: bytes, at: int) -> None:
    challenge(SAMPLE[:at] + noise)
    challenge(SAMPLE[:12] + noise)
