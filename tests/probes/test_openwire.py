"""The properties of a WireFormatInfo, of every type, and where they end early."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

OPENWIRE = probes.get("openwire")


def info(*properties: bytes, count: int | None = None) -> bytes:
    inner = (len(properties) if count is None else count).to_bytes(4, "big") + b"".join(properties)
    body = b"\1ActiveMQ\0\0\0\x0c\1" + len(inner).to_bytes(4, "big") + inner
    return len(body).to_bytes(4, "big") + body


def named(name: bytes, value: bytes) -> bytes:
    return len(name).to_bytes(2, "big") + name + value


def told(data: bytes) -> dict[str, object]:
    played = play(OPENWIRE, [server(data)])
    assert played.service is not None
    assert not played.wire.sent
    return played.wire.details


@pytest.mark.parametrize(
    "value",
    [
        b"\0", b"\1\1", b"\2\7", b"\3\0A", b"\4\0\7", b"\5\0\0\0\7", b"\6" + bytes(8), b"\7" + bytes(8),
        b"\x08" + bytes(4),
        b"\x09\0\1x", b"\x0a\0\0\0\1x", b"\x0d\0\0\0\1x",
    ],
    ids=lambda value: f"type {value[0]}",
)  # fmt: skip
def test_an_unknown_property_of_any_type_is_passed_over(value: bytes) -> None:
    after = named(b"ProviderVersion", b"\x09\0\x065.18.3")
    assert told(info(named(b"Unheard", value), after)) == {
        "protocol_version": "12",
        "provider_version": "5.18.3",
    }


def test_what_stood_before_an_unknown_type_is_told() -> None:
    before, after = named(b"CacheSize", b"\5\0\0\0\7"), named(b"Host", b"\x09\0\1x")
    for odd in (b"\x0b\0\0\0\0", b"\xff"):
        assert told(info(before, named(b"Odd", odd), after)) == {"protocol_version": "12", "cache_size": 7}


def test_more_properties_than_there_are_cost_nothing() -> None:
    assert told(info(named(b"CacheEnabled", b"\1\0"), count=0x7FFFFFFF)) == {
        "protocol_version": "12",
        "cache_enabled": False,
    }


def test_a_broker_without_properties_is_one() -> None:
    assert told(b"\0\0\0\x0e\1ActiveMQ\0\0\0\1\0") == {"protocol_version": "1"}


@pytest.mark.parametrize("data", [b"\0\0\1\0\1ActiveMX", b"\0\0\xff\xff\1ActiveMQ", b"\0\0\0\1\1"])
def test_another_greeting_is_let_go(data: bytes) -> None:
    assert play(OPENWIRE, [server(data)], strict=False).service is None
