"""The bulk driver of a scan: many sockets, one selector nested in the running loop.

An own epoll object is registered in the loop as a single reader, so it works on asyncio's loop and on uvloop,
inside any application, without a thread. One callback handles a batch of ready sockets and starts their
successors; no task, future or closure is made for a target. Phases have constant lengths, so each phase is a
dict in order of arrival, and one coarse timer looks at the fronts. What needs more than a plain dialogue on
one connection goes on in the streams driver's hands.
"""

from __future__ import annotations

import asyncio
import errno
import select
import socket
import time
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import islice, takewhile
from typing import Any, Generic, NamedTuple, TypeVar

from ..addresses.socket_address import sockaddr
from ..dialogue import QUIET, Wholeness, whole
from ..models import End, Mode, Settings, Status
from ..plan.planner import planner
from ..plan.steps import Hold, Listen
from ..visit.failures import EXHAUSTED, RESETS, reason, status_of
from ..visit.link import BACKOFF
from .admission import Admission
from .attempts import Attempt, Outcomes
from .dialogues import Dialogues
from .handover import Handover
from .plans import Plans
from .results import Results

T = TypeVar("T")

TICK = 0.05
"""Seconds between two looks at the deadlines: a tenth of the shortest phase (`QUIET`)."""
LOOK = 0.5
"""Seconds after which a target that has said nothing is looked at: is there a connection? Its times count from
there; what is not connected by then is watched. Two round trips of 250 ms take as long."""
SOON = 0.25
"""The same where somebody will speak to the silent, and is not to be kept waiting."""


class Stint(NamedTuple):
    """How much is done in one go."""

    batch: int
    """Ready sockets handled at most, at some 10 us each."""
    burst: int
    """Connections started between two looks at what is ready and at the clock, at some 20 us each."""
    seconds: float
    """What one callback may take before others get their turn."""


SHORT = Stint(32, 16, 0.0005)
"""In an application, whose timer of 10 ms then fires within 15: it waits for one callback, and what the timer wakes up
for another one."""
LONG = Stint(128, 64, 0.004)
"""In a process that has little else to do; a tenth cheaper."""


def nestable() -> bool:
    """Whether the running loop can watch our selector: not on Windows' proactor loop."""
    if not hasattr(select, "epoll"):
        return False
    loop = asyncio.get_running_loop()
    probe = select.epoll()
    try:
        loop.add_reader(probe.fileno(), lambda: None)
        loop.remove_reader(probe.fileno())
    except NotImplementedError:
        return False
    finally:
        probe.close()
    return True


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
        self._batch, self._burst, self._seconds = stint
        self._admission = admission
        self._results = results
        self._outcomes = outcomes
        self._settings = settings
        self._concurrency = concurrency
        self._planner = planner(settings)
        self._speaks = settings.mode is not Mode.LISTEN
        self._timeouts = settings.timeouts
        self._limit = settings.limit
        self._attempts: dict[int, Attempt] = {}
        self._connecting: dict[int, Attempt] = {}
        self._unanswered: dict[int, Attempt] = {}
        self._reading: dict[int, Attempt] = {}
        self._patient: defaultdict[float, dict[int, Attempt]] = defaultdict(dict)
        """By how many seconds they are waited for."""
        self._pausing: dict[int, Attempt] = {}
        self._backing_off = 0
        self._behind = False
        """More deadlines have passed than were seen to."""
        self._again: deque[Attempt] = deque()
        self._over: list[socket.SocketType] = []
        self._handover = Handover(admission, results, settings, self._handed_back)
        self._plans = Plans(admission, results, settings, self._planner, outcomes, self._handover, self)
        self._dialogues = Dialogues(settings, self._plans, self._pausing)
        # An arriving greeting says that there is a connection; one without is looked for when it is time
        # (`_look_at`), and so costs no event of its own: 1 us of 25 for each target.
        self._look = min(LOOK, settings.timeouts.connect)
        self._soon = min(SOON, self._look)

    async def run(self) -> None:
        """Return when everything is visited; cancelled, close all sockets."""
        loop = self._loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        self._working: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None
        self._epoll = select.epoll()
        self._admission.wake = self._results.room = self._work_soon
        loop.add_reader(self._epoll.fileno(), self._guard, self._on_ready)
        self._timer = loop.call_later(TICK, self._guard, self._on_tick)
        try:
            self._work_soon()
            await self._done
        finally:
            self._close()
            await self._handover.end()

    def _close(self) -> None:
        self._admission.wake = self._results.room = lambda: None
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        for handle in (self._timer, self._working, self._later):
            if handle is not None:
                handle.cancel()
        for attempt in self._attempts.values():
            attempt.sock.close()
        self._attempts.clear()
        self._hang_up()

    def _guard(self, step: Any) -> None:
        """Run a callback; what it raises is the scan's failure, not the loop's."""
        try:
            step()
        except Exception as error:
            if not self._done.done():
                self._done.set_exception(error)

    # -- starting -----------------------------------------------------------------------------------

    def _work_soon(self) -> None:
        if self._working is None and not self._done.done():
            self._working = self._loop.call_soon(self._guard, self._on_work)

    def _on_work(self) -> None:
        self._working = None
        self._work()

    def _on_ready(self) -> None:
        if self._working is None:  # else it is done in this round of the loop anyway
            self._work()

    def _work(self) -> None:
        """Read what is ready, then start a few, in turn and for a slice of time.

        What is ready comes first: with peers that answer at once no more are in flight than the caches hold, a tenth
        cheaper than the 1,000 that there is room for. Whose connections are over, and still open, makes room for others
        at once, unless it is counted how many an address has.
        """
        now = time.monotonic()
        until = now + self._seconds
        while not self._done.done():
            heard = self._read_ready(now)
            if self._admission.counts:
                self._hang_up()
            started = self._start(time.monotonic())
            self._hang_up()
            if not started and heard < self._batch:
                return
            now = time.monotonic()
            if now > until:
                self._work_soon()
                return

    def _start(self, now: float) -> bool:
        """Start a burst at most; False where nothing can be started now: somebody will call again then."""
        room = self._concurrency - self.in_flight()
        if room > 0 and not self._results.full:
            attempts = self._take(min(room, self._burst), now)
            if attempts is not None:
                self._connect(attempts, now)
                return True
            if self._admission.delay is not None:
                self._work_later(self._admission.delay)
            elif self._idle() and self._admission.exhausted:
                self._done.set_result(None)
        return False

    def _take(self, most: int, now: float) -> list[Attempt] | None:
        """At most `most` attempts to start now; None where nothing waits to be started."""
        attempts = [self._again.popleft() for _ in range(min(most, len(self._again)))]
        if len(attempts) == most:
            return attempts
        fresh = self._admission.take(most - len(attempts), now)
        if not fresh:
            return attempts or None
        for attempt in fresh:
            attempt.began = now if attempt.asked is None else attempt.asked
            if not attempt.ready:
                self._report_unvisited(attempt, now)
            elif not self._speaks or self._opens(attempt):
                attempts.append(attempt)
        return attempts

    def _opens(self, attempt: Attempt) -> bool:
        """Prepare the plan's first step; False where it is for the streams driver to take."""
        opening = self._planner.opening(attempt.target.port)
        if isinstance(opening, Listen):
            attempt.patience = opening.patience
        elif isinstance(opening, Hold):
            attempt.step = opening
        else:
            self._handover.begin(attempt)
            return False
        return True

    def _report_unvisited(self, attempt: Attempt, now: float) -> None:
        """Report a target whose name has no address, or whose addresses are all forbidden."""
        status = Status.DNS_ERROR if attempt.error is not None else Status.DENIED
        self._report(attempt, status, now, error=attempt.error or attempt.denied)

    def _idle(self) -> bool:
        return not (self.in_flight() or self._again)

    def in_flight(self) -> int:
        return len(self._attempts) + self._backing_off + len(self._handover)

    def _work_later(self, delay: float) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = self._loop.call_later(delay, self._work_soon)

    def _connect(self, attempts: list[Attempt], now: float) -> None:
        """Start connecting each attempt to its present address.

        One kind of system call after the other, but for one old connection closed with each that begins: so the caches
        of kernel and interpreter stay warm, and a peer on this machine has enough to do with each pair not to fall
        asleep and be woken up, by us, a dozen times in every burst. Each of both is a tenth of the cost on loopback.
        """
        started = []
        for attempt in attempts:
            try:
                family, attempt.address = sockaddr(attempt.addresses[attempt.at], attempt.target.port)
                attempt.sock = _Socket(family, _STREAM)
            except OSError as error:
                self._missed(attempt, error.errno, now)
            else:
                started.append(attempt)
        if started and started[0].step is not None:
            # Not so where hellos will be said: with nginx the pairs were a seventh dearer.
            self._hang_up()
        numbers, over = [], self._over
        for attempt in started:
            if over:
                over.pop().close()
            numbers.append(attempt.sock.connect_ex(attempt.address))
        until, soon = now + self._look, now + self._soon
        register = self._epoll.register
        all_attempts, connecting = self._attempts, self._connecting
        for attempt, number in zip(started, numbers, strict=True):
            if number not in _UNDER_WAY:
                attempt.sock.close()
                self._missed(attempt, number, now)
                continue
            fd = attempt.sock.fileno()
            attempt.opened = now
            attempt.until = until if attempt.patience is None else soon
            connecting[fd] = all_attempts[fd] = attempt
            register(fd, _HEARING if attempt.step is None else _WATCHING)

    def _missed(self, attempt: Attempt, number: int | None, now: float) -> None:
        """No connection: try again later, or the next address, or report."""
        if number in EXHAUSTED and attempt.tries < len(BACKOFF):
            pause = BACKOFF[attempt.tries]
            if now + pause < attempt.began + self._timeouts.total:
                attempt.tries += 1
                self._backing_off += 1
                self._loop.call_later(pause, self._try_again, attempt)
                return
        if attempt.plan is not None:
            self._plans.unreached(attempt, now)
            return
        if attempt.at + 1 < len(attempt.addresses) and now < attempt.began + self._timeouts.total:
            attempt.at += 1
            attempt.tries = 0
            self._connect([attempt], now)
            return
        status = Status.TIMEOUT if number is None else status_of(number)
        self._report(attempt, status, now, error=reason(number, "no answer in time"))

    def _try_again(self, attempt: Attempt) -> None:
        self._backing_off -= 1
        self._again.append(attempt)
        self._work_soon()

    # -- reading ------------------------------------------------------------------------------------

    def _read_ready(self, now: float) -> int:
        """Read from a batch of sockets that have news; how many had."""
        ready = self._epoll.poll(0, self._batch)
        attempts = self._attempts
        over = []
        for fd, events in ready:
            attempt = attempts.get(fd)
            if attempt is None:
                continue
            if events & _READABLE:
                if attempt.step is not None:
                    if attempt.talk is not None or self._accepted(fd, attempt, now):
                        self._dialogues.hear(fd, attempt, now)
                    continue
                end = self._read(fd, attempt, now)
                if end is not None:
                    over.append((fd, attempt, end))
            elif attempt.connect is None:
                self._connected(fd, attempt, now)
        if over:
            self._finish(over, now)
        return len(ready)

    def _connected(self, fd: int, attempt: Attempt, now: float) -> None:
        attempt.connect = now - attempt.opened
        self._wait_on(fd, attempt, now)
        if attempt.step is not None:
            self.begin(fd, attempt, attempt.step, now)

    def _wait_on(self, fd: int, attempt: Attempt, now: float) -> None:
        """It is connected, and its greeting is not whole: from here on the read deadline counts."""
        begins = self._unanswered.pop(fd, None) or self._connecting.pop(fd, None)
        if begins is not None and not attempt.data:
            self._queue(fd, attempt, now)
        elif fd not in self._reading and (attempt.data or not self._is_patient(fd)):
            self._unqueue(fd)
            attempt.until = now + self._timeouts.read
            self._reading[fd] = attempt

    def expect(self, fd: int, attempt: Attempt, now: float) -> None:
        """From now on its next step's patience counts."""
        if self._attempts.get(fd) is attempt:
            self._unqueue(fd)
            self._queue(fd, attempt, now)

    def _queue(self, fd: int, attempt: Attempt, now: float) -> None:
        patience = attempt.patience
        attempt.until = now + (self._timeouts.read if patience is None else patience)
        (self._reading if patience is None else self._patient[patience])[fd] = attempt

    def _unqueue(self, fd: int) -> None:
        self._reading.pop(fd, None)
        for queue in self._patient.values():
            queue.pop(fd, None)

    def _is_patient(self, fd: int) -> bool:
        return any(fd in queue for queue in self._patient.values())

    def _read(self, fd: int, attempt: Attempt, now: float) -> End | None:
        """Read what has come; how the reading ended, or None where it goes on."""
        # Until the greeting is whole or nothing more is there: the selector tells of news but once.
        while True:
            try:
                data = attempt.sock.recv(self._limit - len(attempt.data))
            except BlockingIOError:
                return None
            except OSError as error:
                return self._broken(fd, attempt, error.errno, now)
            if not data:
                return End.EOF
            if attempt.first is None:
                attempt.first = now - attempt.opened
            if attempt.data:
                data = attempt.data + data
            attempt.data = data
            so_far = whole(data)
            if so_far is Wholeness.WHOLE:
                return End.COMPLETE
            if len(data) >= self._limit:
                return End.LIMIT
            self._wait_on(fd, attempt, now)
            self._pausing.pop(fd, None)
            if so_far is Wholeness.OPEN:
                attempt.quiet = now + QUIET
                self._pausing[fd] = attempt

    def _broken(self, fd: int, attempt: Attempt, number: int | None, now: float) -> End | None:
        """The socket has an error: after it was connected, a reset; before, there is no connection."""
        # Where it was found connected by looking, nobody knows since when, and `connect` is absent.
        connected = attempt.connect is not None or fd in self._reading or self._is_patient(fd)
        if connected or attempt.data or number in RESETS:
            return End.RESET
        self._release(fd, attempt)
        self._missed(attempt, number, now)
        return None

    def _accepted(self, fd: int, attempt: Attempt, now: float) -> bool:
        """Connected and ready in one event: begin the dialogue, so that what came before its hello is read as an
        answer to it. False where there is no connection, or no more."""
        number = attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number and number not in RESETS:
            self._broken(fd, attempt, number, now)
            return False
        self._connected(fd, attempt, now)
        if number and attempt.talk is not None:
            self._dialogues.tell(fd, attempt, now, attempt.talk.close, End.RESET)
            return False
        return True

    # -- ending -------------------------------------------------------------------------------------

    def _on_tick(self) -> None:
        """Look at the deadlines. Those who began together are due together: of each queue only a batch is seen to, and
        the rest when others had their turn."""
        now = time.monotonic()
        self._behind = False
        for queue in (self._connecting, self._unanswered):
            for fd, attempt in self._front(queue, lambda attempt: attempt.until <= now):
                self._look_at(fd, attempt, now)
        paused = self._unheard(self._pausing, lambda attempt: attempt.quiet <= now, now)
        for fd, attempt in paused:
            if attempt.talk is not None:
                self._dialogues.tell(fd, attempt, now, attempt.talk.pause)
        self._finish([(fd, attempt, End.COMPLETE) for fd, attempt in paused if attempt.talk is None], now)
        for queue in (self._reading, *self._patient.values()):
            late = self._unheard(queue, lambda attempt: attempt.until <= now, now)
            self._finish([(fd, attempt, End.DEADLINE) for fd, attempt in late], now)
        oldest = now - self._timeouts.total
        for fd, attempt in self._front(self._attempts, lambda attempt: attempt.began <= oldest):
            self._overdue(fd, attempt, now)
        for attempt in list(takewhile(lambda attempt: attempt.began <= oldest, self._plans.under_way)):
            if self._attempts.get(fd := attempt.sock.fileno()) is attempt:
                self._overdue(fd, attempt, now)
        self._hang_up()
        self._timer = self._loop.call_later(0 if self._behind else TICK, self._guard, self._on_tick)
        self._work()

    def _front(self, queue: dict[int, Attempt], due: Callable[[Attempt], bool]) -> list[tuple[int, Attempt]]:
        """The attempts at the front of a queue that are due, a batch at most: all others came later."""
        found = list(islice(takewhile(lambda item: due(item[1]), queue.items()), self._batch))
        self._behind |= len(found) == self._batch
        return found

    def _unheard(
        self, queue: dict[int, Attempt], due: Callable[[Attempt], bool], now: float
    ) -> list[tuple[int, Attempt]]:
        """Those who are due and of whom nothing more has come: what came in time counts, however late a busy loop
        lets us read it."""
        late = self._front(queue, due)
        for fd, attempt in late:
            if attempt.talk is not None:
                self._dialogues.hear(fd, attempt, now)
            elif (end := self._read(fd, attempt, now)) is not None:
                self._finish([(fd, attempt, end)], now)
        return [(fd, attempt) for fd, attempt in late if queue.get(fd) is attempt and due(attempt)]

    def _look_at(self, fd: int, attempt: Attempt, now: float) -> None:
        """Nothing was heard of its connection: is there one?"""
        answered_by = attempt.opened + self._timeouts.connect
        if self._connected_meanwhile(fd, attempt, now):
            return
        if now >= answered_by:
            self._release(fd, attempt)
            self._missed(attempt, None, now)
        elif self._connecting.pop(fd, None):
            attempt.until = answered_by
            self._unanswered[fd] = attempt
            if attempt.step is None:
                self._epoll.modify(fd, _WATCHING)

    def _connected_meanwhile(self, fd: int, attempt: Attempt, now: float) -> bool:
        """Whether it is connected and silent: then its greeting is waited for, from now on: nobody knows since
        when it is connected."""
        if attempt.step is not None:
            return False  # its connection is watched
        try:
            attempt.sock.getpeername()
        except OSError:
            return False
        self._connecting.pop(fd, None)
        self._unanswered.pop(fd, None)
        self._queue(fd, attempt, now)
        return True

    def _overdue(self, fd: int, attempt: Attempt, now: float) -> None:
        """Its whole time is up."""
        if (fd in self._connecting or fd in self._unanswered) and not self._connected_meanwhile(
            fd, attempt, now
        ):
            self._release(fd, attempt)
            if attempt.plan is not None:
                self._plans.unreached(attempt, now)
            else:
                self._report(attempt, Status.TIMEOUT, now, error="no answer in time")
        else:
            self._finish([(fd, attempt, End.DEADLINE)], now)

    def _release(self, fd: int, attempt: Attempt) -> None:
        self._forget(fd)
        attempt.sock.close()

    def give_away(self, fd: int, attempt: Attempt) -> None:
        """It goes on elsewhere: watch it no more."""
        self._epoll.unregister(fd)
        self._forget(fd)

    def reopen(self, attempt: Attempt) -> None:
        """Open another connection to the same address."""
        self._again.append(attempt)
        self._work_soon()

    def begin(self, fd: int, attempt: Attempt, step: Hold, now: float) -> None:
        """Say the hello of `step` there."""
        self._dialogues.begin(fd, attempt, step, now)

    def part(self, fd: int, attempt: Attempt) -> None:
        """Its dialogue is over: its connection is closed when others are, or begin, which is cheaper."""
        if self._attempts.get(fd) is attempt:
            self._forget(fd)
            self._over.append(attempt.sock)

    def _hang_up(self) -> None:
        for sock in self._over:
            sock.close()
        self._over.clear()

    def _forget(self, fd: int) -> None:
        del self._attempts[fd]
        if self._connecting.pop(fd, None) is None:
            self._unanswered.pop(fd, None)
            self._unqueue(fd)
            self._pausing.pop(fd, None)

    def _finish(self, over: list[tuple[int, Attempt, End]], now: float) -> None:
        """These connections have told what they had to tell by themselves."""
        ended = []
        repeated, told, done = self._outcomes.repeated, self._outcomes.of, self._admission.done
        for fd, attempt, end in over:
            if attempt.talk is not None:
                self._dialogues.tell(fd, attempt, now, attempt.talk.close, end)
                continue
            if attempt.plan is not None:
                self._plans.listened(fd, attempt, end, now)
                continue
            status = Status.BANNER
            outcome = repeated(attempt, end, now)
            if outcome is None:
                # What ended a visit before ends this one as well; else somebody may have to speak.
                if self._speaks and self._continued(fd, attempt, end, now):
                    continue
                status = Status.BANNER if attempt.data else _WITHOUT_BYTES[end]
                outcome = told(attempt, status, now, end if attempt.data else None)
            ended.append((attempt, status, outcome))
            self._forget(fd)
        self._over += [attempt.sock for attempt, _, _ in ended]
        self._results.put_all(
            [outcome for attempt, status, outcome in ended if not done(attempt, status, attempt.data)]
        )

    def _continued(self, fd: int, attempt: Attempt, end: End, now: float) -> bool:
        """Whether somebody has to speak: then the plan has gone on at the same socket."""
        waited = now - attempt.opened - (attempt.connect or 0.0)
        if not self._planner.goes_on(attempt.data, end, attempt.target.port, waited):
            return False
        if attempt.data or self._admission.paced:
            self.give_away(fd, attempt)
            self._handover.carry_on(attempt, end)
        else:
            self._plans.go_on(fd, attempt, end, waited, now)
        return True

    def _handed_back(self, error: BaseException | None) -> None:
        self._work_soon()
        if error is not None and not self._done.done():
            self._done.set_exception(error)

    def _report(self, attempt: Attempt, status: Status, now: float, error: str | None = None) -> None:
        """It ended without a connection."""
        if not self._admission.done(attempt, status):
            self._results.put_all([self._outcomes.of(attempt, status, now, error=error)])


_Socket = socket.SocketType
"""The interpreter's own class: what `socket.socket` adds, in Python, is not needed here."""
_UNDER_WAY = (0, errno.EINPROGRESS)
_STREAM = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0) | getattr(socket, "SOCK_CLOEXEC", 0)
if hasattr(select, "epoll"):  # else `nestable` says no, and none of these is used
    _HEARING = select.EPOLLIN | select.EPOLLET
    _WATCHING = _HEARING | select.EPOLLOUT
    """For the connection as well."""
    _READABLE = select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR
_WITHOUT_BYTES = {End.EOF: Status.CLOSED, End.RESET: Status.RESET, End.DEADLINE: Status.SILENT}
