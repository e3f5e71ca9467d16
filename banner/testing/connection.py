"""One accepted connection of a greeting server: what a handler reads, writes, secures, closes and resets.

It works on a plain non-blocking socket and `ssl.MemoryBIO`, not on a transport, so that a reset is a reset
and a segment a segment on every event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable
from typing import TypeVar

CHUNK = 65536
"""Bytes read or flooded at once: what a loopback connection's buffers hold at the start, and more."""

_T = TypeVar("_T")


class Connection:
    """One accepted connection, as a handler given to `serve` sees it."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket, self._dropped = sock, False
        self._loop = asyncio.get_running_loop()
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.received: bytearray = bytearray()
        """What the client said; of what it said inside TLS, the clear text."""

    @property
    def peer(self) -> str:
        """The client's address."""
        return str(self._socket.getpeername()[0])

    async def read(self, most: int = CHUNK) -> bytes:
        """The next bytes from the client, at most `most`; none once it has closed its side."""
        if self._tls is None:
            data = await self._loop.sock_recv(self._socket, most)
        else:
            try:
                data = await self._secured(self._tls.read, most)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                data = b""
        self.received += data
        return data

    async def write(self, data: bytes) -> None:
        """Send `data`, without Nagle's delay: what one call sends does not wait to be joined to the next."""
        if self._tls is None:
            await self._loop.sock_sendall(self._socket, data)
        elif data:
            await self._secured(self._tls.write, data)

    async def start_tls(self, context: ssl.SSLContext, hello: bytes = b"") -> None:
        """Shake hands as the server; raises `ssl.SSLError` or another `OSError` where that fails.

        `hello` is what of the client's handshake was read already, by one who looked what comes.
        """
        self._incoming.write(hello)
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        await self._secured(tls.do_handshake)
        self._tls = tls

    async def hold(self) -> None:
        """Listen, and say nothing more, until the client closes its side."""
        while await self.read():
            pass

    def write_eof(self) -> None:
        """Close our side, and go on reading: a half-close (RFC 9293, section 3.6)."""
        self._socket.shutdown(socket.SHUT_WR)

    async def close(self) -> None:
        """Close our side, then wait for the client's: closing with bytes unread would be a reset."""
        if self._dropped:
            return
        if self._tls is not None:
            with contextlib.suppress(ssl.SSLError):  # it would wait for the client's close_notify
                self._tls.unwrap()
            await self._flush()
        self.write_eof()
        while await self._loop.sock_recv(self._socket, CHUNK):
            pass

    def reset(self) -> None:
        """Reset the connection: with a linger time of zero a close sends RST, not FIN (socket(7))."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.drop()

    def drop(self) -> None:
        """Close the socket at once."""
        self._dropped = True
        self._socket.close()

    async def _secured(self, step: Callable[..., _T], *arguments: object) -> _T:
        """One step of TLS, with as many records to and from the client as it takes."""
        while True:
            try:
                return step(*arguments)
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._loop.sock_recv(self._socket, CHUNK)
                self._incoming.write(data) if data else self._incoming.write_eof()
            finally:
                await self._flush()

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._loop.sock_sendall(self._socket, self._outgoing.read())
