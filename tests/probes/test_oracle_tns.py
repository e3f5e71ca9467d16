"""Oracle's listeners."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.recognition.answers import oracle_version

from .conversation import play, server
from .recordings.oracle_tns import REFUSAL, packet

ORACLE = probes.get("oracle-tns")


@pytest.mark.parametrize(
    ("number", "version"),
    [
        (153092352, "9.2.0.1.0"),
        (186647040, "11.2.0.2.0"),
        (202375680, "12.1.0.2.0"),
        (318767104, "19.0.0.0.0"),
        (0x13030000, "19.3.0.0.0"),
    ],
)
def test_the_number_of_a_refusal_is_a_version(number: int, version: str) -> None:
    assert oracle_version(number) == version
    answer = packet(4, b"\x22\0\0\x40" + REFUSAL.replace(b"318767104", str(number).encode()))
    found = identify(answer)
    assert found is not None
    assert (found.name, found.product, found.version) == ("oracle-tns", "Oracle Database", version)


def test_flags_in_the_header_change_nothing() -> None:
    answer = bytearray(packet(4, b"\x22\0\0\x40" + REFUSAL))
    answer[5] = 0x20
    found = identify(bytes(answer))
    assert found is not None
    assert found.version == "19.0.0.0.0"
    assert play(ORACLE, [server(bytes(answer))], strict=False).wire.details["version"] == "19.0.0.0.0"


def test_a_listener_that_leads_elsewhere_is_one() -> None:
    address = b"(ADDRESS=(PROTOCOL=tcp)(HOST=192.0.2.7)(PORT=1521))"
    played = play(ORACLE, [server(packet(5, len(address).to_bytes(2, "big") + address))], strict=False)
    assert played.service is not None
    assert played.wire.details == {}


def test_it_is_asked_again_once_only() -> None:
    played = play(ORACLE, [server(packet(11, b""))] * 3, strict=False)
    assert played.service is None
    assert played.wire.sent.count(b"COMMAND=version") == 2


@pytest.mark.parametrize(
    "answer",
    [
        packet(4, b"\x22\0\0\0no"),
        packet(1, b"(DESCRIPTION="),
        packet(2, b"short"),
        b"\0\x20\0\0\x0c\0\0\0" + bytes(24),
    ],
)
def test_anything_else_is_another(answer: bytes) -> None:
    assert play(ORACLE, [server(answer)], strict=False).service is None
