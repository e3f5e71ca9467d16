"""What goes between a scan's process and its workers: messages, each after its length.

What a worker has done is a head, after a length of its own, and the encoded records as they are: nearly all that goes
from process to process. So they are joined where the message is, received into a buffer that stays, and copied once
there. An empty message is a sign of life.
"""

from __future__ import annotations

import asyncio
import struct
from array import array
from collections import Counter, deque
from collections.abc import Iterable
from typing import Final, cast

import msgspec

from ..sweep.results import Row

AHEAD: Final = 4
"""Messages that are received before somebody reads them."""
LENGTH: Final = struct.Struct("!I")


class Done(msgspec.Struct, frozen=True):
    """What a worker says."""

    numbers: array[int]
    statuses: dict[str, int]
    lines: bytes


class _Head(msgspec.Struct, frozen=True, array_like=True):
    numbers: bytes
    statuses: dict[str, int]


_encode_head = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(_Head).decode


def message(content: bytes) -> bytes:
    """`content` after its length."""
    return LENGTH.pack(len(content)) + content


def done(numbers: Iterable[int], rows: list[Row]) -> bytes:
    """The message that `rows` are done, which have these numbers."""
    lines = [line for line, _, _ in rows]
    statuses = Counter[str](status for _, status, _ in rows)
    head = _encode_head(_Head(array("Q", numbers).tobytes(), statuses))
    size = LENGTH.size + len(head) + sum(map(len, lines))
    return b"".join([LENGTH.pack(size), LENGTH.pack(len(head)), head, *lines])


def _read(content: memoryview) -> Done:
    lines = LENGTH.size + LENGTH.unpack_from(content)[0]
    head = _decode_head(content[LENGTH.size : lines])
    return Done(array("Q", head.numbers), head.statuses, bytes(content[lines:]))


class Inbox(asyncio.BufferedProtocol):
    """What comes of a worker, to be read one message at a time."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(1 << 16))
        self._have = 0
        self._size = LENGTH.size  # of what is received
        self._is_length = True
        self._messages: deque[Done] = deque()
        self._over = False
        self._reader: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport
        self.silent: int = 0
        """How often it was looked at since a sign of life came: not seconds, for whoever looks may have been
        stopped too, by Ctrl-Z or with the machine."""

    async def read(self) -> Done | None:
        """What was done next; None when the worker has ended, also in the middle of a message."""
        while not self._messages and not self._over:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if not self._messages:
            return None
        if len(self._messages) == AHEAD and not self._over:
            self._transport.resume_reading()
        return self._messages.popleft()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._have : self._size]

    def buffer_updated(self, nbytes: int) -> None:
        self._have += nbytes
        if self._have < self._size:
            return
        self.silent = 0
        content, self._have = self._buffer[: self._size], 0
        size = LENGTH.unpack(content)[0] if self._is_length else 0
        if not self._is_length:
            self._messages.append(_read(content))
            self._wake()
            if len(self._messages) == AHEAD:
                self._transport.pause_reading()
        self._is_length, self._size = not size, size or LENGTH.size
        if size > len(self._buffer):
            self._buffer = memoryview(bytearray(size))

    def connection_lost(self, error: Exception | None) -> None:
        self._over = True
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
