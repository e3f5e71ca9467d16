"""STOMP's brokers: those that let anybody in, and those that do not."""

from __future__ import annotations

import pytest

from banner import identify, probes

from .conversation import play, server

STOMP = probes.get("stomp")


def test_a_refusal_says_why_and_nothing_more_is_said() -> None:
    refused = (
        b"ERROR\r\nmessage:Bad\\cCONNECT\\\\\r\ncontent-type:text/plain\r\nversion:1.0,1.1,1.2\r\n\r\nno\0"
    )
    played = play(STOMP, [server(refused)], strict=False)
    assert played.service is not None
    assert played.wire.details == {
        "access": "refused", "message": "Bad:CONNECT\\", "protocol_version": "1.0,1.1,1.2",
    }  # fmt: skip
    assert b"DISCONNECT" not in played.wire.sent


def test_no_user_is_named() -> None:
    played = play(STOMP, [server(b"CONNECTED\nserver:x\n\n\0")], strict=False)
    assert played.wire.details == {"access": "granted", "server": "x"}
    assert b"login" not in played.wire.sent
    assert b"passcode" not in played.wire.sent


@pytest.mark.parametrize(
    ("server_header", "product", "version"),
    [
        (b"RabbitMQ/3.13.7", "RabbitMQ", "3.13.7"),
        (b"ActiveMQ-Artemis/2.37.0 ActiveMQ Artemis Messaging Engine", "ActiveMQ Artemis", "2.37.0"),
        (b"Broker of my own", None, None),
    ],
)
def test_the_server_header_names_the_product(
    server_header: bytes, product: str | None, version: str | None
) -> None:
    frame = b"CONNECTED\nversion:1.2\nserver:" + server_header + b"\nheart-beat:0,0\n\n\0"
    found = identify(frame)
    assert found is not None
    assert (found.name, found.product, found.version) == ("stomp", product, version)


@pytest.mark.parametrize(
    "answer",
    [
        b"CONNECT\naccept-version:1.0\n\n\0",
        b"ERROR\n\n",
        b"ERROR\nwhat is that\n\n\0",
        b"ERROR\nfoo:bar\n\n\0",
    ],
)
def test_what_is_no_frame_of_a_server_is_let_go(answer: bytes) -> None:
    assert play(STOMP, [server(answer)], strict=False).service is None


def test_an_escaped_backslash_begins_no_other_escape() -> None:
    played = play(STOMP, [server(rb"ERROR" b"\n" rb"message:C:\\net\cx\ny" b"\n\n\0")], strict=False)
    assert played.wire.details["message"] == "C:\\net:x\ny"
