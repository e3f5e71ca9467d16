"""What is tried at a port, in which order, and when to stop: computed from facts in the probes.

A plan is a `Course`: a generator that yields a `Step` and is sent what was `Heard`; it sees no socket and no
clock. It listens first where the port's service greets, speaks at once where it never does, and on an unknown
port listens for a moment, tries TLS, then HTTP, then the rest by prevalence; what a peer answers to one hello
decides the next. Inside TLS the same goes on. It never writes to ports where bytes do harm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from functools import lru_cache

import msgspec

from .dialogue import Ended, Probe, Want, Wholeness, Wire, whole
from .identify import Rules
from .models import End, Mode, Service, Settings
from .reactions import NEWLINE, NEXT, PROBE_OF, Reaction, echoes, pointed_at, speaks_tls

MOMENT = 1.0
"""Seconds to listen on a port of which nothing is known before speaking. Greetings come within one round trip
unless a server looks up the client's name or holds back on purpose, as mail servers do on their own ports."""

ANSWER = 2.0
"""Seconds for the answer to a hello on such a port: a round trip around the world takes 0.3 s, and one lost
packet costs another second (RFC 6298, section 2.1)."""
AGAIN = 1.0
"""The same for a peer that has closed or answered before, so quickly does it react, or that was silent twice."""

MOST = {Mode.LIGHT: 12, Mode.FULL: 40}
"""Connections opened at most for one target."""

PRINTERS = frozenset({515, *range(9100, 9108)})
"""LPD (RFC 1179) and AppSocket: they print whatever comes."""
CONTROLLERS = frozenset(
    {
        102,
        502,
        789,
        1089,
        1090,
        1091,
        1911,
        1962,
        2404,
        2455,
        4911,
        5006,
        5007,
        5094,
        9600,
        18245,
        18246,
        20000,
    }
    | {20547, 34962, 34963, 34964, 44818, 47808, 55000, 55001, 55002, 55003}
)
"""Industrial protocols (S7, Modbus, Red Lion, FL-net, Fox, PCWorx, IEC 104, CODESYS, MELSEC, HART-IP, FINS, GE SRTP,
DNP3, ProConOS, PROFINET, EtherNet/IP, BACnet): controllers have failed on stray bytes."""
MUTE = PRINTERS | CONTROLLERS
"""Ports to which nothing is written; listening there is allowed."""

PREVALENCE = (
    "http", "redis", "postgresql", "mqtt", "sip", "mongodb", "rdp", "smb2", "dns", "ldap", "mssql", "zookeeper",
    "x11", "amqp", "memcached", "rtsp", "xmpp", "kafka", "cassandra", "socks5", "rpcbind", "pptp", "ajp", "jdwp",
    "adb",
)  # fmt: skip
"""Services that wait for the client, the most widespread first (``field`` surveys: nmap-services' frequencies,
raised for databases and queues, which they under-count). Those that are not named here come after."""

ALPN = {"http/1.1": "http", "imap": "imap", "pop3": "pop3", "managesieve": "managesieve", "mqtt": "mqtt"} | {
    "xmpp-client": "xmpp", "irc": "irc", "nntp": "nntp", "ftp": "ftp", "postgresql": "postgresql"
}  # fmt: skip
"""The dialogues of ALPN's names (IANA, "TLS Application-Layer Protocol Negotiation Protocol IDs")."""


class Listen(msgspec.Struct, frozen=True):
    """Read a greeting; with `patience`, give up on its first byte after as many seconds."""

    patience: float | None = None
    fresh: bool = False
    """On a new connection, where what we said has spoilt the one that was open."""


class Secure(msgspec.Struct, frozen=True):
    """Shake hands for TLS, on a `fresh` connection or on the one that is open."""

    fresh: bool = False
    alpn: bool = True
    """Offer ALPN: not where the service is known and knows none; strict servers refuse foreign names."""
    patience: float | None = None


class Hold(msgspec.Struct, frozen=True):
    """Hold a dialogue, on a `fresh` connection (inside `tls`) or on the one that is open."""

    probe: Probe
    fresh: bool = False
    tls: bool = False
    greeting: bytes = b""
    """What was read before, for a dialogue that goes on after a greeting."""
    patience: float | None = None


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

    @property
    def reaction(self) -> Reaction:
        """What the peer did."""
        if self.data:
            return Reaction.ANSWER
        if self.open:
            return Reaction.SILENCE
        return Reaction.RESET if self.reset else Reaction.CLOSE


Course = Generator[Step, Heard, None]


class Reading(msgspec.Struct, frozen=True):
    """What a greeting says: its service, its details, and the dialogue that may go on after it."""

    service: Service | None
    details: dict[str, object] = {}
    probe: str | None = None
    follow: Probe | None = None


class _Queue:
    """The hellos that are still to be said: each once, those that a reaction points at first."""

    def __init__(self, usual: Sequence[str], secures: bool, rest: Sequence[str]) -> None:
        self._names = deque((*usual, *(["tls"] if secures else []), *rest))
        self._left = set(self._names)
        self._silences = 0
        self._reacted = False

    def pop(self) -> str | None:
        """The next hello; None where all were said."""
        while self._names:
            name = self._names.popleft()
            if name in self._left:
                self._left.remove(name)
                return name
        return None

    def first(self, *names: str | None) -> None:
        """Let `names` be next, in this order, where they were not said yet."""
        self._names.extendleft(name for name in reversed(names) if name in self._left)

    def react(self, name: str, reaction: Reaction) -> None:
        """`reaction` is what came of the hello `name`."""
        self._silences += reaction is Reaction.SILENCE
        self._reacted |= reaction is not Reaction.SILENCE
        self.first(*NEXT.get((name, reaction), ()))

    @property
    def patience(self) -> float:
        """Seconds to wait for the next answer."""
        return AGAIN if self._reacted or self._silences > 1 else ANSWER


class Planner:
    """The plans of one scan: its mode, its choice of probes, and its rules."""

    def __init__(self, settings: Settings, rules: Rules, probes: Sequence[Probe]) -> None:
        self._mode = settings.mode
        self._named = frozenset(settings.probes)
        self.rules = rules
        self._probes = [probe for probe in probes if self._permitted(probe, settings)]
        self._by_name = {probe.name: probe for probe in self._probes}
        self._tls = "tls" not in settings.without and (not self._named or "tls" in self._named)
        self._by_alpn = {alpn: self._by_name[name] for alpn, name in ALPN.items() if name in self._by_name}
        rank = {name: place for place, name in enumerate(PREVALENCE)}
        asking = [probe for probe in self._probes if probe.asks and not probe.greets]
        self._asking = sorted((p.name for p in asking), key=lambda name: (rank.get(name, len(rank)), name))
        # One look per distinct greeting: networks repeat theirs.
        self.reading = lru_cache(8192)(self._read)
        self.opening = lru_cache(4096)(self._open)

    @staticmethod
    def _permitted(probe: Probe, settings: Settings) -> bool:
        if probe.name in settings.without:
            return False
        if settings.probes:
            return probe.name in settings.probes
        return not probe.fragile

    # -- the course -----------------------------------------------------------------------------------

    def course(self, port: int) -> Course:
        """What to do at `port`, step by step."""
        if self.mute(port):
            yield Listen()
            return
        if self.expects_tls(port):
            greets = any(probe.greets for probe in self._probes if port in probe.tls_ports)
            heard = yield Secure(alpn=not greets)
            if heard.secured:
                yield from self._converse(port, tls=True, opened=True, chosen=heard.alpn)
                return
            if not heard.reached or heard.service is not None or speaks_tls(heard.data):
                return
            yield from self._converse(port, tls=False, opened=False, tried_tls=True, hints=heard.data)
            return
        yield from self._converse(port, tls=False, opened=True)

    def expects_tls(self, port: int) -> bool:
        """Whether a service that usually listens at `port` does so inside TLS."""
        return self._tls and any(port in probe.tls_ports for probe in self._probes)

    def mute(self, port: int) -> bool:
        """Whether nothing is to be said at `port`."""
        if self._mode is Mode.LISTEN:
            return True
        return port in MUTE and not (self._mode is Mode.FULL and self._named)

    def settled(self, heard: Heard) -> bool:
        """Whether an answer is the last word, as `course` would find: a service, and no call for TLS."""
        return heard.service is not None and pointed_at(heard.data) != "tls"

    def goes_on(self, data: bytes, end: End, port: int) -> bool:
        """Whether there is another step at `port` after listening brought `data` and ended with `end`."""
        if ended(end) or self.mute(port):
            return False
        return not data or speaks_tls(data) or self.reading(data, port).follow is not None

    def _open(self, port: int) -> Step:
        """The first step at `port`, for a driver that takes it by itself."""
        return next(self.course(port))

    def _converse(
        self,
        port: int,
        *,
        tls: bool,
        opened: bool,
        tried_tls: bool = False,
        hints: bytes = b"",
        chosen: str | None = None,
    ) -> Course:
        """Find out what speaks at `port`, in the clear or inside TLS."""
        usual = [probe for probe in self._probes if port in (probe.tls_ports if tls else probe.ports)]
        if tls and not usual:  # TLS where its service is usually met without
            usual = [probe for probe in self._probes if port in probe.ports]
        if not usual and chosen in self._by_alpn:  # the port tells more: Unbound chooses whatever is offered
            usual = [self._by_alpn[chosen]]
        speakers = [probe for probe in usual if not probe.greets and probe.asks]
        greets = any(probe.greets for probe in (usual or (self._probes if self._named else ())))
        if opened and (greets or not speakers):
            heard = yield Listen(None if greets else MOMENT)
            if heard.data:
                yield from self._answer(port, heard, tls=tls)
                return
            if not heard.open:
                return
        yield from self._ask(port, speakers, tls=tls, opened=opened, tried_tls=tried_tls, hints=hints)

    def _answer(self, port: int, heard: Heard, *, tls: bool) -> Course:
        """A greeting came: go on with its service's dialogue, where there is more to learn."""
        if not tls and speaks_tls(heard.data):
            heard = yield Secure(fresh=True)
            if heard.secured:
                yield from self._converse(port, tls=True, opened=True, chosen=heard.alpn)
            return
        follow = self.reading(heard.data, port).follow
        if follow is not None and heard.open:
            yield Hold(follow, tls=tls, greeting=heard.data)

    def _ask(
        self, port: int, speakers: list[Probe], *, tls: bool, opened: bool, tried_tls: bool, hints: bytes
    ) -> Course:
        """Say one hello after the other until somebody answers to his."""
        secures = self._tls and not tls and not tried_tls
        queue = _Queue([probe.name for probe in speakers], secures, self._asking)
        hint = self._hint(hints)
        if self._greets(hint, tls=tls):
            yield from self._listen_anew(port)
            return
        queue.first(hint)
        fresh, connections = not opened, 1
        while connections < MOST[self._mode] and (name := queue.pop()) is not None:
            connections += fresh
            if name == "tls":
                heard = yield Secure(fresh=fresh, patience=ANSWER)
                if heard.secured:
                    yield from self._converse(port, tls=True, opened=True, chosen=heard.alpn)
                    return
                if speaks_tls(heard.data):
                    return
                if heard.open and not heard.data and not self._named:
                    queue.react(name, heard.reaction)
                    name = NEWLINE.name
                    heard = yield Hold(NEWLINE, patience=AGAIN)
            else:
                usual = any(probe.name == name for probe in speakers)
                heard = yield Hold(
                    self._by_name[name], fresh, tls, patience=None if usual else queue.patience
                )
            hint = self._hint(heard.data)
            if not heard.reached or (heard.service is not None and hint != "tls"):
                return
            if self._greets(hint, tls=tls):
                yield from self._listen_anew(port)
                return
            queue.react(name, heard.reaction)
            queue.first(hint)
            fresh = True

    def _greets(self, name: str | None, *, tls: bool) -> bool:
        """Whether `name` greets, and we have not been polite enough to listen."""
        return not tls and name in self._by_name and self._by_name[name].greets

    def _listen_anew(self, port: int) -> Course:
        """What answered to our hello was a greeting: listen first, as its service expects."""
        heard = yield Listen(fresh=True)
        if heard.data:
            yield from self._answer(port, heard, tls=False)

    def _hint(self, data: bytes) -> str | None:
        """Whom `data`, the answer to somebody else's hello, points at."""
        if not data or echoes(data):
            return None
        if name := pointed_at(data):
            return name
        service = self.rules.identify(data)
        return None if service is None else PROBE_OF.get(service.name, service.name)

    # -- greetings ------------------------------------------------------------------------------------

    def _read(self, data: bytes, port: int) -> Reading:
        """What a greeting says, without saying anything: the rules, and the dialogue's own reading."""
        service = self.rules.identify(data, port=port)
        if self._mode is Mode.LISTEN or service is None:
            return Reading(service)
        probe = self._by_name.get(service.name)
        if probe is None or not probe.greets:
            return Reading(service)
        wire = Wire(port=port, received=data, deep=self._mode is Mode.FULL, limit=max(probe.limit, len(data)))
        wire.paused = whole(data) is Wholeness.OPEN
        talk = probe.talk(wire)
        found = wire.found
        try:
            want = next(talk)
        except StopIteration as done:
            found = done.value or wire.found
        except Ended:
            found = wire.found
        else:
            talk.close()
            if (wire.outgoing() or want is Want.TLS) and not self.mute(port):
                return Reading(service, follow=probe)
            found = wire.found
        if found is None:
            return Reading(service)
        return Reading(merge(found, service, probe.name), wire.details, probe.name)


def merge(found: Service, by_rules: Service | None, probe: str) -> Service:
    """What a dialogue recognised, completed by what the rules read in the same bytes."""
    rule = found.rule or f"probe/{probe}"
    if by_rules is None:
        return msgspec.structs.replace(found, confidence=found.confidence or 0.9, rule=rule)
    if found.product is None:
        kept = {"name": found.name, "confidence": max(by_rules.confidence, found.confidence)}
        mine = {"version": found.version, "info": found.info, "os": found.os, "device": found.device}
        return msgspec.structs.replace(by_rules, **kept, **{k: v for k, v in mine.items() if v is not None})
    return msgspec.structs.replace(
        found,
        vendor=found.vendor or by_rules.vendor,
        os=found.os or by_rules.os,
        device=found.device or by_rules.device,
        info=found.info or by_rules.info,
        version=found.version or (by_rules.version if by_rules.product == found.product else None),
        cpe=tuple(dict.fromkeys((*found.cpe, *by_rules.cpe))),
        confidence=max(found.confidence or 0.95, by_rules.confidence),
        rule=rule,
    )


def ended(end: End) -> bool:
    """Whether a connection whose reading ended so is over."""
    return end in (End.EOF, End.RESET)
