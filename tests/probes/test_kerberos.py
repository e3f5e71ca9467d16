"""Kerberos' refusals over TCP."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.probes import _kerberos

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


@pytest.mark.parametrize(
    "time", ["99999999999999Z", "20261131120000Z", "20260101250000Z", "202601011200 0Z", "\u0662" * 14 + "Z"]
)
def test_what_is_no_time_is_not_told_as_one(time: str) -> None:
    error = {6: b"\6", 4: time.encode()}
    assert _kerberos.described(error) == {"error": "client unknown"}


def test_a_time_is_told_in_one_form() -> None:
    assert _kerberos.described({6: b"\6", 4: b"20260131235959Z"})["server_time"] == "2026-01-31T23:59:59Z"
