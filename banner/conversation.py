"""A dialogue with what drives it apart: bytes and events in, bytes to write and an end out.

For a driver that holds many sockets and waits for none of them. It says what the dialogue wants next (`want`)
and, once it is over, how it ended and which service it recognised. No socket, no clock.
"""

from __future__ import annotations

from .dialogue import Ended, Want
from .models import End, Service
from .steps import Hold
from .visit import Visit


class Conversation:
    """The dialogue of `step` in the visit of one target."""

    __slots__ = ("_talk", "end", "service", "step", "visit", "want", "wire")

    def __init__(self, visit: Visit, step: Hold) -> None:
        self.visit = visit
        self.step = step
        self.wire = visit.wire_for(step)
        self._talk = step.probe.talk(self.wire)
        self.want = Want.BYTES
        self.end: End | None = None
        """How it ended; None while it goes on."""
        self.service: Service | None = None
        self._advance()

    def feed(self, data: bytes) -> None:
        """`data` came, at most `room` bytes."""
        self.wire.feed(data)
        self._advance()

    def close(self, end: End) -> None:
        """Nothing more will come."""
        self.wire.close(end)
        self._advance()

    def pause(self) -> None:
        """Nothing came for a while."""
        self.wire.paused = True
        self._advance()

    def _advance(self) -> None:
        try:
            self.want = self._talk.send(None)
        except StopIteration as done:
            self.end, self.service = End.COMPLETE, done.value or self.wire.found
        except Ended as stopped:
            self.end, self.service = stopped.end, self.wire.found
