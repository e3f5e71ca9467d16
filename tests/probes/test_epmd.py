"""Erlang's port mapper and its nodes."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

EPMD = probes.get("epmd")
USUAL = b"\0\0\x11\x11"


def test_a_mapper_without_nodes_is_known_by_its_port_and_by_no_other_number() -> None:
    played = play(EPMD, [server(USUAL)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"nodes": []}
    assert play(EPMD, [server(b"\0\0\x11\x12")], strict=False).service is None


def test_nodes_make_up_for_a_port_that_was_forwarded() -> None:
    said = b"\0\0\x11\x12name a@b at port 1\nname rabbit at port 25672\n"
    played = play(EPMD, [server(said)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"nodes": ["a@b:1", "rabbit:25672"]}


@pytest.mark.parametrize("lines", [b"hello\n", b"name at port x\n", b"\n"])
def test_other_words_behind_the_port_are_no_mapper(lines: bytes) -> None:
    assert play(EPMD, [server(USUAL + lines)], strict=False).service is None
