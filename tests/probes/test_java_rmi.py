"""The acknowledgement of Java's remote calls."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

RMI = probes.get("java-rmi")


def test_an_address_of_version_6_is_one_too() -> None:
    host = b"2001:db8:0:0:0:0:0:7%2"
    played = play(RMI, [server(b"N" + len(host).to_bytes(2, "big") + host + b"\0\0\xad\xcc")], strict=False)
    assert played.service is not None
    assert played.service.name == "java-rmi"


@pytest.mark.parametrize(
    "answer",
    [
        b"JRMI\0\2K",  # an echo
        b"O",
        b"N\0\0\0\0\xad\xcc",
        b"N\x20\x20" + b"x" * 0x2020,
        b"N\0\x03a\0b\0\0\xad\xcc",
        b"N\0\x03abc\1\0\xad\xcc",  # no port has four bytes
        b"NOTICE AUTH :*** Looking up your hostname...\r\n",
    ],
)
def test_anything_else_is_another(answer: bytes) -> None:
    assert play(RMI, [server(answer)], strict=False).service is None
