"""The bulk driver of a scan: many sockets, one selector nested in the running loop.

An own epoll object is registered in the loop as a single reader, so it works on asyncio's loop and on uvloop,
inside any application, without a thread. One callback handles a batch of ready sockets and starts their
successors; no task, future or closure is made for a target. Phases have constant lengths, so each phase is a
dict in order of arrival, and one coarse timer looks at the fronts. What needs more than a plain dialogue on
one connection goes on in the streams driver's hands.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import takewhile
from typing import Any

from .address import sockaddr
from .conversation import Conversation
from .dialogue import QUIET, Want, Wholeness, whole
from .failures import EXHAUSTED, RESETS, reason, status_of
from .feed import Feed, Job
from .link import BACKOFF
from .models import End, Grab, Mode, Settings, Status, Timings
from .outbox import Outbox
from .plan import planner
from .reading import Reading
from .steps import Course, Heard, Hold, Listen, Step
from .visit import Visit

BATCH = 128
"""Ready sockets handled in one go at most."""
ROOM = 16384
"""Bytes read of an answer at a time: a small page in one call."""
SLICE = 0.002
"""Seconds that one callback may take before the application's own callbacks get their turn: a timer of 10 ms
then fires within 15."""
TICK = 0.05
"""Seconds between two looks at the deadlines: a tenth of the shortest phase (`QUIET`)."""
BURST = 64
"""Connections started between two looks at the clock, at some 20 us each."""


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


class _Flight:
    """One target's socket under way."""

    __slots__ = (
        "address",
        "at",
        "began",
        "connect",
        "data",
        "first",
        "job",
        "opened",
        "patience",
        "quiet",
        "sock",
        "step",
        "talk",
        "tries",
        "until",
    )

    def __init__(self, job: Job, now: float, patience: float | None = None) -> None:
        self.job = job
        self.began = now if job.began is None else job.began
        self.at = 0
        """Which of the job's addresses it is at."""
        self.tries = 0
        self.data = b""
        self.patience = patience
        """Seconds until somebody speaks to a silent peer; None where nobody does."""
        self.step: Hold | None = None
        """The hello with which it begins, where the peer waits for one."""
        self.talk: Conversation | None = None
        self.connect: float | None = None
        self.first: float | None = None
        self.opened = now
        self.until = 0.0
        """The present phase's deadline: of connecting, then of reading."""
        self.quiet = 0.0
        """When a pause will have been long enough."""
        self.sock: socket.SocketType
        self.address: Any


class Sweep:
    """Visits what `feed` gives, `concurrency` at a time, and puts every outcome into `outbox`."""

    def __init__(self, feed: Feed, outbox: Outbox, settings: Settings, concurrency: int) -> None:
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._concurrency = concurrency
        self._plan = planner(settings)
        self._speaks = settings.mode is not Mode.LISTEN
        self._handed: set[asyncio.Task[None]] = set()
        self._timeouts = settings.timeouts
        self._limit = settings.limit
        self._flights: dict[int, _Flight] = {}
        self._connecting: dict[int, _Flight] = {}
        self._unanswered: dict[int, _Flight] = {}
        self._reading: dict[int, _Flight] = {}
        self._patient: dict[int, _Flight] = {}
        self._pausing: dict[int, _Flight] = {}
        self._backing_off = 0
        self._again: deque[_Flight] = deque()
        # Where nobody will speak, an arriving greeting is all that matters; a connection is looked for when its
        # time is up (`_connected_meanwhile`), and costs no event of its own: 1 us of 25 for each target.
        timeouts = settings.timeouts
        self._look = timeouts.connect if self._speaks else min(timeouts.connect, timeouts.read)
        self._events = _EVENTS if self._speaks else _EVENTS & ~select.EPOLLOUT
        self._clock = time.time() - time.monotonic()

    async def run(self) -> None:
        """Return when everything is visited; cancelled, close all sockets."""
        loop = self._loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        self._filling: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None
        self._epoll = select.epoll()
        self._feed.wake = self._outbox.room = self._fill_soon
        loop.add_reader(self._epoll.fileno(), self._guard, self._on_ready)
        self._timer = loop.call_later(TICK, self._guard, self._on_tick)
        try:
            self._fill_soon()
            await self._done
        finally:
            self._close()
            await self._end_handed()

    def _close(self) -> None:
        self._feed.wake = self._outbox.room = lambda: None
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        for handle in (self._timer, self._filling, self._later):
            if handle is not None:
                handle.cancel()
        for flight in self._flights.values():
            flight.sock.close()
        self._flights.clear()

    async def _end_handed(self) -> None:
        for task in self._handed:
            task.cancel()
        await asyncio.gather(*self._handed, return_exceptions=True)

    def _guard(self, step: Any) -> None:
        """Run a callback; what it raises is the scan's failure, not the loop's."""
        try:
            step()
        except Exception as error:
            if not self._done.done():
                self._done.set_exception(error)

    # -- starting -----------------------------------------------------------------------------------

    def _fill_soon(self) -> None:
        if self._filling is None and not self._done.done():
            self._filling = self._loop.call_soon(self._guard, self._on_fill)

    def _on_fill(self) -> None:
        self._filling = None
        self._fill(time.monotonic() + SLICE)

    def _fill(self, until: float) -> None:
        """Start as many as there is room for, but not for longer than `until`."""
        now = time.monotonic()
        while (room := self._concurrency - self._in_flight()) > 0 and not self._outbox.full:
            flights = self._take(min(room, BURST), now)
            if flights is None:
                break
            self._connect(flights, now)
            now = time.monotonic()
            if now > until:
                self._fill_soon()
                return
        if self._feed.delay is not None:
            self._fill_after(self._feed.delay)
        elif self._idle() and self._feed.exhausted and not self._done.done():
            self._done.set_result(None)

    def _take(self, most: int, now: float) -> list[_Flight] | None:
        """At most `most` flights to start now; None where nothing waits to be started."""
        flights = [self._again.popleft() for _ in range(min(most, len(self._again)))]
        if len(flights) == most:
            return flights
        jobs = self._feed.take(most - len(flights), now)
        if not jobs:
            return flights or None
        if not self._speaks:
            flights += [_Flight(job, now) for job in jobs if job.ready]
            for job in jobs:
                if not job.ready:
                    self._report_unvisited(job, now)
            return flights
        for job in jobs:
            if not job.ready:
                self._report_unvisited(job, now)
                continue
            opening = self._plan.opening(job.target.port)
            if isinstance(opening, Listen):
                flights.append(_Flight(job, now, opening.patience))
            elif isinstance(opening, Hold) and not opening.probe.starttls:
                flight = _Flight(job, now)
                flight.step = opening
                flights.append(flight)
            else:
                visit = Visit(
                    job.target, self._settings, began=job.began, dns=job.dns, turn=self._feed.next_turn
                )
                self._hand_over(job, visit.run_at(job.addresses))
        return flights

    def _report_unvisited(self, job: Job, now: float) -> None:
        """Report a job whose name has no address, or whose addresses are all forbidden."""
        status = Status.DNS_ERROR if job.error is not None else Status.DENIED
        self._report(_Flight(job, now), status, now, error=job.error or job.denied)

    def _idle(self) -> bool:
        return not (self._in_flight() or self._again)

    def _in_flight(self) -> int:
        return len(self._flights) + self._backing_off + len(self._handed)

    def _fill_after(self, delay: float) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = self._loop.call_later(delay, self._fill_soon)

    def _connect(self, flights: list[_Flight], now: float) -> None:
        """Start connecting each flight to its present address.

        One kind of system call after the other: a peer on a machine with few cores then wakes up once for many
        connections, and the caches of kernel and interpreter stay warm; a fifth of the cost on loopback.
        """
        started = []
        for flight in flights:
            try:
                family, flight.address = sockaddr(flight.job.addresses[flight.at], flight.job.target.port)
                flight.sock = _Socket(family, _STREAM)
            except OSError as error:
                self._missed(flight, error.errno, now)
            else:
                started.append(flight)
        numbers = [flight.sock.connect_ex(flight.address) for flight in started]
        until = now + self._look
        register, events = self._epoll.register, self._events
        all_flights, connecting = self._flights, self._connecting
        for flight, number in zip(started, numbers, strict=True):
            if number not in _UNDER_WAY:
                flight.sock.close()
                self._missed(flight, number, now)
                continue
            fd = flight.sock.fileno()
            flight.opened = now
            flight.until = until
            connecting[fd] = all_flights[fd] = flight
            register(fd, events)

    def _missed(self, flight: _Flight, number: int | None, now: float) -> None:
        """No connection: try again later, or the next address, or report."""
        job = flight.job
        if number in EXHAUSTED and flight.tries < len(BACKOFF):
            pause = BACKOFF[flight.tries]
            if now + pause < flight.began + self._timeouts.total:
                flight.tries += 1
                self._backing_off += 1
                self._loop.call_later(pause, self._try_again, flight)
                return
        if flight.at + 1 < len(job.addresses) and now < flight.began + self._timeouts.total:
            flight.at += 1
            flight.tries = 0
            self._connect([flight], now)
            return
        status = Status.TIMEOUT if number is None else status_of(number)
        self._report(flight, status, now, error=reason(number, "no answer in time"))

    def _try_again(self, flight: _Flight) -> None:
        self._backing_off -= 1
        self._again.append(flight)
        self._fill_soon()

    # -- reading ------------------------------------------------------------------------------------

    def _on_ready(self) -> None:
        now = time.monotonic()
        flights = self._flights
        over = []
        for fd, events in self._epoll.poll(0, BATCH):
            flight = flights.get(fd)
            if flight is None:
                continue
            if events & _READABLE:
                if flight.step is not None:
                    self._hear(fd, flight, flight.step, now)
                    continue
                end = self._read(fd, flight, now)
                if end is not None:
                    over.append((fd, flight, end))
            elif flight.connect is None:
                self._connected(fd, flight, now)
        self._finish(over, now)
        if self._filling is None:  # else it is done in this round of the loop anyway
            self._fill(time.monotonic() + SLICE)

    def _connected(self, fd: int, flight: _Flight, now: float) -> None:
        flight.connect = now - flight.opened
        self._wait_on(fd, flight, now)
        if flight.step is not None:
            self._say_hello(fd, flight, flight.step)

    def _wait_on(self, fd: int, flight: _Flight, now: float) -> None:
        """It is connected, and its greeting is not whole: from here on the read deadline counts."""
        self._unanswered.pop(fd, None)
        if self._connecting.pop(fd, None) is not None and flight.patience is not None and not flight.data:
            flight.until = now + flight.patience
            self._patient[fd] = flight
        elif fd not in self._reading and (flight.data or fd not in self._patient):
            self._patient.pop(fd, None)
            flight.until = now + self._timeouts.read
            self._reading[fd] = flight

    def _read(self, fd: int, flight: _Flight, now: float) -> End | None:
        """Read what has come; how the reading ended, or None where it goes on."""
        # Until the greeting is whole or nothing more is there: the selector tells of news but once.
        while True:
            try:
                data = flight.sock.recv(self._limit - len(flight.data))
            except BlockingIOError:
                return None
            except OSError as error:
                return self._broken(fd, flight, error.errno, now)
            if not data:
                return End.EOF
            if flight.first is None:
                flight.first = now - flight.opened
            if flight.data:
                data = flight.data + data
            flight.data = data
            so_far = whole(data)
            if so_far is Wholeness.WHOLE:
                return End.COMPLETE
            if len(data) >= self._limit:
                return End.LIMIT
            self._wait_on(fd, flight, now)
            self._pausing.pop(fd, None)
            if so_far is Wholeness.OPEN:
                flight.quiet = now + QUIET
                self._pausing[fd] = flight

    def _broken(self, fd: int, flight: _Flight, number: int | None, now: float) -> End | None:
        """The socket has an error: after it was connected, a reset; before, there is no connection."""
        if flight.connect is not None or flight.data or number in RESETS:
            return End.RESET
        self._release(fd, flight)
        self._missed(flight, number, now)
        return None

    # -- speaking first -----------------------------------------------------------------------------

    def _say_hello(self, fd: int, flight: _Flight, step: Hold) -> None:
        """The peer has accepted and waits: begin the dialogue."""
        job = flight.job
        visit = Visit(job.target, self._settings, began=flight.began, dns=job.dns, turn=self._feed.next_turn)
        visit.met(job.addresses[flight.at], flight.opened, Timings(connect=flight.connect))
        try:
            flight.talk = Conversation(visit, step)
            _send(flight)
        except Exception as error:
            self._report_fault(fd, flight, visit, error)

    def _hear(self, fd: int, flight: _Flight, step: Hold, now: float) -> None:
        """Something came, or the end: the dialogue goes on."""
        if flight.talk is None:
            # Connected and answered in one event: what came before a hello is read as an answer to it.
            number = flight.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number and number not in RESETS:
                self._broken(fd, flight, number, now)
                return
            self._connected(fd, flight, now)
            if number and flight.talk is not None:
                self._carry(fd, flight, now, partial(flight.talk.close, End.RESET))
        while (talk := flight.talk) is not None and talk.end is None:
            try:
                data = flight.sock.recv(min(talk.wire.room(), ROOM))
            except BlockingIOError:
                return
            except OSError:
                self._carry(fd, flight, now, partial(talk.close, End.RESET))
                return
            if data and flight.first is None:
                flight.first = now - flight.opened
            self._carry(fd, flight, now, partial(talk.feed, data) if data else partial(talk.close, End.EOF))

    def _carry(self, fd: int, flight: _Flight, now: float, event: Callable[[], None]) -> None:
        """Give a dialogue an event; write what it says, wait for what it wants, or end it."""
        talk = flight.talk
        assert talk is not None
        self._pausing.pop(fd, None)
        try:
            event()
            _send(flight)
            if talk.end is None:
                if talk.want is Want.PAUSE:
                    flight.quiet = now + QUIET
                    self._pausing[fd] = flight
                return
            self._release(fd, flight)
            self._conclude(flight, talk)
        except Exception as error:
            self._report_fault(fd, flight, talk.visit, error)

    def _report_fault(self, fd: int, flight: _Flight, visit: Visit, error: Exception) -> None:
        """A bug in a dialogue costs this one record."""
        if fd in self._flights:
            self._release(fd, flight)
        self._feed.done(flight.job)
        self._outbox.put(visit.fault(error))

    def _conclude(self, flight: _Flight, talk: Conversation) -> None:
        """The dialogue is over: report, or let the streams driver take the next step of the plan."""
        visit = talk.visit
        visit.met(flight.job.addresses[flight.at], flight.opened, Timings(first_byte=flight.first))
        assert talk.end is not None
        heard = visit.heard_answer(talk.step, talk.wire, talk.end, talk.service)
        course = self._plan.course(flight.job.target.port)
        step = None if self._plan.settled(heard) else _after_first(course, heard)
        if step is None:
            grab = visit.outcome()
            if not self._feed.done(flight.job, grab.status, grab.banner):
                self._outbox.put(grab)
        else:
            self._hand_over(flight.job, visit.go_on(course, step))

    # -- ending -------------------------------------------------------------------------------------

    def _on_tick(self) -> None:
        now = time.monotonic()
        self._timer = self._loop.call_later(TICK, self._guard, self._on_tick)
        for queue in (self._connecting, self._unanswered):
            for fd, flight in _front(queue, lambda flight: flight.until <= now):
                self._look_at(fd, flight, now)
        paused = _front(self._pausing, lambda flight: flight.quiet <= now)
        for fd, flight in paused:
            if flight.talk is not None:
                del self._pausing[fd]
                self._carry(fd, flight, now, flight.talk.pause)
        self._finish([(fd, flight, End.COMPLETE) for fd, flight in paused if flight.talk is None], now)
        for queue in (self._reading, self._patient):
            late = _front(queue, lambda flight: flight.until <= now)
            self._finish([(fd, flight, End.DEADLINE) for fd, flight in late], now)
        oldest = now - self._timeouts.total
        for fd, flight in _front(self._flights, lambda flight: flight.began <= oldest):
            self._overdue(fd, flight, now)
        self._fill(now + SLICE)

    def _look_at(self, fd: int, flight: _Flight, now: float) -> None:
        """Nothing was heard of its connection: is there one?"""
        answered_by = flight.opened + self._timeouts.connect
        if self._connected_meanwhile(fd, flight):
            return
        if now >= answered_by:
            self._release(fd, flight)
            self._missed(flight, None, now)
        elif self._connecting.pop(fd, None):
            flight.until = answered_by
            self._unanswered[fd] = flight

    def _connected_meanwhile(self, fd: int, flight: _Flight) -> bool:
        """Whether it is connected and silent: then its greeting is waited for, from when it began to connect."""
        try:
            flight.sock.getpeername()
        except OSError:
            return False
        self._connecting.pop(fd, None)
        self._unanswered.pop(fd, None)
        flight.until = flight.opened + self._timeouts.read
        self._reading[fd] = flight
        return True

    def _overdue(self, fd: int, flight: _Flight, now: float) -> None:
        """Its whole time is up."""
        if (fd in self._connecting or fd in self._unanswered) and not self._connected_meanwhile(fd, flight):
            self._release(fd, flight)
            self._report(flight, Status.TIMEOUT, now, error="no answer in time")
        else:
            self._finish([(fd, flight, End.DEADLINE)], now)

    def _release(self, fd: int, flight: _Flight) -> None:
        self._forget(fd)
        flight.sock.close()

    def _forget(self, fd: int) -> None:
        del self._flights[fd]
        if self._connecting.pop(fd, None) is None:
            self._unanswered.pop(fd, None)
            self._reading.pop(fd, None)
            self._patient.pop(fd, None)
            self._pausing.pop(fd, None)

    def _finish(self, over: list[tuple[int, _Flight, End]], now: float) -> None:
        """These connections have told what they had to tell by themselves."""
        for fd, flight, end in over:
            if flight.talk is not None:
                self._carry(fd, flight, now, partial(flight.talk.close, end))
        over = [each for each in over if each[1].talk is None]
        if self._speaks:
            over = [each for each in over if not self._continued(*each)]
        for fd, _, _ in over:
            self._forget(fd)
        for _, flight, _ in over:
            flight.sock.close()
        grabs = []
        for _, flight, end in over:
            status = Status.BANNER if flight.data else _WITHOUT_BYTES[end]
            if not self._feed.done(flight.job, status, flight.data):
                grabs.append(self._grab(flight, status, now, end if flight.data else None))
        self._outbox.put_all(grabs)

    def _continued(self, fd: int, flight: _Flight, end: End) -> bool:
        """Whether somebody has to speak: then the streams driver has gone on at the same socket."""
        if not self._plan.goes_on(flight.data, end, flight.job.target.port):
            return False
        self._continue(fd, flight, end)
        return True

    def _continue(self, fd: int, flight: _Flight, end: End) -> None:
        """Listening is done and somebody has to speak: the streams driver goes on at the same socket."""
        self._epoll.unregister(fd)
        self._forget(fd)
        job = flight.job
        visit = Visit(job.target, self._settings, began=flight.began, dns=job.dns, turn=self._feed.next_turn)
        timings = Timings(connect=flight.connect, first_byte=flight.first)
        ip = job.addresses[flight.at]
        sock = socket.socket(fileno=flight.sock.detach())
        sock.setblocking(False)
        work = visit.carry_on(ip, sock, flight.data, end, opened=flight.opened, timings=timings)
        self._hand_over(job, work)

    def _hand_over(self, job: Job, work: Coroutine[Any, Any, Grab]) -> None:
        task = self._loop.create_task(self._see_to_it(job, work))
        self._handed.add(task)
        task.add_done_callback(self._handed_back)

    async def _see_to_it(self, job: Job, work: Coroutine[Any, Any, Grab]) -> None:
        grab = await work
        if not self._feed.done(job, grab.status, grab.banner):
            self._outbox.put(grab)

    def _handed_back(self, task: asyncio.Task[None]) -> None:
        self._handed.discard(task)
        self._fill_soon()
        if not task.cancelled() and (error := task.exception()) and not self._done.done():
            self._done.set_exception(error)

    def _report(self, flight: _Flight, status: Status, now: float, error: str | None = None) -> None:
        """It ended without a connection."""
        if not self._feed.done(flight.job, status):
            self._outbox.put(self._grab(flight, status, now, error=error))

    def _grab(
        self, flight: _Flight, status: Status, now: float, end: End | None = None, error: str | None = None
    ) -> Grab:
        job = flight.job
        target = job.target
        connected = status in _CONNECTED
        reading = self._plan.reading(flight.data, target.port) if flight.data else _NOTHING
        return Grab(
            int((flight.began + self._clock) * 1e3) / 1e3,
            target.host,
            target.port,
            status,
            job.addresses[flight.at] if job.addresses else None,
            target.tag,
            end,
            flight.data,
            (reading.probe or "listen") if connected else None,
            1 if connected else 0,
            reading.service,
            None,
            Timings(
                _rounded(job.dns),
                _rounded(flight.connect),
                None,
                _rounded(flight.first),
                _rounded(now - flight.began),
            ),
            reading.details,
            error,
        )


_Socket = socket.SocketType
"""The interpreter's own class: what `socket.socket` adds, in Python, is not needed here."""
_UNDER_WAY = (0, errno.EINPROGRESS)
_STREAM = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0) | getattr(socket, "SOCK_CLOEXEC", 0)
_EVENTS = select.EPOLLIN | select.EPOLLOUT | select.EPOLLET
_READABLE = select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR
_WITHOUT_BYTES = {End.EOF: Status.CLOSED, End.RESET: Status.RESET, End.DEADLINE: Status.SILENT}
_NOTHING = Reading(None)
_CONNECTED = frozenset({Status.BANNER, Status.SILENT, Status.CLOSED, Status.RESET})


def _send(flight: _Flight) -> None:
    """Write what the dialogue says. A hello fits into a new socket's buffer; what a dead peer makes of it is
    seen when it is read from."""
    assert flight.talk is not None
    if out := flight.talk.wire.outgoing():
        with contextlib.suppress(OSError):
            flight.sock.send(out)


def _after_first(course: Course, heard: Heard) -> Step | None:
    """The second step of a course whose first one brought `heard`."""
    next(course)
    try:
        return course.send(heard)
    except StopIteration:
        return None


def _front(queue: dict[int, _Flight], due: Callable[[_Flight], bool]) -> list[tuple[int, _Flight]]:
    """The flights at the front of a queue that are due: all others came later."""
    return list(takewhile(lambda item: due(item[1]), queue.items()))


def _rounded(seconds: float | None) -> float | None:
    """To the microsecond; a third of the time of `round`, and all of them are positive."""
    return None if seconds is None else int(seconds * 1e6) / 1e6
