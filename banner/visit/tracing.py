"""What happens on the wire, told while it happens: to the caller's `Trace`, a file, or the logger ``banner.wire``.

A visit that is not traced has none of this: `Traffic` alone counts its bytes. A scan that is traced goes over streams.
Whatever a trace raises is logged, once, and costs no record.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import Any, Protocol

from ..formats.record import timestamp
from ..models import Grab, Target, Tls, Transport
from ..plan.reactions import Reaction
from ..plan.steps import Heard, Hold, Listen, Secure, Step
from ..text.safe import safe, where
from .traffic import Traffic, wire_log

log: logging.Logger = logging.getLogger("banner")

SHOWN = 512
"""Bytes of each piece that a trace for people shows at most."""


class Trace(Protocol):
    """What is told of each target, in the order in which it happens; several targets at once, on the loop's thread.

    A class that has these methods is one. They are called in the middle of a visit and must not block.
    """

    def opened(self, target: Target, ip: str) -> None:
        """There is a connection to `ip`."""

    def sent(self, target: Target, data: bytes) -> None:
        """These bytes left: inside TLS, its records."""

    def received(self, target: Target, data: bytes) -> None:
        """These bytes came: inside TLS, its records."""

    def inside(self, target: Target, data: bytes, *, sent: bool) -> None:
        """This was said (`sent`) or heard inside TLS, in plain text."""

    def secured(self, target: Target, tls: Tls) -> None:
        """A TLS handshake is over; ``tls.error`` says why where it failed."""

    def decided(self, target: Target, why: str) -> None:
        """The plan's next step, and what led to it: ``silent for 1.5 s: says http on a new connection``."""

    def ended(self, target: Target, grab: Grab) -> None:
        """The outcome."""


class TracedTraffic(Traffic):
    """Counts, and tells."""

    __slots__ = ("_failed", "_target", "_trace")

    def __init__(self, trace: Trace, target: Target) -> None:
        super().__init__()
        self._trace, self._target, self._failed = trace, target, False

    def opened(self, ip: str) -> None:
        self._tell(self._trace.opened, ip)

    def wrote(self, data: bytes) -> None:
        super().wrote(data)
        self._tell(self._trace.sent, data)

    def read(self, data: bytes) -> None:
        super().read(data)
        if data:
            self._tell(self._trace.received, data)

    def inside(self, data: bytes, *, sent: bool) -> None:
        if data:
            self._tell(self._trace.inside, data, sent=sent)

    def secured(self, tls: Tls) -> None:
        self._tell(self._trace.secured, tls)

    def decided(self, heard: Heard | None, step: Step | None, seconds: float) -> None:
        self._tell(self._trace.decided, f"{_what(heard, seconds)}: {_next(step)}")

    def ended(self, grab: Grab) -> None:
        self._tell(self._trace.ended, grab)

    def _tell(self, method: Callable[..., None], *what: Any, **more: Any) -> None:
        try:
            method(self._target, *what, **more)
        except Exception as error:  # the caller's own code
            if not self._failed:
                log.error("a fault of the trace at %s", self._target.host, exc_info=error)
            self._failed = True


def _what(heard: Heard | None, seconds: float) -> str:
    if heard is None:
        return "begins"
    if not heard.reached:
        return "no connection any more"
    if heard.secured:
        return "inside TLS" + (f", which chose {heard.alpn}" if heard.alpn else "")
    if heard.data:
        told = f" of {heard.service.name}" if heard.service else ""
        return f"heard {len(heard.data)} bytes{told} after {seconds:.1f} s"
    return f"{_DID[heard.reaction]} after {seconds:.1f} s"


_DID = {Reaction.SILENCE: "silent", Reaction.CLOSE: "closed", Reaction.RESET: "reset"}


def _next(step: Step | None) -> str:
    if step is None:
        return "done"
    anew = " on a new connection" if step.fresh else ""
    if isinstance(step, Listen):
        patience = "" if step.patience is None else f" for {step.patience:g} s"
        return f"listens{patience}{anew}"
    if isinstance(step, Secure):
        return f"says tls{anew}"
    assert isinstance(step, Hold)
    return f"says {step.probe.name}{' inside TLS' if step.tls else ''}{anew}"


class _Told:
    """A trace for people: a line for each event; what peers say is escaped and cut."""

    def opened(self, target: Target, ip: str) -> None:
        self._line(target, f"connected to {ip}")

    def sent(self, target: Target, data: bytes) -> None:
        self._line(target, f"-> {_shown(data)}")

    def received(self, target: Target, data: bytes) -> None:
        self._line(target, f"<- {_shown(data)}")

    def inside(self, target: Target, data: bytes, *, sent: bool) -> None:
        self._line(target, f"{'=>' if sent else '<='} {_shown(data)}")

    def secured(self, target: Target, tls: Tls) -> None:
        subject = f", certificate of {tls.certificate.subject}" if tls.certificate else ""
        told = f"failed: {tls.error}" if tls.error else f"{tls.version} {tls.cipher}"
        self._line(target, f"TLS {told}{safe(subject)}")

    def decided(self, target: Target, why: str) -> None:
        self._line(target, f"** {why}")

    def ended(self, target: Target, grab: Grab) -> None:
        said = f", said {' '.join(grab.said)}" if grab.said else ""
        ways = f"{grab.connections} connections"
        if grab.transport is Transport.UDP:
            ways = f"{grab.details.get('datagrams', 0)} datagrams"
        self._line(
            target,
            f"== {grab.status}{said}, {grab.sent} bytes sent, {grab.received} received, {ways}, "
            f"{grab.timings.total or 0:.3f} s",
        )

    def _line(self, target: Target, text: str) -> None:
        raise NotImplementedError


class Lines(_Told):
    """Such lines, with the time, through `write`."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def _line(self, target: Target, text: str) -> None:
        self._write(f"{timestamp(time.time())} {_place(target)} {text}\n")


class TraceFile(Lines):
    """The same into a file, which is created or appended to: each line by one write(2), from several processes as well.

    Raises `OSError` where it cannot be opened. Pickled, it goes on at the same path.
    """

    def __init__(self, path: str) -> None:
        super().__init__(self._append)
        self._path = path
        self._open()

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._file, self._process = os.open(self._path, flags, 0o600), os.getpid()

    def _append(self, line: str) -> None:
        if self._process != os.getpid():  # workers close what they did not open
            self._open()
        os.write(self._file, line.encode())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._path,)


class Log(_Told):
    """The same to ``banner.wire``: decisions and outcomes at INFO, connections and bytes at DEBUG."""

    def _line(self, target: Target, text: str) -> None:
        level = logging.INFO if text[:2] in ("**", "==") else logging.DEBUG
        wire_log.log(level, "%s %s", _place(target), text)


def _place(target: Target) -> str:
    place = where(target.host, target.port)
    return place if target.transport is Transport.TCP else f"{place}/{target.transport}"


def _shown(data: bytes) -> str:
    try:
        text = safe(data[:SHOWN].decode())
    except UnicodeDecodeError:  # no text: letters in it are chance
        text = safe(data[:SHOWN].decode("ascii", "backslashreplace"))
    more = f" and {len(data) - SHOWN} more" if len(data) > SHOWN else ""
    return f"{len(data)}: {text}{more}"
