"""What the visit of one target has told so far, and the record that it makes.

The banner is the first greeting, or else the answer in which a dialogue recognised its service; the status is
what the first connection met. Nothing here waits or touches a socket.
"""

from __future__ import annotations

import time

import msgspec

from ..dialogue import Probe, Wholeness, Wire, whole
from ..models import End, Grab, Mode, Service, Settings, Status, Target, Timings, Tls
from ..plan.greeting import completed
from ..plan.hellos import SAID
from ..plan.planner import Planner
from ..plan.reactions import ECHO, echoes, returns, speaks_tls
from ..plan.steps import LATE, Heard, Hold, ended
from .traffic import Traffic, traffic


class Findings:
    """All that is known of one target."""

    __slots__ = (
        "_details", "_planner", "_settings", "_time", "banner", "began", "connections", "end", "error", "ip", "opened",
        "paused", "probe", "service", "status", "target", "timing", "tls", "traffic",
    )  # fmt: skip

    def __init__(
        self, target: Target, settings: Settings, planner: Planner, began: float, dns: float | None
    ) -> None:
        """`began` is when the visit did (monotonic seconds), `dns` how long its name took before."""
        self.target: Target = target
        self._settings = settings
        self._planner = planner
        self.began: float = began
        """When its own time began (monotonic seconds)."""
        self._time = int((time.time() - time.monotonic() + began) * 1e3) / 1e3
        self.timing: dict[str, float] = {} if dns is None else {"dns": dns}
        self.ip: str | None = target.ip
        self.connections: int = 0
        self.opened: float = 0.0
        """When the last connection began (monotonic seconds)."""
        self.paused: bool = False
        """Whether the greeting was followed by a pause."""
        self.status: Status | None = None
        self.end: End | None = None
        self.banner: bytes = b""
        self.probe: str | None = None
        self.service: Service | None = None
        self._details: dict[str, object] = {}
        self.tls: Tls | None = None
        self.error: str | None = None
        self.traffic: Traffic = traffic(settings, target)

    def may_say(self, hellos: int) -> bool:
        """Whether so many more of them are not too many."""
        return len(self.traffic.said) + hellos <= SAID[self._settings.mode]

    def note_times(self, connect: float | None, first_byte: float | None) -> None:
        """What another driver saw, in seconds; what was seen before stands."""
        if connect is not None:
            self.timing.setdefault("connect", connect)
        if first_byte is not None:
            self.timing.setdefault("first_byte", first_byte)

    def note_greeting(self, data: bytes, end: End, waited: float = 0.0) -> Heard:
        """Listening brought `data`, or ended in this way without any after it had `waited` so many seconds."""
        if not data:
            self.note_silence(end)
            over = ended(end)
            return Heard(open=not over, reset=end is End.RESET, late=over and waited >= LATE)
        self.paused = end is End.COMPLETE and whole(data, self.target.port) is Wholeness.OPEN
        reading = self._planner.reading(data, self.target.port)
        if not self.banner:
            self.banner, self.end = data, end
            self.service, self._details = reading.service, reading.details()
            self.probe = reading.probe or "listen"
        return Heard(data, open=not ended(end), service=reading.service)

    def note_inside(self, heard: Heard, reason: str | None) -> Heard:
        """What was `heard` inside TLS, unless that broke off: each further connection would meet the same `reason`."""
        if reason is None or heard.data:
            return heard
        self._note_broken_off(reason)
        return Heard(reached=False)

    def _note_broken_off(self, reason: str) -> None:
        if self.tls is None or self.tls.error is not None:
            return
        asked = reason == "certificate_required" or self.tls.client_certificate
        self.tls = msgspec.structs.replace(self.tls, error=reason, client_certificate=asked or None)
        self.status, self.error = Status.TLS_ERROR, f"TLS: {reason}"

    def note_silence(self, end: End) -> None:
        """Nothing came before this end. Who hung up on us has done more than say nothing to another connection."""
        if self.status is None or (end in _ENDED and self.status is not Status.TLS_ERROR):
            self.status = _ENDED.get(end, Status.SILENT)
        self.probe = self.probe or "listen"

    def note_tls(self, tls: Tls) -> Heard:
        """A handshake ended well."""
        self.tls = tls
        if speaks_tls(self.banner):  # what asked for it in the clear is no longer the banner
            self.banner, self.end, self.service = b"", None, None
        self.probe = self.probe or ("tls" if self._settings.mode is Mode.TLS else None)
        return Heard(secured=True, open=True, alpn=tls.alpn)

    def note_no_tls(self, data: bytes, end: End) -> Heard:
        """TLS's hello was answered with `data`, which is no TLS and came to this end, or with nothing before it."""
        if not data:
            self.note_silence(end)
        else:
            self.note_answer(data, None, end)
            if echoes(data):
                self.service = ECHO
                return Heard(data, service=ECHO)
        return Heard(data, open=end is End.DEADLINE, reset=end is End.RESET)

    def note_dialogue(
        self, step: Hold, wire: Wire, end: End, service: Service | None, known: Service | None = None
    ) -> Heard:
        """What came of the dialogue of `step`, and how it ended. `known` is what `Planner.recognised` makes of its
        `service`, for who has asked it."""
        probe, data = step.probe, bytes(wire.received)
        if step.completes:
            return self._complete(wire, service)
        if service is None and not step.greeting and returns(data, wire.sent):
            self.note_answer(data, probe, end)
            self.service = service = ECHO
        elif service is not None:
            service = known or self._planner.recognised(service, probe, wire, self.target.port)
            self._note_service(service, probe, wire, end)
        elif data and not step.greeting:
            self.note_answer(data, probe, end)
            if probe.negotiated:  # its server chose it, whatever came of it
                self._details = self._details or wire.details
        elif not data:
            self.note_silence(end)
        answer = data if not step.greeting else b""
        return Heard(answer, open=not ended(end), service=service, reset=end is End.RESET)

    def _complete(self, wire: Wire, service: Service | None) -> Heard:
        """What a second question told of the service that is known; where it told nothing, that stands as it was."""
        if service is not None and service.version is not None and self.service is not None:
            self.service = completed(self.service, service.version)
            self._details |= wire.details
        return Heard(bytes(wire.received), service=self.service)

    def _note_service(self, service: Service, probe: Probe, wire: Wire, end: End) -> None:
        """The dialogue of `probe` and the rules know who answered."""
        self.service, self._details, self.probe = service, wire.details, probe.name
        if not (probe.greets and self.banner):
            self._keep(wire.banner(), end)

    def note_answer(self, data: bytes, probe: Probe | None, end: End) -> None:
        """Somebody answered to a hello that was not his: that of `probe`, or of TLS."""
        if self.banner:
            return
        self._keep(data, end)
        self.service = self._planner.identify(data, self.target.port)
        self.probe = "tls" if probe is None else probe.name

    def _keep(self, data: bytes, end: End) -> None:
        limit = self._settings.limit
        # More may have come, and how much of it was read is a matter of segments.
        self.banner, self.end = data[:limit], End.LIMIT if len(data) >= limit else end

    def fail(self, status: Status, error: str) -> Grab:
        """The record of a visit that came to nothing more."""
        self.status, self.error = status, error
        return self.outcome()

    def outcome(self) -> Grab:
        """What is known now, as a record."""
        status, secured = self.status or Status.SILENT, self.tls is not None and self.tls.error is None
        if status is not Status.FAULT and (self.banner or secured):
            status = Status.BANNER if self.banner else _WITHOUT_BYTES.get(status, status)
            self.error = None
        service = self.service
        if service is None and secured:
            service = Service("tls", confidence=0.5)
        if self.tls is not None and self.tls.certificate is not None:
            service = self._planner.rules.with_certificate(service, self.tls.certificate)
        timing = self.timing.get
        return Grab(
            self._time,
            self.target.host,
            self.target.port,
            status,
            self.ip,
            self.target.tag,
            self.end,
            self.banner,
            self.probe if self.connections else None,
            self.connections,
            service,
            self.tls,
            Timings(
                in_microseconds(timing("dns")),
                in_microseconds(timing("connect")),
                in_microseconds(timing("tls")),
                in_microseconds(timing("first_byte")),
                in_microseconds(time.monotonic() - self.began),
            ),
            self._details,
            self.error,
            tuple(self.traffic.said),
            self.traffic.sent,
            self.traffic.received,
            self.target.transport,
        )


_ENDED = {End.EOF: Status.CLOSED, End.RESET: Status.RESET}
_WITHOUT_BYTES = {Status.TLS_ERROR: Status.SILENT}
"""Where a handshake ended well after all and nothing was read inside."""


def in_microseconds(seconds: float | None) -> float | None:
    """To the microsecond; a third of the time of `round`, and no duration is negative."""
    return None if seconds is None else int(seconds * 1e6) / 1e6
