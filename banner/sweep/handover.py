"""What the sweep hands over to the streams driver: attempts that need more than one plain dialogue, a task for each."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..models import End, Grab, Settings, Timings
from ..plan.conversation import Conversation
from ..plan.planner import Planner
from ..plan.steps import Plan, Step
from ..visit.visit import Visit
from .admission import Admission
from .attempts import Attempt
from .job import unreached
from .phases import Phases
from .results import Results
from .states import Event

if TYPE_CHECKING:
    from ..tls.session import Session

T = TypeVar("T")

log: logging.Logger = logging.getLogger("banner")


class Handover(Generic[T]):
    """The attempts that go on over streams; their outcomes go to `results`."""

    def __init__(
        self,
        admission: Admission[Attempt],
        results: Results[T],
        settings: Settings,
        planner: Planner,
        phases: Phases,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called whenever one has ended."""
        self._admission = admission
        self._turn = admission.next_turn  # one method for all visits
        self._results = results
        self._settings = settings
        self._planner = planner
        self._phases = phases
        self._wake = wake
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._tasks)

    def visit(self, attempt: Attempt) -> Visit:
        """What goes on where plain listening, or one dialogue, ends."""
        turn, counted, plans = self._turn, attempt.traffic, self._planner
        visit = Visit(
            attempt.target, self._settings, began=attempt.began, dns=attempt.dns, turn=turn, plans=plans
        )
        if counted is not None:
            visit.found.traffic.add(counted)
        attempt.traffic = visit.found.traffic  # both drivers count there from now on
        return visit

    def begin(self, attempt: Attempt, now: float = 0.0) -> None:
        """The first step is nothing for the sweep."""
        self._phases.leave(attempt, Event.GIVE)
        visit = self.visit(attempt)
        self._start(attempt, visit, visit.run_at(attempt.addresses[attempt.at : attempt.at + 1]))

    def carry_on(self, attempt: Attempt, end: End) -> None:
        """Listening is done and somebody has to speak, at the same socket."""
        timings = Timings(connect=attempt.connect, first_byte=attempt.first)
        visit, sock = self.visit(attempt), _taken_over(attempt)
        visit.found.traffic.received += len(attempt.data)
        opened = attempt.opened
        work = visit.carry_on(attempt.ip, sock, attempt.data, end, opened=opened, timings=timings)
        self._start(attempt, visit, work)

    def go_on(self, attempt: Attempt, visit: Visit, plan: Plan, step: Step) -> None:
        """`step` of `plan` comes next, on a new connection."""
        self._start(attempt, visit, visit.go_on(plan, step))

    def go_on_there(
        self,
        attempt: Attempt,
        visit: Visit,
        plan: Plan,
        step: Step,
        begun: Session | Conversation | None = None,
    ) -> None:
        """`step` of `plan` comes next at the same socket, or goes on there with what has `begun`."""
        self._start(attempt, visit, visit.go_on(plan, step, _taken_over(attempt), begun, attempt.session))

    async def end(self) -> None:
        """Give up those that are under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, attempt: Attempt, visit: Visit, work: Coroutine[Any, Any, Grab]) -> None:
        task = asyncio.get_running_loop().create_task(self._see_to_it(attempt, visit, work))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _see_to_it(self, attempt: Attempt, visit: Visit, work: Coroutine[Any, Any, Grab]) -> None:
        try:
            grab = await work
        except Exception as error:
            grab = visit.fault(error)
        now = time.monotonic()
        if unreached(attempt, grab, now, self._settings):
            self._phases.leave(attempt, Event.RETURN)
            self._admission.next_address(attempt, now)
            return
        self._phases.leave(attempt, Event.TELL)
        if not self._admission.done(attempt, grab.status, grab.banner):
            self._results.put(grab)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a fault of our own after a visit", exc_info=error)
        self._wake()


def _taken_over(attempt: Attempt) -> socket.socket:
    sock = socket.socket(fileno=attempt.sock.detach())
    sock.setblocking(False)
    return sock
