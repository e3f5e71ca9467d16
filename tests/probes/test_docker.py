"""Docker's version call, and other HTTP servers."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import Played, play, server

DOCKER = probes.get("docker")


def answer(body: bytes, head: bytes = b"") -> Played:
    said = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)
    return play(DOCKER, [server(said)], strict=False)


def test_the_version_is_asked_for() -> None:
    assert bytes(answer(b"{}").wire.sent).startswith(b"GET /version HTTP/1.1\r\nHost: host.example:2375\r\n")


def test_an_engine_without_components_is_docker() -> None:
    service = answer(b'{"Version":"1.13.1","ApiVersion":"1.26","Os":"linux","Arch":"amd64"}').service
    assert service is not None
    assert (service.product, service.version, service.info) == ("Docker", "1.13.1", None)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"message":"page not found"}',
        b'{"Version":"1.0"}',
        b'{"Version":1,"ApiVersion":2}',
        b'["Version"]',
        b"<html></html>",
    ],
)
def test_other_http_servers_are_left_to_http(body: bytes) -> None:
    played = answer(body)
    assert played.service is None
    assert played.wire.details == {}


@pytest.mark.parametrize("components", [b"[]", b"[7]", b'[{"Name":7}]', b'{"Name":"Podman"}', b"null"])
def test_components_of_another_form_are_survived(components: bytes) -> None:
    service = answer(b'{"Version":"1","ApiVersion":"1","Components":' + components + b"}").service
    assert service is not None
    assert service.product == "Docker"
