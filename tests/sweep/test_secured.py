"""A socket inside TLS: plain text on one side, records on the other, and every byte counted once."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from banner.models import End
from banner.sweep.secured import Secured
from banner.tls.session import Session
from banner.visit.traffic import Traffic
from tests.tls_peer import Server, lax_context, shake


class Inside:
    """A client's socket, whose handshake is over, and what is at the other end."""

    def __init__(self) -> None:
        self.session, self.server = Session("a.example"), Server(lax_context())
        shake(self.session, self.server)
        sock, self.peer = socket.socketpair()
        sock.setblocking(False)
        self.traffic = Traffic()
        self.watched = 0
        self.sock = Secured(sock, self.session, self.traffic, self._watch)

    def _watch(self) -> None:
        self.watched += 1

    def fill(self) -> int:
        """Leave no room for what is to be written; how many bytes that took."""
        filled = 0
        while True:
            try:
                filled += socket.SocketType.send(self.sock, bytes(4096))
            except BlockingIOError:
                return filled

    def drain(self, count: int) -> None:
        """Make room again."""
        while count:
            count -= len(self.peer.recv(count))


@pytest.fixture
def inside() -> Iterator[Inside]:
    made = Inside()
    yield made
    made.sock.close()
    made.peer.close()


def test_what_is_said_leaves_as_records(inside: Inside) -> None:
    assert inside.sock.send(b"GET /\r\n") == 7
    records = inside.peer.recv(65536)
    inside.server.take(records)
    assert inside.server.plain == b"GET /\r\n"
    assert inside.traffic.sent + 7 == len(records)


def test_what_there_is_no_room_for_leaves_later_and_first(inside: Inside) -> None:
    filled = inside.fill()
    assert inside.sock.send(b"one ") == 4
    assert inside.watched == 1
    with pytest.raises(BlockingIOError):
        inside.sock.send(b"two")
    inside.drain(filled)
    assert not inside.sock.flush()
    assert inside.sock.send(b"two") == 3
    records = inside.peer.recv(65536)
    inside.server.take(records)
    assert inside.server.plain == b"one two"
    assert inside.traffic.sent + 7 == len(records)


def test_what_is_heard_comes_in_pieces_and_to_an_end(inside: Inside) -> None:
    with pytest.raises(BlockingIOError):
        inside.sock.recv(100)
    records = inside.server.say(b"220 mail") + inside.server.leave()
    inside.peer.sendall(records)
    assert [inside.sock.recv(5), inside.sock.recv(5), inside.sock.recv(5)] == [b"220 m", b"ail", b""]
    assert (inside.session.end, inside.sock.over) == (End.EOF, True)
    assert inside.traffic.received + 8 == len(records)


def test_half_a_record_is_waited_for(inside: Inside) -> None:
    records = inside.server.say(b"220 mail")
    inside.peer.sendall(records[:-1])
    with pytest.raises(BlockingIOError):
        inside.sock.recv(100)
    inside.peer.sendall(records[-1:])
    assert inside.sock.recv(100) == b"220 mail"


def test_nothing_is_said_to_who_has_gone(inside: Inside) -> None:
    inside.peer.close()
    with pytest.raises(OSError, match="pipe"):
        inside.sock.send(b"GET /\r\n")
    assert inside.traffic.sent == 0


def test_it_takes_the_place_of_its_socket(inside: Inside) -> None:
    assert isinstance(inside.sock, socket.SocketType)
    assert inside.sock.fileno() >= 0
    assert inside.sock.gettimeout() == 0
