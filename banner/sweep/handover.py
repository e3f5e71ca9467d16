"""What the sweep hands over to the streams driver: flights that need more than one plain dialogue, a task for each."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..models import End, Grab, Settings, Timings
from ..plan.conversation import Conversation
from ..plan.steps import Course, Step
from ..visit.visit import Visit
from .admission import Feed
from .attempts import Flight
from .results import Outbox

if TYPE_CHECKING:
    from ..tls.session import Session

T = TypeVar("T")


class Handover(Generic[T]):
    """The flights that go on over streams; their outcomes go to `outbox`."""

    def __init__(
        self,
        feed: Feed[Flight],
        outbox: Outbox[T],
        settings: Settings,
        back: Callable[[BaseException | None], None],
    ) -> None:
        """`back` is called whenever one has ended, with what it raised."""
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._back = back
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._tasks)

    def visit(self, flight: Flight) -> Visit:
        """What goes on where plain listening, or one dialogue, ends."""
        began = flight.began
        return Visit(flight.target, self._settings, began=began, dns=flight.dns, turn=self._feed.next_turn)

    def begin(self, flight: Flight) -> None:
        """The first step is nothing for the sweep."""
        self._start(flight, self.visit(flight).run_at(flight.addresses))

    def carry_on(self, flight: Flight, end: End) -> None:
        """Listening is done and somebody has to speak, at the same socket."""
        timings = Timings(connect=flight.connect, first_byte=flight.first)
        ip, opened, sock = flight.addresses[flight.at], flight.opened, _taken_over(flight)
        work = self.visit(flight).carry_on(ip, sock, flight.data, end, opened=opened, timings=timings)
        self._start(flight, work)

    def go_on(self, flight: Flight, visit: Visit, course: Course, step: Step) -> None:
        """`step` of `course` comes next, on a new connection."""
        self._start(flight, visit.go_on(course, step))

    def go_on_there(
        self,
        flight: Flight,
        visit: Visit,
        course: Course,
        step: Step,
        begun: Session | Conversation | None = None,
    ) -> None:
        """`step` of `course` comes next at the same socket, or goes on there with what has `begun`."""
        self._start(flight, visit.go_on(course, step, _taken_over(flight), begun))

    async def end(self) -> None:
        """Give up those that are under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, flight: Flight, work: Coroutine[Any, Any, Grab]) -> None:
        task = asyncio.get_running_loop().create_task(self._see_to_it(flight, work))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _see_to_it(self, flight: Flight, work: Coroutine[Any, Any, Grab]) -> None:
        grab = await work
        if not self._feed.done(flight, grab.status, grab.banner):
            self._outbox.put(grab)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._back(None if task.cancelled() else task.exception())


def _taken_over(flight: Flight) -> socket.socket:
    sock = socket.socket(fileno=flight.sock.detach())
    sock.setblocking(False)
    return sock
