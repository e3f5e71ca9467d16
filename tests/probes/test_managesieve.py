"""ManageSieve's capabilities."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

SIEVE = probes.get("managesieve")


def test_a_server_without_tls_is_thanked_and_left() -> None:
    said = [server(b'"IMPLEMENTATION" "Cyrus timsieved v2.4"\r\n"SASL" ""\r\nOK\r\n'), client(b"LOGOUT\r\n")]
    played = play(SIEVE, said)
    assert played.wire.details["implementation"] == "Cyrus timsieved v2.4"
    assert played.wire.details["sasl"] == []
    assert played.missing == ()


@pytest.mark.parametrize(
    "said", [b'"SASL" of under_way\r\nOK\r\n', b'"VERSION" "1.0"\r\nOK\r\n', b'"SIEVE"\r\n\r\nOK\r\n']
)
def test_lines_that_are_no_capabilities_are_let_go(said: bytes) -> None:
    assert play(SIEVE, [server(said)]).service is None
