"""One question under way: a dialogue over datagrams that is begun again where it heard what was no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from ..dialogue import Datagrams, Ended, Probe, Talk
from ..models import End, Service
from .reactions import returns


class Taken(Enum):
    """What a dialogue made of a datagram."""

    STRANGE = auto()
    """It is no answer to its question, or not a whole one."""
    ECHO = auto()
    """It is what was asked, sent back."""
    PART = auto()
    """It is an answer, and more is asked, or expected."""
    WHOLE = auto()
    """It is the answer."""


class Asked:
    """The dialogue of `probe`, over the wires that `wire` makes, all alike."""

    __slots__ = ("_wire", "first", "last", "leaving", "probe", "repeated", "service", "talk", "wire")

    def __init__(self, probe: Probe, wire: Callable[[Probe], Datagrams]) -> None:
        self.probe: Probe = probe
        self._wire = wire
        self.repeated: bool = False
        """What was said last left twice."""
        self.leaving: list[bytes] = []
        """What it asks besides, after the answer that came last."""
        self.service: Service | None = None
        self.wire: Datagrams
        self.talk: Talk
        self.first: list[bytes] = self._begin()
        """The datagrams of its question."""
        self.last: list[bytes] = self.first
        """Those of its last one."""

    def _begin(self) -> list[bytes]:
        self.wire = self._wire(self.probe)
        self.talk = self.probe.talk(self.wire)
        self._advance()
        return self.wire.leaving()

    def _advance(self) -> bool:
        """Go on until something must come; True where the dialogue is over."""
        try:
            next(self.talk)
        except StopIteration as done:
            self.service = done.value or self.wire.found
        except Ended:
            self.service = self.wire.found
            self.wire.leaving()  # of a question nobody will read the answer
        else:
            return False
        return True

    @property
    def further(self) -> bool:
        """Whether an answer came, and more was asked."""
        return self.last is not self.first

    def _echoed(self, data: bytes) -> bool:
        return any(data == said or returns(data, said) for said in (*self.first, *self.last) if said)

    def take(self, data: bytes, port: int | None) -> Taken:
        """`data` came, from `port` where that is another one than was asked."""
        if self._echoed(data):
            return Taken.ECHO
        self.wire.arrived(data, port)
        over = self._advance()
        if over and self.service is None and not self.further:
            self._begin()  # the same words again: they left already
            return Taken.STRANGE
        if over:
            return Taken.WHOLE
        if leaving := self.wire.leaving():
            self.last, self.leaving, self.repeated = leaving, leaving, False
        return Taken.PART if leaving or self.wire.found else Taken.STRANGE

    def close(self) -> Service | None:
        """Nothing more will come: the service that it recognised until now."""
        if self.service is None:
            self.wire.close(self.wire.end or End.DEADLINE)
            self._advance()
        return self.service


def whose(asked: Sequence[Asked], data: bytes, port: int | None) -> tuple[Asked | None, Taken]:
    """Who of those that were `asked` had `data` for an answer, from `port`; None where it is nobody's."""
    for one in reversed(asked):
        taken = one.take(data, port)
        if taken is not Taken.STRANGE:
            return one, taken
    return None, Taken.STRANGE
