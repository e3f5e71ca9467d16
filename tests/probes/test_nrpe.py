"""NRPE's packets of version 2."""

from __future__ import annotations

import zlib

import pytest

from banner import identify, probes
from banner.probes import nrpe

from .conversation import play, server

NRPE = probes.get("nrpe")


def answered(output: bytes, result: int = 0, kind: int = nrpe.RESPONSE) -> bytes:
    return nrpe._packet(kind, result, output)


@pytest.mark.parametrize(
    ("output", "product", "version"),
    [
        (b"NRPE v2.15", "NRPE", "2.15"),
        (b"I (0.5.2 2018-02-09) seem to be doing fine...", "NSClient++", "0.5.2"),
        (b"No handler for that command", None, None),
    ],
)
def test_the_output_names_the_daemon(output: bytes, product: str | None, version: str | None) -> None:
    played = play(NRPE, [server(answered(output, 3))], strict=False)
    assert played.service is not None
    assert played.wire.details == {"output": output.decode(), "result": 3}
    found = identify(answered(output))
    assert found is not None
    assert (found.name, found.product, found.version) == ("nrpe", product, version)


def test_the_checksum_is_taken_over_the_whole_packet() -> None:
    data = bytearray(nrpe.REQUEST)
    told, data[4:8] = bytes(data[4:8]), bytes(4)
    assert int.from_bytes(told, "big") == zlib.crc32(data)
    assert len(data) == 1036


@pytest.mark.parametrize(
    "answer",
    [nrpe.REQUEST, answered(b"NRPE v4.1.0")[:-1] + b"x", answered(b"", kind=3)],
    ids=["echo", "checksum", "type"],
)
def test_another_packet_is_let_go(answer: bytes) -> None:
    assert play(NRPE, [server(answer)], strict=False).service is None
