"""What nmap shows on the screen and writes with ``-oN``, rustscan's ``Open 192.0.2.1:22``, and what masscan shows.

``Nmap scan report for NAME (ADDRESS)`` begins a host, ``22/tcp open ssh ...`` is a port of it. The name may
be a reverse lookup's: it becomes the tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .place import Found, at, found_in_state, place, port_of

_HOST = re.compile(r"(?:Nmap scan report for|Interesting ports on) (\S+?)(?: \((\S+)\))?(?: \[.*\])?:?")
_PORT = re.compile(r"(\d{1,5})/(tcp|udp|sctp)\s+(open(?:\|filtered)?)(?:\s|\Z)")
_DISCOVERED = re.compile(r"Discovered open port (\d{1,5})/(tcp|udp|sctp) on (\S+)")
_OPEN = re.compile(r"Open (\S+):(\d{1,5})")


def reader() -> Callable[[str], Iterator[Found]]:
    """What reads one line, and remembers whose ports these are."""
    address, name, nmap = "", "", False

    def read(line: str) -> Iterator[Found]:
        nonlocal address, name, nmap
        nmap = nmap or line.startswith("Starting Nmap ")
        if host := _HOST.fullmatch(line):
            address, name = host[2] or host[1], host[1] if host[2] else ""
        elif port := _PORT.match(line):
            if not address:
                raise ValueError("a port before its host")
            yield from found_in_state(port[3], port[2], address, port[1], name)
        elif not nmap and (early := _DISCOVERED.match(line)):  # masscan's; nmap shows the port again
            yield from at(early[2], early[3], early[1])
        elif found := _OPEN.fullmatch(line):
            yield place(found[1].strip("[]"), (port_of(found[2]),))

    return read
