"""A socket that asks one address at one UDP port, and what comes of it: datagrams, and the network's refusals.

On Linux it is not connected, so that it hears who answers from another port (RFC 1350, section 4), and has
IP_RECVERR, without which the kernel keeps host and network unreachable for itself (ip(7), udp(7)). Elsewhere it is
connected: then the system tells of refusals, and drops whatever comes from anywhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from ..addresses.socket_address import sockaddr
from ..models import Status
from .failures import EXHAUSTED, RESETS, reason, status_of
from .source import Source

LARGEST: Final = 65536
"""Bytes for any datagram: IP's length has 16 bits."""

_Socket: Any = socket.SocketType if sys.platform == "linux" else socket.socket
"""On Linux the interpreter's own class: what `socket.socket` adds, in Python, is not needed here."""
_DATAGRAM = socket.SOCK_DGRAM | getattr(socket, "SOCK_NONBLOCK", 0) | getattr(socket, "SOCK_CLOEXEC", 0)
_ERRORS: dict[int, tuple[int, int]] = (
    {socket.AF_INET: (socket.SOL_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
    if sys.platform == "linux"
    else {}
)
"""IP_RECVERR and IPV6_RECVERR by family, with their levels (linux/in.h, linux/in6.h)."""
_ERROR = struct.Struct("=IBBBBII")
"""sock_extended_err (linux/errqueue.h): errno, origin, type, code, padding, info, data."""
_OF_THE_NETWORK = (2, 3)
"""SO_EE_ORIGIN_ICMP and SO_EE_ORIGIN_ICMP6."""
ROOM: Final = 1 << 20
"""Bytes that wait to be read, of which the kernel grants what it may (net.core.rmem_max): it counts some 800 for the
smallest datagram, so that with its usual 212,992 a few hundred of a stranger leave no room for the answer."""
CROWD: Final = 16
"""Datagrams of strangers after which the kernel is told to drop more of them: until then they are counted."""
_PASSING = frozenset({errno.EMSGSIZE, errno.EAGAIN, errno.EINTR})
"""What is no outcome: a smaller way on a path that fragments go (RFC 1191), nothing there."""


_MAPPED = bytes(10) + b"\xff\xff"


class Came(NamedTuple):
    """A datagram of the address that was asked."""

    data: bytes
    port: int | None
    """The port that it came from, where that is another than was asked."""


class Lost(NamedTuple):
    """The network, or this machine, says that a question did not arrive."""

    status: Status
    error: str


class Elsewhere(NamedTuple):
    """A datagram of another address."""


News = Came | Lost | Elsewhere

_ELSEWHERE = Elsewhere()


class _Room(threading.local):
    """Every datagram is read into this, and only as much as came is kept: of each thread, for others may scan too."""

    def __init__(self) -> None:
        self.buffer = bytearray(LARGEST)


_room = _Room()


class Socket:
    """Not blocking; whoever holds it watches `fd`, and closes it."""

    __slots__ = ("_address", "_elsewhere", "_level", "_other_ports", "_sock", "close", "fd")

    def __init__(self, ip: str, port: int, source: Source | None = None) -> None:
        """It sends to `port` of `ip`, from `source`. Raises `OSError`."""
        family, address = sockaddr(_as_sent(ip), port)
        sock = self._sock = _Socket(family, _DATAGRAM)
        self.close: Callable[[], None] = sock.close
        self._elsewhere = self._other_ports = 0
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
            if source is not None:
                source.bind(sock)
            errors = self._level = _ERRORS.get(family)
            if errors is None:
                sock.setblocking(False)
                sock.connect(address)
            else:
                sock.setsockopt(*errors, 1)
                # As the kernel writes it, with the interface's number and no other spelling of the address.
                host = socket.inet_ntop(family, socket.inet_pton(family, address[0]))
                address = (host, *address[1:])
        except OSError:
            sock.close()
            raise
        self._address: tuple[Any, ...] = address
        self.fd: int = sock.fileno()

    @property
    def connected(self) -> bool:
        """Whether the kernel drops what others send."""
        return self._level is None

    def send(self, data: bytes) -> Lost | None:
        """Let `data` leave as one datagram; `Lost` where it cannot.

        Raises `OSError` with an errno of `EXHAUSTED` where this machine has no room just now.
        """
        lost = None
        for _ in range(
            2
        ):  # a first error may be that of an earlier datagram, which the queue of errors tells
            try:
                if self._level is None:
                    self._sock.send(data)
                else:
                    self._sock.sendto(data, self._address)
            except OSError as error:
                if error.errno in EXHAUSTED:
                    raise
                lost = _lost(error.errno)
                if self._level is None:
                    break
            else:
                return None
        return lost

    def news(self, most: int) -> list[News]:
        """What came: `most` datagrams at most, few where they are large, and as many refusals."""
        found: list[News] = []
        room, buffer = LARGEST, _room.buffer
        for _ in range(most):
            if room <= 0:
                break  # a flood is left before more of it is read
            try:
                size, source = self._sock.recvfrom_into(buffer)
            except OSError as error:
                if error.errno == errno.EAGAIN:
                    break
                if self._level is None and error.errno not in _PASSING:
                    found.append(_lost(error.errno))
                continue  # the queue of errors says whose it is
            room -= size
            if self._is_asked(source):
                port = None if source[1] == self._address[1] else source[1]
                found.append(Came(bytes(memoryview(buffer)[:size]), port))
                if port is not None:
                    self._other_ports += 1
                    if self._other_ports == CROWD:
                        self._shut_out(self._address[1])
            else:
                found.append(_ELSEWHERE)
                self._elsewhere += 1
                if self._elsewhere == CROWD and self._other_ports < CROWD:
                    self._shut_out(0)
        if self._level is not None:
            self._refusals(found, most)
        return found

    async def next(self, loop: asyncio.AbstractEventLoop) -> list[News]:
        """The next that comes, where the socket is connected: every loop can wait so for it."""
        try:
            return [Came(await loop.sock_recv(self._sock, LARGEST), None)]
        except OSError as error:
            return [] if error.errno in _PASSING else [_lost(error.errno)]

    def _shut_out(self, port: int) -> None:
        """Have the kernel drop what other addresses send from now on, and other ports; port 0 is any (udp.c)."""
        with contextlib.suppress(OSError):
            self._sock.connect((self._address[0], port, *self._address[2:]))

    def _is_asked(self, source: Any) -> bool:
        """Whether `source` is the address that was asked, whatever its port."""
        host, asked = source[0].partition("%")[0], self._address
        # The kernel names an interface beside link-local addresses alone, and there also where we named none.
        return bool(host == asked[0] and (source[3:] == asked[3:] or 0 in (source[3], asked[3])))

    def _refusals(self, found: list[News], most: int) -> None:
        """What the network said of what was sent to the address and port that was asked."""
        for _ in range(most):
            try:
                _, notes, _, asked = self._sock.recvmsg(0, 256, socket.MSG_ERRQUEUE)
            except OSError:
                return
            if not self._is_asked(asked) or asked[1] != self._address[1]:
                continue
            for level, kind, note in notes:
                if (level, kind) == self._level and len(note) >= _ERROR.size:
                    number, origin, *_ = _ERROR.unpack_from(note)
                    if origin in _OF_THE_NETWORK and number not in _PASSING:
                        status = Status.REFUSED if number == errno.ECONNREFUSED else Status.UNREACHABLE
                        found.append(Lost(status, reason(number)))


def _as_sent(ip: str) -> str:
    """The address to which Linux sends what is for `ip`, and from which it is answered: an IPv4 address inside of an
    IPv6 one (RFC 4291, section 2.5.5.2) is asked, and refuses, over IPv4, and no address is this machine (ip(7)).
    """
    if ":" not in ip:
        return "127.0.0.1" if ip == "0.0.0.0" else ip
    packed = socket.inet_pton(socket.AF_INET6, ip.partition("%")[0])
    if packed.startswith(_MAPPED):
        return _as_sent(socket.inet_ntop(socket.AF_INET, packed[len(_MAPPED) :]))
    return ip if any(packed) else "::1"


def _lost(number: int | None) -> Lost:
    """What an errno of a call says. Windows calls a port that is unreachable a reset."""
    return Lost(Status.REFUSED if number in RESETS else status_of(number), reason(number))
