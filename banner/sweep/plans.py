"""From one step of a plan to the next, on sockets that the sweep holds.

A plan goes on here as long as its steps are plain: listening, hellos in the clear, and TLS's hello, to which most
peers do not answer. Whoever does, and what happens inside TLS, is for the streams driver.
"""

from __future__ import annotations

from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from ..dialogue import Probe, Talk, Wire
from ..models import End, Grab, Settings, Status
from ..plan.conversation import Conversation
from ..plan.planner import Planner
from ..plan.reactions import speaks_tls
from ..plan.steps import Heard, Hold, Listen, Secure, Step
from ..visit.visit import Visit
from .admission import Feed
from .attempts import Flight, Following, Outcomes
from .handover import Handover
from .results import Outbox

T = TypeVar("T")

SESSIONS: Final = 256
"""Handshakes begun at a time, at 41 kB and 0.1 ms each. Who would be one more hears a hello without a session behind
it; if he answers, it is said again on a connection of its own."""


class Sockets(Protocol):
    """What is done with a flight's connection."""

    def part(self, fd: int, flight: Flight) -> None:
        """It is over: close it, now or soon."""

    def give_away(self, fd: int, flight: Flight) -> None:
        """It goes on elsewhere: watch it no more."""

    def reopen(self, flight: Flight) -> None:
        """Open another one to the same address."""

    def expect(self, fd: int, flight: Flight, now: float) -> None:
        """From now on its next step's patience counts."""

    def begin(self, fd: int, flight: Flight, step: Hold, now: float) -> None:
        """Say the hello of `step` there."""


class Courses(Generic[T]):
    """The plans of flights whose sockets are the sweep's."""

    def __init__(
        self,
        feed: Feed[Flight],
        outbox: Outbox[T],
        settings: Settings,
        plan: Planner,
        outcomes: Outcomes[T],
        handover: Handover[T],
        sockets: Sockets,
    ) -> None:
        self._feed = feed
        self._outbox = outbox
        self._settings = settings
        self._plan = plan
        self._outcomes = outcomes
        self._handover = handover
        self._sockets = sockets
        self._sessions = 0
        self.under_way: dict[Flight, None] = {}
        """The flights that have come further than one step, those that began first in front."""

    def go_on(self, fd: int, flight: Flight, end: End, waited: float, now: float) -> None:
        """Listening for `waited` seconds brought nothing, and the plan goes on."""
        try:
            visit = self._visit(flight)
            self._follow(flight, visit)
            self._advance(fd, flight, visit.heard_greeting(b"", end, waited), now)
        except Exception as error:
            self.fault(flight, error)

    def listened(self, fd: int, flight: Flight, end: End, now: float) -> None:
        """Listening, as a step of a plan, has come to its end."""
        try:
            visit = self._met(flight, fresh=True)
            waited = now - flight.opened - (flight.connect or 0.0)
            self._advance(fd, flight, visit.heard_greeting(flight.data, end, waited, fresh=True), now)
        except Exception as error:
            self.fault(flight, error)

    def unreached(self, flight: Flight, now: float) -> None:
        """There was no further connection."""
        try:
            self._advance(None, flight, Heard(reached=False), now)
        except Exception as error:
            self.fault(flight, error)

    def known(self, fd: int, flight: Flight, data: bytes, now: float) -> bool:
        """Whether the first bytes of an answer are one that was heard before, whole: then the outcome is known."""
        outcome = self._outcomes.answered(flight, data, now)
        if outcome is None:
            return False
        self._sockets.part(fd, flight)
        if not self._feed.done(flight, Status.BANNER, data):
            self._outbox.put_all([outcome])
        return True

    def concluded(self, fd: int, flight: Flight, talk: Conversation, end: End, now: float) -> None:
        """A dialogue is over: report, or take the next step of the plan."""
        if flight.course is not None:
            step = flight.course.step
            visit = self._met(flight, fresh=step is not None and step.fresh)
            if not isinstance(step, Secure):
                heard = visit.heard_answer(talk.step, talk.wire, end, talk.service)
            elif self._secured(fd, flight, flight.course, bytes(talk.wire.received)):
                return
            else:
                heard = visit.heard_no_tls(bytes(talk.wire.received), end)
        else:
            visit = self._visit(flight)
            heard = visit.heard_answer(talk.step, talk.wire, end, talk.service)
            if self._plan.settled(heard):
                self._sockets.part(fd, flight)
                grab = visit.outcome()
                if not self._feed.done(flight, grab.status, grab.banner):
                    self._outbox.put_all([self._outcomes.told(flight, grab)])
                return
            self._follow(flight, visit)
        self._advance(fd, flight, heard, now)

    def start_tls(self, fd: int, flight: Flight, talk: Conversation) -> None:
        """The dialogue has come to STARTTLS: the streams driver goes on with it."""
        if (following := flight.course) is None:
            following = self._follow(flight, self._visit(flight))
        else:
            self._met(flight, fresh=talk.step.fresh)
        self._leave(flight)
        self._sockets.give_away(fd, flight)
        flight.talk = None
        self._handover.go_on_there(flight, following.visit, following.course, talk.step, talk)

    def _secured(self, fd: int, flight: Flight, following: Following, data: bytes) -> bool:
        """Whether `data`, the answer to TLS's hello, looks like TLS: then the streams driver shakes hands."""
        step = following.step
        assert isinstance(step, Secure)
        ssl2 = bool(data) and data[0] >= 0x80  # its records begin with their length
        if not (speaks_tls(data) or ssl2):
            return False
        session, following.session = following.session, None
        self._leave(flight)
        if session is None:
            self._sockets.part(fd, flight)
            anew = Secure(fresh=True, alpn=step.alpn, patience=step.patience)
            self._handover.go_on(flight, following.visit, following.course, anew)
        else:
            self._sessions -= 1
            session.feed(data)
            self._sockets.give_away(fd, flight)
            self._handover.go_on_there(flight, following.visit, following.course, step, session)
        return True

    def _advance(self, fd: int | None, flight: Flight, heard: Heard, now: float) -> None:
        """Take the next step; `fd` is None where there is no connection."""
        following = flight.course
        assert following is not None
        self._forget_session(following)
        following.step = step = None if self._overdue(flight, now) else _next(following, heard)
        if fd is not None and (step is None or step.fresh):
            self._sockets.part(fd, flight)
            fd = None
        if step is None:
            self._leave(flight)
            self._report(flight, following.visit.outcome())
        elif not self._takes(flight, step):
            self._leave(flight)
            if fd is None:
                self._handover.go_on(flight, following.visit, following.course, step)
            else:
                self._sockets.give_away(fd, flight)
                self._handover.go_on_there(flight, following.visit, following.course, step)
        elif fd is not None:
            self._prepare(flight, following, step)
            assert flight.step is not None
            self._sockets.expect(fd, flight, now)
            self._sockets.begin(fd, flight, flight.step, now)
        elif step.fresh and following.visit.may_reopen:
            flight.connect, flight.tries = None, 0
            self._prepare(flight, following, step)
            self._sockets.reopen(flight)
        else:
            self._advance(None, flight, Heard(reached=False), now)

    def _takes(self, flight: Flight, step: Step) -> bool:
        """Whether `step` is plain enough to be taken here."""
        if self._feed.paced:
            return False
        if isinstance(step, Secure):
            return not self._plan.expects_tls(flight.target.port)
        if isinstance(step, Listen):
            return step.fresh and not step.tls
        return not (step.tls or step.greeting)

    def _prepare(self, flight: Flight, following: Following, step: Step) -> None:
        """`step` comes next, on the connection that is open or on one that will be."""
        flight.talk, flight.first, flight.data, flight.patience = None, None, b"", step.patience
        if isinstance(step, Secure):
            probe = Probe("tls", talk=partial(_feel, self._hello(flight, following, step)), limit=1024)
            flight.step = Hold(probe, step.fresh, patience=step.patience)
        else:
            flight.step = step if isinstance(step, Hold) else None

    def _hello(self, flight: Flight, following: Following, step: Secure) -> bytes:
        from ..tls.session import Session, opening  # which is not needed by those that only listen

        if self._sessions >= SESSIONS:
            return opening(flight.target.host)
        session = following.session = Session(flight.target.host, alpn=None if step.alpn else ())
        self._sessions += 1
        session.handshake()
        return session.outgoing()

    def _forget_session(self, following: Following) -> None:
        if following.session is not None:
            following.session = None
            self._sessions -= 1

    def _overdue(self, flight: Flight, now: float) -> bool:
        return now >= flight.began + self._settings.timeouts.total

    def _met(self, flight: Flight, *, fresh: bool) -> Visit:
        assert flight.course is not None
        visit = flight.course.visit
        visit.met_again(flight.opened, connect=flight.connect, first_byte=flight.first, fresh=fresh)
        return visit

    def _visit(self, flight: Flight) -> Visit:
        visit = self._handover.visit(flight)
        ip = flight.addresses[flight.at]
        visit.met(ip, flight.opened, connect=flight.connect, first_byte=flight.first)
        return visit

    def _follow(self, flight: Flight, visit: Visit) -> Following:
        """The first step of its plan did not tell enough."""
        course = self._plan.course(flight.target.port)
        next(course)
        flight.course = following = Following(course, visit)
        self.under_way[flight] = None
        return following

    def _leave(self, flight: Flight) -> None:
        self.under_way.pop(flight, None)

    def _report(self, flight: Flight, grab: Grab) -> None:
        if not self._feed.done(flight, grab.status, grab.banner):
            self._outbox.put(grab)

    def fault(self, flight: Flight, error: Exception) -> None:
        """A bug in a dialogue or a plan costs this one record."""
        self._sockets.part(flight.sock.fileno(), flight)
        self._leave(flight)
        if flight.course is not None:
            self._forget_session(flight.course)
        self._feed.done(flight)
        visit = flight.course.visit if flight.course is not None else self._visit(flight)
        self._outbox.put(visit.fault(error))


def _feel(hello: bytes, wire: Wire) -> Talk:
    """Say TLS's `hello`, and hear whether what answers looks like TLS."""
    wire.send(hello)
    data = yield from wire.some()
    while len(data) < 6 and data[0] in (0x15, 0x16):
        data += yield from wire.some()
    return None


def _next(following: Following, heard: Heard) -> Step | None:
    """The step that follows on what was `heard`."""
    try:
        return following.course.send(heard)
    except StopIteration:
        return None
