"""Addresses as the socket calls take them."""

from __future__ import annotations

import errno
import socket
import sys
from functools import cache


def literal(host: str) -> bool:
    """Whether `host` is an IP address as `connect` takes it, so that no name server is asked."""
    try:
        if ":" in host:
            socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        else:
            socket.inet_pton(socket.AF_INET, host)
    except (OSError, ValueError):
        return False
    return True


def sockaddr(ip: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]:
    """The family and the address for `connect`; ``fe80::1%eth0`` names its interface. Raises `OSError`."""
    if ":" not in ip:
        return socket.AF_INET, (ip, port)
    address, _, scope = ip.partition("%")
    if not scope:
        return socket.AF_INET6, (address, port, 0, 0)
    return socket.AF_INET6, (address, port, 0, _interface(scope))


def is_itself(sock: socket.SocketType, port: int) -> bool:
    """Whether a connection to `port` of an address of this machine is one to itself.

    Where nobody listens, and the kernel chose that very port for our end, TCP opens from both sides at once (RFC 9293,
    section 3.5): everything that is said comes back. Only possible among the ports that the kernel chooses from.
    """
    low, high = chosen_ports()
    if not low <= port <= high:
        return False
    try:
        return bool(sock.getsockname()[:2] == sock.getpeername()[:2])
    except OSError:
        return False


def silent_for(sock: socket.SocketType) -> float | None:
    """The seconds since the other end of `sock` was heard last, or None where there is no connection.

    Of a connection on which nothing was said, that is how long it has been there; 0 where the kernel does not say it.
    """
    try:
        sock.getpeername()
        if _TCP_INFO is None:
            return 0.0
        told = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _LAST_ACK.stop)
    except OSError:
        return None
    return int.from_bytes(told[_LAST_ACK], sys.byteorder) / 1000


_TCP_INFO: int | None = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None
_LAST_ACK = slice(56, 60)
"""Where `struct tcp_info` (linux/tcp.h) says how many milliseconds ago something was acknowledged to us."""


@cache
def chosen_ports() -> tuple[int, int]:
    """The ports that the kernel chooses from for a connection's own end (ip(7)); all where it does not say. A socket's
    own range narrows them, and cannot widen them."""
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
            low, high = map(int, file.read().split())
        return low, high
    except (OSError, ValueError):
        return 1024, 65535


def _interface(scope: str) -> int:
    """The number of the interface that `scope` names. Raises `OSError` (ENODEV) where there is none."""
    try:
        if not scope.isdigit():
            return socket.if_nametoindex(scope)
        socket.if_indextoname(int(scope))
    except (OSError, OverflowError):  # if_nametoindex() gives no errno
        raise OSError(errno.ENODEV, f"no interface {scope}") from None
    return int(scope)
