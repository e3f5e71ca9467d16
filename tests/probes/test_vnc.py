"""RFB versions and security types."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

VNC = probes.get("vnc")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(b"003.007", b"003.007"), (b"003.889", b"003.008"), (b"004.001", b"003.008"), (b"005.000", b"003.008")],
)
def test_the_highest_version_that_both_know_is_spoken(theirs: bytes, ours: bytes) -> None:
    said = [server(b"RFB " + theirs + b"\n"), client(b"RFB " + ours + b"\n"), server(b"\x02\x13\xc8")]
    played = play(VNC, said)
    assert played.wire.details["security_types"] == ["vencrypt", "200"]
    assert played.missing == ()


def test_no_type_is_ever_chosen() -> None:
    played = play(VNC, [server(b"RFB 003.008\n"), client(b"RFB 003.008\n"), server(b"\x01\x01")])
    assert bytes(played.wire.sent) == b"RFB 003.008\n"


def test_something_else_that_starts_alike_is_not_claimed() -> None:
    assert play(VNC, [server(b"RFB radio on\n")]).service is None
