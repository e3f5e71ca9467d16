"""The way of a scan through its targets: every one at a position, visited from any position on.

A `Route` joins what the command line names and the files that can be read anywhere into one sequence, shuffles it
by a seed or leaves it in the given order, and cuts out a shard. A file up to `IN_MEMORY` is kept as it was read, so
that nobody can change it under a scan; of a larger one only the index is (`listing.Listing`), and its pieces
are read as they are needed. What comes through a pipe has no positions: it is visited as it comes.
"""

from __future__ import annotations

import os
from array import array
from binascii import crc32
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Final

from ..addresses.blocks import AddressSet
from ..addresses.ports import UDP
from ..models import Target
from ..text.files import read_at
from ..text.lines import MAX_LINE
from .files import CHUNK, InputError, Source
from .listing import Listing, plainness
from .neighbours import NOTHING
from .order import Permutation, Space, shard
from .places import at_address, place_at
from .spec import BadLine

IN_MEMORY: Final = 32 << 20
"""Bytes of a file that are kept: 1.5 million lines of ``ip:port``. Reading its piece again costs a visit 2 us more
than slicing it."""


class ListedFile:
    """The targets of a file as a sequence; all of its bad lines are told while it is counted."""

    def __init__(
        self,
        whole: Iterable[bytes],
        read: Callable[[int, int], bytes],
        ports: Sequence[int],
        exclude: AddressSet | None,
        on_bad: Callable[[BadLine], None],
        *,
        in_memory: bool,
    ) -> None:
        """`whole` is the file in chunks, `read` gives what it holds from a place on: so many bytes; `in_memory`, where
        no file is read for that."""
        self.in_memory = in_memory
        self._listing = Listing(ports, exclude)
        self._read = read
        self._on_bad = on_bad
        self.digest: int = 0
        """The CRC-32 of its bytes, to know the file again."""
        rest = b""
        for chunk in whole:
            self.digest = crc32(chunk, self.digest)
            end = chunk.rfind(b"\n") + 1
            if end:
                self._count(rest + chunk[:end])
            rest = chunk[end:] if end else rest + chunk
            if len(rest) > MAX_LINE:
                self._count(rest)
                rest = b""
        self._count(rest)
        self.size: int = self._listing.size
        """How many targets."""
        self.excluded: int = self._listing.excluded

    def __getitem__(self, index: int) -> Target:
        """The target at `index`. Raises `InputError` where the file was changed under the scan."""
        start, length, offset, each = self._listing.locate(index)
        try:
            return self._listing.find(self._read(start, length), offset, each)
        except ValueError as error:
            raise InputError(str(error)) from None

    def _count(self, data: bytes) -> None:
        for bad in self._listing.add_lines(data):
            self._on_bad(bad)


class _Pieces:
    """Pieces of a file that is too large to be kept, for as long as nobody changes it."""

    def __init__(self, source: Source) -> None:
        self._fd = os.dup(source.fd)
        self._base = os.lseek(self._fd, 0, os.SEEK_CUR)  # standard input may have been read from before
        self._seen = self._stamp()

    def read(self, start: int, length: int) -> bytes:
        if self._stamp() != self._seen:
            raise ValueError("the file of targets has changed since it was counted")
        return read_at(self._fd, length, self._base + start)

    def __del__(self) -> None:
        os.close(self._fd)

    def _stamp(self) -> tuple[int, int]:
        now = os.fstat(self._fd)
        return now.st_size, now.st_mtime_ns


class PlainFile:
    """The same, of a file of nothing but addresses that is kept: where each line begins, and nothing to parse."""

    excluded = 0
    in_memory = True

    def __init__(self, data: bytes, ports: Sequence[int], *, bare: bool) -> None:
        """`bare`: its lines name no port, and are visited at each of `ports`."""
        self.digest: int = crc32(data)
        self._starts = _line_starts(data)
        self._text = data.decode("ascii")
        self._ports = tuple(ports) if bare else None
        self._places: dict[str, Target] = {}
        """By the text of their ports: a list names few different ones."""
        self.size: int = (len(self._starts) - 1) * (len(ports) if bare else 1)

    def __getitem__(self, index: int) -> Target:
        """The target at `index`."""
        starts = self._starts
        if self._ports is not None:
            index, which = divmod(index, len(self._ports))
            address = self._text[starts[index] : starts[index + 1]].rstrip()
            return at_address(place_at(self._ports[which]), address)
        address, _, text = self._text[starts[index] : starts[index + 1]].partition(":")
        place = self._places.get(text)
        if place is None:
            number, udp, _ = text.partition("/udp")
            place = self._places[text] = place_at(int(number) + UDP * bool(udp))
        return at_address(place, address)

    def host(self, index: int) -> str:
        """The address of the target at `index`, in half of the time."""
        starts, line = self._starts, index if self._ports is None else index // len(self._ports)
        return self._text[starts[line] : starts[line + 1]].partition(":")[0].rstrip()


def _line_starts(data: bytes) -> array[int]:
    """Where each line begins, and the end; 4 bytes each, for `IN_MEMORY` is far below 2^32."""
    starts = array("I", [0])
    at = 0
    while at < len(data):
        end = data.find(b"\n", at + CHUNK) + 1 or len(data)
        lengths = [len(line) + 1 for line in data[at:end].split(b"\n")]
        lengths.pop() if data.endswith(b"\n", at, end) else None
        starts.extend(islice(accumulate(lengths, initial=at), 1, None))
        at = end
    starts[-1] = len(data)
    return starts


def listed(
    source: Source, ports: Sequence[int], exclude: AddressSet | None, on_bad: Callable[[BadLine], None]
) -> PlainFile | ListedFile:
    """The targets of a regular file, which is read here. Raises `InputError`."""
    told = False

    def tell(bad: BadLine) -> None:
        nonlocal told
        told = True
        on_bad(bad)

    file = _counted(source, ports, exclude, tell)
    if not (told or file.size or file.excluded):
        on_bad(BadLine(0, "", NOTHING, note=True))
    return file


def _counted(
    source: Source, ports: Sequence[int], exclude: AddressSet | None, on_bad: Callable[[BadLine], None]
) -> PlainFile | ListedFile:
    source.make_plain(ports, on_bad)
    if source.size is not None and source.size > IN_MEMORY:
        return ListedFile(source.chunks(), _Pieces(source).read, ports, exclude, on_bad, in_memory=False)
    data = b"".join(source.chunks())
    plain = plainness(data) if data else None
    if plain is not None and (plain or ports):
        return PlainFile(data, ports, bare=not plain)
    pieces = (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))
    return ListedFile(
        pieces, lambda at, length: data[at : at + length], ports, exclude, on_bad, in_memory=True
    )


class Route:
    """All targets of a scan, or of one shard of it, by position."""

    def __init__(
        self,
        parts: Sequence[Space | ListedFile | PlainFile],
        seed: int | str | None,
        part: tuple[int, int] = (1, 1),
    ) -> None:
        """`seed` shuffles; None leaves the parts as they are. `part` is the shard: (2, 7) for the second of seven."""
        self._parts = [piece for piece in parts if piece.size]
        self._ends = list(accumulate(piece.size for piece in self._parts))
        whole = self._ends[-1] if self._ends else 0
        self._order = None if seed is None else Permutation(whole, seed)
        positions = shard(*part, whole)
        self._first = positions.start
        self.size: int = positions.stop - positions.start
        self.excluded: int = sum(piece.excluded for piece in parts)
        """How many targets of the whole were cut out of networks."""

    def __getitem__(self, position: int) -> Target:
        """The target that is visited at `position`, from 0 to before `size`."""
        if not 0 <= position < self.size:
            raise IndexError(position)
        return next(self.walk(position))

    def at(self, positions: Sequence[int]) -> Iterator[Target]:
        """The targets at `positions`, quickest where these follow one another."""
        if positions and list(positions) == list(range(positions[0], positions[0] + len(positions))):
            return islice(self.walk(positions[0]), len(positions))
        return map(self.__getitem__, positions)

    @property
    def in_memory(self) -> bool:
        """Whether nothing of it is read from files any more."""
        return all(piece.in_memory for piece in self._parts)

    def walk(self, start: int = 0) -> Iterator[Target]:
        """The targets from the position `start` on."""
        numbers = self._numbers(start)
        if len(self._parts) == 1:
            return map(self._parts[0].__getitem__, numbers)
        return map(self._find, numbers)

    def hosts(self, start: int = 0) -> Iterator[str]:
        """Where the targets from the position `start` on are, each an address or else a name."""
        if len(self._parts) == 1 and isinstance(plain := self._parts[0], PlainFile):
            return map(plain.host, self._numbers(start))
        return (target.ip or target.host for target in self.walk(start))

    @property
    def has_no_names(self) -> bool:
        """Whether all that it holds is known to be addresses."""
        return all(isinstance(piece, PlainFile) for piece in self._parts)

    def _numbers(self, start: int) -> Iterator[int]:
        first, stop = self._first + start, self._first + self.size
        return iter(range(first, stop)) if self._order is None else self._order.walk(first, stop)

    def _find(self, number: int) -> Target:
        at = bisect_right(self._ends, number)
        return self._parts[at][number - self._ends[at - 1] if at else number]


class Left:
    """What is left of a route: the targets, or their positions for who has the route as well."""

    def __init__(
        self, route: Route, targets: Iterator[Target], positions: Callable[[], Iterator[int] | None]
    ) -> None:
        """`positions` gives these, in place of `targets`; None where records have to be told from their targets."""
        self.route = route
        self.positions = positions
        self._targets = targets

    def __iter__(self) -> Iterator[Target]:
        return self._targets
