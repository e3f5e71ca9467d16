"""nmap's and masscan's lines for grep (``-oG``), and masscan's list (``-oL``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .place import Found, at, found_in_state

_HOST = re.compile(r"(?:Timestamp: \d+\t)?Host: (\S+) \(([^)]*)\)(?:\t|\Z)")
_NEXT = re.compile(r", (?=\d+(?:/|\Z))")  # a version may hold ", " too: "domain: EXAMPLE, site"
_LISTED = ("open", "closed", "banner")


def read_host(line: str) -> Iterator[Found]:
    """The open ports of one line; the name in parentheses becomes the tag, for it may be a reverse
    lookup's. Raises `ValueError`."""
    if line.startswith("#"):
        return
    found = _HOST.match(line)
    if found is None:
        raise ValueError("no Host: at the beginning")
    _, there, listed = line.partition("\tPorts: ")
    if not there:
        if "\t" not in line[found.end() - 1 :]:
            raise ValueError("the line is cut short")
        return  # Status: Up
    for entry in _NEXT.split(listed.partition("\t")[0]):
        # port/state/protocol/owner/service/rpc/version/
        fields = entry.strip().split("/")
        if len(fields) < 7:
            raise ValueError("an entry has seven fields between slashes (is the line cut short?)")
        yield from found_in_state(fields[1], fields[2], found[1], fields[0], found[2])


def read_list(line: str) -> Iterator[Found]:
    """The target of one line of masscan's list. Raises `ValueError`."""
    if line.startswith("#"):
        return
    words = line.split(" ", 5)
    if words[0] not in _LISTED or len(words) < 5:
        raise ValueError("the line has other words" if len(words) >= 5 else "the line has too few words")
    if words[0] == "open":
        yield from at(words[1], words[3], words[2])
