"""The attempts that have a connection, in queues by what they wait for and for how long.

Every queue has one length, so it stays in the order of its deadlines and only its front is looked at. An attempt is in
one queue at a time, knows which, and beside it among those that pause. No socket and no clock: times are arguments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice, takewhile
from math import ceil

from .attempts import Attempt
from .states import (
    BEGIN,
    CONNECT,
    CONNECTING,
    EXPECT,
    HEAR,
    IDLE,
    LIVE,
    READING,
    Event,
    State,
    after,
)  # fmt: skip

Queue = dict[Attempt, None]

_WIDTH = 0.25
"""Seconds of the ends that one bucket of `Phases._ends` holds."""


class Phases:
    """Queues of attempts. Every change is an event of `states.TABLE`; what is not in it raises `Misstep`."""

    def __init__(self, *, read: float, total: float) -> None:
        """`read` is how long a greeting may take, `total` a whole target; seconds."""
        self._read = read
        self._total = total
        self.at: dict[int, Attempt] = {}
        """By descriptor, those that were begun first in front."""
        self._queues: defaultdict[tuple[State, float], Queue] = defaultdict(dict)
        self._pausing: Queue = {}
        self._ends: defaultdict[int, Queue] = defaultdict(dict)
        """Those whose time began before their connection did, by the time of its end."""
        self.behind: bool = False
        """More were due than were asked for."""

    def __len__(self) -> int:
        return len(self.at)

    # -- events -------------------------------------------------------------------------------------

    def begin(self, fd: int, attempt: Attempt, now: float, look: float) -> None:
        """A connection was begun at `fd`, to be looked at after `look` seconds."""
        attempt.state = after(attempt.state, BEGIN)
        attempt.fd, attempt.opened, attempt.until = fd, now, now + look
        attempt.queue = queue = self._queues[CONNECTING, look]
        queue[attempt] = None
        self.at[fd] = attempt
        if attempt.began != now:
            self._ends[self._bucket(attempt)][attempt] = None

    def missed(self, attempt: Attempt, more: float) -> None:
        """It was looked for in vain; it may come within so many seconds `more`, which began when it was due."""
        self._move(attempt, Event.MISS, more, attempt.until)

    def connected(self, attempt: Attempt, now: float, since: float = 0.0) -> None:
        """It is there, and from now on its patience counts; a greeting's time does `since` so many seconds."""
        seconds = self._patience(attempt)
        if since and attempt.patience is None:
            seconds = ceil((seconds - since) * 10) / 10  # so that there are few queues; later than sooner
        self._move(attempt, CONNECT, seconds, now)

    def heard(self, attempt: Attempt, now: float) -> None:
        """A part of a greeting came; the rest may take as long as a greeting may. Later parts change nothing."""
        if attempt.state is not READING:
            self._move(attempt, HEAR, self._read, now)

    def expect(self, attempt: Attempt, now: float) -> None:
        """Another step begins on the same connection: its patience counts from now on."""
        self._move(attempt, EXPECT, self._patience(attempt), now)

    def pause(self, attempt: Attempt, until: float) -> None:
        """If nothing more comes until then, that is news."""
        self._pausing.pop(attempt, None)
        attempt.quiet = until
        self._pausing[attempt] = None

    def stir(self, attempt: Attempt) -> None:
        """Something came: it does not pause any more."""
        self._pausing.pop(attempt, None)

    def leave(self, attempt: Attempt, event: Event) -> bool:
        """Its connection is over or given away, or its outcome told: `event` says which. Whether it had one."""
        before = attempt.state
        attempt.state = after(before, event)
        live = before in LIVE
        if live:
            del attempt.queue[attempt], self.at[attempt.fd]
            if self._pausing:
                self._pausing.pop(attempt, None)
        if self._ends and attempt.state is not IDLE:
            self._ends[self._bucket(attempt)].pop(attempt, None)
        return live

    # -- deadlines ----------------------------------------------------------------------------------

    def to_look_at(self, now: float, most: int) -> list[Attempt]:
        """Those of whose connection it is time to know; of each queue `most`."""
        states = (State.CONNECTING, State.UNANSWERED)
        return self._due((q for (state, _), q in self._queues.items() if state in states), _until, now, most)

    def paused(self, now: float, most: int) -> list[Attempt]:
        """Those of whom nothing more came for as long as a pause is."""
        return self._due((self._pausing,), _quiet, now, most)

    def late(self, now: float, most: int) -> list[Attempt]:
        """Those of whom nothing, or not all, came in time."""
        states = (State.WAITING, State.READING)
        return self._due((q for (state, _), q in self._queues.items() if state in states), _until, now, most)

    def overdue(self, now: float, most: int) -> list[Attempt]:
        """Those whose whole time is up."""
        oldest = now - self._total
        found = list(islice(takewhile(lambda one: one.opened <= oldest, self.at.values()), most))
        self.behind |= len(found) == most
        last = int(now / _WIDTH)
        for bucket in sorted(bucket for bucket in self._ends if bucket <= last):
            queue = self._ends[bucket]
            found += [one for one in queue if one.began <= oldest and one.state in LIVE]
            if bucket < last and not queue:
                del self._ends[bucket]
        return list(dict.fromkeys(found))

    def is_due(self, attempt: Attempt, now: float) -> bool:
        """Whether `attempt` still waits, and in vain."""
        return attempt.state in LIVE and attempt.until <= now

    def is_paused(self, attempt: Attempt, now: float) -> bool:
        """Whether it still pauses, long enough."""
        return attempt in self._pausing and attempt.quiet <= now

    def _due(
        self, queues: Iterable[Queue], when: Callable[[Attempt], float], now: float, most: int
    ) -> list[Attempt]:
        found: list[Attempt] = []
        for queue in queues:
            front = list(islice(takewhile(lambda one: when(one) <= now, queue), most))
            self.behind |= len(front) == most
            found += front
        return found

    def _move(self, attempt: Attempt, event: Event, seconds: float, now: float) -> None:
        attempt.state = state = after(attempt.state, event)
        del attempt.queue[attempt]
        attempt.until = now + seconds
        attempt.queue = queue = self._queues[state, seconds]
        queue[attempt] = None

    def _patience(self, attempt: Attempt) -> float:
        return self._read if attempt.patience is None else min(attempt.patience, self._read)

    def _bucket(self, attempt: Attempt) -> int:
        return int((attempt.began + self._total) / _WIDTH)


def _until(attempt: Attempt) -> float:
    return attempt.until


def _quiet(attempt: Attempt) -> float:
    return attempt.quiet
