"""Winbox: routers that hand out their list, and those that do not."""

from __future__ import annotations

import pytest

from banner import probes
from banner.probes.winbox import opening, variable

from .conversation import play, server
from .recordings.winbox import RECORDINGS, message

WINBOX = probes.get("winbox")
SESSION = variable(8, 0xFE0001, b"\1\0\0\0")


def test_only_the_list_is_asked_for_and_no_user_is_named() -> None:
    sent = bytes(play(WINBOX, RECORDINGS[0].turns).wire.sent)
    assert sent.startswith(opening())
    assert sent.count(b"list") == 1
    assert b"admin" not in sent
    assert b"/" not in sent  # no path, above all none that leads elsewhere


@pytest.mark.parametrize(
    ("content", "version"),
    [
        (b'{ name: "a.jg", version: "6.48.6" },', "6.48.6"),
        (b'{ name: "a.jg", version: "7.1rc4" },', "7.1rc4"),
        (b'{ name: "a.jg" },', None),
        (b"version: none", None),
    ],
)
def test_the_version_is_that_of_the_list(content: bytes, version: str | None) -> None:
    raw = variable(0x31, 3, bytes([len(content)]) + content)
    turns = [server(message(b"M2" + body)) for body in (SESSION, raw)]
    found = play(WINBOX, turns, strict=False).service
    assert found is not None
    assert (found.product, found.version) == ("RouterOS", version)


@pytest.mark.parametrize("kind", range(256))
def test_a_session_of_any_type_is_taken_or_left(kind: int) -> None:
    session = variable(kind, 0xFE0001, b"\xff" * 300)
    play(WINBOX, [server(message(b"M2" + session)), server(message(b"M2"))], strict=False)


@pytest.mark.parametrize(
    "answer",
    [
        opening(),  # sent back as it was
        message(b"M2"),
        message(b"M2" + variable(0x21, 1, b"\4list")),
        message(b"M2" + SESSION[:-1]),  # cut short
        message(b"M3" + SESSION),
        b"\x12\x02index",
        b"\x01\x01\x00",
    ],
)
def test_what_is_no_answer_is_let_go(answer: bytes) -> None:
    assert play(WINBOX, [server(answer)], strict=False).service is None
