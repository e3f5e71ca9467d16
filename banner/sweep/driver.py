"""The bulk driver of a scan: many sockets in one selector, nested in the running loop (``selector.py``).

One callback handles a batch of ready sockets and starts their successors; no task, future or closure is made for a
target. What an attempt waits for is its state (``states.py``), for how long its queue (``phases.py``), and one coarse
timer looks at the fronts (``deadlines.py``). What needs more than a plain dialogue goes on in the streams driver's
hands. What is raised for one attempt costs that attempt's record.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from ..models import Mode, Settings, Status, Transport
from ..plan.planner import planner
from ..plan.steps import Hold, Secure
from .admission import Admission
from .attempts import Attempt
from .connector import Connector
from .deadlines import FINE, TICK, Deadlines
from .dialogues import Dialogues
from .handover import Handover
from .inquiries import Inquiries
from .listening import Listening
from .outcomes import Outcomes
from .phases import Phases
from .plans import Plans
from .results import Results
from .selector import READABLE, Selector
from .states import LIVE, TELL, Event
from .stint import SHORT, Batch, Stint

T = TypeVar("T")

_UDP = Transport.UDP


class Sweep(Generic[T]):
    """Visits what `admission` gives, `concurrency` at a time, and puts every outcome into `results`."""

    def __init__(
        self,
        admission: Admission[Attempt],
        results: Results[T],
        settings: Settings,
        concurrency: int,
        outcomes: Outcomes[T],
        stint: Stint = SHORT,
    ) -> None:
        self._batch, self._burst, self._seconds = stint.batch, stint.burst, stint.seconds
        self._reading = Batch(stint)
        self._admission = admission
        self._results = results
        self._concurrency = concurrency
        self._planner = planner(settings)
        self._speaks = settings.mode is not Mode.LISTEN
        self._phases = Phases(read=settings.timeouts.read, total=settings.timeouts.total)
        self._connector = Connector(
            admission, settings, self._phases, self._unreached, self._fault, self._work_soon
        )
        self._handover = Handover(admission, results, settings, self._planner, self._phases, self._work_soon)
        self._plans = Plans(admission, results, settings, self._planner, outcomes, self._handover, self)
        self._dialogues = Dialogues(settings, self._plans, self._phases, self._connector)
        self._listening = Listening(
            admission, results, settings, self._planner, outcomes, self._phases, self._connector, self._handover,
            self._plans, self._dialogues, self,
        )  # fmt: skip
        self._inquiries = Inquiries(admission, results, settings, outcomes, self._phases, self._work_soon)
        self._deadlines: Deadlines[T] = Deadlines(
            self._phases, self._connector, self._listening, self._dialogues, self._plans
        )

    async def run(self) -> None:
        """Return when everything is visited; cancelled, close all sockets."""
        loop = self._loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        self._working: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None
        self._connector.loop = self._inquiries.loop = loop
        self._selector = self._connector.selector = self._inquiries.selector = Selector(self._on_news)
        self._admission.wake = self._results.room = self._work_soon
        self._timer = loop.call_later(TICK, self._guard, self._on_tick)
        try:
            self._work_soon()
            await self._done
        finally:
            self._close()
            await self._handover.end()

    def _close(self) -> None:
        self._admission.wake = self._results.room = lambda: None
        self._selector.close()
        for handle in (self._timer, self._working, self._later):
            if handle is not None:
                handle.cancel()
        self._connector.close_all()
        self._inquiries.close_all()

    def _guard(self, step: Callable[[], None]) -> None:
        """Run a callback; what it raises is the scan's failure, not the loop's."""
        try:
            step()
        except (Exception, asyncio.CancelledError) as error:
            if not self._done.done():
                self._done.set_exception(error)

    def _fault(self, attempt: Attempt, error: Exception) -> None:
        self._plans.fault(attempt, error)

    def _unreached(self, attempt: Attempt, status: Status, error: str, now: float) -> None:
        self._listening.unreached(attempt, status, error, now)

    def in_flight(self) -> int:
        """How many targets are being visited."""
        return len(self._phases) + self._connector.backing_off + len(self._handover) + len(self._inquiries)

    # -- starting -----------------------------------------------------------------------------------

    def _work_soon(self) -> None:
        if self._working is None and not self._done.done():
            self._working = self._loop.call_soon(self._guard, self._on_work)

    def _on_work(self) -> None:
        self._working = None
        self._work()

    def _on_news(self) -> None:
        if self._working is None:  # else it is done in this round of the loop anyway
            self._guard(self._work)

    def _work(self) -> None:
        """Read what is ready, then start a few, in turn and for a slice of time.

        What is ready comes first: with peers that answer at once no more are in flight than the caches hold, a tenth
        cheaper than the 1,000 that there is room for. Whose connections are over, and still open, makes room for others
        at once, unless it is counted how many an address has.
        """
        now = time.monotonic()
        until = now + self._seconds
        while not self._done.done():
            most = self._reading.most
            heard = self._read_ready(most, now)
            if self._admission.counts:
                self._connector.hang_up()
            self._reading.took((then := time.monotonic()) - now, heard)
            started = self._start(then)
            self._connector.hang_up()
            if heard < most and (not started or self.in_flight() >= self._concurrency):
                return  # nothing is to be done before there is news
            now = time.monotonic()
            if now > until:
                self._work_soon()
                return

    def _start(self, now: float) -> bool:
        """Start a burst at most; False where nothing can be started now: somebody will call again then."""
        room = self._concurrency - self.in_flight()
        if room > 0 and not self._results.full and not self._inquiries.full:
            attempts = self._take(min(room, self._burst), now)
            if attempts is not None:
                self._connector.connect(attempts, now)
                return True
            if self._admission.delay is not None:
                self._work_later(self._admission.delay)
            elif self._admission.exhausted and not (self.in_flight() or self._connector.again):
                self._done.set_result(None)
        return False

    def _work_later(self, delay: float) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = self._loop.call_later(delay, self._work_soon)

    def _take(self, most: int, now: float) -> list[Attempt] | None:
        """At most `most` attempts to start now; None where nothing waits to be started."""
        again = self._connector.again
        attempts = [again.popleft() for _ in range(min(most, len(again)))]
        if len(attempts) == most:
            return attempts
        fresh = self._admission.take(most - len(attempts), now)
        if not fresh:
            return attempts or None
        for attempt in fresh:
            attempt.start(now)
            try:
                if not attempt.ready:
                    self._report_unvisited(attempt, now)
                elif attempt.target.via is not None:
                    self._handover.begin(attempt)
                elif attempt.target.transport is _UDP:
                    self._inquiries.begin(attempt, now)
                else:
                    if self._speaks:
                        self._plans.begin(attempt)
                    attempts.append(attempt)
            except Exception as error:
                self._plans.fault(attempt, error)
        return attempts

    def _report_unvisited(self, attempt: Attempt, now: float) -> None:
        """Report a target whose name has no address, or whose addresses are all forbidden."""
        status = Status.DNS_ERROR if attempt.error is not None else Status.DENIED
        status = Status.FAULT if attempt.fault is not None else status
        self._listening.report(attempt, status, attempt.error or attempt.fault or attempt.denied, now)

    # -- reading ------------------------------------------------------------------------------------

    def _read_ready(self, most: int, now: float) -> int:
        """Read from `most` sockets that have news; how many had."""
        news = self._selector.news(most)
        at, over = self._phases.at, []
        self._plans.handshakes.sort(news, at)
        for fd, events in news:
            attempt = at.get(fd)
            if attempt is None:
                if (attempt := self._inquiries.at.get(fd)) is not None:
                    self._inquiries.hear(attempt, now)
                continue
            try:
                if not events & READABLE:
                    if attempt.connect is None:
                        self._listening.connected(attempt, now)
                    else:
                        self._dialogues.send_rest(attempt)
                elif attempt.step is not None:
                    if attempt.talk is not None or self._listening.accepted(attempt, now):
                        self._dialogues.hear(attempt, now)
                elif (end := self._listening.read(attempt, now)) is not None:
                    over.append((attempt, end))
            except Exception as error:
                self._plans.fault(attempt, error)
        if over:
            self._listening.finish(over, now)
        return len(news)

    def _on_tick(self) -> None:
        """Look at the deadlines, then at what is to be done besides."""
        now = time.monotonic()
        behind = self._deadlines.see_to(now, self._batch) | self._inquiries.see_to(now, self._batch)
        self._connector.hang_up()
        tick = FINE if len(self._inquiries) else TICK
        self._timer = self._loop.call_later(0 if behind else tick, self._guard, self._on_tick)
        self._work()

    # -- what becomes of a connection, for dialogues and plans -------------------------------------------

    def give_away(self, attempt: Attempt) -> None:
        """It goes on elsewhere: watch it no more."""
        if attempt.state in LIVE:
            self._selector.forget(attempt.fd)
        self._phases.leave(attempt, Event.GIVE)

    def over(self, attempt: Attempt) -> None:
        """Its outcome is told, once, and what connection it has is over."""
        if self._phases.leave(attempt, TELL):
            self._connector.later(attempt.sock)

    def reopen(self, attempt: Attempt) -> None:
        """Open another connection to the same address."""
        self._connector.again.append(attempt)
        self._work_soon()

    def expect(self, attempt: Attempt, now: float) -> None:
        """From now on its next step's patience counts."""
        self._phases.expect(attempt, now)

    def begin(self, attempt: Attempt, step: Hold | Secure, now: float) -> None:
        """Say the hello of `step` there."""
        self._dialogues.begin(attempt, step, now)

    def listen(self, attempt: Attempt, now: float) -> None:
        """Read what has come there by now."""
        self._listening.once_more(attempt, now)

    def watch(self, fd: int) -> None:
        """Tell when there is room for what the socket `fd` did not take."""
        self._selector.watch_connection(fd)

    def part(self, attempt: Attempt) -> None:
        """Its connection is over: it is closed when others are, or begin, which is cheaper."""
        if attempt.state in LIVE:
            self._phases.leave(attempt, Event.PART)
            self._connector.later(attempt.sock)
