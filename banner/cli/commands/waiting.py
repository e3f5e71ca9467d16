"""A live word for a person who waits for answers: whose are outstanding, and for how long at most.

It stands on standard error where that is a terminal, not before one would wonder, and is taken away again.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

from ...models import Target
from . import running

PATIENCE: Final = 0.4
"""Seconds after which a person wonders: who answers sooner needs no word."""
INTERVAL: Final = 0.25
"""Seconds between two drawings."""


class Waiting:
    """Draws while `tasks` are under way; each may take `seconds`."""

    def __init__(self, tasks: Mapping[Target, asyncio.Task[Any]], seconds: float) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._began = time.monotonic()
        self._timer: asyncio.TimerHandle | None = None
        self._drawn = False
        if sys.stderr.isatty():
            self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._draw)

    async def until(self, task: asyncio.Task[Any]) -> None:
        """Return once `task` is done, with nothing left on the screen."""
        await asyncio.wait([task])
        self._wipe()

    def over(self) -> None:
        """Nothing is waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._wipe()

    def _draw(self) -> None:
        from ...text.safe import where  # for the few who wait
        from ...text.width import clip

        self._timer = asyncio.get_running_loop().call_later(INTERVAL, self._draw)
        names = [
            where(target.host, target.port, target.transport)
            for target, task in self._tasks.items()
            if not task.done()
        ]
        if names:
            spent = time.monotonic() - self._began
            told = f"waiting {spent:.0f} s (up to {self._seconds:g} s) for {', '.join(names)}"
            self._write("\r\x1b[2K" + clip(told, running.columns(sys.stderr) - 1))
            self._drawn = True

    def _wipe(self) -> None:
        if self._drawn:
            self._write("\r\x1b[2K")
            self._drawn = False

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError):  # nobody is there any more
            sys.stderr.write(text)
            sys.stderr.flush()
