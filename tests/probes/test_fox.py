"""Fox' hello."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import Played, play, server

FOX = probes.get("fox")


def told(answer: bytes) -> Played:
    return play(FOX, [server(answer)], strict=False)


def test_nothing_but_the_hello_is_said() -> None:
    sent = bytes(told(b"fox a 0 -1 fox hello\n{\n};;\n").wire.sent)
    assert sent.count(b"fox a ") == 1
    assert sent.endswith(b"{\nfox.version=s:1.0\nid=i:1\n};;\n")


def test_a_station_of_few_words() -> None:
    played = told(b"fox a 0 -1 fox hello\n{\nos.name=s:QNX\nunheard=s:of\nhostName=\n};;\n")
    assert played.service is not None
    assert (played.service.product, played.service.os) == (None, "QNX")
    assert played.wire.details == {"os_name": "QNX"}


@pytest.mark.parametrize(
    "answer",
    [b"fox a 0 -1 FOX hello\n{\n};;\n", b"fox a hello\n{};;\n", b"foxy\n", b"\0fox a 0 -1 fox hello\n"],
)
def test_another_answer_is_let_go(answer: bytes) -> None:
    assert told(answer).service is None
