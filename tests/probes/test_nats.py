"""NATS' INFO."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

NATS = probes.get("nats")


@pytest.mark.parametrize(
    "said",
    [
        b"INFO {}\r\n",
        b'INFO {"version":"1"}\r\n',
        b'INFO {"server_id":"x","version":2}\r\n',
        b"INFO {nonsense}\r\n",
        b'INFO {"a":' + b"[" * 5000 + b"\r\n",
        b'INFO {"server_id":"\xff","version":"1"}\r\n',
    ],
)
def test_what_is_no_info_is_let_go(said: bytes) -> None:
    assert play(NATS, [server(said)]).service is None


def test_fields_of_another_type_are_left_out() -> None:
    said = (
        b'INFO {"server_id":[1],"version":"2.10.1","max_payload":"1","proto":true,"jetstream":1,"go":""} \r\n'
    )
    assert play(NATS, [server(said)]).wire.details == {"version": "2.10.1"}


def test_a_hostile_version_does_not_break_the_cpe() -> None:
    played = play(NATS, [server(b'INFO {"server_id":"x","version":"*:evil"}\r\n')])
    assert played.service is not None
    assert played.service.cpe == ()
