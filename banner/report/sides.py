"""Two scans side by side: their changes as the rows of a page.

A host that came or went is told once, with the software of its ports; products and versions by the product's name; and
each change has the greetings of both scans, as far as they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from ..addresses.ports import carried_port
from ..formats.naming import product_of, software
from ..formats.record import to_plain
from ..models import Grab, Transport
from .columns import cell, coded
from .difference import Change, Kind, Place, by_place, ports_of
from .packing import BLOCK, packed
from .story import brief, place_of, port_text

HOSTS: Final = {Kind.HOST_APPEARED: Kind.SERVICE_APPEARED, Kind.HOST_VANISHED: Kind.SERVICE_VANISHED}
"""What happens to a whole host, and what that is for each of its ports."""
GREETING: Final = ("status", "error", "banner", "encoding", "end")
"""What a change shows of the record before and after."""
_PORTS: Final = 12
"""Ports of a host that a line names."""
_NAMED: Final = (Kind.PRODUCT, Kind.VERSION)


class Sides(NamedTuple):
    """Two scans that were compared: of each target its last record."""

    old: dict[Place, Grab]
    new: dict[Place, Grab]


def sides(old: Iterable[Grab] = (), new: Iterable[Grab] = ()) -> Sides:
    """The records of two scans by their places."""
    return Sides(by_place(old), by_place(new))


def once(changes: Sequence[Change]) -> Iterator[Change]:
    """`changes`, without those of single services where the whole host came or went."""
    whole = {(HOSTS[change.kind], change.host) for change in changes if change.kind in HOSTS}
    return (change for change in changes if (change.kind, change.host) not in whole)


def listed(changes: Sequence[Change], both: Sides) -> dict[str, Any]:
    """`changes` as rows: what a table shows, and what each unfolds to."""
    places = [place_of(change) for change in changes]
    return {
        "rows": len(changes),
        "columns": {
            "target": {"values": [cell(place) for place in places], "codes": list(range(len(places)))},
            "kind": coded([str(one.kind) for one in changes]),
            "service": coded([one.service for one in changes]),
            "product": coded([product_of(_service(one, both)) for one in changes]),
            "before": coded([_half(one, one.before, both.old) for one in changes]),
            "after": coded([_half(one, one.after, both.new) for one in changes]),
        },
        "block": BLOCK,
        "blocks": packed([msgspec.json.encode(_whole(one, both)) for one in changes]),
    }


def _place(change: Change) -> Place:
    return change.host, change.port or 0, change.transport


def port_number(change: Change) -> int | None:
    """The port as the page counts it; None where the whole host is meant."""
    return None if change.port is None else carried_port(change.port, change.transport)


def _service(change: Change, both: Sides) -> Any:
    known = (side[_place(change)].service for side in (both.new, both.old) if _place(change) in side)
    return next((service for service in known if service), None)


def _half(change: Change, half: dict[str, Any], side: dict[Place, Grab]) -> str:
    """One side of a change in a line: a product by its name, a host by what is open on it."""
    if change.kind in HOSTS and half:
        return cell(", ".join(_ports(change.host, ports_of(half), side)))
    grab = side.get(_place(change))
    if change.kind in HOSTS.values() and grab is not None:
        return cell(" ".join(filter(None, (str(grab.status), software(grab.service)))))
    if change.kind in _NAMED and half and grab is not None and grab.service is not None:
        besides = [half[name] for name in ("os", "device", "info") if half.get(name)]
        return cell(" ".join([software(grab.service) or "", *besides]).strip())
    return brief(change, half)


def _ports(host: str, ports: Sequence[tuple[int, Transport]], side: dict[Place, Grab]) -> Iterator[str]:
    for port, transport in ports[:_PORTS]:
        known = side.get((host, port, transport))
        service = known.service if known else None
        yield f"{port_text(port, transport)} {software(service) or (service.name if service else '')}".strip()
    if len(ports) > _PORTS:
        yield f"{len(ports) - _PORTS} more"


def _whole(change: Change, both: Sides) -> dict[str, Any]:
    """What a change unfolds to: the fields that differ, and the two greetings."""
    whole: dict[str, Any] = msgspec.to_builtins(change)
    for half, side in (("was", both.old), ("is", both.new)):
        if change.port is not None and (grab := side.get(_place(change))) is not None:
            record = to_plain(grab)
            whole[half] = {name: record[name] for name in GREETING if name in record} | {
                "time": record["time"]
            }
    return whole
