"""How attempts come to connections: in bursts, once more when this machine had no room, and at the next address.

One kind of system call after the other, so the caches of kernel and interpreter stay warm.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from ..addresses.socket_address import is_itself, silent_for, sockaddr
from ..models import Settings, Status
from ..visit.failures import EXHAUSTED, reason, status_of
from ..visit.link import BACKOFF
from .admission import Admission
from .attempts import Attempt
from .phases import Phases
from .selector import Selector
from .states import Event, State

LOOK: Final = 0.5
"""Seconds after which a target that has said nothing is looked at: is there a connection, and since when? What is not
connected by then is watched. Two round trips of 250 ms take as long."""
SOON: Final = 0.25
"""The same where somebody will speak to the silent, and is not to be kept waiting."""


class Connector:
    """Makes connections and closes them."""

    def __init__(
        self,
        admission: Admission[Attempt],
        settings: Settings,
        phases: Phases,
        failed: Callable[[Attempt, Status, str, float], None],
        fault: Callable[[Attempt, Exception], None],
        wake: Callable[[], None],
    ) -> None:
        """`failed` is told of those who have no connection in the end, `fault` of bugs of ours; `wake` is called when
        one may be tried again."""
        self._admission = admission
        self._timeouts = settings.timeouts
        self._source = settings.source
        self._phases = phases
        self._failed = failed
        self._fault = fault
        self._wake = wake
        self._look = min(LOOK, settings.timeouts.connect)
        self._soon = min(SOON, self._look)
        self.loop: asyncio.AbstractEventLoop
        self.selector: Selector
        self.backing_off: int = 0
        """How many wait for descriptors or ports to come back."""
        self.again: deque[Attempt] = deque()
        """Those to be connected next: once more, or to the next hello."""
        self._over: list[socket.SocketType] = []
        self.later: Callable[[socket.SocketType], None] = self._over.append
        """A socket is closed when others are, or begin, which is cheaper."""

    def connect(self, attempts: Iterable[Attempt], now: float) -> None:
        """Start connecting each to its present address.

        One old connection is closed with each that begins: a peer on this machine then has enough to do with each pair
        not to fall asleep and be woken up, by us, a dozen times in every burst, a tenth of the cost on loopback.
        """
        started, places, source = [], [], self._source
        for attempt in attempts:
            try:
                family, place = sockaddr(attempt.addresses[attempt.at], attempt.target.port)
                attempt.sock = _Socket(family, _STREAM)
                if source is not None:
                    source.bind(attempt.sock)
            except OSError as error:
                self.missed(attempt, error.errno, now)
            else:
                started.append(attempt)
                places.append(place)
        if started and started[0].step is not None:
            # Not so where hellos will be said: with nginx the pairs were a seventh dearer.
            self.hang_up()
        numbers, over = [], self._over
        for attempt, place in zip(started, places, strict=True):
            if over:
                over.pop().close()
            numbers.append(attempt.sock.connect_ex(place))
        begin, watch, look, soon = self._phases.begin, self.selector.watch, self._look, self._soon
        for attempt, number in zip(started, numbers, strict=True):
            if number not in _UNDER_WAY:
                attempt.sock.close()
                self.missed(attempt, number, now)
                continue
            fd = attempt.sock.fileno()
            try:
                begin(fd, attempt, now, look if attempt.patience is None else soon)
                watch(fd, connection=attempt.step is not None)
            except Exception as error:
                self._fault(attempt, error)

    def missed(self, attempt: Attempt, number: int | None, now: float) -> None:
        """No connection: try again later, or at the next address, or give up; `number` is the error's, or None."""
        in_time = now < attempt.began + self._timeouts.total
        if number in EXHAUSTED and attempt.tries < len(BACKOFF):
            pause = BACKOFF[attempt.tries]
            if now + pause < attempt.began + self._timeouts.total:
                attempt.tries += 1
                self.backing_off += 1
                self.loop.call_later(pause, self._try_again, attempt)
                return
        if attempt.plan is None and attempt.has_another and in_time:
            attempt.tries = 0
            self._admission.next_address(attempt, now)
            return
        status = Status.TIMEOUT if number is None else status_of(number)
        self._failed(attempt, status, reason(number, "no answer in time"), now)

    def look_at(self, attempt: Attempt, now: float) -> None:
        """Nothing was heard of its connection: is there one?"""
        if self.connected_meanwhile(attempt, now):
            return
        if now >= attempt.opened + self._timeouts.connect or attempt.state is State.UNANSWERED:
            self.close(attempt)
            self.missed(attempt, None, now)
        else:
            look = self._look if attempt.patience is None else self._soon
            self._phases.missed(attempt, self._timeouts.connect - look)
            if attempt.step is None:
                self.selector.watch_connection(attempt.fd)

    def connected_meanwhile(self, attempt: Attempt, now: float) -> bool:
        """Whether it is connected and silent: then its greeting is waited for."""
        if attempt.step is not None:
            return False  # its connection is watched
        silent = silent_for(attempt.sock)
        if silent is None:
            return False
        self.connected(attempt, now, min(silent, now - attempt.opened))
        return True

    def connected(self, attempt: Attempt, now: float, since: float = 0.0) -> bool:
        """There is a connection, `since` so many seconds; False where the kernel connected us to ourselves, so that
        there is nobody."""
        if is_itself(attempt.sock, attempt.target.port):
            self.close(attempt)
            self.missed(attempt, errno.ECONNREFUSED, now)
            return False
        self._phases.connected(attempt, now, since)
        return True

    def close(self, attempt: Attempt) -> None:
        """Its connection came to nothing."""
        self._phases.leave(attempt, Event.PART)
        attempt.sock.close()

    def hang_up(self) -> None:
        """Close those that are over."""
        for sock in self._over:
            sock.close()
        self._over.clear()

    def close_all(self) -> None:
        """Close every connection."""
        for attempt in self._phases.at.values():
            attempt.sock.close()
        self._phases.at.clear()
        self.hang_up()

    def _try_again(self, attempt: Attempt) -> None:
        self.backing_off -= 1
        self.again.append(attempt)
        self._wake()


_Socket: type[socket.SocketType] = socket.SocketType
"""The interpreter's own class: what `socket.socket` adds, in Python, is not needed here."""
_UNDER_WAY = (0, errno.EINPROGRESS)
_STREAM = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0) | getattr(socket, "SOCK_CLOEXEC", 0)
