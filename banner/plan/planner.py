"""What is tried at a port, in which order, and when to stop: computed from facts in the probes.

A plan is a `Plan`: a generator that yields a `Step` and is sent what was `Heard`; it sees no socket and no
clock. It listens first where the port's service greets, speaks at once where it never does, and on an unknown
port listens for a moment, tries TLS, then HTTP, then the rest by prevalence; what a peer answers to one hello
decides the next. Inside TLS the same goes on. It never writes to ports where bytes do harm.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache

from ..dialogue import Probe
from ..models import End, Mode, Settings
from ..recognition import frames
from ..recognition.identify import Rules, built_in_rules
from .greeting import Reading, read_by, untold
from .hellos import AGAIN, ALPN, ANSWER, MOMENT, MOST, MUTE, OFFERED, PREVALENCE, SPOKEN_TO, Queue
from .known import Names, Probes, check_names, known, owners
from .reactions import PROBE_OF, Reaction, asks_for_tls, echoes, pointed_at, speaks_tls
from .steps import LATE, Heard, Hold, Listen, Plan, Secure, Step, ended

RECENT = 256
"""Greetings, and answers, whose reading is remembered. Networks repeat theirs, a few of them most of the time; and
more than fits into a processor's caches makes each new greeting dearer."""


class _Whereabouts:
    """Where a plan has come."""

    __slots__ = ("port", "said", "tls", "waited")

    def __init__(self, port: int) -> None:
        self.port = port
        self.said: list[str] = []
        """Hellos so far."""
        self.tls = False
        """Inside TLS."""
        self.waited = False
        """Nobody answered for as long as somebody usual is waited for: once is enough."""


def _refused(at: _Whereabouts, probe: Probe) -> bool:
    """Whether inside TLS `probe` would only repeat what it said in the clear."""
    return at.tls and not probe.tls_ports and probe.name in at.said


class Planner:
    """The plans of one scan: its mode, its choice of probes, and its rules."""

    def __init__(self, settings: Settings, rules: Rules, there: Sequence[Probe]) -> None:
        self._mode = settings.mode
        self._named = frozenset(settings.probes)
        self.rules = rules
        self._probes = [probe for probe in there if self._permitted(probe, settings)]
        wrapped = there if self._named else self._probes
        self._tls_ports = frozenset(port for probe in wrapped for port in probe.tls_ports)
        self._greeters = {probe.name: probe for probe in self._probes if probe.greets}
        self._greeted = frozenset(port for probe in self._greeters.values() for port in probe.ports)
        self._greeted_inside = frozenset(p for probe in self._probes if probe.greets for p in probe.tls_ports)
        self._secures = "tls" not in settings.without
        self._by_name = {probe.name: probe for probe in self._probes}
        self._tls = "tls" not in settings.without and (not self._named or "tls" in self._named)
        self._by_alpn = {alpn: self._by_name[name] for alpn, name in ALPN.items() if name in self._by_name}
        self.offered = tuple(name for name in OFFERED if name != "h2" or name in self._by_alpn)
        """What is offered by ALPN: HTTP/2 only where somebody speaks it."""
        rank = {name: place for place, name in enumerate(PREVALENCE)}
        asking = [probe for probe in self._probes if probe.asks and not probe.greets and self._unasked(probe)]
        names = (p.name for p in asking if not p.at_home or p.name in self._named)
        self._asking = sorted(names, key=lambda name: (rank.get(name, len(rank)), name))
        self.reading = lru_cache(RECENT)(self._read)
        self.identify = lru_cache(RECENT)(rules.fresh)
        self.usual = lru_cache(4096)(self._usual)
        self.opening = lru_cache(4096)(self._open)

    def _unasked(self, probe: Probe) -> bool:
        """Whether it is spoken to who did not choose it by ALPN."""
        return not probe.negotiated or probe.name in self._named

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
            yield Listen()
        elif port in MUTE:
            yield from self._ask_owners(port)
        elif self._mode is Mode.TLS:
            yield self._handshake(port)
        elif self.expects_tls(port) or "tls" in self._named:
            yield from self._ask(_Whereabouts(port), (), tls_first=True)
        else:
            yield from self._converse(_Whereabouts(port))

    def expects_tls(self, port: int) -> bool:
        """Whether a service that usually listens at `port` does so inside TLS."""
        return self._secures and (self._mode is Mode.TLS or port in self._tls_ports)

    def _handshake(self, port: int) -> Step:
        """What shows the certificate at `port`: STARTTLS where its service does not begin inside TLS."""
        asking = [probe for probe in self._probes if probe.starttls and port in probe.ports]
        if asking and port not in self._tls_ports:
            return Hold(asking[0])
        return Secure()

    def mute(self, port: int) -> bool:
        """Whether nothing is to be said at `port`."""
        return self._mode is Mode.LISTEN or (port in MUTE and not self._owners(port))

    def _owners(self, port: int) -> Probes:
        """Who may speak at `port`, where bytes do harm: whose own it is, and who is named in full mode."""
        if self._mode is not Mode.FULL:
            return ()
        return tuple(probe for probe in owners(self._probes, port) if probe.name in self._named)

    def _ask_owners(self, port: int) -> Plan:
        """Say nothing but what belongs to `port`, where bytes do harm."""
        for number, probe in enumerate(self._owners(port)):
            inside, fresh = port in probe.tls_ports, number > 0
            if inside and not (yield Secure(fresh)).secured:
                continue
            heard = yield Hold(probe, fresh and not inside, inside)
            if heard.service is not None or not heard.reached:
                return

    def settled(self, heard: Heard) -> bool:
        """Whether an answer is the last word, as `plan` would find: a service, and no call for TLS."""
        return heard.service is not None and not asks_for_tls(heard.data) and untold(heard.service) is None

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

    def _converse(self, at: _Whereabouts, chosen: str | None = None) -> Plan:
        """Find out what speaks `at` a port, in the clear or inside TLS, where the server may have `chosen` by ALPN."""
        usual = self.usual(at.port, at.tls)
        if not usual and at.tls and self._named:
            usual = self._probes  # who asks for a dialogue at a port of TLS means it inside
        speakers = [probe for probe in usual if not probe.greets and probe.asks and not _refused(at, probe)]
        greets = any(probe.greets for probe in (usual or (self._probes if self._named else ())))
        if chosen in self._by_alpn:
            speaker = self._by_alpn[chosen]
            if not self.expects_tls(at.port) or self._by_name.get("http") in usual:
                greets, speakers = speaker.greets, [*([] if speaker.greets else [speaker]), *speakers]
            elif chosen == "h2":  # the port tells more: Unbound chooses it where it speaks DNS
                speakers.append(speaker)
        opened = True
        if greets or not speakers:
            patiently = greets and not at.waited
            heard = yield Listen(None if patiently else MOMENT)
            if heard.data:
                yield from self._answer(at, heard)
                return
            if heard.open and patiently and self._mode is Mode.LIGHT and any(p.holds_back for p in usual):
                heard = yield Listen(through=True)
                if heard.data:
                    yield from self._answer(at, heard)
                return
            if not heard.open and not heard.late:
                if heard.reset and not at.tls and not usual:
                    yield from self._ask_at_once(at)
                return
            at.waited |= patiently
            opened = heard.open
        yield from self._ask(at, speakers, opened=opened)

    def _usual(self, port: int, tls: bool) -> Sequence[Probe]:
        """Whose usual port this is, in the clear or inside `tls`."""
        inside = [probe for probe in self._probes if tls and port in probe.tls_ports and self._unasked(probe)]
        # TLS is also met where its service usually does without.
        return inside or [probe for probe in self._probes if port in probe.ports]

    def _answer(self, at: _Whereabouts, heard: Heard) -> Plan:
        """A greeting came: go on with its service's dialogue, where there is more to learn."""
        if not at.tls and speaks_tls(heard.data):
            heard = yield Secure(fresh=True)
            if heard.secured:
                at.tls = True
                yield from self._converse(at, heard.alpn)
            return
        follow = self.reading(heard.data, at.port).follow
        if follow is not None and heard.open:
            yield Hold(follow, tls=at.tls, greeting=heard.data)

    def _ask(
        self, at: _Whereabouts, speakers: Sequence[Probe], *, opened: bool = True, tls_first: bool = False
    ) -> Plan:
        """Say one hello after the other until somebody answers to his: at first those of `speakers`, who are usual."""
        usual = ["tls"] * tls_first + [probe.name for probe in speakers]
        queue = Queue(usual, self._tls and not at.tls, self._asking)
        fresh, connections = not opened, 1
        unheard, mute = False, True
        while max(connections, len(at.said)) < MOST[self._mode] and (name := queue.pop()) is not None:
            if unheard and name not in usual and name != "tls":
                # Not the port's usual service, to whom we spoke at once: this one may have been about to greet.
                unheard, connections = False, connections + 1
                heard = yield Listen(MOMENT, fresh=True, tls=at.tls)
                if heard.data:
                    yield from self._answer(at, heard)
                if heard.data or not heard.open:
                    return
                fresh = False
            if connections == SPOKEN_TO.get(self._mode) and mute and not at.waited and not self._named:
                at.waited = True
                heard = yield from self._listen_anew(at)
                if heard.data or not heard.open or self._mode is Mode.LIGHT:
                    return
                fresh, connections = False, connections + 1
            connections += fresh
            at.said.append(name)
            heard = yield self._hello(at, name, queue, expected=name in usual, fresh=fresh)
            if heard.secured:
                at.tls = True
                yield from self._converse(at, heard.alpn)
                return
            if name == "tls" and speaks_tls(heard.data):
                return
            at.waited |= heard.reaction is Reaction.SILENCE and name in usual
            hint = self._hint(heard.data)
            if not heard.reached or hint == name or (heard.service is not None and hint != "tls"):
                if hint != "tls" and (asking := untold(heard.service)) is not None:
                    yield Hold(asking, fresh=True, tls=at.tls, patience=ANSWER, completes=True)
                return
            if queue.answered(heard.data) and not queue.left(hint):
                return
            if self._greets(hint):
                yield from self._listen_anew(at)
                return
            mute &= heard.reaction is Reaction.SILENCE
            unheard |= name in usual and heard.reaction in (Reaction.CLOSE, Reaction.RESET)
            queue.react(name, heard.reaction)
            if hint is not None:
                queue.first(hint)
            fresh = True

    def _ask_at_once(self, at: _Whereabouts) -> Plan:
        """Who reset because nothing was said to him within a moment hears one hello at once (Monit does so)."""
        if "http" in self._by_name:
            yield Hold(self._by_name["http"], fresh=True, patience=ANSWER)
        elif self._tls:
            yield Secure(fresh=True, patience=ANSWER)

    def _hello(self, at: _Whereabouts, name: str, queue: Queue, *, expected: bool, fresh: bool) -> Step:
        """The step that says the hello `name`, with all patience where it is expected and nobody was waited for."""
        patiently = expected and not at.waited
        if name == "tls":
            alpn = not (expected and at.port in self._greeted_inside)
            return Secure(fresh, alpn=alpn, patience=None if patiently else ANSWER)
        patience = None if patiently else AGAIN if at.waited else queue.patience
        prompt = ANSWER if name == "http2" else None  # its SETTINGS come at once (RFC 9113, section 3.4)
        return Hold(self._by_name[name], fresh, at.tls, patience=patience, prompt=prompt)

    def _greets(self, name: str | None) -> bool:
        """Whether `name` greets, and we have not been polite enough to listen."""
        return name in self._by_name and self._by_name[name].greets

    def _listen_anew(self, at: _Whereabouts) -> Generator[Step, Heard, Heard]:
        """What answered to our hello was a greeting, or one may still come: listen first, as its service expects."""
        heard = yield Listen(fresh=True, tls=at.tls)
        if heard.data:
            yield from self._answer(at, heard)
        return heard

    def _hint(self, data: bytes) -> str | None:
        """Whom `data`, the answer to somebody else's hello, points at."""
        if not data or echoes(data):
            return None
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
        silent = self._mode is Mode.LISTEN or port in MUTE
        how = {"named": bool(self._named), "deep": self._mode is Mode.FULL, "mute": silent}
        return read_by(self._greeters, data, port, service, **how)


def planner(settings: Settings) -> Planner:
    """The plans for these settings; the rules and the probes are loaded when first needed."""
    # Not by the whole: a caller's policy need not be hashable.
    return plans(settings.mode, settings.probes, settings.without, settings.rules, settings.own)


@lru_cache(16)
def plans(mode: Mode, chosen: Names, without: Names, given: Rules | None, own: Probes = ()) -> Planner:
    """The same, remembered by what makes the difference."""
    settings = Settings(mode=mode, probes=chosen, without=without, rules=given, own=own)
    check_names(settings)
    there = () if settings.mode is Mode.LISTEN else known(settings)
    return Planner(settings, given or built_in_rules(), there)
