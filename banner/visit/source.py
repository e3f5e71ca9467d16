"""From where connections begin: an address, a range of ports, an interface."""

from __future__ import annotations

import errno
import socket
import sys
from typing import Any, Final

import msgspec
from msgspec.structs import force_setattr

from ..addresses.names import check_address
from ..addresses.socket_address import chosen_ports, sockaddr
from ..models import Modelled
from ..text.patterns import lazily
from ..text.taken import check_port, check_text

_BIND_ADDRESS_NO_PORT: Final = 24
"""ip(7): the port is chosen with the connection, so each may serve many destinations; the system's default otherwise
is one port for each bound socket."""
_LOCAL_PORT_RANGE: Final = 51
"""IP_LOCAL_PORT_RANGE of ip(7), from Linux 6.3 on."""


class Source(Modelled, msgspec.Struct, frozen=True):
    """What every socket is bound to before it connects."""

    ip: str | None = None
    """The address. Targets of the other family cannot be reached from it."""
    ports: tuple[int, int] | None = None
    """The lowest and the highest port, of which those are taken that the system chooses from (Linux: from 6.3 on)."""
    interface: str | None = None
    """The interface (Linux)."""

    def __post_init__(self) -> None:
        if self.ip is not None:
            force_setattr(self, "ip", check_address(self.ip))
        if self.ports is not None:
            if not isinstance(self.ports, tuple | list) or len(self.ports) != 2:
                raise TypeError(f"ports are the lowest and the highest, not {self.ports!r}")
            low, high = (check_port(port) for port in self.ports)
            if low > high:
                raise ValueError(f"ports are the lowest and the highest, not {self.ports!r}")
            force_setattr(self, "ports", (low, high))
        if self.interface is not None and not check_text("an interface", self.interface).strip("\0"):
            raise ValueError(f"an interface has a name, not {self.interface!r}")

    def range(self) -> tuple[int, int]:
        """The lowest and the highest port that the system chooses from for its sockets."""
        low, high = chosen_ports()
        return (low, high) if self.ports is None else (max(low, self.ports[0]), min(high, self.ports[1]))

    def bind(self, sock: Any) -> None:
        """Bind `sock`, which is about to connect, or to send its first datagram. Raises `OSError`."""
        if self.interface is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.interface.encode() + b"\0")
        if self.ports is not None:
            low, high = self.ports
            least, most = chosen_ports()
            if high < least or low > most:  # the kernel would take others without a word
                raise OSError(
                    errno.EADDRNOTAVAIL,
                    f"connections begin at ports {least}-{most} here (sysctl net.ipv4.ip_local_port_range)",
                )
            sock.setsockopt(
                socket.IPPROTO_IP, _LOCAL_PORT_RANGE, (high << 16 | low).to_bytes(4, sys.byteorder)
            )
        if self.ip is not None:
            if sys.platform == "linux":
                sock.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
            family, address = sockaddr(self.ip, 0)
            if family != sock.family:
                raise OSError(errno.EPFNOSUPPORT, f"{self.ip} is of the other family")
            sock.bind(address)


def source(place: str | None = None, interface: str | None = None) -> Source | None:
    """The source that ``ADDRESS[:LOW-HIGH]`` (IPv6 in brackets where ports follow) and an interface name; None for
    neither. Raises `ValueError` where nothing can be sent from there, with the reason."""
    if place is None and interface is None:
        return None
    ip, ports = None, None
    if place is not None:
        ip, ports = _parsed(place)
    made = Source(ip, ports, interface)
    family = socket.AF_INET6 if ip is not None and ":" in ip else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            made.bind(sock)
    except (OSError, AttributeError) as error:
        what = " and ".join(filter(None, (place, interface)))
        raise ValueError(f"nothing can be sent from {what}: {getattr(error, 'strerror', error)}") from None
    return made


def _parsed(place: str) -> tuple[str, tuple[int, int] | None]:
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError(f"a source is ADDRESS or ADDRESS:LOW-HIGH, not {place!r}")
    bracketed, plain, low, high = found.groups()
    if low is None:
        return check_address(bracketed or plain), None
    ports = check_port(int(low)), check_port(int(high))
    if ports[0] > ports[1]:
        raise ValueError(f"a source's ports are LOW-HIGH, not {place!r}")
    return check_address(bracketed or plain), ports


_PLACE: Final = lazily(r"(?:\[([^]]+)\]|([\d.]+|[^\[\]]*:[^\[\]-]*))(?::(\d{1,5})-(\d{1,5}))?")
"""IPv4 or bracketed IPv6 with ports, or either alone."""
