"""nmap's XML, and what masscan makes of it: the open TCP ports of each host.

A name that nmap was given (``type="user"``) becomes the host; one that it found by a reverse lookup (PTR)
becomes the tag of its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text.markup import End, Problem, Start, events
from ..spec import BadLine, Spec
from .place import place, port_of


class _Host:
    """What is known of the host that is being read."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.names: dict[str, str] = {}
        self.port: str | None = None
        self.open = False

    def learn(self, element: Start) -> None:
        given = element.attributes
        if element.name == "address" and given.get("addrtype") != "mac":
            self.address = given.get("addr")
        elif element.name == "hostname":
            self.names.setdefault(given.get("type", "PTR"), given.get("name", ""))
        elif element.name == "port":
            self.port = given.get("portid") if given.get("protocol", "tcp") == "tcp" else None
            self.open = False
        elif element.name == "state":
            self.open = given.get("state") == "open"

    def target(self) -> Spec:
        found = self.names.get("PTR")
        return place(self.names.get("user") or self.address, (port_of(self.port),), found)


def read(chunks: Iterable[bytes]) -> Iterator[Spec | BadLine]:
    """The targets of the file; a `BadLine` where it is damaged or cut."""
    host = _Host()
    for event in events(chunks, again="host"):
        if isinstance(event, Start):
            if event.name == "host":
                host = _Host()
            host.learn(event)
        elif isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
        elif isinstance(event, End) and event.name == "port" and host.open and host.port is not None:
            try:
                yield host.target()
            except ValueError as error:
                yield BadLine(event.line, "", f"expected an open port of a host: {error}")
            host.open = False
