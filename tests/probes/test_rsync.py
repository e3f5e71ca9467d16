"""rsync's greeting, and nothing said."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

RSYNC = probes.get("rsync")


@pytest.mark.parametrize("line", [b"@RSYNCD: OK\n", b"@RSYNCD: \n", b"@RSYNCD: 31.0.0.0\n", b"@RSYNC 31.0\n"])
def test_another_line_is_another_service(line: bytes) -> None:
    played = play(RSYNC, [server(line)])
    assert played.service is None
    assert played.wire.details == {}


def test_a_list_without_end_is_cut() -> None:
    played = play(RSYNC, [server(b"@RSYNCD: 32.0 " + b"md4 " * 100 + b"\n")])
    assert len(played.wire.details["digests"]) == 64
