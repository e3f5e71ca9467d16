"""Kubernetes' version call, and other HTTP servers."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

KUBERNETES = probes.get("kubernetes")


@pytest.mark.parametrize(
    "body",
    [
        b'{"gitVersion":"v1"}',  # a Go program's own version call
        b'{"kind":"Status"}',
        b'{"status":"ok"}',
        b'{"major":"1","gitVersion":7}',
        b"404 page not found\n",
    ],
)
def test_other_http_servers_are_left_to_http(body: bytes) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    played = play(KUBERNETES, [server(said)], strict=False)
    assert played.service is None
    assert played.wire.details == {}


def test_a_release_without_a_builder_has_no_info() -> None:
    body = b'{"major":"1","minor":"29+","gitVersion":"v1.29.0-eks-c417bb3"}'
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    service = play(KUBERNETES, [server(said)], strict=False).service
    assert service is not None
    assert (service.version, service.info) == ("1.29.0-eks-c417bb3", None)
