"""What IRC servers say before anybody registers."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

IRC = probes.get("irc")


@pytest.mark.parametrize(
    ("said", "details"),
    [
        (
            b"NOTICE AUTH :*** Looking up your hostname...\r\n",
            {"notices": ["*** Looking up your hostname..."]},
        ),
        (b":irc.x 020 * :Please wait\r\n", {"server": "irc.x", "notices": ["Please wait"]}),
        (
            b"ERROR :Closing Link: [192.0.2.7] (Throttled: Reconnecting too fast)\r\n",
            {"notices": ["Closing Link: [192.0.2.7] (Throttled: Reconnecting too fast)"]},
        ),
        (b":irc.x NOTICE * :a\r\n:irc.x NOTICE * :b\r\n", {"server": "irc.x", "notices": ["a", "b"]}),
    ],
)
def test_notices_are_kept(said: bytes, details: dict[str, object]) -> None:
    played = play(IRC, [server(said)])
    assert played.service is not None
    assert played.wire.details == details
    assert not played.wire.sent


@pytest.mark.parametrize(
    "said", [b"ERROR something went wrong\r\n", b": hello\r\n", b"NOTICE: no trespassing\r\n"]
)
def test_other_lines_are_not(said: bytes) -> None:
    assert play(IRC, [server(said)]).service is None
