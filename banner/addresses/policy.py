"""Which addresses and ports may be connected to, for an application that grabs what its users name.

A name says nothing about where it leads: ``metadata.example`` may resolve to 169.254.169.254, and to
something else a second later. So a policy judges the address that is really connected to, after DNS, each
address of a name by itself. An address that stands for another one (``forms.py``: NAT64, 6to4, Teredo, 0.0.0.0) is
judged as that one too. The words follow IANA's special-purpose registries (``special.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, NoReturn

from ..text.taken import check_port, check_words
from .blocks import AddressSet, format_address, parse_address, parse_block
from .forms import embedded
from .names import check_host
from .ports import MAX_PORT, format_ports, left_out, parse_ports
from .special import WORDS, word_sets


class Policy:
    """Networks and ports that may be connected to. It never changes; equal policies are equal values.

    Parameters: `allow` names what is allowed, None meaning every address (and an empty list none); `deny`
    what is not, whatever `allow` says. Both take networks as ``addresses.parse_block`` reads them
    (``10.0.0.0/8``, ``10.0.0.1-9``, ``2001:db8::1``) and `WORDS`. `ports` and `deny_ports` do the same for
    ports of TCP and UDP alike, as numbers or as a text such as ``22,80,8000-8010``. `ValueError` for what is none of
    these, `TypeError` for another kind of thing.

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
        keep("allow", None if allow is None else _texts("allow", allow))
        keep("deny", _texts("deny", deny))
        keep("ports", None if ports is None else _ports("ports", ports))
        keep("deny_ports", _ports("deny_ports", deny_ports))
        keep("_allowed", None if self.allow is None else _union(self.allow))
        keep("_denied", _union(self.deny))

    def permits(self, ip: str, port: int) -> bool:
        """Whether `ip` (a text; a zone does not count) may be connected to at `port`.

        `ValueError` where `ip` is no address (names are resolved first) or `port` is none.
        """
        if type(port) is not int or not 0 < port < 65536:
            port = check_port(port)
        if (self.ports is not None and port not in self.ports) or port in self.deny_ports:
            return False
        number = _number(ip)
        return number not in self._denied and self._allows(number)

    def refusal(self, ip: str, port: int) -> str | None:
        """Why `permits` says no, in words for a record's ``error``; None where it says yes."""
        if self.permits(ip, port):
            return None
        number = _number(ip)
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

    def __setstate__(self, state: Any) -> None:
        # As `object` has it told, all of a caller's own kind of policy too: an abridged one would permit more.
        for part in state if isinstance(state, tuple) else (state,):
            for name, value in (part or {}).items():
                object.__setattr__(self, name, value)

    def _key(self) -> tuple[Any, ...]:
        return self.allow, self.deny, self.ports, self.deny_ports

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """For pydantic, and so for FastAPI: taken as it is or as its parameters, and given out as these."""
        from pydantic_core import core_schema

        given = core_schema.plain_serializer_function_ser_schema(_told)
        return core_schema.no_info_plain_validator_function(_taken, serialization=given)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        """For OpenAPI."""
        several = {"type": "array", "items": {"type": "string"}}
        numbers = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": MAX_PORT}}
        ports = [{"type": "string"}, numbers]
        fields = {
            "allow": {"anyOf": [several, {"type": "null"}]},
            "deny": several,
            "ports": {"anyOf": [*ports, {"type": "null"}]},
            "deny_ports": {"anyOf": ports},
        }
        return {"type": "object", "title": "Policy", "properties": fields, "additionalProperties": False}

    def __repr__(self) -> str:
        parts = [f"allow={list(self.allow)}"] if self.allow is not None else []
        parts += [f"deny={list(self.deny)}"] if self.deny else []
        parts += [f"ports={format_ports(sorted(self.ports))!r}"] if self.ports is not None else []
        parts += [f"deny_ports={format_ports(sorted(self.deny_ports))!r}"] if self.deny_ports else []
        return f"Policy({', '.join(parts)})"


def _taken(value: object) -> Policy:
    """A policy from its parameters, for pydantic, which wants a `ValueError` for whatever is wrong."""
    if isinstance(value, Policy):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"a policy has allow, deny, ports and deny_ports, not {value!r}")
    try:
        return Policy(**value)
    except TypeError as error:
        raise ValueError(str(error)) from None


def _told(policy: Policy) -> dict[str, Any]:
    return {
        "allow": None if policy.allow is None else list(policy.allow),
        "deny": list(policy.deny),
        "ports": None if policy.ports is None else sorted(policy.ports),
        "deny_ports": sorted(policy.deny_ports),
    }


def _texts(what: str, networks: Iterable[str]) -> tuple[str, ...]:
    if isinstance(networks, str):
        return (networks,)
    # What ``ipaddress`` makes is taken by its text.
    if not isinstance(networks, Iterable):
        raise TypeError(f"{what} are networks, such as ['10.0.0.0/8', 'loopback'], not {networks!r}")
    return check_words(what, [str(net) if _numbered(net) else net for net in networks])


def _numbered(network: object) -> bool:
    return isinstance(network, IPv4Network | IPv6Network | IPv4Address | IPv6Address)


def _ports(what: str, ports: str | Iterable[int]) -> frozenset[int]:
    if isinstance(ports, str):
        found = parse_ports(ports)
        if any(port > MAX_PORT for port in found) or left_out(ports):
            raise ValueError(f"{what} hold for TCP and UDP alike: {ports!r} says what carries them")
        return frozenset(found)
    if isinstance(ports, bytes) or not isinstance(ports, Iterable):
        raise TypeError(f"{what} are numbers, or a text such as '22,80,8000-8010', not {ports!r}")
    return frozenset(check_port(port, f"each of {what}") for port in ports)


def _number(ip: str) -> int:
    text = ip if isinstance(ip, str) else check_host(ip)
    return parse_address(text.partition("%")[0])


def _network(text: str) -> AddressSet:
    return word_sets()[text] if text in WORDS else AddressSet([parse_block(text)])


def _union(texts: Iterable[str]) -> AddressSet:
    return AddressSet(block for text in texts for block in _network(text))


def _shown(ip: str, face: int) -> str:
    canonical = format_address(face)
    return ip if ip == canonical else f"{ip} ({canonical})"
