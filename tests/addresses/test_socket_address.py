"""What the kernel tells of a connection."""

from __future__ import annotations

import socket

from banner.addresses.socket_address import silent_for
from tests.bench.peers import full


def test_a_connection_on_which_nothing_was_said_tells_how_long_it_has_been_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as sock:
        assert silent_for(sock) is None
        sock.connect(server.getsockname())
        before = silent_for(sock)
        assert before is not None
        later = next(
            now for _ in range(10**7) if (now := silent_for(sock)) != before
        )  # in the kernel's steps
        assert later is not None
        assert 0 <= before < later < 600


def test_who_is_not_answered_has_no_connection() -> None:
    with full() as port, socket.socket() as sock:
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.9", port))
        assert silent_for(sock) is None
