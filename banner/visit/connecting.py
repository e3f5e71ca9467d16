"""How a socket comes to its connection, told from what the system knows rather than from what the loop saw.

A busy loop looks late: by then a connection may be there whose time is up, or the peer may have greeted and reset it.
`asyncio.open_connection` would tell the first as a timeout, and lose what was said in the second.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..addresses.socket_address import is_itself, sockaddr
from ..dialogue import ROOM
from .failures import RESETS

if TYPE_CHECKING:
    from .source import Source


class ResetAtOnce(ConnectionResetError):  # noqa: N818 - an outcome, not an error of ours
    """The peer accepted, and had reset the connection before this side could look."""

    def __init__(self, number: int, heard: bytes) -> None:
        super().__init__(number, os.strerror(number))
        self.heard: bytes = heard
        """What it had said before."""


async def connect(ip: str, port: int, source: Source | None, until: float | None) -> socket.socket:
    """A non-blocking socket with a connection to an address, from `source`, until `until` (the loop's clock, seconds;
    None: as long as the system waits). Raises `OSError`, `ResetAtOnce` and `TimeoutError` among them."""
    family, address = sockaddr(ip, port)
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if source is not None:
            source.bind(sock)
        await _join(sock, address, until)
        if is_itself(sock, port):
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    except BaseException:
        sock.close()
        raise
    return sock


async def _join(sock: socket.socket, address: tuple[Any, ...], until: float | None) -> None:
    loop, late = asyncio.get_running_loop(), False
    # Windows' proactor loop watches no sockets.
    if type(loop).add_writer is asyncio.AbstractEventLoop.add_writer:
        async with asyncio.timeout_at(until):
            await loop.sock_connect(sock, address)
        return
    number = sock.connect_ex(address)
    if number in _UNDER_WAY:
        try:
            async with asyncio.timeout_at(until):
                await _writable(sock)
        except TimeoutError:
            late = True
        number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number in RESETS:
        raise ResetAtOnce(number, left(sock))
    if number:
        raise OSError(number, os.strerror(number))
    if late and not _connected(sock):
        raise TimeoutError


def _connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


async def _writable(sock: socket.socket) -> None:
    """`loop.sock_connect` would take what went wrong from the socket, and have it forgotten where the time is up then;
    uvloop's forgets the zone of an address, too."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(sock)


def left(sock: socket.socket) -> bytes:
    """What had come before the reset: no more than the system's buffer holds."""
    heard = b""
    with suppress(OSError):
        while data := sock.recv(ROOM):
            heard += data
    return heard


_UNDER_WAY = (errno.EINPROGRESS, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS))
"""On Linux EAGAIN is a failure (connect(2)): the socket would look writable, and have no connection."""
