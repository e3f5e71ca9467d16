"""Munin's node: it is one whether it tells its version or not."""

from __future__ import annotations

from banner import probes

from .conversation import client, play, server

MUNIN = probes.get("munin")


def test_a_node_that_does_not_say_its_version_is_munin_all_the_same() -> None:
    answer = server(b"# Unknown command.\n")

    played = play(
        MUNIN, [server(b"# munin node at x.example\n"), client(b"version\n"), answer, client(b"quit\n")]
    )

    assert played.service
    assert (played.service.product, played.service.version) == ("Munin node", None)


def test_a_comment_of_somebody_else_is_let_go() -> None:
    assert play(MUNIN, [server(b"# munin at work\n")]).service is None
