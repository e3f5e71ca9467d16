"""Listening: greetings are read as they come, and what their end means: an outcome, or somebody has to speak."""

from __future__ import annotations

import socket
from typing import Generic, TypeVar

from ..dialogue import QUIET, ROOM, Wholeness, whole
from ..models import End, Mode, Settings, Status
from ..plan.planner import Planner
from ..visit.failures import RESETS
from .admission import Admission
from .attempts import Attempt
from .connector import Connector
from .dialogues import Dialogues
from .handover import Handover
from .outcomes import Outcomes
from .phases import Phases
from .plans import Plans
from .results import Results
from .sockets import Sockets
from .states import UNANSWERED

T = TypeVar("T")


class Listening(Generic[T]):
    """Reads what peers say by themselves."""

    def __init__(
        self,
        admission: Admission[Attempt],
        results: Results[T],
        settings: Settings,
        planner: Planner,
        outcomes: Outcomes[T],
        phases: Phases,
        connector: Connector,
        handover: Handover[T],
        plans: Plans[T],
        dialogues: Dialogues,
        sockets: Sockets,
    ) -> None:
        self._admission = admission
        self._results = results
        self._planner = planner
        self._outcomes = outcomes
        self._phases = phases
        self._connector = connector
        self._handover = handover
        self._plans = plans
        self._dialogues = dialogues
        self._sockets = sockets
        self._speaks = settings.mode is not Mode.LISTEN
        self._limit = settings.limit

    def connected(self, attempt: Attempt, now: float) -> None:
        """There is a connection: wait for a greeting, or say the hello with which it begins."""
        attempt.connect = now - attempt.opened
        if attempt.state <= UNANSWERED and not self._connector.connected(attempt, now):
            return
        if attempt.step is not None:
            self._dialogues.begin(attempt, attempt.step, now)

    def read(self, attempt: Attempt, now: float) -> End | None:
        """Read what has come; how the reading ended, or None where it goes on."""
        # Until the greeting is whole or nothing more is there: the selector tells of news but once.
        while True:
            before = attempt.data
            room = self._limit - len(before)
            try:
                data = attempt.sock.recv(room if room < ROOM else ROOM)
            except BlockingIOError:
                return None
            except OSError as error:
                return self._broken(attempt, error.errno, now)
            if not data:
                return attempt.ending
            if attempt.first is None:
                attempt.first = now - attempt.opened
            attempt.data = data = before + data if before else data
            so_far = whole(data, attempt.target.port)
            if so_far is _WHOLE:
                return _COMPLETE
            if len(data) >= self._limit:
                return End.LIMIT
            self._phases.heard(attempt, now)
            if so_far is _OPEN:
                self._phases.pause(attempt, now + QUIET)
            else:
                self._phases.stir(attempt)

    def _broken(self, attempt: Attempt, number: int | None, now: float) -> End | None:
        """The socket has an error: after it was connected, a reset; before, there is no connection."""
        # Where it was found connected by looking, `connect` is absent.
        connected = attempt.connect is not None or attempt.state > UNANSWERED
        if connected or attempt.data or number in RESETS:
            return End.RESET
        self._connector.close(attempt)
        self._connector.missed(attempt, number, now)
        return None

    def accepted(self, attempt: Attempt, now: float) -> bool:
        """Connected and ready in one event: begin the dialogue, so that what came before its hello is read as an
        answer to it. False where there is no connection, or no more."""
        number = None
        try:
            attempt.sock.recv(1, socket.MSG_PEEK)  # SO_ERROR would tell of a reset, and forget it
        except BlockingIOError:
            pass
        except OSError as error:
            number = error.errno
        if number and number not in RESETS:
            self._broken(attempt, number, now)
            return False
        self.connected(attempt, now)
        if number and attempt.talk is not None:
            self._dialogues.tell(attempt, now, attempt.talk.close, End.RESET)
            return False
        return attempt.talk is not None

    def once_more(self, attempt: Attempt, now: float) -> None:
        """What came in time counts, however late a busy loop lets us read it."""
        if attempt.talk is not None:
            self._dialogues.hear(attempt, now)
        elif attempt.step is None and (end := self.read(attempt, now)) is not None:
            self.finish([(attempt, end)], now)

    def end(self, attempt: Attempt, now: float) -> None:
        """Its time is up."""
        if attempt.talk is not None:
            self._dialogues.tell(attempt, now, attempt.talk.close, End.DEADLINE)
        else:
            self.finish([(attempt, End.DEADLINE)], now)

    def finish(self, over: list[tuple[Attempt, End]], now: float) -> None:
        """Listening to these has come to its end."""
        outcomes = []
        for attempt, end in over:
            try:
                outcome = self._listened(attempt, end, now)
            except Exception as error:
                self._plans.fault(attempt, error)
            else:
                if outcome is not None:
                    outcomes.append(outcome)
        self._results.put_all(outcomes)

    def _listened(self, attempt: Attempt, end: End, now: float) -> T | None:
        """The outcome of listening to `attempt`; None where its plan goes on, or it is visited once more."""
        if attempt.plan is not None:
            self._plans.listened(attempt, end, now)
            return None
        status = _BANNER
        outcome = self._outcomes.repeated(attempt, end, now)
        if outcome is None:
            # What ended a visit before ends this one as well; else somebody may have to speak.
            if self._speaks and self._continued(attempt, end, now):
                return None
            status = _BANNER if attempt.data else _WITHOUT_BYTES[end]
            outcome = self._outcomes.of(attempt, status, now, end if attempt.data else None)
        self._sockets.over(attempt)
        return None if self._admission.done(attempt, status, attempt.data) else outcome

    def _continued(self, attempt: Attempt, end: End, now: float) -> bool:
        """Whether somebody has to speak: then the plan has gone on at the same socket."""
        waited = now - attempt.opened - (attempt.connect or 0.0)
        if not self._planner.goes_on(attempt.data, end, attempt.target.port, waited):
            return False
        if attempt.data or self._admission.paced:
            self._sockets.give_away(attempt)
            self._handover.carry_on(attempt, end)
        else:
            self._plans.go_on(attempt, end, waited, now)
        return True

    def unreached(self, attempt: Attempt, status: Status, error: str, now: float) -> None:
        """There is no connection, or none any more."""
        if attempt.plan is not None:
            self._plans.unreached(attempt, now)
        else:
            self.report(attempt, status, error, now)

    def report(self, attempt: Attempt, status: Status, error: str | None, now: float) -> None:
        """It ended without a connection."""
        outcome = self._outcomes.of(attempt, status, now, error=error)
        self._sockets.over(attempt)
        if not self._admission.done(attempt, status):
            self._results.put_all([outcome])


_WHOLE, _OPEN, _COMPLETE, _BANNER = Wholeness.WHOLE, Wholeness.OPEN, End.COMPLETE, Status.BANNER
_WITHOUT_BYTES = {End.EOF: Status.CLOSED, End.RESET: Status.RESET, End.DEADLINE: Status.SILENT}
