"""POP3: refusals, and servers without CAPA."""

from __future__ import annotations

from banner import probes
from banner.models import Service

from .conversation import client, play, server

POP3 = probes.get("pop3")


def test_a_server_without_capa_is_pop3() -> None:
    said = [
        server(b"+OK POP3 ready\r\n"),
        client(b"CAPA\r\n"),
        server(b"-ERR what?\r\n"),
        client(b"QUIT\r\n"),
    ]
    played = play(POP3, said)
    assert played.service == Service("pop3")
    assert played.wire.details == {}
    assert played.missing == ()


def test_a_refusal_is_pop3_by_its_words_or_its_port() -> None:
    redis = [server(b"-ERR max number of clients reached\r\n")]
    assert play(POP3, redis, port=6379).service is None
    assert play(POP3, redis, port=110).service == Service("pop3")
    assert play(POP3, [server(b"-ERR POP3 is full\r\n")], port=40000).service == Service("pop3")


def test_the_implementation_is_told() -> None:
    said = [
        server(b"+OK\r\n"),
        client(b"CAPA\r\n"),
        server(b"+OK\r\nTOP\r\nIMPLEMENTATION Cyrus POP3 server v2.4.17\r\n.\r\n"),
        client(b"QUIT\r\n"),
    ]
    assert play(POP3, said).wire.details["implementation"] == "Cyrus POP3 server v2.4.17"
