"""Git's refusals and its first references."""

from __future__ import annotations

import pytest

from banner import identify, probes

from .conversation import play, server

GIT = probes.get("git")


def packet(data: bytes) -> bytes:
    return b"%04x" % (len(data) + 4) + data


@pytest.mark.parametrize(
    ("agent", "product", "version"),
    [
        (b"git/2.48.1-Linux", "Git", "2.48.1"),
        (b"JGit/6.7.0.202309050840", "JGit", "6.7.0.202309050840"),
        (b"gitoxide", None, None),
    ],
)
def test_an_agent_is_a_product(agent: bytes, product: str | None, version: str | None) -> None:
    first = packet(b"0" * 64 + b" capabilities^{}\0thin-pack agent=" + agent + b" object-format=sha256\n")
    played = play(GIT, [server(first)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"agent": agent.decode(), "object_format": "sha256"}
    assert bytes(played.wire.sent).endswith(b"0000")
    found = identify(first)
    assert found is not None
    assert (found.name, found.product, found.version) == ("git", product, version)


@pytest.mark.parametrize(
    "answer",
    [
        packet(b"git-upload-pack /\0"),  # an echo
        packet(b"hello\n"),
        b"0004",
        b"00zzERR no",
        b"ffffERR too long to be read",
    ],
)
def test_what_is_no_pkt_line_of_a_server_is_let_go(answer: bytes) -> None:
    assert play(GIT, [server(answer)], strict=False).service is None
