"""The sweep's UDP targets under way: a socket each, asked as ``plan/exchange.py`` says, with deadlines in queues.

Nothing is connected, so a target's first datagram leaves as it starts. What it waits for has one of a few lengths, and
each length its queue, so only fronts are looked at. Further datagrams are owed to the scan's rate: those that start
later wait for them.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property, partial
from itertools import islice, takewhile
from math import ceil
from typing import TYPE_CHECKING, Generic, TypeVar

from ..addresses.socket_address import chosen_ports
from ..models import Settings, Status
from ..plan.refusals import Refusals
from ..visit.failures import EXHAUSTED, reason, status_of
from ..visit.link import BACKOFF
from .admission import Admission
from .attempts import Attempt
from .outcomes import Outcomes
from .phases import Phases
from .results import Results
from .selector import Selector
from .states import Event

if TYPE_CHECKING:
    from .inquiry import Inquiry

T = TypeVar("T")

log: logging.Logger = logging.getLogger("banner")

SPARE = 512
"""Ports of those that the kernel chooses from that are left to others, and to a burst that is begun at once."""


class Inquiries(Generic[T]):
    """Begins them, hears what comes, sees to their deadlines, and tells their outcomes."""

    def __init__(
        self,
        admission: Admission[Attempt],
        results: Results[T],
        settings: Settings,
        outcomes: Outcomes[T],
        phases: Phases,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called where there is room for others, and nobody else would see to it."""
        self._admission = admission
        self._results = results
        self._settings = settings
        self._outcomes = outcomes
        self._phases = phases
        self._wake = wake
        self._clock = time.time() - time.monotonic()
        self._queues: defaultdict[float, dict[Attempt, None]] = defaultdict(dict)
        self._resting = 0
        """How many wait without a socket."""
        self._refusals = Refusals()
        self._over = False
        source = settings.source
        low, high = source.range() if source else chosen_ports()
        # A range that was given is for this scan alone.
        self._ports = max(1, (high - low + 1) - (0 if source and source.ports else SPARE))
        self._told_short = False
        self.at: dict[int, Attempt] = {}
        """By descriptor."""
        self.selector: Selector
        self.loop: asyncio.AbstractEventLoop

    def __len__(self) -> int:
        return len(self.at) + self._resting

    @property
    def full(self) -> bool:
        """Whether they have all of this machine's ports that they may: each holds one until it is over."""
        if len(self.at) < self._ports:
            return False
        if not self._told_short:
            self._told_short = True
            log.warning(
                "there are %d ports for UDP targets at once (ip_local_port_range): the others wait",
                self._ports,
            )
        return True

    # -- events -------------------------------------------------------------------------------------

    def begin(self, attempt: Attempt, now: float) -> None:
        """Ask it at its present address."""
        inquiry = attempt.inquiry
        if inquiry is None:
            inquiry = attempt.inquiry = self._inquiring(attempt)
        self._guarded(attempt, inquiry, now, inquiry.ask_at, attempt, now)

    def hear(self, attempt: Attempt, now: float) -> None:
        """Something came at its socket."""
        inquiry = attempt.inquiry
        assert inquiry is not None
        self._guarded(attempt, inquiry, now, inquiry.hear, now)

    def see_to(self, now: float, most: int) -> bool:
        """See to `most` of each queue whose time has come; True where more are due already."""
        behind = False
        for queue in tuple(self._queues.values()):
            due = list(islice(takewhile(lambda one: one.until <= now, queue), most))
            behind |= len(due) == most
            for attempt in due:
                if attempt.inquiry is not None and attempt in queue:
                    self._guarded(attempt, attempt.inquiry, now, attempt.inquiry.once_more, now)
        return behind

    def close_all(self) -> None:
        """Close every socket, and open none any more."""
        self._over = True
        for attempt in self.at.values():
            if attempt.inquiry is not None and attempt.inquiry.sock is not None:
                attempt.inquiry.sock.close()
        self.at.clear()

    # -- within -------------------------------------------------------------------------------------

    @cached_property
    def _inquiring(self) -> Callable[[Attempt], Inquiry]:
        """Imported for the first that is asked: most scans ask nobody over UDP."""
        from .inquiry import inquiring

        return inquiring(self._settings)

    def _guarded(
        self, attempt: Attempt, inquiry: Inquiry, now: float, step: Callable[..., None], *arguments: object
    ) -> None:
        """Take a step of its exchange, and what follows; what is raised, a bug of ours, costs its record."""
        try:
            step(*arguments)
            self._go_on(attempt, inquiry, now)
        except Exception as error:
            where = attempt.target
            log.error("a fault of our own at %s port %d", where.host, where.port, exc_info=error)
            self._tell(attempt, inquiry, now, Status.FAULT, f"{type(error).__name__}: {error}")

    def _go_on(self, attempt: Attempt, inquiry: Inquiry, now: float) -> None:
        """Send what is to leave, then wait or end."""
        inquiry.unsent += inquiry.leaving()
        if inquiry.unsent and not self._send(attempt, inquiry, now):
            return
        if not inquiry.over:
            self._wait(attempt, inquiry, now)
            return
        self._hang_up(attempt, inquiry)
        wait = inquiry.doubts(self._refusals, attempt.ip, now)
        if wait is not None:
            self._later(attempt, inquiry, wait, partial(self._ask_again, inquiry))
        elif attempt.has_another and inquiry.may_go_on(now):
            self._admission.next_address(attempt, now)
        else:
            self._tell(attempt, inquiry, now)

    def _ask_again(self, inquiry: Inquiry, now: float) -> None:
        self._admission.owe(1, now)
        inquiry.ask_again(now)

    def _send(self, attempt: Attempt, inquiry: Inquiry, now: float) -> bool:
        """Send it; False where this machine has no room, so that it is tried again later."""
        try:
            if inquiry.sock is None:
                fd = inquiry.open(attempt, self._settings)
                self.at[fd] = attempt
                self.selector.watch_datagrams(fd)
            else:
                self._admission.owe(len(inquiry.unsent), now)
            while inquiry.unsent and inquiry.sock is not None:
                lost = inquiry.sock.send(inquiry.unsent[0])
                if lost is not None:
                    self._keep_back(inquiry, *lost)
                    break
                del inquiry.unsent[0]
        except OSError as error:
            # For a farewell nobody waits.
            if (
                error.errno in EXHAUSTED
                and not inquiry.over
                and self._backs_off(attempt, inquiry, now, error)
            ):
                return False
            self._keep_back(inquiry, status_of(error.errno), reason(error.errno, str(error)))
        return True

    @staticmethod
    def _keep_back(inquiry: Inquiry, status: Status, error: str) -> None:
        inquiry.kept_back(inquiry.unsent)
        inquiry.unsent.clear()
        inquiry.failed(status, error)

    def _backs_off(self, attempt: Attempt, inquiry: Inquiry, now: float, error: OSError) -> bool:
        """Whether it is tried again later. What others of ours hold comes back, however often that is short: several
        workers share a machine's ports. But an address to send from, as there is none for IPv6 where that is switched
        off, nobody holds: where no port is free, a datagram meets EAGAIN (udp.c)."""
        last = len(BACKOFF) - 1
        pause = BACKOFF[min(inquiry.tries, last)]
        held = error.errno != errno.EADDRNOTAVAIL and len(self.at) > (inquiry.sock is not None)
        if now + pause >= inquiry.deadline or (not held and inquiry.tries > last):
            return False
        inquiry.tries = min(inquiry.tries + 1, last) if held else inquiry.tries + 1
        self._hang_up(attempt, inquiry)
        inquiry.stand_still(pause)
        self._later(attempt, inquiry, pause, lambda _: None)
        return True

    def _later(self, attempt: Attempt, inquiry: Inquiry, pause: float, step: Callable[[float], None]) -> None:
        """Take `step` with it after the `pause`; meanwhile it has no socket."""
        self._resting += 1
        self.loop.call_later(pause, self._go_on_after, attempt, inquiry, step)

    def _go_on_after(self, attempt: Attempt, inquiry: Inquiry, step: Callable[[float], None]) -> None:
        if self._over:
            return
        self._resting -= 1
        now = time.monotonic()
        self._guarded(attempt, inquiry, now, step, now)
        self._wake()

    def _wait(self, attempt: Attempt, inquiry: Inquiry, now: float) -> None:
        """Let it wait until its exchange wants to be called, in the queue of those that wait as long."""
        if inquiry.queue is not None:
            if attempt.until == inquiry.until:
                return
            del inquiry.queue[attempt]
        attempt.until = inquiry.until
        # To a tenth, so that there are few queues.
        inquiry.queue = queue = self._queues[ceil((inquiry.until - now) * 10) / 10]
        queue[attempt] = None

    def _hang_up(self, attempt: Attempt, inquiry: Inquiry) -> None:
        if inquiry.queue is not None:
            del inquiry.queue[attempt]
            inquiry.queue = None
        if inquiry.sock is not None:
            del self.at[inquiry.sock.fd]
            inquiry.sock.close()
            inquiry.sock = None

    def _tell(
        self,
        attempt: Attempt,
        inquiry: Inquiry,
        now: float,
        status: Status | None = None,
        error: str | None = None,
    ) -> None:
        self._hang_up(attempt, inquiry)
        attempt.inquiry = None
        self._phases.leave(attempt, Event.TELL)
        self._admission.done(attempt)
        grab = inquiry.record(attempt, self._clock, now, status, error)
        self._results.put_all([self._outcomes.told(attempt, grab)])
