"""What a sweep does where a time is up: a look at a connection, a pause, a patience, a target's whole time.

Those who began together are due together: of each queue only a batch is seen to at once, and the rest when others had
their turn. What is raised for one attempt costs that attempt's record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ..models import End, Status
from .attempts import Attempt
from .connector import Connector
from .dialogues import Dialogues
from .listening import Listening
from .phases import Phases
from .plans import Plans
from .states import LIVE, State

T = TypeVar("T")

TICK = 0.05
"""Seconds between two looks at the deadlines: a tenth of the shortest phase (`QUIET`)."""


FINE = 0.01
"""The same while UDP targets are under way: a silent one has two deadlines, of some 2.5 s together."""


class Deadlines(Generic[T]):
    """The fronts of all queues of `phases`."""

    __slots__ = ("_connector", "_dialogues", "_listening", "_phases", "_plans")

    def __init__(
        self,
        phases: Phases,
        connector: Connector,
        listening: Listening[T],
        dialogues: Dialogues,
        plans: Plans[T],
    ) -> None:
        self._phases, self._connector, self._listening = phases, connector, listening
        self._dialogues, self._plans = dialogues, plans

    def see_to(self, now: float, most: int) -> bool:
        """See to `most` of each queue that are due at `now` (monotonic seconds); True where more are due already."""
        phases = self._phases
        phases.behind = False
        self._each(self._connector.look_at, phases.to_look_at(now, most), now)
        self._each(self._pause, phases.paused(now, most), now)
        self._each(self._late, phases.late(now, most), now)
        self._each(self._overdue, phases.overdue(now, most), now)
        return phases.behind

    def _each(self, step: Callable[[Attempt, float], object], attempts: list[Attempt], now: float) -> None:
        """Take `step` with each; what it raises costs the one record."""
        for attempt in attempts:
            if attempt.state in LIVE:
                try:
                    step(attempt, now)
                except Exception as error:
                    self._plans.fault(attempt, error)

    def _pause(self, attempt: Attempt, now: float) -> None:
        """Nothing more seems to have come for a while: its greeting is whole, or its dialogue has to know."""
        self._listening.once_more(attempt, now)
        if not self._phases.is_paused(attempt, now):
            return
        if attempt.talk is not None:
            self._dialogues.tell(attempt, now, attempt.talk.pause)
        else:
            self._listening.finish([(attempt, End.COMPLETE)], now)

    def _late(self, attempt: Attempt, now: float) -> None:
        """It seems that nothing came in time."""
        self._listening.once_more(attempt, now)
        if self._phases.is_due(attempt, now):
            self._listening.end(attempt, now)

    def _overdue(self, attempt: Attempt, now: float) -> None:
        """Its whole time is up."""
        if attempt.state > State.UNANSWERED or self._connector.connected_meanwhile(attempt, now):
            if attempt.state in LIVE:
                self._listening.end(attempt, now)
            return
        self._connector.close(attempt)
        self._listening.unreached(attempt, Status.TIMEOUT, "no answer in time", now)
