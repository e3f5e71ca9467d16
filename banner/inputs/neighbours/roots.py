"""XML of several tools, told apart by its root; another root is refused by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from ...text.lines import shown
from ...text.markup import Event, Problem, Start, events
from ..spec import BadLine
from . import metasploit, nessus, nmap_xml, openvas
from .place import Found

_Reader = Callable[[Iterable[Event]], Iterator[Found | BadLine]]

_ROOTS: Final[dict[str, tuple[str, _Reader]]] = {
    "nmaprun": ("host", nmap_xml.read),
    "host": ("host", nmap_xml.read),  # of a file that lost its beginning
    "NessusClientData_v2": ("ReportHost", nessus.read),
    "report": ("result", openvas.read),
    "get_reports_response": ("result", openvas.read),
    "MetasploitV4": ("host", metasploit.read),
    "MetasploitV5": ("host", metasploit.read),
    "MetasploitExpressV4": ("host", metasploit.read),
}
"""By the root: the element at which a damaged file is read on, and what reads it."""


def read(chunks: Iterable[bytes]) -> Iterator[Found | BadLine]:
    """The targets of an XML file; a `BadLine` where it is damaged, or none that we read."""
    again = "host"

    def resumes() -> str:
        return again

    stream = events(chunks, resumes)
    for event in stream:
        if isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
        elif isinstance(event, Start):
            if event.name not in _ROOTS:
                yield BadLine(0, "", f"XML of {shown(event.name)} is no format that names targets")
                return
            again, reader = _ROOTS[event.name]
            yield from reader(chain([event], stream))
            return
