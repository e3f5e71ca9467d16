"""A file of targets as an index space: where each target's line begins, without holding the lines.

The file is read once from end to end, to count its targets and report its bad lines; one entry is kept for every
`STRIDE` bytes. To visit target i in any order, `locate` names the piece of the file to read and `find` picks the
target out of it. Where every line of a piece names equally many targets, a visit parses one line. Pure: the
caller reads, and sees to it that the file is the same from the first line to the last visit. Exclusions are
cut out of networks as `order.Space` does it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from ..addresses.blocks import AddressSet
from ..models import Target
from ..text.lines import MAX_LINE
from ..text.patterns import lazily
from .order import remainder
from .spec import BadLine, Spec, read_lines

STRIDE: Final = 512
"""Bytes of the file behind one entry of 20 bytes: the index takes a twenty-fifth of the file, and a visit steps over
some 15 lines on its way (0.5 us; 15 us where it has to parse them)."""

_OCTET: Final = rb"(?:1[0-9]{0,2}+|2(?:[0-4][0-9]?|5[0-5]?|[6-9])?+|[3-9][0-9]?+|0)"
_PORT: Final = (
    rb"(?:[1-5][0-9]{0,4}+|6(?:[0-4][0-9]{0,3}+|5(?:[0-4][0-9]{0,2}+|5(?:[0-2][0-9]?+|3[0-5]?|[4-9])?+"
    rb"|[6-9][0-9]?+)?+|[6-9][0-9]{0,2}+)?+|[7-9][0-9]{0,3}+)"
)
_IPV4: Final = rb"%b\.%b\.%b\.%b" % (_OCTET, _OCTET, _OCTET, _OCTET)
_PLAIN: Final = lazily(rb"(?>%b:%b(?:/udp)?\r?\n)++" % (_IPV4, _PORT))
"""Lines that are ``a.b.c.d:port`` (or ``a.b.c.d:port/udp``) and nothing else, as most of large files are: counted at
0.1 us each."""
_BARE: Final = lazily(rb"(?>%b\r?\n)++" % _IPV4)


def plainness(data: bytes) -> bool | None:
    """Whether lines are all ``a.b.c.d:port[/udp]`` (True), all ``a.b.c.d`` (False), or something else (None)."""
    end = len(data) if data.endswith(b"\n") else data.rfind(b"\n") + 1
    last = data[end:] + b"\n"
    for pattern in (_PLAIN, _BARE):
        if (end == 0 or pattern.fullmatch(data, 0, end)) and (end == len(data) or pattern.fullmatch(last)):
            return pattern is _PLAIN
    return None


class Listing:
    """The index of one file. `add` its lines in order, then ask for the targets in any."""

    __slots__ = (
        "_before",
        "_cut",
        "_default_ports",
        "_each",
        "_exclude",
        "_joins",
        "_starts",
        "excluded",
        "length",
        "lines",
        "size",
    )

    def __init__(self, default_ports: Sequence[int] = (), exclude: AddressSet | None = None) -> None:
        self._default_ports = tuple(default_ports)
        self._exclude = exclude
        self._starts = array("Q", [0])  # where each piece begins ...
        self._before: array[int] | list[int] = array("Q", [0])  # ... and how many targets come before it
        self._each = array("I", [0])  # how many each of its lines names, where all name equally many
        self._cut = False  # whether the last line was not at its end
        self._joins = True  # whether a line may stand in one piece with the last
        self.size: int = 0
        """How many targets."""
        self.excluded: int = 0
        """How many were cut out of networks."""
        self.lines: int = 0
        self.length: int = 0
        """How many bytes were added."""

    def __len__(self) -> int:
        return self.size

    def add_lines(self, data: bytes) -> list[BadLine]:
        """Count many lines, the last one cut only at the end of the file or beyond `MAX_LINE`; as `add` does,
        which takes 3 us for each."""
        bad: list[BadLine] = []
        at = data.find(b"\n") + 1 or len(data) if self._cut else 0
        if at and (wrong := self.add(data[:at])):
            bad.append(wrong)
        while at < len(data):
            end = data.find(b"\n", at + STRIDE - 1) + 1 or len(data)
            if not self._add_plain(data, at, end):
                bad += self._add_mixed(data[at:end])
            at = end
        return bad

    def _add_plain(self, data: bytes, start: int, end: int) -> bool:
        """Count a piece of nothing but addresses in one go, if it is one."""
        if _PLAIN.fullmatch(data, start, end):
            each = 1
        elif self._default_ports and _BARE.fullmatch(data, start, end):
            each = len(self._default_ports)
        else:
            return False
        lines = data.count(b"\n", start, end)
        self._begin_piece()
        self._each[-1] = each
        self._joins = False
        self.length += end - start
        self.lines += lines
        self.size += lines * each
        return True

    def _add_mixed(self, data: bytes) -> list[BadLine]:
        self._joins = False  # a piece begins here
        bad: list[BadLine] = []
        counts: set[int] = set()
        for line in _lines(data):
            before, pieces = self.size, len(self._starts)
            if wrong := self.add(line):
                bad.append(wrong)
            counts.add(self.size - before if len(self._starts) == pieces or not counts else -1)
        each = counts.pop()
        self._each[-1] = each if not counts and 0 < each < 1 << 32 else 0
        self._joins = False
        return bad

    def add(self, line: bytes) -> BadLine | None:
        """Count the next line, LF included; returns what is wrong with it, if anything.

        Of a long line `add` may be given pieces (``file.readline(MAX_LINE + 1)`` gives them).
        """
        begins, self._cut = not self._cut, not line.endswith(b"\n")
        whole = begins and len(line) <= MAX_LINE
        if not (whole and self._joins) or self.length - self._starts[-1] >= STRIDE:
            self._begin_piece()  # what is too long to be a line is read by nobody: it has pieces of its own
        self._joins = whole
        self.length += len(line)
        if not begins:
            return None
        self.lines += 1
        for spec in read_lines([line], self._default_ports):
            if isinstance(spec, BadLine):
                return BadLine(self.lines, spec.text, spec.reason)
            kept = sum(part.size for part in self._parts(spec))
            self.size += kept
            self.excluded += spec.size - kept
        return None

    def locate(self, index: int) -> tuple[int, int, int, int]:
        """For the target at `index`: where in the file to read, how many bytes, and the two numbers to tell `find`.

        `IndexError` where there is no such target.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        at = bisect_right(self._before, index) - 1
        start = self._starts[at]
        end = self._starts[at + 1] if at + 1 < len(self._starts) else self.length
        return start, end - start, index - self._before[at], self._each[at]

    def find(self, piece: bytes, offset: int, each: int = 0) -> Target:
        """The target that `locate` meant, out of the `piece` of the file that it named.

        `ValueError` where it is not there: the file has changed.
        """
        if each:
            line, offset = divmod(offset, each)
            lines = piece.split(b"\n", line + 1)
            piece = lines[line] if line < len(lines) else b""
        for spec in read_lines(piece.split(b"\n"), self._default_ports):
            for part in () if isinstance(spec, BadLine) else self._parts(spec):
                if offset < part.size:
                    return part[offset]
                offset -= part.size
        raise ValueError("the file of targets has changed since it was counted")

    def _parts(self, spec: Spec) -> Sequence[Spec]:
        return remainder(spec, self._exclude) if self._exclude else [spec]

    def _begin_piece(self) -> None:
        try:
            self._before.append(self.size)
        except OverflowError:  # more than 2^64 targets: networks of IPv6
            self._before = [*self._before, self.size]
        self._starts.append(self.length)
        self._each.append(0)


def _lines(data: bytes) -> list[bytes]:
    """The lines with their LF; a CR ends none."""
    *whole, last = data.split(b"\n")
    return [line + b"\n" for line in whole] + [last] * bool(last)
