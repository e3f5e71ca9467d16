"""H.323's call signalling, asked about a call that there is not."""

from __future__ import annotations

import pytest

from banner import probes
from banner.probes.h323 import enquiry

from .conversation import play, server

H323 = probes.get("h323")


def packet(data: bytes) -> bytes:
    return b"\3\0" + (4 + len(data)).to_bytes(2, "big") + data


def test_no_call_is_set_up() -> None:
    sent = bytes(play(H323, [], strict=False).wire.sent)
    assert sent == enquiry() == packet(b"\x08\2\x5a\x31\x75")  # STATUS ENQUIRY; SETUP would be 5


@pytest.mark.parametrize(
    "answer",
    [
        enquiry(),  # sent back as it was
        packet(b"\x08\2\x5a\x31\x7d\x08\2\x80\x9e"),  # the call reference is not turned round
        packet(b"\x08\2\xda\x32\x7d\x08\2\x80\x9e"),  # another call's
        packet(b"\x08\2\xda\x31\x05"),  # a SETUP
        b"\3\0\0\x0b\6\xd0\0\0\x124\0",  # X.224's connection confirm: a controller, or RDP
        b"\3\0\0\5\x08",
    ],
)
def test_what_is_no_answer_of_q931_is_let_go(answer: bytes) -> None:
    assert play(H323, [server(answer)], strict=False).service is None


@pytest.mark.parametrize(
    ("elements", "details"),
    [
        (b"", {}),
        (b"\x08\3\0\x80\x9e\x14\1\x06", {"cause": 30, "call_state": 6}),
        (b"\xa1\x08\2\x80\xd1", {"cause": 81}),  # behind one of a single byte
        (b"\x08\x09\x80", {}),  # cut short
        (b"\x08\0\x14\0", {}),
        (b"\x7e\0\7\5\6\0\x08\x91\x4a\0", {}),
    ],
)
def test_elements_are_read_as_far_as_they_go(elements: bytes, details: dict[str, int]) -> None:
    played = play(H323, [server(packet(b"\x08\2\xda\x31\x7d" + elements))], strict=False)
    assert played.wire.details == {"message": "STATUS", **details}
