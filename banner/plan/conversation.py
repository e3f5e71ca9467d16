"""A dialogue with what drives it apart: bytes and events in, bytes to write and an end out.

For a driver that holds many sockets and waits for none of them. It says what the dialogue wants next (`want`)
and, once it is over, how it ended and which service it recognised. No socket, no clock.
"""

from __future__ import annotations

from ..dialogue import Ended, Talk, Want, Wire, hear_out
from ..models import End, Mode, Service, Settings, Target
from .steps import Hold


def wire_for(step: Hold, target: Target, settings: Settings, *, tls: bool = False) -> Wire:
    """What the dialogue of `step` talks through, inside `tls` or not."""
    wire = Wire(target.host, target.port)  # by names, which are matched for each, it takes twice the time
    greeting, limit = step.greeting, step.probe.limit
    if greeting:
        wire.received += greeting
        limit = max(limit, len(greeting) + 1)
    wire.limit, wire.deep, wire.tls = limit, settings.mode is _FULL, tls
    wire.manners, wire.may_secure = settings.manners, step.secures
    return wire


def held(step: Hold, wire: Wire, talk: Talk) -> Talk:
    """`talk`, the dialogue of `step`, and after it, where it knows nobody, the rest of what a stranger says."""
    service = yield from talk
    if service is None and is_strange(step, wire):
        yield from hear_out(wire)
    return service


def is_strange(step: Hold, wire: Wire) -> bool:
    """Whether who answered to the dialogue of `step`, which is over and knows nobody, is to be heard out: his words are
    the banner, and how much of them has come by then is a matter of segments. Of whom there are details, he was
    understood: who takes HTTP/2's request back is asked in HTTP/1.1 at once."""
    return wire.found is None and bool(wire.received) and not step.greeting and not wire.details


class Conversation:
    """The dialogue of `step` through `wire`; begun at once."""

    __slots__ = ("_direct", "_hello", "_strange", "end", "name", "service", "step", "talk", "want", "wire")

    def __init__(self, step: Hold, wire: Wire) -> None:
        self.step: Hold = step
        self.name: str = step.probe.name
        self.wire: Wire = wire
        self.talk: Talk = step.probe.talk(wire)
        self._direct = True
        self._strange = False
        """Its answer is somebody else's."""
        self.want: Want = Want.BYTES
        self.end: End | None = None
        """How it ended; None while it goes on."""
        self.service: Service | None = None
        self._advance()
        self._hello = len(wire.sent)

    @property
    def brief(self) -> bool:
        """Whether one hello and the bytes of its answer were all: then the same answer to the same hello, at the
        same port, comes to the same end whenever it is heard."""
        return self._direct and self.end is _COMPLETE and len(self.wire.sent) == self._hello

    def feed(self, data: bytes) -> None:
        """`data` came, at most `room` bytes."""
        self.wire.feed(data)
        self._advance()

    def close(self, end: End) -> None:
        """Nothing more will come."""
        self._direct = False
        self.wire.close(end)
        self._advance()

    def pause(self) -> None:
        """Nothing came for a while."""
        self._direct = False
        self.wire.paused = True
        self._advance()

    def _advance(self) -> None:
        try:
            self.want = self.talk.send(None)
        except StopIteration as done:
            self.service = done.value or self.wire.found
            if self.service is None and not self._strange and is_strange(self.step, self.wire):
                # As `held` does it, for which every dialogue would pay.
                self._strange, self.talk = True, hear_out(self.wire)
                self._advance()
            else:
                self.end = _COMPLETE
        except Ended as stopped:
            self.end, self.service = stopped.end, self.wire.found


# Until Python 3.11 a member of an enumeration is looked up in 0.2 us.
_FULL, _COMPLETE = Mode.FULL, End.COMPLETE
