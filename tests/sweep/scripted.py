"""A world of scripted peers, sockets, selector and clock, without the system's."""

from __future__ import annotations

import errno
import heapq
import itertools
import socket
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any
from unittest import mock

PORTS = (22, 25, 80, 443, 1080, 2181, 5432, 6379, 7777, 8080)
SAYINGS = (
    b"SSH-2.0-OpenSSH_9.9\r\n", b"220 mail.example ESMTP\r\n", b"220-", b"hello", b"\r\n", b"\0", b"\xff\xfd\x01",
    b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port",
    b"\x05\x00", b"\x05\x00x", b"\x15\x03\x01\x00\x02\x02\x28", b"\x16\x03", b"UNKNOWN_COMMAND\r\n",
    b"-ERR unknown\r\n", b"+PONG\r\n", b"S", b"N", b"E\0\0\0\x08abcd", b"x" * 2000,
)  # fmt: skip
LATER = (0.0, 0.05, 0.25, 0.5, 1.0, 1.5, 3.0, 5.0, 20.0)


class Peer:
    """A scripted socket, and the peer behind it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.fd = next(world.numbers)
        self.number = 0
        """What went wrong, until one call is told."""
        self.dead = False
        """One was told."""
        self.connected = self.over = False
        self.buffer = b""
        self.closed = 0
        self.heard = b""
        self.silent = 0
        """Milliseconds since it was heard, as the kernel says."""
        self.takes: int | None = None
        """Bytes for which there is room; None where there is always."""
        world.peers.append(self)

    def connect_ex(self, address: Any) -> int:
        return self.world.next_connect()

    def fileno(self) -> int:
        return -1 if self.closed else self.fd

    def recv(self, most: int, flags: int = 0) -> bytes:
        assert not self.closed
        assert most > 0
        data = self.buffer[:most]
        if not flags & socket.MSG_PEEK:
            self.buffer = self.buffer[most:]
        if not data:
            self._tell()
            if not (self.dead or (self.connected and self.over)):
                raise BlockingIOError
        return data

    def _tell(self) -> None:
        number, self.number = self.number, 0
        if number:
            self.dead = True
            raise OSError(number, "scripted")

    def send(self, data: bytes) -> int:
        assert not self.closed
        self._tell()
        if self.dead:
            raise BrokenPipeError
        if self.takes is not None:
            if not self.takes:
                raise BlockingIOError
            data = data[: self.takes]
            self.takes -= len(data)
        self.heard += data
        return len(data)

    def getsockopt(self, level: int, name: int, size: int = 0) -> int | bytes:
        assert size, "SO_ERROR tells of a reset, and forgets it"
        return bytes(size - 4) + self.silent.to_bytes(4, sys.byteorder)  # what tcp_info ends with

    def getpeername(self) -> Any:
        if not self.connected:
            raise OSError(errno.ENOTCONN, "not yet")
        return ("192.0.2.1", 1)

    def getsockname(self) -> Any:
        return ("192.0.2.9", 40000)

    def close(self) -> None:
        self.closed += 1
        self.world.watched.pop(self.fd, None)


class World:
    """Clock, loop and selector."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.numbers = itertools.count(10)
        self.peers: list[Peer] = []
        self.watched: dict[int, bool] = {}
        self.events: Counter[int] = Counter()
        self.calls: list[tuple[float, int, Callable[..., Any], tuple[Any, ...]]] = []
        self.order = itertools.count()
        self.connects: list[int] = []

    def next_connect(self) -> int:
        return self.connects.pop() if self.connects else errno.EINPROGRESS

    # the clock
    def monotonic(self) -> float:
        return self.now

    # the loop
    def call_soon(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return self.call_later(0, call, *arguments)

    def call_later(self, delay: float, call: Callable[..., Any], *arguments: Any) -> Any:
        heapq.heappush(self.calls, (self.now + delay, next(self.order), call, arguments))
        return mock.Mock()

    def run_due(self) -> None:
        for _ in range(200):
            if not self.calls or self.calls[0][0] > self.now:
                return
            _, _, call, arguments = heapq.heappop(self.calls)
            call(*arguments)

    # the selector
    def watch(self, fd: int, *, connection: bool) -> None:
        assert fd not in self.watched
        self.watched[fd] = connection

    def watch_connection(self, fd: int) -> None:
        assert fd in self.watched
        self.watched[fd] = True
        if any(peer.fd == fd and peer.connected for peer in self.peers):
            self.events[fd] |= 0

    def forget(self, fd: int) -> None:
        del self.watched[fd]

    def news(self, most: int) -> list[tuple[int, int]]:
        ready = [(fd, events) for fd, events in self.events.items() if fd in self.watched][:most]
        for fd, _ in ready:
            del self.events[fd]
        return ready


class Loop:
    """`Sweep` makes one future of it."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.finished = False

    def done(self) -> bool:
        return self.finished or self.failure is not None

    def set_result(self, _: object) -> None:
        self.finished = True

    def set_exception(self, error: BaseException) -> None:
        self.failure = error
