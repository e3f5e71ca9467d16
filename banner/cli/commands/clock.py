"""The time that a whole scan may take: then nothing more is started, and what is under way may end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from types import TracebackType

from ...models import Target
from ...sweep.admission import Targets


class Clock:
    """Cuts `targets` off when the time is up; the block around the scan ends with `TimeoutError` where what was
    started is still not done `grace` seconds later. Without a limit it does nothing and costs nothing."""

    def __init__(self, targets: Targets, seconds: float | None, grace: float) -> None:
        self._seconds = seconds
        self._grace = grace
        self._up = False
        self._handed = 0
        self._over = False
        self._timeout: asyncio.Timeout | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.stop: Callable[[], None] = lambda: None
        """Called when the time is up: whoever has pulled targets drops those that it has not started. A source
        that has nothing just now is not waited for any longer."""
        self.targets: Targets = targets
        """The targets, until the time is up."""
        if seconds is not None:
            self.targets = self._later(targets) if isinstance(targets, AsyncIterable) else self._now(targets)

    def cut(self, done: int) -> bool:
        """Whether not every target was visited, where `done` were."""
        return self._seconds is not None and not (self._over and done >= self._handed)

    async def __aenter__(self) -> Clock:
        if self._seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._strike)
            self._timeout = asyncio.timeout(self._seconds + self._grace)
            await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None and self._timeout is not None:
            self._timer.cancel()
            await self._timeout.__aexit__(kind, error, trace)

    def _strike(self) -> None:
        self._up = True
        self.stop()

    def _now(self, targets: Iterable[Target]) -> Iterator[Target]:
        for target in targets:
            if self._up:
                return
            self._handed += 1
            yield target
        self._over = True

    async def _later(self, targets: AsyncIterable[Target]) -> AsyncIterator[Target]:
        async for target in targets:
            if self._up:
                return
            self._handed += 1
            yield target
        self._over = True
