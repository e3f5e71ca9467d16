"""Outcomes between the driver that found them and the reader who wants them; full, it starts nothing new."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from ..formats.record import encode
from ..models import Grab, Status, Target

T = TypeVar("T")

Row = tuple[bytes, Status, Target]
"""An outcome that is written down and looked at no more: its encoded record, its status, and whose it is."""


class Block(msgspec.Struct, frozen=True):
    """Outcomes that were written down: their lines, how many of each status, and the targets they are of."""

    lines: bytes
    statuses: dict[str, int]
    targets: list[Target]
    positions: Sequence[int] = ()
    """Where the targets stand in the order of the scan, in place of these, where they were dealt so."""

    @classmethod
    def of(cls, rows: list[Row]) -> Block:
        """These, in their order."""
        return cls(
            b"".join([line for line, _, _ in rows]),
            Counter([status for _, status, _ in rows]),
            [target for _, _, target in rows],
        )


def as_row(grab: Grab) -> Row:
    """`grab`, written down."""
    ip = None if grab.ip == grab.host else grab.ip
    return encode(grab), grab.status, Target(grab.host, grab.port, grab.tag, ip, grab.transport)


class Results(Generic[T]):
    """A bounded hand-over on one event loop. The bound is kept by the driver, which looks at `full`."""

    def __init__(self, most: int, form: Callable[[Grab], T], linger: float = 0.0) -> None:
        """`form` makes of a grab what the reader wants: the grab itself, or a `Row`. For `linger` seconds outcomes are
        gathered, unless half of `most` are there: to write down a handful costs what hundreds do."""
        self._most = most
        self._linger = linger
        self._lingering: asyncio.TimerHandle | None = None
        self._form = form
        self._items: list[T] = []
        self._readers: set[asyncio.Future[None]] = set()
        self._over = False
        self.room: Callable[[], None] = lambda: None
        """Called when a full results was emptied; the driver sets it."""

    @property
    def full(self) -> bool:
        """Whether `most` outcomes wait to be read."""
        return len(self._items) >= self._most

    def put(self, grab: Grab) -> None:
        """One more outcome."""
        self._items.append(self._form(grab))
        self._notify()

    def put_all(self, items: list[T]) -> None:
        """Several more, in the reader's form."""
        if items:
            self._items += items
            self._notify()

    def close(self) -> None:
        """No more will come."""
        self._over = True
        self._notify()

    async def take(self) -> list[T]:
        """All that wait to be read, at least one; empty when no more will come. While other readers wait for theirs it
        is one alone, so that each has something to do."""
        while not self._items and not self._over:
            reader = asyncio.get_running_loop().create_future()
            self._readers.add(reader)
            try:
                await reader
            finally:
                self._readers.discard(reader)
                self._gathered()
        was_full = self.full
        taken = [self._items.pop(0)] if self._readers and self._items else self.drain()
        if was_full:
            self.room()
        return taken

    def drain(self) -> list[T]:
        """All that wait to be read, and nothing more is started for it."""
        taken, self._items = self._items, []
        return taken

    def _notify(self) -> None:
        if not self._readers:
            return
        if not self._linger or self._over or 2 * len(self._items) >= self._most:
            self._wake()
        elif self._lingering is None:
            self._lingering = asyncio.get_running_loop().call_later(self._linger, self._wake)

    def _gathered(self) -> None:
        """Nothing is gathered for anybody, unless others still wait."""
        if self._lingering is not None and not self._readers:
            self._lingering.cancel()
            self._lingering = None

    def _wake(self) -> None:
        self._lingering = None
        for reader in self._readers:
            if not reader.done():
                reader.set_result(None)
