"""One protocol's dialogue, and the facts from which the plan computes where and when it is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..models import Transport
from .wire import Talk


class Probe(msgspec.Struct, frozen=True):
    """One protocol's dialogue, and the facts from which the plan computes when it is held."""

    name: str
    """IANA's service name, and the file's name."""
    talk: Callable[[Any], Talk]
    """Its dialogue, over a `Wire`; over UDP over a `Datagrams`."""
    ports: tuple[int, ...] = ()
    """Where it usually listens in the clear."""
    tls_ports: tuple[int, ...] = ()
    """Where it usually listens inside TLS."""
    greets: bool = False
    """True where the server speaks first. Such probes share the one greeting that was read: it lies in
    ``wire.received`` (and `unread`) when they start."""
    holds_back: bool = False
    """True where servers hold their greeting back on purpose, to see who speaks before it: nothing is said until
    it came."""
    starttls: bool = False
    """True where the dialogue may start TLS on the way."""
    asks: bool = True
    """False where the dialogue never sends anything (it only reads a greeting's fields)."""
    negotiated: bool = False
    """True for what is spoken only where the server chose it by ALPN (RFC 7301), or where it is named."""
    limit: int = 16384
    """How many bytes one dialogue may read."""
    transport: Transport = Transport.TCP
    """What carries it. Over UDP the dialogue talks through a `Datagrams`; names are unique for each transport."""
    full: bool = False
    """True for what is spoken in ``--mode full`` alone, or where it is named: it asks for more than presence."""
    at_home: bool = False
    """True for what is said at its usual ports alone, or where it is named: it is long, or wants to be meant."""
    fragile: bool = False
    """True for what is spoken only when named, in ``--mode full``: equipment that bytes can disturb."""
