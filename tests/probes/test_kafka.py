"""Kafka: which release knows which calls."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import probes

from .conversation import Played, play, server

KAFKA = probes.get("kafka")


def answer(body: bytes, number: bytes = b"bann", error: int = 0) -> Played:
    message = number + struct.pack(">h", error) + body
    return play(KAFKA, [server(struct.pack(">i", len(message)) + message)], strict=False)


def calls(*known: tuple[int, int, int]) -> bytes:
    return struct.pack(">i", len(known)) + b"".join(struct.pack(">hhh", *call) for call in known)


@pytest.mark.parametrize(
    ("known", "since"),
    [
        ((1, 0, 17), "3.9"),
        ((2, 1, 10), "4.0"),
        ((1, 0, 9), "2.0"),
        ((3, 0, 4), "0.11"),
        ((19, 0, 0), "0.10.1"),
        ((18, 0, 0), None),
    ],
)
def test_the_newest_call_dates_the_broker(known: tuple[int, int, int], since: str | None) -> None:
    details = answer(calls(known)).wire.details
    assert details.get("version_at_least") == since
    assert details["api_versions"] == [f"{known[0]}:{known[1]}-{known[2]}"]


def test_a_list_that_is_cut_is_kafka_without_a_list() -> None:
    played = answer(b"\0\0\0\x09" + struct.pack(">hhh", 0, 0, 9))
    assert played.service is not None
    assert played.wire.details == {}


def test_other_numbers_and_errors_are_not_claimed() -> None:
    assert answer(calls(), number=b"BANN").service is None
    assert answer(calls(), error=-1).service is None


def test_an_echo_is_not_claimed() -> None:
    sent = bytes(play(KAFKA, [], strict=False).wire.sent)
    assert play(KAFKA, [server(sent)], strict=False).service is None


@given(st.binary(max_size=200))
def test_any_list_is_survived(body: bytes) -> None:
    assert answer(body).service is not None
