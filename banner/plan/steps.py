"""The steps of a plan, and what came of them: the words between a plan and the driver that carries it out.

A plan yields a `Step`; the driver takes it and sends back what it `Heard`. Values alone; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

import msgspec

from ..dialogue import Probe
from ..models import End, Service
from .reactions import Reaction

LATE = 3.0
"""Seconds of silence after which a peer that then hangs up had waited for our first words. Servers give clients as
many or more (RabbitMQ for TLS 5 s, Apache httpd 20 s, PostgreSQL 60 s); who serves nobody hangs up at once."""


class Listen(msgspec.Struct, frozen=True):
    """Read a greeting; with `patience`, give up on its first byte after as many seconds."""

    patience: float | None = None
    fresh: bool = False
    """On a new connection, where what we said has spoilt the one that was open."""
    tls: bool = False
    """Inside TLS, where the connection is a fresh one."""
    through: bool = False
    """For all the time that is left to the target."""

    @property
    def hellos(self) -> int:
        """How many are said for it: a further connection inside TLS needs its handshake again."""
        return int(self.fresh and self.tls)


class Secure(msgspec.Struct, frozen=True):
    """Shake hands for TLS, on a `fresh` connection or on the one that is open."""

    fresh: bool = False
    alpn: bool = True
    """Offer ALPN: not where the service is known and knows none; strict servers refuse foreign names."""
    patience: float | None = None
    modest: bool = False
    """With little to offer, and TLS 1.2 at most: for whom the first hello was too new or too long."""
    prompt: ClassVar[None] = None
    """Its first byte has all the time of the rest."""

    @property
    def hellos(self) -> int:
        """How many are said for it."""
        return 1


class Hold(msgspec.Struct, frozen=True):
    """Hold a dialogue, on a `fresh` connection (inside `tls`) or on the one that is open."""

    probe: Probe
    fresh: bool = False
    tls: bool = False
    greeting: bytes = b""
    """What was read before, for a dialogue that goes on after a greeting."""
    patience: float | None = None
    prompt: float | None = None
    """Seconds for the first byte, where that comes at once or never."""
    completes: bool = False
    """What is heard completes the service that is known, and is no banner."""
    secures: bool = True
    """There is room for one hello more, that of TLS, on the way."""

    @property
    def hellos(self) -> int:
        """How many are said for it, as `Listen` counts them."""
        return 1 + (self.fresh and self.tls)


Step = Listen | Secure | Hold


class Heard(msgspec.Struct, frozen=True):
    """What came of a step."""

    data: bytes = b""
    open: bool = False
    """The connection can still be used."""
    service: Service | None = None
    secured: bool = False
    alpn: str | None = None
    """The protocol that the server chose inside TLS."""
    reached: bool = True
    """False where no connection could be made any more."""
    reset: bool = False
    """The peer reset the connection."""
    late: bool = False
    """It ended the connection, which we had only listened to, after `LATE` seconds: it had waited for us."""

    @property
    def reaction(self) -> Reaction:
        """What the peer did."""
        if self.data:
            return Reaction.ANSWER
        if self.open:
            return Reaction.SILENCE
        return Reaction.RESET if self.reset else Reaction.CLOSE


Plan = Generator[Step, Heard, None]
"""A plan under way: it yields a step and is sent what was heard."""


def ended(end: End) -> bool:
    """Whether a connection whose reading ended so is over."""
    return end is _EOF or end is _RESET


_EOF, _RESET = End.EOF, End.RESET  # until Python 3.11 a member of an enumeration is looked up in 0.2 us
