"""The sweep's targets under way. What becomes of each: ``outcomes.py``.

Thousands of attempts begin every second, so one has as attributes of its own only what differs from the rest.
"""

from __future__ import annotations

import socket
from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

from ..models import End
from ..plan.conversation import Conversation
from ..plan.steps import Hold, Plan, Secure, Step
from ..visit.traffic import Traffic
from .job import Job
from .states import State

if TYPE_CHECKING:
    from ..tls.session import Session
    from ..visit.visit import Visit
    from .handshakes import Handshake
    from .inquiry import Inquiry

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=Hashable)


class Attempt(Job):
    """One target's socket under way."""

    state = State.IDLE
    queue: dict[Attempt, None]
    """Where it waits (`Phases`)."""
    fd = -1
    """Its connection's descriptor."""
    tries = 0
    data = b""
    patience: float | None = None
    """Seconds until somebody speaks to a silent peer; None where nobody does."""
    step: Hold | Secure | None = None
    """The hello with which it begins, where the peer waits for one."""
    talk: Conversation | Handshake | None = None
    handshake: Handshake | None = None
    """TLS's that is under way."""
    session: Session | None = None
    """What its connection is inside of."""
    plan: Progress | None = None
    """Its plan under way, where one step did not tell enough."""
    connect: float | None = None
    first: float | None = None
    until: float = 0.0
    """The present phase's deadline: of connecting, then of reading."""
    quiet: float = 0.0
    """When a pause will have been long enough."""
    opened: float = 0.0
    """When its connection was begun (monotonic seconds)."""
    sock: socket.SocketType
    inquiry: Inquiry | None = None
    """What is asked of it over UDP; then it has no connection."""
    broken = False
    """Saying something met the reset: of that a socket tells but once, and reading would only find an end."""
    traffic: Traffic | None = None
    """What was said and heard, once somebody spoke; a listener's is his data."""

    @property
    def ending(self) -> End:
        """How reading has ended where it brought nothing: inside TLS the session knows."""
        if self.session is None or self.session.end is None:
            return End.RESET if self.broken else End.EOF
        return self.session.end


def _name_attributes() -> None:
    """Have all attempts share the names of their attributes.

    CPython keeps the values alone in an object, and the names once for a class (PEP 412), if it has met them in the
    first few objects; one that differs takes a dictionary, 240 bytes more and 1 us.
    """
    first = Attempt.__new__(Attempt)
    names = "target addresses began counted state fd opened until queue sock connect first data"
    for name in f"{names} step patience talk traffic plan handshake session tries quiet broken".split():
        setattr(first, name, None)


_name_attributes()


class Progress:
    """How far an attempt has come in its plan."""

    __slots__ = ("plan", "since", "step", "visit")

    def __init__(self, plan: Plan, visit: Visit) -> None:
        self.plan: Plan = plan
        self.visit: Visit = visit
        self.step: Step | None = None
        """The step that is taken now."""
        self.since: float | None = None
        """When it began (monotonic seconds), on a connection that was open; None on a fresh one."""
