"""What went over the wire for one target: whom we addressed, and how many bytes there were each way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models import Grab, Settings, Target, Tls
    from ..plan.steps import Heard, Step
    from .tracing import Trace

wire_log: logging.Logger = logging.getLogger("banner.wire")


class Traffic:
    """Counted where it is written and read, over all connections, whichever driver holds them."""

    __slots__ = ("received", "said", "sent")

    def __init__(self) -> None:
        self.said: list[str] = []
        """The hellos, in order: the names of the dialogues that spoke, ``tls`` for a handshake."""
        self.sent: int = 0
        """Bytes that were written, inside TLS as they left."""
        self.received: int = 0
        """Bytes that were read, inside TLS as they came."""

    def add(self, other: Traffic) -> None:
        """What `other` counted belongs here as well."""
        self.said += other.said
        self.sent += other.sent
        self.received += other.received

    def wrote(self, data: bytes) -> None:
        """`data` left."""
        self.sent += len(data)

    def read(self, data: bytes) -> None:
        """`data` came."""
        self.received += len(data)

    def speak(self, name: str, data: bytes, sent: bytes | bytearray) -> None:
        """`data` was written for the dialogue `name`; `sent` is all that it said so far, `data` included."""
        if len(data) == len(sent):
            self.said.append(name)

    # -- for those who want to know what happens (``tracing.py``); here nobody does --------------------

    def opened(self, ip: str) -> None:
        """There is a connection to `ip`."""

    def inside(self, data: bytes, *, sent: bool) -> None:
        """`data` was said or heard inside TLS."""

    def secured(self, tls: Tls) -> None:
        """A handshake is over."""

    def decided(self, heard: Heard | None, step: Step | None, seconds: float) -> None:
        """Of what was `heard`, after so many seconds, comes the next `step`."""

    def ended(self, grab: Grab) -> None:
        """The outcome."""


def traffic(settings: Settings, target: Target) -> Traffic:
    """What counts the bytes of one target, and tells where it is traced."""
    trace = settings.trace
    if trace is None:
        return Traffic()
    from .tracing import TracedTraffic  # of many parts, as what tells it, for the few who trace

    return TracedTraffic(trace, target)


def traced(trace: Trace | None) -> Trace | None:
    """The caller's `trace`, or the logger's where somebody wants to hear it."""
    if trace is None and wire_log.isEnabledFor(logging.INFO):
        from .tracing import Log

        return Log()
    return trace
