"""A dialogue's world over UDP: each `send` is one datagram, and one datagram is read whole or not at all.

The dialogue is the same kind of generator as over a connection. Who drives it takes the datagrams with `leaving`, gives
what came with `arrived`, sends what was last said once more where nothing came (RFC 8085, section 3.1.1), and closes
the wire (`Wire.close`) when the time is up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

from ..models import End
from .wire import Ended, Want, Wire

NONCE = b"banner asks and reads the answer"
"""What a dialogue's numbers are made of where the driver gives none of its own: the same bytes each time."""
MOST = 8
"""Datagrams of an answer that wait to be read at most: what a flood brings besides is dropped."""


class Datagrams(Wire):
    """Datagrams in two directions; ``received`` and ``sent`` hold them end to end, without their bounds."""

    __slots__ = ("_arrived", "_leaving", "_read", "flight", "nonce", "other_port")

    def __init__(self, host: str = "", port: int = 0, *, nonce: bytes = NONCE, **more: Any) -> None:
        super().__init__(host, port, **more)
        self.nonce: bytes = nonce
        """32 bytes for the ids, cookies and SPIs of questions, by which answers are told from forgeries: a driver that
        draws them by chance makes them hard to guess."""
        self.flight: Any = None
        """What the first flight of a server of DTLS (RFC 6347) showed: a `tls.server_flight.Flight`."""
        self._leaving: list[bytes] = []
        self._read = 0
        self._arrived: deque[tuple[bytes, int | None]] = deque()
        self.other_port: int | None = None
        """The port from which the datagram that was read last came, where that is not the one that was asked."""

    # -- for dialogues ------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Say `data` in one datagram, which may be empty."""
        self._leaving.append(data)
        self.sent += data

    def datagram(self) -> Generator[Want, None, bytes]:
        """The next datagram, whole (what was longer than the limit is cut); `Ended` where none comes in time."""
        while not self._arrived:
            if self.end is not None:
                raise Ended(self.end)
            yield Want.BYTES
        data, self.other_port = self._arrived.popleft()
        self._read = len(data)
        return data

    def pass_over(self) -> None:
        """The datagram that was read last is no answer: it is none of what was received."""
        end = len(self.received) - sum(len(data) for data, _ in self._arrived)
        del self.received[end - self._read : end]
        self._read = 0
        if self.end is End.LIMIT:
            self.end = None

    # -- for drivers --------------------------------------------------------------------------------

    def leaving(self) -> list[bytes]:
        """The datagrams that are to be sent now; asking empties it."""
        data, self._leaving = self._leaving, []
        return data

    def arrived(self, data: bytes, port: int | None = None) -> None:
        """`data` came in one datagram, from `port` where that is another than was asked."""
        if len(self._arrived) < MOST:
            room = max(0, self.limit - len(self.received))
            if len(data) > room:
                data, self.end = data[:room], self.end or End.LIMIT
            self.received.extend(data)
            self._arrived.append((data, port))
