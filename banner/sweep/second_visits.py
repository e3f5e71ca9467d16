"""The targets of hosts that are left in peace, because they turned away what they had answered before.

Such a target is visited once more when its host was in peace for a while, and what comes then is its outcome: it was
turned away because of us. What a name leads to is noted under its first address, as ceilings count it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Generic

from ..models import Status
from .backoff import AGAIN, ANSWERED, BUSY, Backoff, Postponed
from .job import J


class SecondVisits(Generic[J]):
    """Jobs of one kind that wait, `most` of them at most: beyond that nobody has to, so a scan is never held up."""

    def __init__(self, backoff: Backoff, kind: type[J], most: int) -> None:
        self._backoff = backoff
        self._kind = kind
        self._most = most
        self._waiting = Postponed[J]()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def everywhere(self, now: float) -> bool:
        """Whether no host is left in peace, and so no job has to be kept."""
        return self._backoff.calm(now)

    def keeps(self, job: J, now: float) -> bool:
        """Whether `job` has to wait, and was kept."""
        if len(self._waiting) >= self._most or (wait := self._backoff.wait(job.ip, now)) <= 0:
            return False
        self._waiting.put(now + wait, job)
        return True

    def takes_back(self, job: J, status: Status, banner: bytes) -> bool:
        """Whether `job` was turned away, with `status` and `banner`, and a new one for it was kept."""
        if status in ANSWERED:
            if banner not in BUSY:
                self._backoff.answered(job.addresses[job.at], job.target.port)
                return False
            now = time.monotonic()
            return self._backoff.busy(job.ip, job.target.port, now) and self._again(job, now, AGAIN)
        # To close may be an answer to a name: so do web servers with those that they do not know.
        if not job.addresses or (status is Status.CLOSED and job.dns is not None):
            return False
        now = time.monotonic()
        away = self._backoff.turned_away(job.ip, job.target.port, status, now)
        return away and self._again(job, now, 1)

    def due(self, now: float) -> Iterator[J]:
        """The jobs that have waited long enough, taken out."""
        while (job := self._waiting.pop(now)) is not None:
            yield job

    def delay(self, now: float) -> float | None:
        """Seconds until one has waited long enough; None where none waits."""
        due = self._waiting.next_due()
        return None if due is None else max(0.0, due - now)

    def close(self) -> None:
        """Drop those that wait, and keep no further one."""
        self._waiting.drain()
        self._most = 0

    def _again(self, job: J, now: float, most: int) -> bool:
        if job.again >= most or len(self._waiting) >= self._most:
            return False
        anew = self._kind(job.target, job.addresses)
        anew.again, anew.dns, anew.at = job.again + 1, job.dns, job.at
        struck = self._backoff.struck.get(job.ip)
        self._waiting.put(now if struck is None else max(now, struck.until), anew)
        return True
