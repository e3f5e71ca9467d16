"""PulseAudio: a reply is ours by its tag, and only PulseAudio itself is the product."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, client, play, server
from .recordings.pulseaudio import ASK

PULSE = probes.get("pulseaudio")


def asked(payload: bytes, channel: int = 0xFFFFFFFF, offset: int = 0) -> Played:
    return play(
        PULSE, [client(ASK), server(struct.pack(">IIQI", len(payload), channel, offset, 0) + payload)]
    )


@pytest.mark.parametrize(
    ("payload", "channel", "offset"),
    [
        (b"L\0\0\0\2Lbanntx\0t1\0t\0t\0", 0, 0),  # a stream's data
        (b"L\0\0\0\2Lbanntx\0t1\0t\0t\0", 0xFFFFFFFF, 1),
        (b"L\0\0\0\2Lbanmtx\0t1\0t\0t\0", 0xFFFFFFFF, 0),  # an answer to somebody else
        (b"L\0\0\0\x09Lbanntx\0t1\0t\0t\0", 0xFFFFFFFF, 0),  # a command
        (b"L\0\0\0\2Lbanntpulse", 0xFFFFFFFF, 0),  # a text without an end
        (b"L\0\0\0\0LbannL\0", 0xFFFFFFFF, 0),
    ],
)
def test_what_is_no_answer_to_us_is_let_go(payload: bytes, channel: int, offset: int) -> None:
    assert asked(payload, channel, offset).service is None


def test_pipewire_is_not_pulseaudio() -> None:
    played = asked(b"L\0\0\0\2LbanntPulseAudio (on PipeWire 1.0.5)\0t15.0.0\0N" + b"thost\0")
    assert played.service
    assert (played.service.name, played.service.product) == ("pulseaudio", None)
    assert played.wire.details == {
        "server_name": "PulseAudio (on PipeWire 1.0.5)",
        "version": "15.0.0",
        "host_name": "host",
    }


def test_an_error_without_a_name_is_told_by_its_number() -> None:
    assert asked(b"L\0\0\0\0LbannL\0\0\0\x63").wire.details == {"error": "99"}
