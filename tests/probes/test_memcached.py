"""memcached's version line."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

MEMCACHED = probes.get("memcached")


def test_a_router_in_front_is_no_memcached() -> None:
    service = play(MEMCACHED, [server(b"VERSION 39.0.0 mcrouter\r\n")], strict=False).service
    assert service is not None
    assert (service.product, service.version) == ("mcrouter", "39.0.0")


@pytest.mark.parametrize(
    "line", [b"VERSION please\r\n", b"VERSION \r\n", b"ERROR\r\n", b"CLIENT_ERROR no\r\n"]
)
def test_what_has_no_version_is_not_claimed(line: bytes) -> None:
    assert play(MEMCACHED, [server(line)], strict=False).service is None
