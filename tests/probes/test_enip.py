"""EtherNet/IP's identity."""

from __future__ import annotations

import struct

import pytest

from banner import probes

from .conversation import Played, play, server

ENIP = probes.get("enip")


def told(body: bytes, *, command: int = 0x63, status: int = 0, context: bytes = b"identity") -> Played:
    return play(
        ENIP,
        [server(struct.pack("<HHII8sI", command, len(body), 0, status, context, 0) + body)],
        strict=False,
    )


def identity(vendor: int = 1, kind: int = 0x0E, name: bytes = b"1756-EN2T/B", item: int = 0x0C) -> bytes:
    address = struct.pack(">HH4s8x", 2, 44818, bytes([192, 0, 2, 7]))
    device = struct.pack("<HHHBBHI", vendor, kind, 166, 5, 8, 0x30, 0xC0FFEE)
    content = b"\1\0" + address + device + bytes([len(name)]) + name + b"\3"
    return struct.pack("<HHH", 1, item, len(content)) + content


def test_one_question_is_asked() -> None:
    assert bytes(told(b"").wire.sent) == b"\x63\0" + bytes(10) + b"identity" + bytes(4)


def test_a_controller() -> None:
    played = told(identity())
    assert played.wire.details == {
        "address": "192.0.2.7:44818", "vendor_id": 1, "vendor": "Rockwell Automation", "product_code": 166,
        "device_type": "programmable logic controller", "revision": "5.8", "device_status": 0x30,
        "serial_number": "00c0ffee", "product_name": "1756-EN2T/B",
    }  # fmt: skip


def test_numbers_that_nobody_here_knows_stay_numbers() -> None:
    played = told(identity(vendor=60_000, kind=200))
    assert played.service is not None
    assert played.service.vendor is None
    assert played.wire.details["device_type"] == "200"


@pytest.mark.parametrize("body", [b"\0\0", identity()[:40], identity(item=0x86)])
def test_an_answer_without_an_identity_is_one_all_the_same(body: bytes) -> None:
    played = told(body)
    assert played.service is not None
    assert played.wire.details == {}


def test_an_error_is_told() -> None:
    assert told(b"", status=1).wire.details == {"status": 1}


@pytest.mark.parametrize("how", [{"command": 0x65}, {"context": b"another!"}])
def test_another_answer_is_let_go(how: dict[str, int | bytes]) -> None:
    assert told(identity(), **how).service is None  # type: ignore[arg-type]  # by name
