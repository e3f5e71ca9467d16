"""What the machine that runs the tests has, and not every machine does."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import pytest


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def link_local() -> str | None:
    """A link-local address of this machine with its interface (``fe80::1%eth0``), or None."""
    table = Path("/proc/net/if_inet6")
    for line in table.read_text().splitlines() if table.exists() else ():
        digits, _, _, scope, _, interface = line.split()
        if scope == "20":  # the kernel's IPV6_ADDR_LINKLOCAL
            return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits)) + "%" + interface
    return None


def children(pid: int) -> list[int]:
    """The processes that a process has begun, in any of its threads, but for those that have ended."""
    found: list[str] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # threads come and go
            found += listed.read_text().split()
    return [int(child) for child in found if not has_ended(child)]


def has_ended(pid: int | str) -> bool:
    """Whether the process is gone, or waits for nothing but its parent's look at how it ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] in ("Z", "X")


HAS_IPV6 = _has_ipv6()
needs_ipv6 = pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")
IPV6_HOST = pytest.param("::1", marks=needs_ipv6)
