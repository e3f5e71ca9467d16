"""Redis' kin, and errors that are not only Redis'."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import Played, play, server

REDIS = probes.get("redis")


def info(body: bytes) -> Played:
    return play(REDIS, [server(b"+PONG\r\n$%d\r\n%s\r\n" % (len(body), body))], strict=False)


@pytest.mark.parametrize(
    ("said", "product", "version"),
    [
        (b"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n", "Valkey", "8.0.1"),
        (b"redis_version:7.4.0\r\ndragonfly_version:df-v1.25.1\r\n", "Dragonfly", "1.25.1"),
        (b"version:2.9.0\r\nkvrocks_version:2.9.0\r\nredis_version:4.0.0\r\n", "Kvrocks", "2.9.0"),
        (b"redis_version:2.4.10\r\n", "Redis", "2.4.10"),
    ],
)
def test_the_compatible_name_themselves(said: bytes, product: str, version: str) -> None:
    service = info(b"# Server\r\n" + said).service
    assert service is not None
    assert (service.product, service.version) == (product, version)


def test_info_without_a_version_is_redis_without_a_product() -> None:
    service = info(b"# Server\r\nuptime_in_seconds:3\r\n").service
    assert service is not None
    assert (service.name, service.product) == ("redis", None)


def test_a_refused_info_costs_the_product_only() -> None:
    said = b"+PONG\r\n-NOPERM this user has no permissions to run the 'info' command\r\n"
    played = play(REDIS, [server(said)], strict=False)
    assert played.service is not None
    assert played.service.product is None
    assert str(played.wire.details["error"]).startswith("NOPERM")


@pytest.mark.parametrize("line", [b"-ERR unknown command\r\n", b"+OK ready\r\n", b"+PONGO\r\n", b"PONG\r\n"])
def test_what_others_say_as_well_is_not_claimed(line: bytes) -> None:
    played = play(REDIS, [server(line)], strict=False)
    assert played.service is None
    assert played.waits == 1


@pytest.mark.parametrize("length", [b"99999999999999999999", b"-1", b"1e3", b""])
def test_a_length_that_is_none_is_survived(length: bytes) -> None:
    played = play(REDIS, [server(b"+PONG\r\n$" + length + b"\r\nredis_version:7\r\n")], strict=False)
    assert played.wire.found is not None
    assert played.wire.found.product is None


def test_a_hostile_version_is_quoted_in_the_cpe() -> None:
    service = info(b"redis_version:7:*\\.0\r\n").service
    assert service is not None
    assert service.cpe == (r"cpe:2.3:a:redis:redis:7\:\*\\.0:*:*:*:*:*:*:*",)
