"""How much time a loop had: what a busy machine, or other visits, kept from it is nobody's lateness."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect

BEAT = 0.05
"""Seconds between two beats."""


class Heartbeat:
    """Beats each `BEAT` seconds while it is entered, or as soon after that as the loop comes round.

    A deadline is looked at when the loop comes round, by whichever driver. A loop that was held comes round once, with
    one beat, however long that took; so what is over its deadline for some beats was passed over as many times.
    """

    def __init__(self) -> None:
        self.held = 0.0
        """Seconds for which the loop was held at most: by one visit, or by other processes."""
        self._beats: list[float] = []

    def start(self) -> None:
        """Begin to beat in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()
        self._beat()

    def stop(self) -> None:
        """Beat no more."""
        self._timer.cancel()

    def _beat(self) -> None:
        now = self._loop.time()
        self.held = max(self.held, now - self._due)
        self.note(time.time())
        self._due = now + BEAT
        self._timer = self._loop.call_at(self._due, self._beat)

    def note(self, moment: float) -> None:
        """A beat at `moment`: POSIX seconds, as of `Grab.time`."""
        self._beats.append(moment)

    def elapsed(self, since: float, until: float) -> float:
        """Seconds that the loop had from `since` until `until`, both POSIX: `BEAT` for each beat."""
        return BEAT * (bisect(self._beats, until) - bisect(self._beats, since))
