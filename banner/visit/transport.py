"""One TCP connection over asyncio's streams: open, read (capped), write, start TLS, abort.

It reports what the socket did and decides nothing. Two things are done otherwise than
`asyncio.open_connection` does them: a reset keeps the bytes that came before it (a plain `StreamReader`
forgets its buffer then), and `close` returns when the socket is closed, not when that is planned.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import socket
from typing import TYPE_CHECKING

from ..dialogue import ROOM
from ..models import End
from ..plan.reactions import speaks_tls
from ..tls.errors import HandshakeError
from .connecting import connect, left
from .failures import RESETS
from .traffic import Traffic

if TYPE_CHECKING:
    from ..tls.session import Session
    from .source import Source


class _Reader(asyncio.StreamReader):
    """Keeps what came before a failure; `read` gives it out first, then ends."""

    failure: Exception | None = None
    _buffer: bytearray

    def set_exception(self, exc: Exception) -> None:
        self.failure = exc
        self.feed_eof()

    async def late(self) -> bool:
        """Whether bytes or the end came in time, and a busy loop had no time to read; asked when the time is up."""
        for _ in range(2):  # asyncio's loop appends what it polls to what is ready already
            await asyncio.sleep(0)
        return self.pending or self.at_eof()

    @property
    def pending(self) -> bool:
        """Whether there is something to read without waiting."""
        return bool(self._buffer)


class _Protocol(asyncio.StreamReaderProtocol):
    def __init__(self, reader: _Reader, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reader, loop=loop)
        self._reader = reader
        self.lost: asyncio.Future[None] = loop.create_future()
        self._made: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._made = transport

    def connection_lost(self, exc: Exception | None) -> None:
        made, self._made = self._made, None
        # A write may have met the reset, and what the peer had said before it is still in the system's buffer.
        if isinstance(exc, OSError) and made is not None and (data := _unread(made)):
            self._reader.feed_data(data)
        super().connection_lost(exc)
        if not self.lost.done():
            self.lost.set_result(None)


def _unread(transport: asyncio.BaseTransport) -> bytes:
    """What the system holds for the socket of `transport`, which is about to be closed."""
    try:
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as sock:
            return left(sock)
    except OSError:
        return b""


class _Closed(asyncio.Transport):
    """The transport of a connection that is over."""

    def is_closing(self) -> bool:
        return True

    def abort(self) -> None:
        pass


def _pair() -> tuple[_Reader, _Protocol]:
    loop = asyncio.get_running_loop()
    reader = _Reader(limit=ROOM, loop=loop)
    return reader, _Protocol(reader, loop)


def _readable(fd: int) -> bool:
    """Whether the system has something for us: bytes, an end, or an error."""
    if not hasattr(select, "poll"):  # Windows, where `select` takes any number
        return bool(select.select([fd], [], [], 0)[0])
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))


class Connection:
    """A connected socket. `open` or `adopt` one; `close` it whatever happens."""

    __slots__ = ("_protocol", "_reader", "_session", "_transport", "traffic")

    def __init__(self, reader: _Reader, protocol: _Protocol, transport: asyncio.Transport) -> None:
        self._reader = reader
        self._protocol = protocol
        self._transport = transport
        self._session: Session | None = None
        self.traffic: Traffic = Traffic()
        """Where its bytes are counted."""

    @classmethod
    async def open(
        cls, ip: str, port: int, source: Source | None = None, until: float | None = None
    ) -> Connection:
        """Connect to an address, from `source`, until `until`. Raises what `connect` does."""
        sock = await connect(ip, port, source, until)
        try:
            return await cls.adopt(sock)
        except BaseException:
            sock.close()
            raise

    @classmethod
    def reset_at_once(cls, heard: bytes) -> Connection:
        """One that the peer accepted and had reset before this side could look: with what was `heard`, then at its
        end."""
        reader, protocol = _pair()
        reader.feed_data(heard)
        reader.set_exception(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))
        protocol.lost.set_result(None)
        return cls(reader, protocol, _Closed())

    @classmethod
    async def adopt(cls, sock: socket.socket, session: Session | None = None) -> Connection:
        """Go on with a connected, non-blocking socket, which from here on belongs to the connection: inside `session`,
        where there is one."""
        reader, protocol = _pair()
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: protocol, sock=sock)
        connection = cls(reader, protocol, transport)
        connection._session = session
        return connection

    async def read(self, most: int, deadline: float) -> bytes:
        """Up to `most` bytes, at least one; empty at the end (`ending` says which).

        Raises `TimeoutError` at `deadline` (the loop's clock, seconds).
        """
        try:
            async with asyncio.timeout_at(deadline):
                return await self._read(most)
        except TimeoutError:
            if await self._reader.late() and (data := await self._read_late(most)) is not None:
                return data
            raise

    async def _read(self, most: int) -> bytes:
        if self._session is None:
            return await self._take(most)
        plain = await self._read_inside(self._session, most)
        self.traffic.inside(plain, sent=False)
        return plain

    async def _read_late(self, most: int) -> bytes | None:
        """What is there, without waiting; None of a record that is not whole."""
        if (session := self._session) is None:
            return await self._take(most)
        await self._exchange(session)
        plain = session.receive(most)
        self.traffic.inside(plain, sent=False)
        return plain if plain or session.end is not None else None

    async def _read_inside(self, session: Session, most: int) -> bytes:
        while not (plain := session.receive(most)) and session.end is None:
            await self._exchange(session)
        return plain

    async def _exchange(self, session: Session) -> None:
        """Write what TLS has to say, and feed it what comes."""
        self._send(session.outgoing())
        if data := await self._take(ROOM):
            session.feed(data)
        else:
            session.feed_eof(self._closed_by)

    @property
    def ending(self) -> End:
        """Why `read` came to its end: the peer's close, or a reset."""
        if self._session is not None and self._session.end is not None:
            return self._session.end
        return self._closed_by

    @property
    def _closed_by(self) -> End:
        failure = self._reader.failure
        if isinstance(failure, OSError) and (failure.errno in RESETS or isinstance(failure, ConnectionError)):
            return End.RESET
        return End.EOF

    async def settle(self) -> None:
        """Let the loop read what has come by now, before something is written to a peer that had been silent.

        If it has hung up in the meantime, the failure of that write would lose what it had said before.
        """
        while not (self._reader.pending or self._reader.at_eof() or self._transport.is_closing()):
            if not _readable(self._transport.get_extra_info("socket").fileno()):
                return
            await asyncio.sleep(0)

    def write(self, data: bytes) -> None:
        """Send `data`; what a peer that is gone makes of it shows at the next `read`."""
        if self._session is None:
            self._send(data)
        else:
            self._session.send(data)
            self.traffic.inside(data, sent=True)
            self._send(self._session.outgoing())

    def _send(self, data: bytes) -> None:
        if data and not self._transport.is_closing():
            self.traffic.wrote(data)
            self._transport.write(data)

    async def _take(self, most: int) -> bytes:
        data = await self._reader.read(most)
        self.traffic.read(data)
        return data

    async def start_tls(self, session: Session, deadline: float) -> None:
        """Shake hands; from then on `read` and `write` go through `session`.

        Raises `HandshakeError`, with ``deadline`` as its reason when the time is up; `session` keeps what it saw.
        """
        try:
            async with asyncio.timeout_at(deadline):
                while not session.handshake():
                    await self._exchange(session)
        except TimeoutError:
            while await self._reader.late() and not session.handshake():
                await self._exchange(session)
            if not session.done:
                session.error = str(End.DEADLINE)
                raise HandshakeError(session.error) from None
        finally:
            if session.done or speaks_tls(session.received):  # to others an alert would be noise
                self._send(session.outgoing())
        self._session = session

    async def exactly(self, count: int) -> bytes:
        """So many bytes, before a conversation begins. Raises `asyncio.IncompleteReadError`."""
        return await self._reader.readexactly(count)

    async def until(self, delimiter: bytes) -> bytes:
        """All up to `delimiter` and with it. Raises that, and `asyncio.LimitOverrunError` beyond `ROOM` bytes."""
        return await self._reader.readuntil(delimiter)

    @property
    def secure(self) -> bool:
        """Whether it is inside TLS."""
        return self._session is not None

    @property
    def broken_off(self) -> str | None:
        """Why TLS broke off after its handshake, where it did."""
        return None if self._session is None else self._session.error

    async def close(self) -> None:
        """Break off at once; returns when the socket is closed. Never waits for the peer."""
        self._transport.abort()
        if not self._protocol.lost.done():
            await asyncio.shield(self._protocol.lost)
