"""The values that every other part exchanges: targets, outcomes, and what a peer told.

All are frozen: a value that was handed out never changes behind its holder's back. The names and
meanings follow the record (``record.py``, ``docs/record.md``); times are seconds, sizes are bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..text import lean  # noqa: F401  # isort: skip - before msgspec is imported

import msgspec
from msgspec.structs import force_setattr

from ..addresses.names import check_address, check_host
from ..addresses.proxies import parse_proxy
from ..text.patterns import lazily
from ..text.taken import (
    check_number,
    check_policy,
    check_port,
    check_printable,
    check_rate,
    check_several,
    check_text,
    check_words,
)
from .modelled import Modelled as Modelled
from .parts import Certificate as Certificate
from .parts import Issued as Issued
from .parts import Service as Service
from .parts import Timings as Timings
from .parts import Tls as Tls
from .telling import Telling
from .timeouts import Timeouts as Timeouts
from .words import End as End
from .words import Mode as Mode
from .words import Status as Status
from .words import Transport as Transport

__version__ = "0.1.0"

SCHEMA_VERSION: Final = 1
"""The record's version: fields may be added within one, never renamed or given another meaning."""


_TCP: Final = Transport.TCP  # until Python 3.11 a member of an enumeration is looked up in 0.1 us
_ADDRESS = lazily(r"[1-9]\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[\da-f]*:[\da-f:]+", re.ASCII)
"""What most hosts look like: 0.2 us, where the whole check of a name or an address takes 2."""


class Target(Modelled, msgspec.Struct, frozen=True):
    """One host and port to visit. ``host`` is a name or an address without brackets; ``tag`` comes back in the record.

    ``ipaddress``' addresses are taken as hosts, and a name in other letters in its ``xn--`` form. Raises `ValueError`
    for what is no host or no port from 1 to 65535, so a bad one costs whoever makes it, and no scan.
    """

    host: str
    port: int
    tag: str | None = None
    ip: str | None = None
    """The address of the name ``host``, where it is known: that one is visited, and nothing is looked up."""
    transport: Transport = Transport.TCP
    via: str | None = None
    """The URL of the proxy that leads there, where it is another than the scan's. Records do not tell it."""

    def __post_init__(self) -> None:
        # Scans make one for each connection: what costs more than a glance is for those that look unusual.
        usual = (
            type(self.port) is int
            and 0 < self.port < 65536
            and self.tag is None
            and type(self.host) is str
            and self.ip is None
            and self.transport is _TCP
            and self.via is None
        )
        if not (usual and _ADDRESS.fullmatch(self.host)):
            force_setattr(self, "host", check_host(self.host))
            force_setattr(self, "port", check_port(self.port))
            if self.tag is not None:
                check_text("tag", self.tag)
            if self.ip is not None:
                force_setattr(self, "ip", check_address(self.ip))
            force_setattr(self, "transport", Transport(self.transport))
            if self.via is not None:
                parse_proxy(self.via)

    @classmethod
    def parse(cls, text: str, port: int | None = None) -> Target:
        """The one target that `text` names as the command line reads it: ``mail.example:25``, ``[2001:db8::1]:22 tag``.

        `port` stands in where it names none. Raises `ValueError` where that is no target, or several.
        """
        from ..inputs.spec import parse

        spec = parse(check_text("a target", text), () if port is None else (check_port(port),))
        if spec.size != 1:
            raise ValueError(f"{text!r} names {spec.size} targets")
        return spec[0]


class Manners(Modelled, msgspec.Struct, frozen=True):
    """How we introduce ourselves to those to whom we speak."""

    ehlo: str = "banner.invalid"
    """The name given in EHLO (RFC 5321 4.1.1.1); ``.invalid`` never exists (RFC 6761 6.4)."""
    user_agent: str = f"banner/{__version__} (asyncio banner grabber; listens first, never logs in)"

    def __post_init__(self) -> None:
        check_printable("ehlo", self.ehlo)
        if " " in self.ehlo:
            raise ValueError(f"ehlo is a host name, not {self.ehlo!r}")
        check_printable("user_agent", self.user_agent)


LARGEST: Final = 1 << 24
"""Bytes of a banner that may be asked for: 16 MB for each target under way."""


_TRACED = ("opened", "sent", "received", "inside", "secured", "decided", "ended")
"""What is called of a `Trace`."""


class Settings(msgspec.Struct, frozen=True):
    """How targets are visited: the same for ``grab()`` and ``scan()``."""

    timeouts: Timeouts = Timeouts()
    limit: int = 1024
    """Bytes of a banner that are kept at most."""
    mode: Mode = Mode.LIGHT
    policy: Any = None
    """A `Policy`, or None where everything may be visited."""
    manners: Manners = Manners()
    probes: tuple[str, ...] = ()
    """Only these dialogues; empty for all."""
    without: tuple[str, ...] = ()
    """None of these dialogues."""
    own: tuple[Any, ...] = ()
    """Each a `Probe` of the caller's, beside the built-in ones."""
    rules: Any = None
    """The `Rules` that tell services, or None for the built-in ones."""
    proxy: str | None = None
    """The URL of the proxy that leads to the targets, or None."""
    source: Any = None
    """The `Source` of connections, or None for the system's choice."""
    nameservers: tuple[str, ...] = ()
    """Addresses of the name servers that are asked, or none for the system's."""
    dns_rate: float | None = None
    """Names asked for per second, or None for as many as come."""
    max_bytes: int = 16384
    """Bytes read of what a UDP target sends, at most: a flood is left there."""
    trace: Any = None
    """A `Trace` that is told what happens on the wire, or None."""

    def __post_init__(self) -> None:
        if not isinstance(self.timeouts, Timeouts):
            raise TypeError(f"timeouts are banner.Timeouts(total=8, ...), not {self.timeouts!r}")
        if not isinstance(self.manners, Manners):
            raise TypeError(f"manners are a banner.Manners, not {self.manners!r}")
        if self.rules is not None and not hasattr(self.rules, "fresh"):
            raise TypeError(f"rules are a banner.Rules, not {self.rules!r}")
        force_setattr(self, "limit", check_number("limit", self.limit, "bytes", LARGEST))
        force_setattr(self, "max_bytes", check_number("max_bytes", self.max_bytes, "bytes", LARGEST))
        check_policy(self.policy)
        if self.trace is not None and not all(callable(getattr(self.trace, name, None)) for name in _TRACED):
            raise TypeError(f"a trace is a banner.Trace, and {self.trace!r} lacks its methods")
        if self.proxy is not None:
            parse_proxy(self.proxy)
        if self.source is not None and not hasattr(self.source, "bind"):
            raise TypeError(f"a source is a banner.Source, not {self.source!r}")
        own = check_several("own", self.own, "banner.Probe")
        if not all(callable(getattr(probe, "talk", None)) for probe in own):
            raise TypeError(f"own are several banner.Probe, not {own!r}")
        force_setattr(self, "own", own)
        if self.dns_rate is not None:
            check_rate("dns_rate", self.dns_rate, "names")
        nameservers = check_words("nameservers", self.nameservers)
        force_setattr(self, "nameservers", tuple(map(check_address, nameservers)))
        force_setattr(self, "mode", Mode(self.mode))
        force_setattr(self, "probes", check_words("probes", self.probes))
        force_setattr(self, "without", check_words("without", self.without))


class Grab(Telling, msgspec.Struct, frozen=True):
    """What came of one target. ``banner`` holds the exact bytes."""

    time: float
    """When the grab began: POSIX seconds, to the millisecond."""
    host: str
    port: int
    status: Status
    ip: str | None = None
    """The address that was connected to (or tried last)."""
    tag: str | None = None
    end: End | None = None
    banner: bytes = b""
    probe: str | None = None
    """The dialogue that was held: ``listen`` or a probe's name."""
    connections: int = 0
    """How many connections were opened for this target."""
    service: Service | None = None
    tls: Tls | None = None
    timings: Timings = Timings()
    details: dict[str, Any] = {}
    """What the dialogue told besides: this grab's own, shared with nobody."""
    error: str | None = None
    said: tuple[str, ...] = ()
    """The hellos that were said, in order: names of dialogues, ``tls`` for a handshake. Empty: nothing was sent."""
    sent: int = 0
    """Bytes that were written to it in all, over every connection."""
    received: int = 0
    """Bytes that were read from it in all."""
    transport: Transport = Transport.TCP

    def __hash__(self) -> int:
        # Without what cannot be hashed: equal grabs have these in common as well.
        return hash(
            (self.time, self.host, self.port, self.transport, self.ip, self.tag, self.status, self.banner)
        )

    def raise_for_status(self) -> Grab:
        """Return this grab if it holds a banner, or what a TLS handshake showed that ended well; raise `GrabError`
        otherwise."""
        if self.status is not Status.BANNER and (self.tls is None or self.tls.error is not None):
            raise GrabError(self)
        return self


class GrabError(Exception):
    """Raised by `Grab.raise_for_status`; ``grab`` is what was grabbed."""

    def __init__(self, grab: Grab) -> None:
        super().__init__(f"{grab.where}: {grab.status}" + (f" ({grab.error})" if grab.error else ""))
        self.grab = grab

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is made anew from its `args`, the text; this one is made from the grab (pickle, copy, pools).
        return type(self), (self.grab,), self.__dict__


Mapping.register(Grab)
"""Of its record's fields: pandas makes a column of each."""
