"""Two network namespaces joined by a veth pair, for scans of what a kernel says of a network, and no model of it.

This process is at 10.1.0.1 in one of them, its peer, a child, at 10.1.0.2 in the other. Needs root, and ``ip``.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

CLONE_NEWNET = 0x40000000
IP_PKTINFO = 8
UNREACHABLE, PORT = 3, 3
"""Type and code of ICMP (RFC 792)."""


Ready = Callable[[], object]


class Asked(NamedTuple):
    """A datagram that came, and between whom."""

    data: bytes
    host: bytes
    """The address that was asked, four bytes."""
    source: tuple[str, int]


class Heard:
    """A UDP port at every address of the peer, and its voice for ICMP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self.sock.setsockopt(socket.SOL_IP, IP_PKTINFO, 1)
        self.sock.bind(("", port))

    def __iter__(self) -> Iterator[Asked]:
        while True:
            data, notes, _, source = self.sock.recvmsg(2048, 64)
            yield Asked(data, notes[0][2][8:12], source)

    def say(self, asked: Asked, data: bytes, host: bytes | None = None) -> None:
        """Answer from the address that was asked, or from another one."""
        info = bytes(4) + (host or asked.host) + bytes(4)
        self.sock.sendmsg([data], [(socket.SOL_IP, IP_PKTINFO, info)], 0, asked.source)

    def refuse(
        self, asked: Asked, kind: int = UNREACHABLE, code: int = PORT, port: int | None = None
    ) -> None:
        """An ICMP message with the beginning of what was asked, or of what another `port` is told to have asked."""
        size = 28 + len(asked.data)
        quoted = bytes([0x45, 0]) + size.to_bytes(2) + bytes([0, 0, 0x40, 0, 64, 17, 0, 0])
        quoted += socket.inet_aton(asked.source[0]) + asked.host
        quoted += (
            (port or asked.source[1]).to_bytes(2) + self.port.to_bytes(2) + (size - 20).to_bytes(2) + bytes(2)
        )
        message = bytes([kind, code, 0, 0, 0, 0, 0, 0]) + quoted
        total = sum(int.from_bytes(message[at : at + 2]) for at in range(0, len(message), 2))
        total = (total & 0xFFFF) + (total >> 16)
        total = (total & 0xFFFF) + (total >> 16)
        self.raw.sendto(message[:2] + (total ^ 0xFFFF).to_bytes(2) + message[4:], (asked.source[0], 0))


def ip(line: str) -> None:
    subprocess.run(["ip", *line.split()], check=True)


def apart() -> None:
    """Leave this process's network for an empty one. Raises `OSError` where that is not permitted."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


@contextmanager
def joined(live: Callable[[Ready], None], *nets: str) -> Iterator[None]:
    """Two namespaces, ours with routes to `nets` by way of the peer, which runs `live` until it is ended.

    `live` calls what it is given once it is ready to be asked.
    """
    apart()
    (ready_out, ready_in), (go_out, go_in) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            apart()
            os.write(ready_in, b"1")
            os.read(go_out, 1)
            for line in ("addr add 10.1.0.2/30 dev far", "link set far up", "link set lo up"):
                ip(line)
            ip("route add default via 10.1.0.1")
            live(partial(os.write, ready_in, b"2"))
        except BaseException:
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(1)
    os.close(ready_in)
    try:
        os.read(ready_out, 1)
        ip("link set lo up")
        ip(f"link add near type veth peer name far netns {child}")
        for line in ("addr add 10.1.0.1/30 dev near", "link set near up"):
            ip(line)
        for net in nets:
            ip(f"route add {net} via 10.1.0.2")
        os.write(go_in, b"1")
        os.read(ready_out, 1)
        yield
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
