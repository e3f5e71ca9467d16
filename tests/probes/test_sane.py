"""SANE's daemon: only an answer with a status and version of the standard is one."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server
from .recordings.sane import INIT

SANE = probes.get("sane")


@pytest.mark.parametrize(
    "answer",
    [
        "0000000c 01000003",  # no such status
        "00000000 02000003",  # another standard
        "00000000 01000004",  # a later network protocol, whose answer may be another
        "00000000 01000003 00",  # more than an answer
    ],
)
def test_what_is_no_answer_of_sane_is_let_go(answer: str) -> None:
    assert play(SANE, [client(INIT), server(bytes.fromhex(answer))]).service is None
