"""One UDP target of the sweep: its exchange, and the socket over which that goes.

Of many parts, so ``inquiries.py`` imports it for the first target that is asked over UDP.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from ..models import Grab, Settings, Status
from ..plan.exchange import Exchange
from ..plan.questions import Questions, questions
from ..visit.answered import answered
from ..visit.asking import BATCH, tell, waiting
from ..visit.udp import Socket
from .attempts import Attempt


class Inquiry(Exchange):
    """The exchange of an attempt, with its socket."""

    __slots__ = ("queue", "since", "sock", "tries", "unsent")

    def __init__(self, attempt: Attempt, settings: Settings, asked: Questions) -> None:
        self.since: float = attempt.began
        """When the target's own time began."""
        until = attempt.began + settings.timeouts.total
        super().__init__(attempt.target, settings, asked, os.urandom(32), until)
        self.queue: dict[Attempt, None] | None = None
        """Where it waits."""
        self.sock: Socket | None = None
        self.unsent: list[bytes] = []
        self.tries: int = 0
        """How often this machine had no room."""

    def open(self, attempt: Attempt, settings: Settings) -> int:
        """Have a socket to the present address, and return its descriptor. Raises `OSError`."""
        self.sock = sock = Socket(attempt.ip, attempt.target.port, settings.source)
        return sock.fd

    def ask_at(self, attempt: Attempt, now: float) -> None:
        """Ask at the present address; what it waited for its turn there is none of its time."""
        self.stand_still(attempt.began - self.since)
        self.since = attempt.began
        self.begin(now)

    def hear(self, now: float) -> None:
        """Something came at its socket."""
        assert self.sock is not None
        tell(self, self.sock.news(BATCH), now)

    def once_more(self, now: float) -> None:
        """It seems that nothing came in time: it may have come while others had their turn."""
        if self.sock is not None:
            for news in waiting(self, self.sock):
                tell(self, news, now)
        if self.until <= now:
            self.due(now)

    def record(
        self, attempt: Attempt, clock: float, now: float, status: Status | None, error: str | None
    ) -> Grab:
        """What came of it; `status` and `error` stand in for its own where something else ended it."""
        return answered(
            self, attempt.ip, clock, attempt.began, now, dns=attempt.dns, status=status, error=error
        )


def inquiring(settings: Settings) -> Callable[[Attempt], Inquiry]:
    """What makes the inquiry of an attempt, with the questions that `settings` ask for."""
    return partial(Inquiry, settings=settings, asked=questions(settings))
