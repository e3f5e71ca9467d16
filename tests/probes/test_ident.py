"""The identification protocol: an answer repeats our pair, and no name is kept."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

IDENT = probes.get("ident")


@pytest.mark.parametrize(
    "answer",
    [b"0, 0\r\n", b"0, 0 : HELLO : UNIX : me\r\n", b"0, 1 : ERROR : NO-USER\r\n", b"0 0 : ERROR : X\r\n"],
)
def test_what_does_not_answer_our_query_is_let_go(answer: bytes) -> None:
    assert play(IDENT, [client(b"0, 0\r\n"), server(answer)]).service is None


@pytest.mark.parametrize("spaces", ["0,0:USERID:OTHER:secret", "0 , 0 : userid : OTHER :secret"])
def test_who_it_is_is_not_kept(spaces: str) -> None:
    played = play(IDENT, [client(b"0, 0\r\n"), server(spaces.encode() + b"\r\n")])
    assert played.service
    assert played.service.name == "ident"
    assert played.wire.details == {"system": "OTHER"}
