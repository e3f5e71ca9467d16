"""Kerberos' refusals over TCP."""

from __future__ import annotations

import pytest

from banner import identify, probes

from .conversation import play, server
from .recordings.kerberos import RECORDINGS
from .recordings.udp import kerberos as udp

KERBEROS = probes.get("kerberos")
ANSWER = RECORDINGS[0].turns[1].data


def test_it_asks_what_is_asked_over_udp() -> None:
    asked = RECORDINGS[0].turns[0].data
    assert asked[4:] == udp.RECORDINGS[0].turns[0].data
    assert int.from_bytes(asked[:4], "big") == len(asked) - 4


def test_its_words_name_it() -> None:
    found = identify(ANSWER)
    assert found is not None
    assert (found.name, found.vendor, found.product) == ("kerberos", "MIT", "Kerberos 5")
    for end in range(len(ANSWER)):
        assert (cut := identify(ANSWER[:end])) is None or cut.name == "kerberos"


@pytest.mark.parametrize(
    "answer",
    [
        b"\0\1\0\0" + ANSWER[4:] + bytes(65536),  # longer than any
        ANSWER.replace(b"\xa1\x03\x02\x01\x1e", b"\xa1\x03\x02\x01\x1f"),  # another type
        b"\0\0\0\x04\x7e\x02\x30\0",
    ],
)
def test_what_is_no_refusal_is_let_go(answer: bytes) -> None:
    assert play(KERBEROS, [server(answer)], strict=False).service is None
