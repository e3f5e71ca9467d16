"""Finger: what is no answer about a user is none."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

FINGER = probes.get("finger")
QUERY = client(b"banner\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"Welcome!\r\n",
        b"banner\r\nno such user\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\nno such user",
        b"220 ready\r\n",
    ],
)
def test_what_says_nothing_of_a_user_is_let_go(answer: bytes) -> None:
    assert play(FINGER, [QUERY, server(answer)]).service is None


@pytest.mark.parametrize(
    "answer",
    [
        b"finger: banner: no such user.\r\n",
        b"Login name: banner      \tIn real life: ???\r\n",
        b"Illegal character in username.\n",
    ],
)
def test_nobody_of_that_name_is_an_answer(answer: bytes) -> None:
    played = play(FINGER, [QUERY, server(answer)])
    assert played.service
    assert (played.service.name, played.wire.details) == ("finger", {"user": False})
