"""One target out of another tool's words, checked as what a person types is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from ...addresses.ports import UDP, parse_port
from ...text.lines import shown
from ..spec import Spec, is_address, parse


class Skipped(Enum):
    """What a file names and nobody visits; how often is told once."""

    UNTOLD = "ports that are open|filtered: nothing answered there"
    UNCARRIED = "ports of SCTP and what else is neither TCP nor UDP"


Found = Spec | Skipped
"""What a reader finds."""


def at(
    protocol: object, host: object, port: object, tag: object = None, *, ip: object = None
) -> Iterator[Found]:
    """One open port of `protocol` (``tcp`` where a file names none). Raises `ValueError`."""
    if (above := carried(protocol)) is None:
        yield Skipped.UNCARRIED
    else:
        yield place(host, (port_of(port) + above,), tag, ip=ip)


def carried(protocol: object) -> int | None:
    """How much higher lists hold a port of `protocol` than TCP's: 0 or `UDP`; None where it is neither.

    Raises `ValueError` for a word that is unknown, for a port must not be lost for its spelling.
    """
    word = protocol.lower() if isinstance(protocol, str) else protocol
    if word in _OVER_TCP:
        return 0
    if word in _OVER_UDP:
        return UDP
    if word in NO_CARRIER:
        return None
    raise ValueError(f"{shown(str(protocol))} is neither tcp nor udp")


_OVER_TCP: Final = ("tcp", None, "", "tcp4", "tcp6", "tcptls", "tls", "ssl")
_OVER_UDP: Final = ("udp", "udp4", "udp6", "quic", "dtls")
NO_CARRIER: Final = ("sctp", "icmp", "icmp6", "icmpv6", "igmp", "arp", "dccp", "ip", "oproto")
"""Protocols of the Internet that carry none of our dialogues; ``oproto`` is masscan's word for them."""


def found_in_state(
    state: object, protocol: object, host: object, port: object, tag: object = None, *, ip: object = None
) -> Iterator[Found]:
    """The same of a port in one of nmap's states. Raises `ValueError`."""
    if state == "open":
        yield from at(protocol, host, port, tag, ip=ip)
    elif state == "open|filtered":
        yield Skipped.UNTOLD


class Recent:
    """What was seen lately, for files that name a port once for each finding: as many as memory may hold."""

    MOST: Final = 65536

    def __init__(self) -> None:
        self._seen: dict[object, None] = {}

    def again(self, what: object) -> bool:
        """Whether `what` was seen before; it is from now on."""
        if what in self._seen:
            return True
        if len(self._seen) >= self.MOST:
            del self._seen[next(iter(self._seen))]
        self._seen[what] = None
        return False


def place(
    host: object, ports: Sequence[int], tag: object = None, *, ip: object = None, several: bool = False
) -> Spec:
    """The target `host` at `ports`, found at its address `ip`; several addresses only where that is said.
    Raises `ValueError`."""
    if isinstance(ip, str) and ip and isinstance(host, str) and host not in ("", ip):
        return _found_at(host, ip, ports, tag)
    host = host or ip
    if not isinstance(host, str) or not host:
        raise ValueError("no address and no name")
    if any(letter.isspace() or letter in ",[]" for letter in host):
        raise ValueError(f"{shown(host)} is neither an address nor a name")
    bracketed = f"[{host}]" if ":" in host and "/" not in host else host
    spec = parse(bracketed, ports)
    if spec.block and not several:
        raise ValueError(f"{shown(host)} is more than one address")
    return Spec(spec.host, spec.ports, _tag(tag), spec.block, spec.ip)


def _found_at(name: str, ip: str, ports: Sequence[int], tag: object) -> Spec:
    """The name with its address. What is no name, as reverse lookups and certificates may give, is left out: the
    address is known."""
    found = place(ip, ports, tag)
    if not is_address(found.host):
        raise ValueError(f"{shown(ip)}, where its address is expected, is none")
    try:
        named = place(name, ports)
    except ValueError:
        return found
    return found if is_address(named.host) else Spec(named.host, found.ports, found.tag, None, found.host)


def port_of(value: object) -> int:
    """A port that JSON or text gives. Raises `ValueError`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("no port")
    return parse_port(value.strip().removesuffix(".0"))  # of a table that has gaps in other rows


def _tag(tag: object) -> str | None:
    if not isinstance(tag, str):
        return None
    words = "".join(letter if letter.isprintable() else " " for letter in tag[:256]).split()
    return " ".join(words) or None
