"""Metasploit's export (``db_export -f xml``): hosts with their services.

Source: the Metasploit Framework's documentation of its XML export (``MetasploitV4``, ``MetasploitV5``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text.markup import Event, Problem, Start, Text
from ..spec import BadLine
from .place import Found, found_in_state

_OF_HOST = ("address", "name")
_OF_SERVICE = ("port", "proto", "state")


def read(events: Iterable[Event]) -> Iterator[Found | BadLine]:
    """The open ports of every host; a `BadLine` where the file is damaged."""
    host: dict[str, str] | None = None
    service: dict[str, str] | None = None
    path: list[str] = []
    for event in events:
        if isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
            host, service, path = None, None, []
        elif isinstance(event, Start):
            path.append(event.name)
            if event.name == "host":
                host, path = {}, ["host"]
            elif event.name == "service" and host is not None:
                service = {}
        elif isinstance(event, Text):
            if service is not None and path[-1:] and path[-1] in _OF_SERVICE and path[-2:-1] == ["service"]:
                service[path[-1]] = (service.get(path[-1], "") + event.text)[:300]
            elif host is not None and len(path) == 2 and path[-1] in _OF_HOST:
                host[path[-1]] = (host.get(path[-1], "") + event.text)[:300]
        else:
            if path:
                path.pop()
            if event.name == "service" and host is not None and service is not None:
                try:
                    yield from _target(host, {key: text.strip() for key, text in service.items()})
                except ValueError as error:
                    yield BadLine(event.line, "", f"expected an open port of a host: {error}")
                service = None
            elif event.name == "host":
                host = None


def _target(host: dict[str, str], service: dict[str, str]) -> Iterator[Found]:
    """A host's name is what Metasploit found for it: the tag."""
    address = host.get("address", "").strip()
    yield from found_in_state(
        service.get("state", "open"), service.get("proto"), address, service.get("port"), host.get("name")
    )
