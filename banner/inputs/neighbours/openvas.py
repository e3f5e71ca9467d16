"""OpenVAS' and GVM's reports: a ``result`` for each finding, with the host's address, its name, and ``22/tcp``.

Source: GMP (Greenbone Management Protocol), response ``get_reports``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...text.markup import Event, Problem, Start, Text
from ..spec import BadLine
from .place import Found, Recent, at

_OLD = re.compile(r"[^()]*\((\d+/\w+)\)")
"""``ssh (22/tcp)``, as versions before 7 name ports."""
_WANTED = ("host", "hostname", "port")


def read(events: Iterable[Event]) -> Iterator[Found | BadLine]:
    """The ports of every result, each once; a `BadLine` where the file is damaged."""
    seen = Recent()
    words: dict[str, str] | None = None
    path: list[str] = []
    for event in events:
        if isinstance(event, Problem):
            yield BadLine(event.line, "", event.reason)
            words, path = None, []
        elif isinstance(event, Start):
            path.append(event.name)
            if event.name == "result" and words is None:  # another may stand in its detection
                words, path = {}, [event.name]
        elif isinstance(event, Text):
            if words is not None and path and path[-1] in _WANTED and len(path) <= 3:
                words[path[-1]] = (words.get(path[-1], "") + event.text)[:300]
        else:
            if path:
                path.pop()
            if event.name == "result" and not path and words is not None:
                try:
                    yield from _target({key: text.strip() for key, text in words.items()}, seen)
                except ValueError as error:
                    yield BadLine(event.line, "", f"expected a port of a host: {error}")
                words = None


def _target(words: dict[str, str], seen: Recent) -> Iterator[Found]:
    text = words.get("port", "")
    old = _OLD.fullmatch(text)
    port, _, protocol = (old[1] if old else text).partition("/")
    if port.isdigit() and not seen.again((words.get("host"), port, protocol)):  # else general/tcp
        yield from at(protocol, words.get("hostname"), port, ip=words.get("host"))
