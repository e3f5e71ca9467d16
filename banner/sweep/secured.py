"""A connection inside TLS, as those see it who read and write plain text."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..dialogue import ROOM
from ..models import End
from ..visit.traffic import Traffic

if TYPE_CHECKING:
    from ..tls.session import Session


class Secured(socket.SocketType):
    """A connected socket inside TLS: what is said and heard at it is plain text.

    What TLS adds is counted here; whoever says and hears counts the rest.
    """

    __slots__ = ("_broken", "_full", "_session", "_traffic", "_watch")

    def __init__(
        self, sock: socket.SocketType, session: Session, traffic: Traffic, watch: Callable[[], None]
    ) -> None:
        """It takes the place of `sock`. `watch` is called where that took not all: then somebody calls `flush` once
        there is room."""
        super().__init__(sock.family, sock.type | _NONBLOCKING, sock.proto, sock.detach())
        self._session = session
        self._traffic = traffic
        self._watch = watch
        self._broken = False
        """Writing met the reset: of that a socket tells but once."""
        self._full = False
        """There was no room for all that was to leave."""

    @property
    def over(self) -> bool:
        """Nothing more will come."""
        return self._session.end is not None

    def recv(self, most: int, flags: int = 0) -> bytes:
        """At most `most` bytes of plain text; empty at the end, of which ``session.end`` says why.

        Raises `BlockingIOError` where none have come.
        """
        session = self._session
        while not (plain := session.receive(most)) and session.end is None:
            self.flush()
            self._hear()
        self._traffic.received -= len(plain)
        return plain

    def _hear(self) -> None:
        """Feed the session what came. Raises `BlockingIOError`."""
        try:
            data = super().recv(ROOM)
        except BlockingIOError:
            raise
        except OSError:
            self._session.feed_eof(End.RESET)
            return
        self._traffic.received += len(data)
        if data:
            self._session.feed(data)
        else:
            self._session.feed_eof(End.RESET if self._broken else End.EOF)

    def send(self, plain: bytes, flags: int = 0) -> int:  # type: ignore[override]  # bytes alone
        """Say `plain`, all of it. Raises `BlockingIOError` where something is to leave before it, and `OSError` where
        nobody takes it."""
        if self._full and self.flush():
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        before = self._traffic.sent
        self._session.send(plain)
        if not self.flush() and self._traffic.sent == before:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self._traffic.sent -= len(plain)
        return len(plain)

    def flush(self) -> bool:
        """Write what is to leave; whether some of it is left. That the peer is gone shows where it is read from."""
        if not (out := self._session.outgoing()):
            return False
        try:
            written = super().send(out)
        except BlockingIOError:
            written = 0
        except OSError as error:
            self._broken = self._broken or isinstance(error, ConnectionResetError)
            return False
        self._traffic.sent += written
        self._full = written < len(out)
        if not self._full:
            return False
        self._session.keep(out[written:])
        self._watch()
        return True


_NONBLOCKING = getattr(socket, "SOCK_NONBLOCK", 0)
