"""The difference of two scans: which hosts and services appeared, vanished, or are not what they were.

Pure: two iterables of grabs in, changes out, ordered by host and port. Never compared: times, durations, how
many connections a grab took, which rule spoke and how sure it was. What our own side caused (``denied``,
``local-error``, ``fault``) says nothing about a peer, so that target is left out. The rules are in ``docs/diff.md``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

import msgspec

from ..models import Grab, Service, Status, Tls, Transport
from .volatile import quiet


class Kind(StrEnum):
    """What changed."""

    HOST_APPEARED = "host-appeared"
    HOST_VANISHED = "host-vanished"
    SERVICE_APPEARED = "service-appeared"
    SERVICE_VANISHED = "service-vanished"
    STATUS = "status-changed"
    SERVICE = "service-changed"
    PRODUCT = "product-changed"
    VERSION = "version-changed"
    CERTIFICATE = "certificate-changed"
    TLS = "tls-changed"
    ALGORITHMS = "algorithms-changed"
    BANNER = "banner-changed"


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change; ``before`` and ``after`` hold the fields that differ, and are empty where nothing was."""

    kind: Kind
    host: str
    port: int | None = None
    """None where the whole host is meant."""
    service: str | None = None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    transport: Transport = Transport.TCP


OPEN: Final = {Status.BANNER, Status.SILENT, Status.CLOSED, Status.RESET, Status.TLS_ERROR}
"""The connection was accepted: something listens there. Over UDP only an answer tells that."""
OURS: Final = {Status.DENIED, Status.LOCAL_ERROR, Status.FAULT}
ALGORITHMS: Final = (
    "protocol_version",
    "kex_algorithms",
    "host_key_algorithms",
    "encryption_to_server",
    "encryption_to_client",
    "mac_to_server",
    "mac_to_client",
    "compression_to_server",
    "compression_to_client",
)
"""What the SSH dialogue records of a KEXINIT; the order in a list is the server's preference, so it counts."""
_ASPECTS: Final = (
    (Kind.SERVICE, ("name",)),
    (Kind.PRODUCT, ("vendor", "product", "os", "device")),
    (Kind.VERSION, ("version", "info")),
)
Place = tuple[str, int, Transport]
"""Host, port and transport."""


def compare(old: Iterable[Grab], new: Iterable[Grab], *, common: bool = False) -> list[Change]:
    """The changes from `old` to `new`, by host and port; with `common` only at targets that both visited.

    Of several grabs of one host, port and transport the last one counts.
    """
    before, after = by_place(old), by_place(new)
    unknown = {place for side in (before, after) for place, grab in side.items() if grab.status in OURS}
    places = ((before.keys() & after.keys()) if common else (before.keys() | after.keys())) - unknown
    changes = [*_hosts(before, after, places)]
    for place in places:
        changes += _service(place, before.get(place), after.get(place))
    return sorted(changes, key=_order)


def by_place(grabs: Iterable[Grab]) -> dict[Place, Grab]:
    """The last grab of each place."""
    return {(grab.host, grab.port, grab.transport): grab for grab in grabs}


def _order(change: Change) -> tuple[int, int, str, int, Transport, Kind]:
    there = (change.host, change.port or -1, change.transport, change.kind)
    try:
        address = ipaddress.ip_address(change.host)
    except ValueError:
        return 9, 0, *there
    return address.version, int(address), *there


def _is_open(grab: Grab | None) -> bool:
    if grab is None:
        return False
    return grab.status is Status.BANNER if grab.transport is Transport.UDP else grab.status in OPEN


def _hosts(before: dict[Place, Grab], after: dict[Place, Grab], places: set[Place]) -> Iterator[Change]:
    """Hosts of which nothing was open before, or nothing is now."""
    was, now = (_open_ports(side, places) for side in (before, after))
    for host in now.keys() - was.keys():
        yield Change(Kind.HOST_APPEARED, host, after=now[host])
    for host in was.keys() - now.keys():
        yield Change(Kind.HOST_VANISHED, host, before=was[host])


def _open_ports(side: dict[Place, Grab], places: set[Place]) -> dict[str, dict[str, list[int]]]:
    """By host: ``ports`` over TCP, ``udp_ports`` over UDP."""
    hosts: dict[str, dict[str, list[int]]] = {}
    for host, port, transport in sorted(place for place in places if _is_open(side.get(place))):
        name = "udp_ports" if transport is Transport.UDP else "ports"
        hosts.setdefault(host, {}).setdefault(name, []).append(port)
    return hosts


def ports_of(half: dict[str, Any]) -> list[tuple[int, Transport]]:
    """The ports that one half of a host's change holds."""
    names = (("ports", Transport.TCP), ("udp_ports", Transport.UDP))
    return [(port, transport) for name, transport in names for port in half.get(name, ())]


def _service(place: Place, old: Grab | None, new: Grab | None) -> Iterator[Change]:
    kind = {(False, True): Kind.SERVICE_APPEARED, (True, False): Kind.SERVICE_VANISHED}.get(
        (_is_open(old), _is_open(new))
    )
    if kind is not None:
        yield _change(kind, place, old, new, _state(old), _state(new))
    elif old is not None and new is not None:
        for aspect, before, after in _differences(old, new):
            yield _change(aspect, place, old, new, before, after)


def _change(
    kind: Kind,
    place: Place,
    old: Grab | None,
    new: Grab | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Change:
    known = next((grab.service for grab in (new, old) if grab is not None and grab.service), None)
    host, port, transport = place
    return Change(kind, host, port, known.name if known else None, before, after, transport)


def _state(grab: Grab | None) -> dict[str, Any]:
    if grab is None:
        return {}
    service = grab.service or Service("")
    named = {name: getattr(service, name) for name in ("product", "version")}
    return {"status": str(grab.status)} | {name: value for name, value in named.items() if value}


Difference = tuple[Kind, dict[str, Any], dict[str, Any]]


def _differences(old: Grab, new: Grab) -> Iterator[Difference]:
    if old.status is not new.status:
        yield Kind.STATUS, {"status": str(old.status)}, {"status": str(new.status)}
    identified = list(_identification(old, new))
    yield from identified
    yield from _tls(old.tls, new.tls, same_dialogue=_same_dialogue(old, new))
    yield from _fields(Kind.ALGORITHMS, _algorithms(old), _algorithms(new), both=True)
    if not identified and _same_dialogue(old, new) and _differs(old.banner, new.banner):
        yield Kind.BANNER, _shown(old.banner), _shown(new.banner)


def _same_dialogue(old: Grab, new: Grab) -> bool:
    """Asked in another way a peer answers in another way: only like is compared with like."""
    return old.probe == new.probe and old.status is new.status is Status.BANNER


def _identification(old: Grab, new: Grab) -> Iterator[Difference]:
    if old.service is None or new.service is None:
        return  # told by status and banner
    if old.banner == new.banner and old.service.rule != new.service.rule:
        return  # the same bytes, read by other rules
    for kind, names in _ASPECTS:
        before, after = ({name: getattr(one, name) for name in names} for one in (old.service, new.service))
        yield from _fields(kind, before, after)


def _fields(
    kind: Kind, before: dict[str, Any], after: dict[str, Any], *, both: bool = False
) -> Iterator[Difference]:
    """One difference that holds the fields whose values differ; with `both` only those that both sides have."""
    names = [
        name
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
        and not (both and (before.get(name) is None or after.get(name) is None))
        and not _only_noise(before.get(name), after.get(name))
    ]
    if names:
        yield kind, _kept(before, names), _kept(after, names)


def _kept(fields: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if fields.get(name) is not None}


def _only_noise(before: object, after: object) -> bool:
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    return quiet(before.encode()) == quiet(after.encode()) is not None


def _tls(old: Tls | None, new: Tls | None, *, same_dialogue: bool) -> Iterator[Difference]:
    if old is None or new is None:
        if same_dialogue and old is not new:
            yield Kind.TLS, {"tls": old is not None}, {"tls": new is not None}
        return
    yield from _fields(Kind.TLS, {"version": old.version}, {"version": new.version}, both=True)
    before, after = old.certificate, new.certificate
    if before is not None and after is not None and before.sha256 != after.sha256:
        yield Kind.CERTIFICATE, msgspec.to_builtins(before), msgspec.to_builtins(after)


def _algorithms(grab: Grab) -> dict[str, Any]:
    if grab.service is None or grab.service.name != "ssh":
        return {}
    return {name: grab.details.get(name) for name in ALGORITHMS}


def _differs(old: bytes, new: bytes) -> bool:
    if old == new:
        return False
    before, after = quiet(old), quiet(new)
    return before != after and before is not None and after is not None


def _shown(banner: bytes) -> dict[str, Any]:
    return {"banner": banner.decode("utf-8", "backslashreplace")}
