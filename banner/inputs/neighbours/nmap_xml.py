"""nmap's XML, and what masscan makes of it: the open TCP ports of each host.

A name that nmap was given (``type="user"``) becomes the host, with the address it was found at; one that it
found by a reverse lookup (PTR) becomes the tag of its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text.markup import End, Event, Problem, Start
from ..spec import BadLine
from .place import Found, at


class _Host:
    """What is known of the host that is being read."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.names: dict[str, str] = {}
        self.port: str | None = None
        self.open = False
        self.protocol = "tcp"

    def learn(self, element: Start) -> None:
        given = element.attributes
        if element.name == "address" and given.get("addrtype") != "mac":
            self.address = given.get("addr")
        elif element.name == "hostname":
            self.names.setdefault(given.get("type", "PTR"), given.get("name", ""))
        elif element.name == "port":
            self.port, self.protocol = given.get("portid"), given.get("protocol", "tcp")
            self.open = False
        elif element.name == "state":
            self.open = given.get("state") == "open"
        elif element.name == "service" and "banner" in given:
            self.open = False  # masscan names the port again for each banner that it had of it

    def target(self) -> Iterator[Found]:
        found = self.names.get("PTR")
        return at(self.protocol, self.names.get("user"), self.port, found, ip=self.address)


def read(events: Iterable[Event]) -> Iterator[Found | BadLine]:
    """The targets of the file; a `BadLine` where it is damaged or cut."""
    host = _Host()
    for event in events:
        if isinstance(event, Start):
            if event.name == "host":
                host = _Host()
            host.learn(event)
        elif isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
        elif isinstance(event, End) and event.name == "port" and host.open:
            try:
                yield from host.target()
            except ValueError as error:
                yield BadLine(event.line, "", f"expected an open port of a host: {error}")
            host.open = False
