"""The one table that turns what the system reports into a `Status`.

What the network does is data: nothing outside this file decides what an errno means. The table speaks of
an attempt to connect; once connected, only `RESETS` and the peer's own close remain.
"""

from __future__ import annotations

import errno
import os

from ..models import Status

RESETS = frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE})
"""The peer was there and broke the connection off. While connecting, Linux reports a reset that came before
the handshake as ECONNREFUSED, and one right after it as ECONNRESET or EPIPE (tcp_reset in tcp_input.c)."""

EXHAUSTED = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN}
)
"""This machine has run out of something that comes back when other connections end: worth another try.
EADDRNOTAVAIL and EAGAIN mean that no local port is free for this destination (connect(2))."""

STATUS_OF: dict[int, Status] = {
    errno.ECONNREFUSED: Status.REFUSED,
    errno.ETIMEDOUT: Status.TIMEOUT,
    errno.EHOSTUNREACH: Status.UNREACHABLE,
    errno.ENETUNREACH: Status.UNREACHABLE,
    errno.EHOSTDOWN: Status.UNREACHABLE,
    errno.ENETDOWN: Status.UNREACHABLE,
    # ICMP protocol unreachable and source host isolated (icmp_err_convert in net/ipv4/icmp.c).
    errno.ENOPROTOOPT: Status.UNREACHABLE,
    getattr(errno, "ENONET", errno.ENETUNREACH): Status.UNREACHABLE,
    # The routing table or this machine's own firewall forbids the way; also a broadcast address (connect(2)).
    errno.EACCES: Status.UNREACHABLE,
    errno.EPERM: Status.UNREACHABLE,
    # A link-local address without its interface, or with one that is not here, or a family that this machine lacks.
    errno.ENODEV: Status.UNREACHABLE,
    errno.EINVAL: Status.UNREACHABLE,
    errno.EAFNOSUPPORT: Status.UNREACHABLE,
    **dict.fromkeys(RESETS, Status.RESET),
    **dict.fromkeys(EXHAUSTED, Status.LOCAL_ERROR),
}


class Failed(Exception):  # noqa: N818 - an outcome, not an error of ours
    """There is no connection."""

    def __init__(self, status: Status, error: str) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error


def status_of(number: int | None) -> Status:
    """What a failed attempt to connect with this errno means; unknown ones are this machine's affair."""
    return STATUS_OF.get(number or 0, Status.LOCAL_ERROR)


def reason(number: int | None, otherwise: str = "") -> str:
    """The system's own words for an errno."""
    return f"{errno.errorcode.get(number, number)}: {os.strerror(number)}" if number else otherwise
