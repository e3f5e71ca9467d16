"""Nessus' export (``.nessus``, version 2): a ``ReportItem`` for each finding, many at one port.

The name or address that was scanned is the ``name`` of ``ReportHost``; its address stands in the property ``host-ip``.
Source: Tenable, "Nessus v2 File Format".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text.markup import End, Event, Problem, Text
from ..spec import BadLine
from .place import Found, at

PORTS = 65536
"""Ports of one host that are told apart, of TCP and UDP together."""


def read(events: Iterable[Event]) -> Iterator[Found | BadLine]:
    """The ports of every host, each once; a `BadLine` where the file is damaged."""
    name, properties, key = "", dict[str, str](), ""
    seen: set[tuple[str, str]] = set()
    found: tuple[str, str] | None = None
    for event in events:
        if isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
        elif isinstance(event, Text):
            if key:
                properties[key] = (properties[key] + event.text)[:300]
        elif isinstance(event, End):
            key = ""
            if event.name == "ReportItem" and found:
                try:
                    yield from at(found[1], name, found[0], ip=properties.get("host-ip", "").strip())
                except ValueError as error:
                    yield BadLine(event.line, "", f"expected a port of a host: {error}")
        elif event.name == "ReportHost":
            name, properties, seen = event.attributes.get("name", ""), {}, set()
        elif event.name == "tag" and event.attributes.get("name") == "host-ip":
            key = "host-ip"
            properties[key] = ""
        elif event.name == "ReportItem":
            found = event.attributes.get("port", "0"), event.attributes.get("protocol", "")
            if found[0] == "0" or found in seen or len(seen) >= PORTS:
                found = None
            else:
                seen.add(found)
