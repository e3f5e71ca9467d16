"""AMQP: Connection.Start, and the servers of other versions."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

AMQP = probes.get("amqp")


def start(table: bytes) -> bytes:
    body = b"\0\x0a\0\x0a\0\x09" + len(table).to_bytes(4, "big") + table + b"\0\0\0\5PLAIN\0\0\0\5en_US"
    return b"\1\0\0" + len(body).to_bytes(4, "big") + body + b"\xce"


def text(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + b"S" + len(value).to_bytes(4, "big") + value


def test_every_field_type_is_passed_over() -> None:
    plain = [b"t\1", b"b\1", b"B\1", b"s\0\1", b"u\0\1", b"I" + bytes(4), b"i" + bytes(4), b"f" + bytes(4)]
    plain += [b"l" + bytes(8), b"L" + bytes(8), b"T" + bytes(8), b"d" + bytes(8), b"D" + bytes(5), b"V"]
    plain += [b"x\0\0\0\2ab", b"A\0\0\0\2t\1", b"F\0\0\0\4\1at\1"]
    table = (
        b"".join(b"\1n" + value for value in plain) + text(b"product", b"Other") + text(b"version", b"1.2")
    )
    service = play(AMQP, [server(start(table))], strict=False).service
    assert service is not None
    assert (service.product, service.version, service.cpe) == ("Other", "1.2", ())


def test_a_table_that_is_cut_is_a_broker_without_a_name() -> None:
    played = play(AMQP, [server(start(b"\7productS\0\0\1\0Rab"))], strict=False)
    assert played.service is not None
    assert played.service.product is None
    assert played.wire.details == {"protocol_version": "0-9"}


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (b"AMQP\0\1\0\0", "1-0-0"),
        (b"AMQP\3\1\0\0", "1-0-0"),
        (b"AMQP\1\1\0\x0a", "1-0-10"),
        (b"AMQP\0\0\x0a\0", "0-10-0"),
    ],
)
def test_a_server_of_another_version_names_it(header: bytes, version: str) -> None:
    played = play(AMQP, [server(header)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"protocol_version": version}


@pytest.mark.parametrize(
    "said", [b"AMQP\0\0\x09\1", b"AMQP-ish", b"\1\0\0\0\0\0\4\0\x14\0\x0a\xce", start(b"")[:-1] + b"\0"]
)
def test_an_echo_or_another_frame_is_not_claimed(said: bytes) -> None:
    assert play(AMQP, [server(said)], strict=False).service is None
