"""nmap's XML, and what masscan makes of it: the open ports of each host.

A name that nmap was given (``type="user"``) becomes the host, with the address it was found at; one that it
found by a reverse lookup (PTR) becomes the tag of its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text.markup import End, Event, Problem, Start
from ..spec import BadLine
from .place import Found, found_in_state


class _Host:
    """What is known of the host that is being read."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.names: dict[str, str] = {}
        self.port: str | None = None
        self.state: str | None = None
        self.protocol = "tcp"

    def learn(self, element: Start) -> None:
        given = element.attributes
        if element.name == "address" and given.get("addrtype") != "mac":
            self.address = given.get("addr")
        elif element.name == "hostname":
            self.names.setdefault(given.get("type", "PTR"), given.get("name", ""))
        elif element.name == "port":
            self.port, self.protocol = given.get("portid"), given.get("protocol", "tcp")
            self.state = None
        elif element.name == "state":
            self.state = given.get("state")
        elif element.name == "service" and "banner" in given:
            self.state = None  # masscan names the port again for each banner that it had of it

    def target(self) -> Iterator[Found]:
        found = self.names.get("PTR")
        return found_in_state(
            self.state, self.protocol, self.names.get("user"), self.port, found, ip=self.address
        )


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
        elif isinstance(event, End) and event.name == "port":
            try:
                yield from host.target()
            except ValueError as error:
                yield BadLine(event.line, "", f"expected an open port of a host: {error}")
            host.state = None
