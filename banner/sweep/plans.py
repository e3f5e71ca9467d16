"""From one step of a plan to the next, on sockets that the sweep holds.

A plan goes on here as long as its steps are listening, hellos, and handshakes that end well, with what follows inside.
A dialogue that goes on after a greeting, STARTTLS, and a handshake that does not end well are for the streams driver.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Generic, TypeVar

from ..models import End, Grab, Service, Settings, Status
from ..plan.conversation import Conversation
from ..plan.planner import Planner
from ..plan.steps import Heard, Listen, Secure, Step
from ..visit.visit import Visit
from .admission import Admission
from .attempts import Attempt, Progress
from .handover import Handover
from .handshakes import Handshake, Handshakes
from .outcomes import Outcomes
from .results import Results
from .secured import Secured
from .sockets import Sockets
from .states import LIVE, State

T = TypeVar("T")

log: logging.Logger = logging.getLogger("banner")


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
        self.handshakes: Handshakes = Handshakes(settings, planner)

    def begin(self, attempt: Attempt) -> None:
        """Prepare the first step, for when there is a connection."""
        self._set(attempt, self._planner.opening(attempt.target.port))

    def go_on(self, attempt: Attempt, end: End, waited: float, now: float) -> None:
        """Listening for `waited` seconds brought nothing, and the plan goes on."""
        visit = self._visit(attempt)
        self._follow(attempt, visit)
        self._advance(attempt, visit.heard_greeting(b"", end, waited), now)

    def listened(self, attempt: Attempt, end: End, now: float) -> None:
        """Listening, as a step of a plan, has come to its end."""
        progress = attempt.plan
        assert progress is not None
        assert progress.step is not None
        fresh = progress.step.fresh
        visit = self._met(attempt, fresh=fresh)
        visit.found.traffic.received += len(attempt.data)
        since = attempt.opened + (attempt.connect or 0.0) if progress.since is None else progress.since
        heard = visit.heard_greeting(attempt.data, end, now - since, fresh=fresh)
        self._advance(attempt, _inside(attempt, visit, heard), now)

    def unreached(self, attempt: Attempt, now: float) -> None:
        """There was no further connection."""
        self._advance(attempt, Heard(reached=False), now)

    def known(self, attempt: Attempt, data: bytes, now: float) -> bool:
        """Whether the first bytes of an answer are one that was heard before, whole: then the outcome is known."""
        if attempt.handshake is not None or (outcome := self._outcomes.answered(attempt, data, now)) is None:
            return False
        self._sockets.over(attempt)
        if not self._admission.done(attempt, _BANNER, data):
            self._results.put_all([outcome])
        return True

    def concluded(self, attempt: Attempt, talk: Conversation | Handshake, end: End, now: float) -> None:
        """A dialogue is over: report, or take the next step of the plan, which may not follow on half a hello."""
        if talk.wire.unsent:
            self._sockets.part(attempt)
        if isinstance(talk, Handshake):
            self.handshakes.over(attempt)
            self._shaken(attempt, talk, end, now)
            return
        if attempt.plan is not None:
            visit = self._met(attempt, fresh=talk.step.fresh)
            heard = visit.found.note_dialogue(talk.step, talk.wire, end, talk.service)
            heard = _inside(attempt, visit, heard)
        else:
            known = self._recognised(attempt, talk)
            if known is not None and self._planner.settled(bytes(talk.wire.received), known):
                self._settle(attempt, talk, known, end, now)
                return
            visit = self._visit(attempt)
            heard = visit.found.note_dialogue(talk.step, talk.wire, end, talk.service, known)
            self._follow(attempt, visit)
        self._advance(attempt, heard, now)

    def _recognised(self, attempt: Attempt, talk: Conversation) -> Service | None:
        """Whose answer came, where the dialogue knows that."""
        if talk.service is None or not talk.wire.received:
            return None
        return self._planner.recognised(talk.service, talk.step.probe, talk.wire, attempt.target.port)

    def _settle(self, attempt: Attempt, talk: Conversation, service: Service, end: End, now: float) -> None:
        """The first answer, of `service`, is the last word: its outcome is told, and no visit is made for it."""
        limit, banner = self._settings.limit, talk.wire.banner()
        end = End.LIMIT if len(banner) >= limit else end
        outcome = self._outcomes.settled(attempt, service, banner[:limit], end, now)
        self._sockets.over(attempt)
        if not self._admission.done(attempt, _BANNER, banner[:limit]):
            self._results.put_all([outcome])

    def _shaken(self, attempt: Attempt, handshake: Handshake, end: End, now: float) -> None:
        """The hands are shaken, or TLS's hello was answered otherwise, up to `end`."""
        session = handshake.session
        secured = session is not None and session.done
        data = b"" if secured else bytes(handshake.wire.received)
        streams = not secured and self.handshakes.concerns_streams(attempt, session, data)
        if secured or streams:
            attempt.first = None  # what is said inside counts
        if (progress := attempt.plan) is None:
            progress = self._follow(attempt, self._visit(attempt))
        else:
            self._met(attempt, fresh=handshake.step.fresh)
        found = progress.visit.found
        if session is not None and secured:
            attempt.session = session
            if not session.cut:
                watch = partial(self._sockets.watch, attempt.fd)
                attempt.sock = Secured(attempt.sock, session, found.traffic, watch)
            found.timing.setdefault("tls", handshake.seconds)
            self._advance(attempt, found.note_tls(session.result(time.time())), now)
        elif not streams:
            self._advance(attempt, found.note_no_tls(data, end), now)
        elif session is None or attempt.state not in LIVE:
            self._sockets.part(attempt)
            self._sockets.give_away(attempt)
            step = handshake.step
            anew = Secure(fresh=True, alpn=step.alpn, patience=step.patience)
            self._handover.go_on(attempt, progress.visit, progress.plan, anew)
        else:
            # What end was met is in the session: a socket tells of a reset but once.
            if attempt.broken or end is End.RESET:
                session.outgoing()  # an alert that nobody is there to hear
            self._sockets.give_away(attempt)
            self._handover.go_on_there(attempt, progress.visit, progress.plan, handshake.step, session)

    def start_tls(self, attempt: Attempt, talk: Conversation) -> None:
        """The dialogue has come to STARTTLS: the streams driver goes on with it."""
        if (progress := attempt.plan) is None:
            progress = self._follow(attempt, self._visit(attempt))
        else:
            self._met(attempt, fresh=talk.step.fresh)
        self._sockets.give_away(attempt)
        attempt.talk = None
        self._handover.go_on_there(attempt, progress.visit, progress.plan, talk.step, talk)

    def _advance(self, attempt: Attempt, heard: Heard, now: float) -> None:
        """Take the next step, on the connection that is there or on another one."""
        progress = attempt.plan
        assert progress is not None
        progress.step = step = None if self._overdue(attempt, now) else _next(progress, heard)
        if step is None:
            if isinstance(attempt.sock, Secured) and not attempt.sock.over:
                attempt.sock.flush()  # that the hands are shaken, where nothing was said inside
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
            progress.since = now
            self._prepare(attempt, step)
            self._sockets.expect(attempt, now)
            if attempt.step is None:
                self._sockets.listen(attempt, now)
            else:
                self._sockets.begin(attempt, attempt.step, now)
        else:
            attempt.connect, attempt.tries, attempt.session, attempt.broken = None, 0, None, False
            progress.since = None
            self._prepare(attempt, step)
            self._sockets.reopen(attempt)

    def _takes(self, attempt: Attempt, step: Step) -> bool:
        """Whether `step` is taken here."""
        if step.fresh and self._admission.paced:
            return False
        if isinstance(step, Secure):
            return not step.modest
        inside = attempt.session is not None and not step.fresh
        if step.tls and not inside:
            return False
        if isinstance(step, Listen):
            return (step.fresh or inside) and not step.through
        return not step.greeting

    def _prepare(self, attempt: Attempt, step: Step) -> None:
        """`step` comes next, on the connection that is open or on one that will be."""
        attempt.talk = attempt.first = attempt.step = attempt.patience = None
        attempt.data = b""
        self._set(attempt, step)

    def _set(self, attempt: Attempt, step: Step) -> None:
        if isinstance(step, Listen):
            attempt.patience = step.patience
        else:
            attempt.step = step
            attempt.patience = step.patience if step.prompt is None else step.prompt

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
        self.handshakes.over(attempt)
        visit = self._handover.visit(attempt) if attempt.plan is None else attempt.plan.visit
        self._sockets.over(attempt)
        self._admission.done(attempt)
        self._results.put(visit.fault(error))


def _inside(attempt: Attempt, visit: Visit, heard: Heard) -> Heard:
    """What was `heard`, or that TLS broke off."""
    return heard if attempt.session is None else visit.found.note_inside(heard, attempt.session.error)


def _next(progress: Progress, heard: Heard) -> Step | None:
    """The step that follows on what was `heard`."""
    try:
        return progress.plan.send(heard)
    except StopIteration:
        return None


_BANNER = Status.BANNER  # until Python 3.11 a member of an enumeration is looked up in 0.2 us
