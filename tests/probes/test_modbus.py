"""Modbus' device identification: it reads, it is asked by name, and what is no Modbus is let go."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server

MODBUS = probes.get("modbus")


def told(pdu: bytes, head: bytes = b"\x62\x6e\0\0") -> Played:
    return play(MODBUS, [server(head + struct.pack(">H", 1 + len(pdu)) + b"\xff" + pdu)], strict=False)


def test_one_question_is_asked_and_it_reads() -> None:
    sent = bytes(told(b"\xab\x01").wire.sent)
    assert sent[6:] == b"\xff\x2b\x0e\x01\x00", "function 43 / 14, basic, from object 0"
    assert int.from_bytes(sent[4:6], "big") == len(sent) - 6


def test_more_objects_than_were_asked_for() -> None:
    objects = b"\5\0\3ABC\1\2P1\2\0041.20\4\2XY\x80\1?"
    played = told(b"\x2b\x0e\1\x83\0\0" + objects)
    assert played.service is not None
    assert (played.service.vendor, played.service.product, played.service.version) == ("ABC", "P1", "1.20")
    assert played.wire.details["product_name"] == "XY"


def test_objects_that_are_cut_short_stay_as_far_as_they_came() -> None:
    assert told(b"\x2b\x0e\1\1\0\0\3\0\3ABC\1\x20P").wire.details == {"vendor": "ABC"}


@pytest.mark.parametrize(
    ("code", "name"), [(1, "illegal function"), (11, "gateway target failed to respond"), (99, "99")]
)
def test_an_exception_is_an_answer(code: int, name: str) -> None:
    assert told(bytes([0xAB, code])).wire.details == {"exception": name}


@pytest.mark.parametrize(
    ("pdu", "head"),
    [
        (b"\x2b\x0d\1\1\0\0\0", b"\x62\x6e\0\0"),
        (b"\3\2\0\1", b"\x62\x6e\0\0"),
        (b"\xab\1", b"\x62\x6f\0\0"),
        (b"\xab\1", b"\x62\x6e\0\1"),
    ],
)
def test_another_answer_is_let_go(pdu: bytes, head: bytes) -> None:
    assert told(pdu, head).service is None
