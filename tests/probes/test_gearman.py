"""Gearman's job server: another OK is let go."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

GEARMAN = probes.get("gearman")


@pytest.mark.parametrize("answer", [b"OK version\r\n", b"OK 1.0 ready for you\r\n", b"OK 956\r\n", b"OK\r\n"])
def test_another_ok_is_let_go(answer: bytes) -> None:
    assert play(GEARMAN, [client(b"version\r\n"), server(answer)]).service is None
