"""RTSP: refusals are RTSP too, HTTP's are not."""

from __future__ import annotations

import pytest

from banner import identify, probes

from .conversation import play, server

RTSP = probes.get("rtsp")


def test_a_refusal_is_rtsp() -> None:
    said = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="cam"\r\n\r\n'
    played = play(RTSP, [server(said)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"status": 401, "www_authenticate": 'Digest realm="cam"'}


def test_http_is_http() -> None:
    assert (
        play(RTSP, [server(b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n")], strict=False).service is None
    )


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=UTF-8"])
def test_a_page_with_the_protocol_of_our_request_is_none(kind: str) -> None:
    head = f"RTSP/1.0 501 Not Implemented\r\nServer: mini_httpd/1.30\r\nContent-Type: {kind}\r\n"
    said = f"{head}\r\n<HTML></HTML>".encode()
    assert play(RTSP, [server(said)], strict=False).service is None
    assert identify(said) is None
    answered = said.replace(b"Server", b"CSeq: 1\r\nServer")
    played = play(RTSP, [server(answered)], strict=False).service
    assert played is not None
    told = identify(answered)
    assert told is not None
    assert (played.name, told.name) == ("rtsp", "rtsp")


def test_the_methods_are_bounded() -> None:
    played = play(RTSP, [server(b"RTSP/1.0 200 OK\nPublic: " + b"A," * 99 + b" B\n\n")], strict=False)
    assert played.wire.details["methods"] == ["A"] * 32
