"""Outcomes between the driver that found them and the reader who wants them; full, it starts nothing new."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .models import Grab


class Outbox:
    """A bounded hand-over on one event loop. The bound is kept by the driver, which looks at `full`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._grabs: list[Grab] = []
        self._reader: asyncio.Future[None] | None = None
        self._over = False
        self.room: Callable[[], None] = lambda: None
        """Called when a full outbox was emptied; the driver sets it."""

    @property
    def full(self) -> bool:
        """Whether `most` outcomes wait to be read."""
        return len(self._grabs) >= self._most

    def put(self, grab: Grab) -> None:
        """One more outcome."""
        self._grabs.append(grab)
        self._notify()

    def put_all(self, grabs: list[Grab]) -> None:
        """Several more."""
        if grabs:
            self._grabs += grabs
            self._notify()

    def close(self) -> None:
        """No more will come."""
        self._over = True
        self._notify()

    async def take(self) -> list[Grab]:
        """All that wait to be read, at least one; empty when no more will come."""
        while not self._grabs and not self._over:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        was_full, taken = self.full, self.drain()
        if was_full:
            self.room()
        return taken

    def drain(self) -> list[Grab]:
        """All that wait to be read, and nothing more is started for it."""
        taken, self._grabs = self._grabs, []
        return taken

    def _notify(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
