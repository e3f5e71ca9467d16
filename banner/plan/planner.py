"""What is tried at a port, in which order, and when to stop: computed from facts in the probes.

A plan is a `Plan`: a generator that yields a `Step` and is sent what was `Heard`; it sees no socket and no
clock. It listens first where the port's service greets, speaks at once where it never does, and on an unknown
port listens for a moment, tries TLS, then HTTP, then the rest by prevalence; what a peer answers to one hello
decides the next (``search.py``). Inside TLS the same goes on. It never writes to ports where bytes do harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from ..dialogue import Probe, Wire
from ..models import End, Mode, Service, Settings
from ..recognition import frames
from ..recognition.headers import told
from ..recognition.identify import Rules, built_in_rules
from .greeting import Reading, merge, read_by, untold
from .hellos import ALPN, MUTE, OFFERED, PREVALENCE
from .known import Names, Probes, check_names, known, owners
from .reactions import PROBE_OF, asks_for_tls, echoes, pointed_at, speaks_tls
from .search import Search
from .steps import LATE, Hold, Listen, Plan, Secure, Step, ended

RECENT = 256
"""Greetings, and answers, whose reading is remembered. Networks repeat theirs, a few of them most of the time; and
more than fits into a processor's caches makes each new greeting dearer."""


class Planner:
    """The plans of one scan: its mode, its choice of probes, and its rules."""

    def __init__(self, settings: Settings, rules: Rules, there: Sequence[Probe]) -> None:
        self.mode: Mode = settings.mode
        self.named: frozenset[str] = frozenset(settings.probes)
        self.rules = rules
        self.probes: list[Probe] = [probe for probe in there if self._permitted(probe, settings)]
        wrapped = there if self.named else self.probes
        self._tls_ports = frozenset(port for probe in wrapped for port in probe.tls_ports)
        self._greeters = {probe.name: probe for probe in self.probes if probe.greets}
        self._greeted = frozenset(port for probe in self._greeters.values() for port in probe.ports)
        self.greeted_inside: frozenset[int] = frozenset(
            p for probe in self.probes if probe.greets for p in probe.tls_ports
        )
        self._secures = "tls" not in settings.without
        self.by_name: dict[str, Probe] = {probe.name: probe for probe in self.probes}
        self.secures_strangers: bool = "tls" not in settings.without and (
            not self.named or "tls" in self.named
        )
        self.by_alpn: dict[str, Probe] = {
            alpn: self.by_name[name] for alpn, name in ALPN.items() if name in self.by_name
        }
        self.offered: tuple[str, ...] = tuple(
            name for name in OFFERED if name != "h2" or name in self.by_alpn
        )
        """What is offered by ALPN: HTTP/2 only where somebody speaks it."""
        rank = {name: place for place, name in enumerate(PREVALENCE)}
        asking = [probe for probe in self.probes if probe.asks and not probe.greets and self._unasked(probe)]
        names = (p.name for p in asking if not p.at_home or p.name in self.named)
        self.asking: list[str] = sorted(names, key=lambda name: (rank.get(name, len(rank)), name))
        self.reading: Callable[..., Reading] = lru_cache(RECENT)(self._read)
        self.reading_once: Callable[..., Reading] = self._read if self.mode is _LISTEN else self.reading
        """`reading` of what may never come again: remembered only where it was asked for a moment ago, to go on."""
        self.identify: Callable[..., Service | None] = lru_cache(RECENT)(rules.fresh)
        self.usual: Callable[..., Sequence[Probe]] = lru_cache(4096)(self._usual)
        self.opening: Callable[[int], Step] = lru_cache(4096)(self._open)
        self.handshake: Callable[[int], Step] = lru_cache(4096)(self._shown_by)

    def _unasked(self, probe: Probe) -> bool:
        """Whether it is spoken to who did not choose it by ALPN."""
        return not probe.negotiated or probe.name in self.named

    @staticmethod
    def _permitted(probe: Probe, settings: Settings) -> bool:
        full, named = settings.mode is Mode.FULL, probe.name in settings.probes
        if probe.name in settings.without or (settings.probes and not named):
            return False
        return full and named if probe.fragile else full or named or not probe.full

    # -- the plan -----------------------------------------------------------------------------------

    def plan(self, port: int) -> Plan:
        """What to do at `port`, step by step."""
        if self.mute(port):
            return _alone(Listen())
        if port in MUTE:
            return self._ask_owners(port)
        if self.mode is _TLS:
            return _alone(self.handshake(port))
        if self.expects_tls(port) or "tls" in self.named:
            return Search(self, port).ask((), tls_first=True)
        return Search(self, port).converse()

    def expects_tls(self, port: int) -> bool:
        """Whether a service that usually listens at `port` does so inside TLS."""
        return self._secures and (self.mode is _TLS or port in self._tls_ports)

    def _shown_by(self, port: int) -> Step:
        """What shows the certificate at `port`: STARTTLS where its service does not begin inside TLS."""
        asking = [probe for probe in self.probes if probe.starttls and port in probe.ports]
        if asking and port not in self._tls_ports:
            return Hold(asking[0])
        return Secure()

    def mute(self, port: int) -> bool:
        """Whether nothing is to be said at `port`."""
        return self.mode is _LISTEN or (port in MUTE and not self._owners(port))

    def _owners(self, port: int) -> Probes:
        """Who may speak at `port`, where bytes do harm: whose own it is, and who is named in full mode."""
        if self.mode is not _FULL:
            return ()
        return tuple(probe for probe in owners(self.probes, port) if probe.name in self.named)

    def _ask_owners(self, port: int) -> Plan:
        """Say nothing but what belongs to `port`, where bytes do harm."""
        for number, probe in enumerate(self._owners(port)):
            inside, fresh = port in probe.tls_ports, number > 0
            if inside and not (yield Secure(fresh)).secured:
                continue
            heard = yield Hold(probe, fresh and not inside, inside)
            if heard.service is not None or not heard.reached:
                return

    def settled(self, data: bytes, service: Service) -> bool:
        """Whether the answer `data`, of `service`, is the last word, as `plan` would find: no call for TLS."""
        return untold(service) is None and not asks_for_tls(data)

    def recognised(self, service: Service, probe: Probe, wire: Wire, port: int) -> Service:
        """`service`, as which the dialogue of `probe` knew who answered, with what the rules read in the same bytes."""
        data, name = wire.banner(), service.name
        # An answer of HTTP hardly comes again: it tells the time, and what it is looked up by is the whole page.
        if wire.reading is not None and name == "http":
            by_rules = self.rules.read(data, wire.reading)
        elif parsed := told(wire.details) if name == "http" else ():
            by_rules = self.rules.fresh(data, port, name, parsed)
        else:
            by_rules = self.identify(data, port, name, ())
        return merge(service, by_rules, probe.name)

    def goes_on(self, data: bytes, end: End, port: int, waited: float = 0.0) -> bool:
        """Whether there is another step at `port` after listening, for `waited` seconds, brought `data` and `end`."""
        if self.mute(port):
            return False
        if ended(end):
            if data:
                return speaks_tls(data)
            return waited >= LATE or (end is End.RESET and port not in self._greeted)
        return not data or speaks_tls(data) or self.reading(data, port).follow is not None

    def _open(self, port: int) -> Step:
        """The first step at `port`, for a driver that takes it by itself."""
        return next(self.plan(port))

    def _usual(self, port: int, tls: bool) -> Sequence[Probe]:
        """Whose usual port this is, in the clear or inside `tls`."""
        inside = [probe for probe in self.probes if tls and port in probe.tls_ports and self._unasked(probe)]
        # TLS is also met where its service usually does without.
        return inside or [probe for probe in self.probes if port in probe.ports]

    def hint(self, data: bytes, service: Service | None = None) -> str | None:
        """Whom `data`, the answer to somebody else's hello, points at; a `service` that is known may still call for
        TLS."""
        if not data or echoes(data):
            return None
        if service is not None:
            return "tls" if asks_for_tls(data) else None
        if name := pointed_at(data):
            return name
        service = self.rules.identify(data)
        return None if service is None else PROBE_OF.get(service.name, service.name)

    def _read(self, data: bytes, port: int) -> Reading:
        """What a greeting says, without saying anything: the rules, and the dialogue's own reading."""
        service = self.rules.fresh(data, port, greeted=True)
        if service is not None and service.name not in self._greeters:
            http2 = frames.settings(data) if service.name == "http" else None
            return Reading(service) if http2 is None else Reading(service, {"http2": http2})
        deep, silent = self.mode is _FULL, self.mode is _LISTEN or port in MUTE
        return read_by(self._greeters, data, port, service, named=bool(self.named), deep=deep, mute=silent)


# Until Python 3.11 a member of an enumeration is looked up in 0.2 us.
_LISTEN, _TLS, _FULL = Mode.LISTEN, Mode.TLS, Mode.FULL


def planner(settings: Settings) -> Planner:
    """The plans for these settings; the rules and the probes are loaded when first needed."""
    # Not by the whole: a caller's policy need not be hashable.
    return plans(settings.mode, settings.probes, settings.without, settings.rules, settings.own)


def prepare(settings: Settings) -> None:
    """Load what the plans for these settings need, before somebody waits for it, or processes part."""
    planner(settings).reading(b"220 ready\r\n", 25)


@lru_cache(16)
def plans(mode: Mode, chosen: Names, without: Names, given: Rules | None, own: Probes = ()) -> Planner:
    """The same, remembered by what makes the difference."""
    settings = Settings(mode=mode, probes=chosen, without=without, rules=given, own=own)
    check_names(settings)
    there = () if settings.mode is Mode.LISTEN else known(settings)
    return Planner(settings, given or built_in_rules(), there)


def _alone(step: Step) -> Plan:
    """The plan that is one step."""
    yield step
