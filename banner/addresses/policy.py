"""Which addresses and ports may be connected to, for an application that grabs what its users name.

A name says nothing about where it leads: ``metadata.example`` may resolve to 169.254.169.254, and to
something else a second later. So a policy judges the address that is really connected to, after DNS, each
address of a name by itself. An IPv6 address that stands for an IPv4 one (``addresses.embedded``) is judged
as that one too. The words follow IANA's special-purpose registries (RFC 6890); each address falls under
exactly one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NoReturn

from .blocks import AddressSet, embedded, format_address, parse_address, parse_block
from .ports import MAX_PORT, format_ports, parse_ports

_NAMED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    # RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3
    "loopback": ("127.0.0.0/8", "::1"),
    # RFC 3927; RFC 4291, section 2.5.6. Cloud machines find their credentials at 169.254.169.254.
    "link-local": ("169.254.0.0/16", "fe80::/10"),
    # RFC 1918; shared between a provider and its customers, RFC 6598; RFC 4193; site-local, RFC 3879
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
    # RFC 5771; RFC 4291, section 2.7
    "multicast": ("224.0.0.0/4", "ff00::/8"),
})  # fmt: skip
_RESERVED: Final = (
    "0.0.0.0/8",  # RFC 791, section 3.2; Linux takes 0.0.0.0 for itself
    "192.0.0.0/24",  # protocol assignments, RFC 6890
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation, RFC 5737
    "192.88.99.0/24",  # 6to4 relays, withdrawn by RFC 7526
    "198.18.0.0/15",  # benchmarks, RFC 2544
    "240.0.0.0/4",  # RFC 1112, section 4; 255.255.255.255 is broadcast, RFC 919
    "2001:1::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",  # protocol assignments, RFC 2928, less Teredo
    "2001:db8::/32", "3fff::/20",  # documentation, RFC 3849 and RFC 9637
)  # fmt: skip
_GLOBAL: Final = ("0.0.0.0/0", "2000::/3", "64:ff9b::/96", "::2-::ffff:ffff")
"""Where hosts of the Internet are, less all of the above (RFC 4291, section 2.4; IANA, "IPv6 Global Unicast
Address Assignments"): everything else in IPv6 is reserved. NAT64 (RFC 6052), 6to4, Teredo and
IPv4-compatible addresses are judged by what they carry."""

WORDS: Final = ("loopback", "link-local", "private", "multicast", "reserved", "global")
"""What may stand for networks, besides their numbers."""


@lru_cache(maxsize=1)
def word_sets() -> Mapping[str, AddressSet]:
    """The addresses of each of `WORDS`: disjoint, and together every address."""
    sets = {word: AddressSet.of(networks) for word, networks in _NAMED.items()}
    special = AddressSet.of(_RESERVED)
    for known in sets.values():
        special |= known
    sets["global"] = (special | AddressSet.of(_GLOBAL).complement()).complement()
    taken = AddressSet()
    for known in sets.values():
        taken |= known
    sets["reserved"] = taken.complement()
    return sets


class Policy:
    """Networks and ports that may be connected to. It never changes; equal policies are equal values.

    Parameters: `allow` names what is allowed, None meaning every address (and an empty list none); `deny`
    what is not, whatever `allow` says. Both take networks as ``addresses.parse_block`` reads them
    (``10.0.0.0/8``, ``10.0.0.1-9``, ``2001:db8::1``) and `WORDS`. `ports` and `deny_ports` do the same for
    ports, as numbers or as a text such as ``22,80,8000-8010``. `ValueError` for what is none of these.

    ``Policy(allow=["global"], ports="22,25,80,443")`` keeps an application's users out of its own network.
    """

    __slots__ = ("_allowed", "_denied", "allow", "deny", "deny_ports", "ports")

    allow: tuple[str, ...] | None
    deny: tuple[str, ...]
    ports: frozenset[int] | None
    deny_ports: frozenset[int]
    _allowed: AddressSet | None
    _denied: AddressSet

    def __init__(
        self,
        *,
        allow: Iterable[str] | None = None,
        deny: Iterable[str] = (),
        ports: str | Iterable[int] | None = None,
        deny_ports: str | Iterable[int] = (),
    ) -> None:
        keep = super().__setattr__
        keep("allow", None if allow is None else _texts(allow))
        keep("deny", _texts(deny))
        keep("ports", None if ports is None else _ports(ports))
        keep("deny_ports", _ports(deny_ports))
        keep("_allowed", None if self.allow is None else _union(self.allow))
        keep("_denied", _union(self.deny))

    def permits(self, ip: str, port: int) -> bool:
        """Whether `ip` (a text; a zone does not count) may be connected to at `port`.

        `ValueError` where `ip` is no address: names are resolved first.
        """
        if (self.ports is not None and port not in self.ports) or port in self.deny_ports:
            return False
        number = parse_address(ip.partition("%")[0])
        return number not in self._denied and self._allows(number)

    def refusal(self, ip: str, port: int) -> str | None:
        """Why `permits` says no, in words for a record's ``error``; None where it says yes."""
        if self.permits(ip, port):
            return None
        number = parse_address(ip.partition("%")[0])
        for face in (*embedded(number), number):
            for text in self.deny:
                if face in _network(text):
                    return f"{_shown(ip, face)} is {'' if text in WORDS else 'in '}{text}"
        return f"the policy does not allow {f'port {port}' if self._allows(number) else ip}"

    def _allows(self, number: int) -> bool:
        # What stands for other addresses is judged by all of them, or a translator would be a way around.
        allowed = self._allowed
        return allowed is None or all(face in allowed for face in embedded(number) or (number,))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a policy never changes: make another one ({name})")

    def __delattr__(self, name: str) -> NoReturn:
        self.__setattr__(name, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, self._key()

    def _key(self) -> tuple[Any, ...]:
        return self.allow, self.deny, self.ports, self.deny_ports

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        parts = [f"allow={list(self.allow)}"] if self.allow is not None else []
        parts += [f"deny={list(self.deny)}"] if self.deny else []
        parts += [f"ports={format_ports(sorted(self.ports))!r}"] if self.ports is not None else []
        parts += [f"deny_ports={format_ports(sorted(self.deny_ports))!r}"] if self.deny_ports else []
        return f"Policy({', '.join(parts)})"


def _made(*key: Any) -> Policy:
    return Policy(allow=key[0], deny=key[1], ports=key[2], deny_ports=key[3])


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _ports(ports: str | Iterable[int]) -> frozenset[int]:
    numbers = frozenset(parse_ports(ports) if isinstance(ports, str) else ports)
    for port in numbers:
        if not 0 < port <= MAX_PORT:
            raise ValueError(f"port {port} is not between 1 and 65535")
    return numbers


def _network(text: str) -> AddressSet:
    return word_sets()[text] if text in WORDS else AddressSet([parse_block(text)])


def _union(texts: Iterable[str]) -> AddressSet:
    return AddressSet(block for text in texts for block in _network(text))


def _shown(ip: str, face: int) -> str:
    canonical = format_address(face)
    return ip if ip == canonical else f"{ip} ({canonical})"
