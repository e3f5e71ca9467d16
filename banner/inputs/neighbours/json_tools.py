"""Whose JSON an object is, by its fields, and the targets that it names. Most of these tools write an object a port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from ...addresses.blocks import format_address
from ...addresses.forms import MAPPED
from ...addresses.ports import UDP
from ...formats.zgrab2 import OVER_UDP
from ..spec import is_address, parse
from ..urls import url_place
from .place import Found, at, found_in_state, place, port_of

Object = dict[str, Any]
Read = Callable[[Object, Sequence[int]], Iterator[Found]]


def masscan_line(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``-oD``: a line a finding; those with a banner repeat a port."""
    data = found.get("data")
    if found["rec_type"] == "status" and isinstance(data, dict) and data.get("status") == "open":
        yield from at(found.get("proto"), found.get("ip"), found.get("port"))


def masscan(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``-oJ``: an entry of ``ports`` with a banner has no status, and repeats a port; other tools' entries have a
    state, or are of open ports alone. Shodan's InternetDB, the old Censys and others have numbers there."""
    host = found.get("ip") or found.get("host")
    for entry in found["ports"]:
        if isinstance(entry, int | str):
            yield from at("tcp", host, entry, _first_name(found))
            continue
        if not isinstance(entry, dict):
            raise ValueError("an entry of ports is no object")
        state = entry.get("status", entry.get("state", None if "service" in entry else "open"))
        protocol = entry.get("proto") or entry.get("protocol")
        yield from found_in_state(state, protocol, host, entry.get("port"))


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
    """A banner as ``shodan download`` has it: ``transport`` is ``tcp`` or ``udp``, the names are looked up. The oldest
    have the address as a number alone, some ``ipv6``."""
    address = found.get("ip_str") or found.get("ipv6") or found.get("ip")
    if isinstance(address, int):
        address = format_address(MAPPED | address) if 0 <= address < 1 << 32 else None
    yield from at(found.get("transport", "tcp"), address, found.get("port"), _first_name(found))


def shodan_host(found: Object, ports: Sequence[int]) -> Iterator[Found]:
    """What ``/shodan/host/ADDRESS`` answers: a banner for each port in ``data``."""
    for entry in found["data"]:
        if not isinstance(entry, dict):
            raise ValueError("a banner is no object")
        yield from shodan({"ip_str": found["ip_str"], "hostnames": found.get("hostnames"), **entry}, ports)


def _first_name(found: Object) -> object:
    names = found.get("hostnames")
    return names[0] if isinstance(names, list) and names else None


def censys(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """A host of Censys' search or its data: ``services`` with ``port`` and ``transport_protocol``."""
    seen: set[tuple[object, object]] = set()
    for service in found["services"]:
        if not isinstance(service, dict):
            raise ValueError("a service is no object")
        protocol = service.get("transport_protocol", "tcp")
        port = port_of(service.get("port"))
        if (protocol, port) not in seen and len(seen) < 131072:
            seen.add((protocol, port))
            yield from at(protocol, found.get("ip"), port)


def httpx(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """``httpx -json``: ``input`` is what it was given, ``host`` the address (``host_ip`` in newer versions)."""
    if found.get("failed") is True:
        return
    name, port = url_place(found["url"]) if isinstance(found["url"], str) else ("", 0)
    address = found.get("host_ip") or found.get("host")
    if name == address or (isinstance(address, str) and not is_address(address)):
        address = None  # the name that the request had
    yield from at("tcp", name, found.get("port") or port, ip=address)


def fingerprinted(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """fingerprintx' and nerva's: ``protocol`` is the service, ``transport`` what carries it."""
    yield from at(found["transport"], found.get("host"), found.get("port"), ip=found.get("ip"))


def nuclei(found: Object, ports: Sequence[int]) -> Iterator[Found]:
    """``-jsonl``, a line a finding: ``host`` is a URL, ``host:port`` or, beside ``port``, a name."""
    where = next(
        (found[name] for name in ("url", "matched-at", "matched") if "://" in str(found.get(name))), None
    )
    where = where or (found.get("host") if "port" in found else found.get("matched-at") or found.get("host"))
    if not isinstance(where, str):
        raise ValueError("no host")
    if "://" in where:
        name, port = url_place(where)
        named = place(name, (port,))
    else:
        given = (port_of(found["port"]),) if found.get("port") else ports
        named = parse(f"[{where}]" if where.count(":") > 1 and "[" not in where else where, given)
    yield place(named.host, named.ports, ip=found.get("ip"))


def prometheus(found: Object, ports: Sequence[int]) -> Iterator[Found]:
    """Targets of Prometheus' file discovery: a list of ``host:port``."""
    for text in found["targets"]:
        if not isinstance(text, str):
            raise ValueError("a target is no text")
        yield parse(text, ports)


def naabu(found: Object, _: Sequence[int]) -> Iterator[Found]:
    """naabu's and tlsx's; some versions have ``{"Port": 22, "Protocol": 0, "TLS": false}``, 0 for TCP."""
    port, protocol = found["port"], found.get("protocol", "tcp")
    if isinstance(port, dict):
        port = {name.lower(): value for name, value in port.items()}
        protocol = {0: "tcp", 1: "udp"}.get(port.get("protocol", 0), "sctp")
        port = port.get("port")
    # In some tools' lines the protocol is the service's.
    yield from at(
        protocol if protocol in ("udp", "sctp") else "tcp", found.get("host"), port, ip=found.get("ip")
    )


def _is(kind: type, field: str) -> Callable[[Object], bool]:
    return lambda found: isinstance(found.get(field), kind)


READERS: Final[tuple[tuple[Callable[[Object], bool], Read], ...]] = (
    (lambda found: "rec_type" in found, masscan_line),
    (lambda found: "ip_str" in found and isinstance(found.get("data"), list), shodan_host),
    (_is(list, "ports"), masscan),
    (lambda found: "saddr" in found, zmap),
    (lambda found: "ip_str" in found or isinstance(found.get("ip"), int) or "ipv6" in found, shodan),
    (lambda found: "template-id" in found or "templateID" in found, nuclei),
    (_is(list, "targets"), prometheus),
    (_is(list, "services"), censys),
    (lambda found: "v" in found and "status" in found, ours),
    (lambda found: isinstance(found.get("data"), dict) and "port" not in found.get("data", {}), zgrab2),
    (lambda found: "url" in found and ("input" in found or "status_code" in found), httpx),
    (lambda found: "transport" in found and "port" in found, fingerprinted),
    (lambda found: "port" in found, naabu),
)
"""The first that tells its own reads an object."""
FINDINGS: Final = (nuclei, httpx)
"""Those who have a line for each finding or path, many at one port."""
WRAPPERS: Final = ("result", "resource", "host", "host_v1", "hits", "matches", "results")
"""Where services (Shodan's search, Censys') put what they answer."""
