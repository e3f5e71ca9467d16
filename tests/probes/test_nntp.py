"""NNTP: what else greets with 200."""

from __future__ import annotations

import pytest

from banner import probes
from banner.models import Service

from .conversation import client, play, server

NNTP = probes.get("nntp")


@pytest.mark.parametrize("answer", [b"500 ?\r\n", b"HTTP/1.0 400 Bad Request\r\n", b"250 ok\r\n"])
def test_another_service_with_the_same_code_is_let_go(answer: bytes) -> None:
    said = [server(b"200 hello\r\n"), client(b"CAPABILITIES\r\n"), server(answer)]
    assert play(NNTP, said, port=40000).service is None


def test_a_refusal_is_nntp_by_its_words_or_its_port() -> None:
    refusal = [server(b"400 overloaded\r\n")]
    assert play(NNTP, refusal, port=119).service == Service("nntp")
    assert play(NNTP, refusal, port=40000).service is None
