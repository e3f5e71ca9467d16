"""Addresses as the socket calls take them."""

from __future__ import annotations

import socket


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
    index = int(scope) if scope.isdigit() else socket.if_nametoindex(scope)
    return socket.AF_INET6, (address, port, 0, index)
