"""What tools show a person, and nmap writes with ``-oN``.

nmap's ``Nmap scan report for NAME (ADDRESS)`` begins a host, ``22/tcp open ssh ...`` is a port of it; the name may be
a reverse lookup's and becomes the tag. rustscan's ``Open 192.0.2.1:22`` and, of ``-g``, ``192.0.2.1 -> [22,80]``;
masscan's ``Discovered open port``; the addresses that answered arp-scan and fping. Colours are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ...text.patterns import lazily
from .place import Found, Recent, Skipped, at, found_in_state, place, port_of

MARKS: Final = lazily(
    rb"^[ \t]*(?:Starting [Nn]map |Nmap scan report for |Interesting ports on |Open [\w.:%\[\]-]{3,80}\s?$|"
    rb"\.----\. \.-\. \.-\.|Discovered open port \d|[\w.:%-]{3,80} -> \[\d|Starting arp-scan |"
    rb"Interface: \S+, (?:data)?link ?type|Interface: \S+, type: |[\w.:-]{1,80} is (?:alive|unreachable)\s*$)",
    re.MULTILINE,
)
"""Lines by which such a text is known."""
KIDDIE: Final = lazily(rb"(?!(?-i:Starting [Nn]map ))[sz$5]t[a4@]rt[i1!|]ng nm[a4@]p ", re.IGNORECASE)
"""How ``-oS`` writes its first line."""
COLOURS: Final = lazily(rb"\x1b\[[0-9;?]*[A-Za-z]")
"""ECMA-48, section 5.4: control sequences, which rustscan writes into files as well."""

LONGEST: Final = 1 << 20
"""Characters in a line: all ports of a host take 400,000."""

_HOST = lazily(r"(Nmap scan report for|Interesting ports on)\s+(?=\S)")
_PORT = lazily(r"(\d{1,5})/(tcp|udp|sctp)\s+(open(?:\|filtered)?)(?:\s|\Z)")
_DISCOVERED = lazily(r"Discovered open port (\d{1,5})/(tcp|udp|sctp) on (\S+)")
_OPEN = lazily(r"Open (\S+):(\d{1,5})")
_SUMMED = lazily(r"(\S+) -> \[([\d, ]+)\]")
_ANSWERED = lazily(r"(\S+)(?:\s+(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?:\s.*)?| is alive)")
"""arp-scan's address with its MAC address, and fping's."""


def reader(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads one line, and remembers whose ports these are; `ports` for tools that look at none."""
    address, name, nmap = "", "", False
    seen = Recent()  # rustscan has nmap show its ports again

    def found(line: str) -> Iterator[Found]:
        nonlocal address, name, nmap
        nmap = nmap or line.lower().startswith("starting nmap ")
        if host := _HOST.match(line):
            address, name = "", ""  # what follows must not pass for ports of the host before
            address, name = _host(line[host.end() :], old=host[1][0] == "I")
        elif port := _PORT.match(line):
            if not address:
                raise ValueError("a port before its host")
            yield from found_in_state(port[3], port[2], address, port[1], name)
        elif not nmap and (early := _DISCOVERED.match(line)):  # masscan's; nmap shows the port again
            yield from at(early[2], early[3], early[1])
        elif one := _OPEN.fullmatch(line):
            yield place(one[1].strip("[]"), (port_of(one[2]),))
        elif several := _SUMMED.fullmatch(line):
            yield place(several[1].strip("[]"), tuple(map(port_of, several[2].split(","))))
        elif answered := _ANSWERED.fullmatch(line):
            yield place(answered[1], ports)

    def read(line: str) -> Iterator[Found]:
        if len(line) > LONGEST:
            raise ValueError(f"longer than {LONGEST} characters")
        for one in found(COLOURS.sub(b"", line.encode()).decode().strip() if "\x1b" in line else line):
            if isinstance(one, Skipped) or not seen.again((one.host, one.ports)):
                yield one

    return read


def _host(text: str, *, old: bool) -> tuple[str, str]:
    """Address and name of nmap's ``name (address) [remark]``, or of one alone; `old` versions end with a colon.

    Raises `ValueError` where the line says something else.
    """
    words = text.partition(" [")[0].split()
    if old and words:
        words[-1] = words[-1].removesuffix(":")
    inside = words.pop()[1:-1] if words and words[-1][:1] == "(" and words[-1][-1:] == ")" else ""
    name = " ".join(words)
    if not (inside or len(words) == 1) or name[:1] == "(":
        raise ValueError("its host cannot be read")
    return (inside, name) if inside else (name, "")
