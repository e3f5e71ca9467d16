"""nmap's and masscan's lines for grep (``-oG``), and masscan's list (``-oL``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..spec import Spec
from .place import place, port_of

_HOST = re.compile(r"(?:Timestamp: \d+\t)?Host: (\S+) \(([^)]*)\)(?:\t|\Z)")
_LISTED = ("open", "closed", "banner")


def read_host(line: str) -> Iterator[Spec]:
    """The open TCP ports of one line; the name in parentheses becomes the tag, for it may be a reverse
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
    for entry in listed.partition("\t")[0].split(", "):
        # port/state/protocol/owner/service/rpc/version/
        fields = entry.strip().split("/")
        if len(fields) < 7:
            raise ValueError("an entry has seven fields between slashes (is the line cut short?)")
        if fields[1:3] == ["open", "tcp"]:
            yield place(found[1], (port_of(fields[0]),), found[2])


def read_list(line: str) -> Iterator[Spec]:
    """The target of one line of masscan's list. Raises `ValueError`."""
    if line.startswith("#"):
        return
    words = line.split(" ", 5)
    if words[0] not in _LISTED or len(words) < 5:
        raise ValueError("the line has other words" if len(words) >= 5 else "the line has too few words")
    if words[:2] == ["open", "tcp"]:
        yield place(words[3], (port_of(words[2]),))
