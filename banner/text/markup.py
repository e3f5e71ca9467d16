"""XML of others, read as it comes: events, with every way to make a reader work for nothing closed.

No entity may be declared (so none expands), nothing outside the file is fetched, depth and length of tags are
bounded. Where the text is no XML, a `Problem` says so with its line, and reading goes on at the next element
of the name that the caller gives: of a file that was cut, joined or damaged everything else is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple
from xml.parsers import expat

DEPTH: Final = 32
"""nmap's own files are nine deep; each level of a foreign one costs memory."""
LONGEST: Final = 4 * 1024 * 1024
"""Bytes of one tag: the parser holds it whole. An nmap script's output is a few kilobytes."""
_ROOT: Final = b"<nmaprun>"


class Start(NamedTuple):
    """An element begins."""

    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An element ends."""

    name: str
    line: int


class Text(NamedTuple):
    """A piece of text."""

    text: str


class Problem(NamedTuple):
    """The file is no XML here."""

    line: int
    reason: str


Event = Start | End | Text | Problem


class _RefusedError(Exception):
    """The XML is well-formed, but nothing that we read."""


class _Parser:
    """One parser's life: until the end of the file, or its first error."""

    def __init__(self, lines_before: int, root: bytes) -> None:
        self.events: list[Event] = []
        self._lines = lines_before
        self._fed = 0
        self._depth = 0
        parser = self._expat = expat.ParserCreate()
        parser.buffer_text = True
        if hasattr(
            parser, "SetReparseDeferralEnabled"
        ):  # from expat 2.6 on, which else waits for more before it looks
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = lambda text: self.events.append(Text(text))
        parser.EntityDeclHandler = self._entity
        self.feed(root)

    def feed(self, data: bytes, final: bool = False) -> tuple[int, Problem] | None:
        """Parse `data`; at an error, how many of its bytes lie before it, and what it is."""
        before = self._fed
        self._fed += len(data)
        try:
            self._expat.Parse(data, final)
            if self._fed - self._expat.CurrentByteIndex > LONGEST:
                raise _RefusedError(f"a tag is longer than {LONGEST} bytes")
        except expat.ExpatError as error:
            at = self._expat.ErrorByteIndex
            line, reason = error.lineno, expat.ErrorString(error.code) or "not XML"
            if final:
                reason = f"the file is cut short ({reason})"
        except _RefusedError as refusal:
            at, line, reason = self._expat.CurrentByteIndex, self._expat.CurrentLineNumber, str(refusal)
        else:
            return None
        return max(1, at - before), Problem(self._lines + line, f"well-formed XML was expected: {reason}")

    def take(self) -> list[Event]:
        """What was found since the last time."""
        taken, self.events = self.events, []
        return taken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            raise _RefusedError(f"elements are nested deeper than {DEPTH}")
        self.events.append(Start(name, attributes))

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.events.append(End(name, self._lines + self._expat.CurrentLineNumber))

    def _entity(self, *declaration: Any) -> None:
        raise _RefusedError("entities may not be declared")


def events(chunks: Iterable[bytes], again: str | Callable[[], str]) -> Iterator[Event]:
    """The events of an XML file that comes in chunks. After an error the next element `again` begins a new
    file, as it were; a function tells which, where only the root shows it."""
    parser: _Parser | None = _Parser(0, b"")
    lines, tail = 0, b""
    for chunk in chunks:
        data = tail + chunk
        while data:
            if parser is None:
                tag = b"<" + (again if isinstance(again, str) else again()).encode()
                begins = re.compile(re.escape(tag) + rb"[\s/>]")
                if (found := begins.search(data)) is None:
                    tail = data[-len(tag) :] if len(data) > len(tag) else data
                    lines += data.count(b"\n", 0, len(data) - len(tail))
                    break
                lines += data.count(b"\n", 0, found.start())
                parser, data, tail = _Parser(lines, _ROOT), data[found.start() :], b""
            failed = parser.feed(data)
            yield from parser.take()
            if failed is None:
                lines += data.count(b"\n")
                break
            yield failed[1]
            lines += data.count(b"\n", 0, failed[0])
            parser, data = None, data[failed[0] :]
    if parser is not None:
        failed = parser.feed(b"", final=True)
        yield from parser.take()
        if failed:
            yield failed[1]
