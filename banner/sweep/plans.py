"""From one step of a plan to the next, on sockets that the sweep holds.

A plan goes on here as long as its steps are plain: listening, hellos in the clear, and TLS's hello, to which most
peers do not answer. Whoever does, and what happens inside TLS, is for the streams driver.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from ..dialogue import ROOM, Probe, Talk, Wire
from ..models import End, Grab, Settings, Status
from ..plan.conversation import Conversation
from ..plan.planner import Planner
from ..plan.reactions import speaks_tls
from ..plan.steps import Heard, Hold, Listen, Secure, Step, ended
from ..visit.visit import Visit
from .admission import Admission
from .attempts import Attempt, Outcomes, Progress
from .handover import Handover
from .results import Results
from .states import LIVE, State

T = TypeVar("T")

log: logging.Logger = logging.getLogger("banner")

SESSIONS: Final = 256
"""Handshakes begun at a time, at 41 kB and 0.1 ms each. Who would be one more hears a hello without a session behind
it; if he answers, it is said again on a connection of its own."""


class Sockets(Protocol):
    """What is done with an attempt's connection."""

    def part(self, attempt: Attempt) -> None:
        """It is over: close it, now or soon."""

    def give_away(self, attempt: Attempt) -> None:
        """It goes on elsewhere: watch it no more."""

    def over(self, attempt: Attempt) -> None:
        """Its outcome is told, once, and what connection it has is over."""

    def reopen(self, attempt: Attempt) -> None:
        """Open another one to the same address."""

    def expect(self, attempt: Attempt, now: float) -> None:
        """From now on its next step's patience counts."""

    def begin(self, attempt: Attempt, step: Hold, now: float) -> None:
        """Say the hello of `step` there."""


class Plans(Generic[T]):
    """The plans of attempts whose sockets are the sweep's."""

    def __init__(
        self,
        admission: Admission[Attempt],
        results: Results[T],
        settings: Settings,
        planner: Planner,
        outcomes: Outcomes[T],
        handover: Handover[T],
        sockets: Sockets,
    ) -> None:
        self._admission = admission
        self._results = results
        self._settings = settings
        self._planner = planner
        self._outcomes = outcomes
        self._handover = handover
        self._sockets = sockets
        self._sessions = 0

    def go_on(self, attempt: Attempt, end: End, waited: float, now: float) -> None:
        """Listening for `waited` seconds brought nothing, and the plan goes on."""
        visit = self._visit(attempt)
        self._follow(attempt, visit)
        self._advance(attempt, visit.heard_greeting(b"", end, waited), now)

    def listened(self, attempt: Attempt, end: End, now: float) -> None:
        """Listening, as a step of a plan, has come to its end."""
        visit = self._met(attempt, fresh=True)
        visit.traffic.received += len(attempt.data)
        waited = now - attempt.opened - (attempt.connect or 0.0)
        self._advance(attempt, visit.heard_greeting(attempt.data, end, waited, fresh=True), now)

    def unreached(self, attempt: Attempt, now: float) -> None:
        """There was no further connection."""
        self._advance(attempt, Heard(reached=False), now)

    def known(self, attempt: Attempt, data: bytes, now: float) -> bool:
        """Whether the first bytes of an answer are one that was heard before, whole: then the outcome is known."""
        outcome = self._outcomes.answered(attempt, data, now)
        if outcome is None:
            return False
        self._sockets.over(attempt)
        if not self._admission.done(attempt, Status.BANNER, data):
            self._results.put_all([outcome])
        return True

    def concluded(self, attempt: Attempt, talk: Conversation, end: End, now: float) -> None:
        """A dialogue is over: report, or take the next step of the plan, which may not follow on half a hello."""
        if talk.wire.unsent:
            self._sockets.part(attempt)
        if attempt.plan is not None:
            step = attempt.plan.step
            visit = self._met(attempt, fresh=step is not None and step.fresh)
            if not isinstance(step, Secure):
                heard = visit.heard_answer(talk.step, talk.wire, end, talk.service)
            elif self._secured(attempt, attempt.plan, bytes(talk.wire.received), end):
                return
            else:
                heard = visit.heard_no_tls(bytes(talk.wire.received), end)
        else:
            visit = self._visit(attempt)
            heard = visit.heard_answer(talk.step, talk.wire, end, talk.service)
            if self._planner.settled(heard):
                grab = visit.outcome()
                self._sockets.over(attempt)
                if not self._admission.done(attempt, grab.status, grab.banner):
                    self._results.put_all([self._outcomes.told(attempt, grab)])
                return
            self._follow(attempt, visit)
        self._advance(attempt, heard, now)

    def start_tls(self, attempt: Attempt, talk: Conversation) -> None:
        """The dialogue has come to STARTTLS: the streams driver goes on with it."""
        if (progress := attempt.plan) is None:
            progress = self._follow(attempt, self._visit(attempt))
        else:
            self._met(attempt, fresh=talk.step.fresh)
        self._sockets.give_away(attempt)
        attempt.talk = None
        self._handover.go_on_there(attempt, progress.visit, progress.plan, talk.step, talk)

    def _secured(self, attempt: Attempt, progress: Progress, data: bytes, end: End) -> bool:
        """Whether `data`, the answer to TLS's hello, looks like TLS: then the streams driver shakes hands. What `end`
        was met is told to it: a socket tells of a reset but once."""
        step = progress.step
        assert isinstance(step, Secure)
        ssl2 = bool(data) and data[0] >= 0x80  # its records begin with their length
        if not (speaks_tls(data) or ssl2):
            return False
        session, progress.session = progress.session, None
        if session is not None:
            self._sessions -= 1
        if session is None or attempt.state not in LIVE:
            self._sockets.part(attempt)
            self._sockets.give_away(attempt)
            anew = Secure(fresh=True, alpn=step.alpn, patience=step.patience)
            self._handover.go_on(attempt, progress.visit, progress.plan, anew)
        else:
            session.feed(data)
            if ended(end):
                session.feed_eof(end)
            self._sockets.give_away(attempt)
            self._handover.go_on_there(attempt, progress.visit, progress.plan, step, session)
        return True

    def _advance(self, attempt: Attempt, heard: Heard, now: float) -> None:
        """Take the next step, on the connection that is there or on another one."""
        progress = attempt.plan
        assert progress is not None
        self._forget_session(progress)
        progress.step = step = None if self._overdue(attempt, now) else _next(progress, heard)
        if step is None:
            self._report(attempt, progress.visit.outcome())
            return
        if step.fresh:
            self._sockets.part(attempt)
        connected = attempt.state in LIVE
        if not self._takes(attempt, step):
            self._sockets.give_away(attempt)
            if connected:
                self._handover.go_on_there(attempt, progress.visit, progress.plan, step)
            else:
                self._handover.go_on(attempt, progress.visit, progress.plan, step)
        elif not (connected or step.fresh) or not progress.visit.may_take(step):
            self._advance(attempt, Heard(reached=False), now)
        elif connected:
            self._prepare(attempt, progress, step)
            assert attempt.step is not None
            self._sockets.expect(attempt, now)
            self._sockets.begin(attempt, attempt.step, now)
        else:
            attempt.connect, attempt.tries = None, 0
            self._prepare(attempt, progress, step)
            self._sockets.reopen(attempt)

    def _takes(self, attempt: Attempt, step: Step) -> bool:
        """Whether `step` is plain enough to be taken here."""
        if self._admission.paced:
            return False
        if isinstance(step, Secure):
            return not (step.modest or self._planner.expects_tls(attempt.target.port))
        if isinstance(step, Listen):
            return step.fresh and not step.tls
        return not (step.tls or step.greeting)

    def _prepare(self, attempt: Attempt, progress: Progress, step: Step) -> None:
        """`step` comes next, on the connection that is open or on one that will be."""
        attempt.talk, attempt.first, attempt.data, attempt.patience = None, None, b"", step.patience
        if isinstance(step, Secure):
            probe = Probe("tls", talk=partial(_feel, self._hello(attempt, progress, step)), limit=ROOM)
            attempt.step = Hold(probe, step.fresh, patience=step.patience)
        else:
            attempt.step = step if isinstance(step, Hold) else None

    def _hello(self, attempt: Attempt, progress: Progress, step: Secure) -> bytes:
        from ..tls.session import Session, opening  # which is not needed by those that only listen

        offered = self._planner.offered if step.alpn else ()
        if self._sessions >= SESSIONS:
            return opening(attempt.target.host, offered)
        session = progress.session = Session(attempt.target.host, alpn=offered)
        self._sessions += 1
        session.handshake()
        return session.outgoing()

    def _forget_session(self, progress: Progress) -> None:
        if progress.session is not None:
            progress.session = None
            self._sessions -= 1

    def _overdue(self, attempt: Attempt, now: float) -> bool:
        return now >= attempt.began + self._settings.timeouts.total

    def _met(self, attempt: Attempt, *, fresh: bool) -> Visit:
        assert attempt.plan is not None
        visit = attempt.plan.visit
        visit.met_again(attempt.opened, connect=attempt.connect, first_byte=attempt.first, fresh=fresh)
        return visit

    def _visit(self, attempt: Attempt) -> Visit:
        visit = self._handover.visit(attempt)
        visit.met(attempt.ip, attempt.opened, connect=attempt.connect, first_byte=attempt.first)
        return visit

    def _follow(self, attempt: Attempt, visit: Visit) -> Progress:
        """The first step of its plan did not tell enough."""
        plan = self._planner.plan(attempt.target.port)
        next(plan)
        attempt.plan = progress = Progress(plan, visit)
        return progress

    def _report(self, attempt: Attempt, grab: Grab) -> None:
        self._sockets.over(attempt)
        if not self._admission.done(attempt, grab.status, grab.banner):
            self._results.put(grab)

    def fault(self, attempt: Attempt, error: Exception) -> None:
        """What was raised for one attempt, a bug of ours, costs its record, unless that was told before."""
        if attempt.state is State.OVER:
            log.error("a fault of our own after the outcome of %s", attempt.target.host, exc_info=error)
            return
        if attempt.plan is not None:
            self._forget_session(attempt.plan)
        visit = self._handover.visit(attempt) if attempt.plan is None else attempt.plan.visit
        self._sockets.over(attempt)
        self._admission.done(attempt)
        self._results.put(visit.fault(error))


def _feel(hello: bytes, wire: Wire) -> Talk:
    """Say TLS's `hello`, and hear whether what answers looks like TLS."""
    wire.send(hello)
    data = yield from wire.some()
    # A record's header is five bytes (RFC 8446, section 5.1): a library that shakes hands looks at no less either.
    while len(data) < (6 if data[0] in (0x15, 0x16) else 5):
        data += yield from wire.some()
    return None


def _next(progress: Progress, heard: Heard) -> Step | None:
    """The step that follows on what was `heard`."""
    try:
        return progress.plan.send(heard)
    except StopIteration:
        return None
