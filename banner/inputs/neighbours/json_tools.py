"""Whose JSON an object is, by its fields, and the targets that it names. Most of these tools write an object a port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from ...addresses.ports import UDP
from ...formats.zgrab2 import OVER_UDP
from ..urls import url_place
from .place import Found, at, place, port_of

Object = dict[str, Any]
Read = Callable[[Object, Sequence[int]], Iterator[Found]]


def masscan_line(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``-oD``: a line a finding; those with a banner repeat a port."""
    data = found.get("data")
    if found["rec_type"] == "status" and isinstance(data, dict) and data.get("status") == "open":
        yield from at(found.get("proto"), found.get("ip"), found.get("port"))


def masscan(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``-oJ``: an entry of ``ports`` with a banner has no status, and repeats a port."""
    for entry in found["ports"]:
        if not isinstance(entry, dict):
            raise ValueError("an entry of ports is no object")
        if entry.get("status") == "open":
            yield from at(entry.get("proto"), found.get("ip"), entry.get("port"))


def zmap(found: Object, ports: Sequence[int]) -> Iterator[Found]:
    """zmap's, and LZR's: what answered with SYN-ACK, or over UDP, once, and is no firewall that acknowledges all."""
    answered = found.get("classification", "synack") in ("synack", "udp") and found.get("success", 1) in (
        1,
        True,
        "1",
    )
    if answered and found.get("repeat") in (None, 0, False, "0") and not found.get("ackingFirewall"):
        higher = UDP if found.get("classification") == "udp" else 0
        yield place(found["saddr"], (port_of(found["sport"]) + higher,) if "sport" in found else ports)


def zgrab2(found: Object, ports: Sequence[int]) -> Iterator[Found]:
    """The ports that the modules name; those of old versions name none."""
    numbers: dict[int, None] = {}
    for name, answer in found["data"].items():
        if isinstance(answer, dict) and (
            port := answer.get("port") or found.get("port") or OVER_UDP.get(name)
        ):
            numbers[port_of(port) + UDP * (name in OVER_UDP)] = None
    yield place(found.get("domain"), tuple(numbers) or ports, found.get("tag"), ip=found.get("ip"))


def ours(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """A record of a former scan."""
    transport = found.get("transport", "tcp")
    yield from at(transport, found.get("host"), found.get("port"), found.get("tag"), ip=found.get("ip"))


def shodan(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """A banner as ``shodan download`` has it: ``transport`` is ``tcp`` or ``udp``, the names are looked up."""
    names = found.get("hostnames")
    name = names[0] if isinstance(names, list) and names else None
    yield from at(found.get("transport", "tcp"), found["ip_str"], found.get("port"), name)


def censys(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """A host of Censys' search or its data: ``services`` with ``port`` and ``transport_protocol``."""
    seen: set[tuple[object, object]] = set()
    for service in found["services"]:
        if not isinstance(service, dict):
            raise ValueError("a service is no object")
        protocol = service.get("transport_protocol", "tcp")
        protocol = protocol.lower() if isinstance(protocol, str) else ""
        port = port_of(service.get("port"))
        if (protocol, port) not in seen and len(seen) < 131072:
            seen.add((protocol, port))
            yield from at({"quic": "udp"}.get(protocol, protocol), found.get("ip"), port)


def httpx(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``httpx -json``: ``input`` is what it was given, ``host`` the address (``host_ip`` in newer versions)."""
    if found.get("failed") is True:
        return
    name, port = _authority(found["url"])
    address = found.get("host_ip") or found.get("host")
    yield from at("tcp", name, found.get("port") or port, ip=address if name != address else None)


def fingerprinted(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """fingerprintx' and nerva's: ``protocol`` is the service, ``transport`` what carries it."""
    transport = found["transport"]
    plain = {"tcptls": "tcp", "tls": "tcp"}.get(transport, transport) if isinstance(transport, str) else ""
    yield from at(plain, found.get("host"), found.get("port"), ip=found.get("ip"))


def naabu(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """naabu's and tlsx's; some versions have ``{"Port": 22, "Protocol": 0, "TLS": false}``, 0 for TCP."""
    port, protocol = found["port"], found.get("protocol", "tcp")
    if isinstance(port, dict):
        protocol = {0: "tcp", 1: "udp"}.get(port.get("Protocol", 0), "sctp")
        port = port.get("Port")
    # In some tools' lines the protocol is the service's.
    yield from at(
        protocol if protocol in ("udp", "sctp") else "tcp", found.get("host"), port, ip=found.get("ip")
    )


def _authority(url: object) -> tuple[str, int]:
    return url_place(url) if isinstance(url, str) else ("", 0)


def _is(kind: type, field: str) -> Callable[[Object], bool]:
    return lambda found: isinstance(found.get(field), kind)


READERS: Final[tuple[tuple[Callable[[Object], bool], Read], ...]] = (
    (lambda found: "rec_type" in found, masscan_line),
    (_is(list, "ports"), masscan),
    (lambda found: "saddr" in found, zmap),
    (lambda found: "ip_str" in found, shodan),
    (_is(list, "services"), censys),
    (lambda found: "v" in found and "status" in found, ours),
    (lambda found: isinstance(found.get("data"), dict) and "port" not in found.get("data", {}), zgrab2),
    (lambda found: "url" in found and ("input" in found or "status_code" in found), httpx),
    (lambda found: "transport" in found and "port" in found, fingerprinted),
    (lambda found: "port" in found, naabu),
)
"""The first that tells its own reads an object."""
