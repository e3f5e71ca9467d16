"""TLS inside TDS: SQL Server's handshake goes in packets of PRELOGIN's kind, and what follows it goes without them.

Source: [MS-TDS] 2.2.3.1 (packet header), 2.2.6.5 (PRELOGIN), 3.2.5.2 ("Sent TLS/SSL Negotiation Packet").
"""

from __future__ import annotations

import struct
from typing import Any

from .session import Session

_HEADER, _LARGEST = 8, 4096
"""Bytes of a packet's header, and of a whole packet before the login has agreed on another size."""
_PRELOGIN, _RESPONSE = 0x12, 0x04
_LAST = 1


class InTds(Session):
    """A session whose handshake is wrapped; who answers without packets speaks something else, and so it fails."""

    __slots__ = ("_bare", "_left", "_ready", "_unread")

    def __init__(self, host: str = "", **how: Any) -> None:
        super().__init__(host, **how)
        self._bare = False
        """The peer makes no packets any more."""
        self._ready = b""
        """To be written as it is, before all else."""
        self._unread = b""
        """The beginning of a header."""
        self._left = 0
        """Bytes of the packet under way that are still to come."""

    def outgoing(self) -> bytes:
        ready, self._ready = self._ready, b""
        data = super().outgoing()
        return ready + (data if self.done else _packets(data))

    def keep(self, data: bytes) -> None:
        self._ready = data + self._ready

    def handshake(self) -> bool:
        if not self.done and super().handshake():
            last, self._last = self._last, b""  # the end of a handshake of TLS 1.3 is ours, and part of it
            self._ready += _packets(last)
        return self.done

    def feed(self, data: bytes) -> None:
        super().feed(self._unwrapped(data))

    def _unwrapped(self, data: bytes) -> bytes:
        """What packets hold, and all that comes behind the last of them: no record of TLS begins like a packet."""
        if self._bare:
            return data
        data, self._unread = self._unread + data, b""
        found: list[bytes] = []
        at = 0
        while at < len(data):
            if not self._left:
                header = data[at : at + _HEADER]
                if header[0] in (_PRELOGIN, _RESPONSE) and len(header) < _HEADER:
                    self._unread = header
                    break
                self._left = int.from_bytes(header[2:4]) - _HEADER
                # A packet without content would be one of as many as the peer likes.
                if header[0] not in (_PRELOGIN, _RESPONSE) or self._left <= 0:
                    self._bare, self._left = True, 0
                    found.append(data[at:])
                    break
                at += _HEADER
            part = data[at : at + self._left]
            self._left -= len(part)
            at += len(part)
            found.append(part)
        return b"".join(found)


def _packets(data: bytes) -> bytes:
    """`data` in as many packets as it takes; the last of them says that it is."""
    room = _LARGEST - _HEADER
    parts = [data[at : at + room] for at in range(0, len(data), room)]
    return b"".join(
        struct.pack(">BBHHBB", _PRELOGIN, _LAST * (at == len(parts)), _HEADER + len(part), 0, at & 0xFF, 0)
        + part
        for at, part in enumerate(parts, 1)
    )
