"""What is tried at a port, in which order, and when to stop: computed from facts in the probes.

A plan is a `Course`: a generator that yields a `Step` and is sent what was `Heard`; it sees no socket and no
clock. It listens first where the port's service greets, speaks at once where it never does, and on an unknown
port listens for a moment, tries TLS, then HTTP, then the rest by prevalence; what a peer answers to one hello
decides the next. Inside TLS the same goes on. It never writes to ports where bytes do harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .dialogue import Probe
from .hellos import AGAIN, ALPN, ANSWER, MUTE, PREVALENCE, Queue
from .identify import Rules, built_in_rules
from .models import End, Mode, Settings
from .reactions import FURTHER, PROBE_OF, Reaction, asks_for_tls, echoes, pointed_at, speaks_tls
from .reading import Reading, read_on
from .steps import Course, Heard, Hold, Listen, Secure, Step, ended

MOMENT = 1.0
"""Seconds to listen on a port of which nothing is known before speaking. Greetings come within one round trip
unless a server looks up the client's name or holds back on purpose, as mail servers do on their own ports."""

MOST = {Mode.LIGHT: 12, Mode.FULL: 40}
"""Connections opened at most for one target."""


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
        return heard.service is not None and not asks_for_tls(heard.data)

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
        queue = Queue([probe.name for probe in speakers], secures, self._asking)
        hint = self._hint(hints)
        if self._greets(hint):
            yield from self._listen_anew(port, tls=tls)
            return
        queue.first(hint)
        fresh, connections = not opened, 1
        unheard = False
        while connections < MOST[self._mode] and (name := queue.pop()) is not None:
            usual = any(probe.name == name for probe in speakers)
            if unheard and not usual and name != "tls":
                # Not the port's usual service, to whom we spoke at once: this one may have been about to greet.
                unheard, connections = False, connections + 1
                heard = yield Listen(MOMENT, fresh=True, tls=tls)
                if heard.data:
                    yield from self._answer(port, heard, tls=tls)
                    return
                fresh = not heard.open
            connections += fresh
            if name == "tls":
                heard = yield Secure(fresh=fresh, patience=ANSWER)
                if heard.secured:
                    yield from self._converse(port, tls=True, opened=True, chosen=heard.alpn)
                    return
                if speaks_tls(heard.data):
                    return
            else:
                heard = yield Hold(
                    self._by_name[name], fresh, tls, patience=None if usual else queue.patience
                )
            further = FURTHER.get(name)
            if (
                further is not None
                and heard.reaction is Reaction.SILENCE
                and not (tls or usual or self._named)
            ):
                queue.react(name, heard.reaction)
                name = further.name
                heard = yield Hold(further, patience=AGAIN)
            hint = self._hint(heard.data)
            if not heard.reached or (heard.service is not None and hint != "tls"):
                return
            if self._greets(hint):
                yield from self._listen_anew(port, tls=tls)
                return
            unheard |= usual and heard.reaction in (Reaction.CLOSE, Reaction.RESET)
            queue.react(name, heard.reaction)
            queue.first(hint)
            fresh = True

    def _greets(self, name: str | None) -> bool:
        """Whether `name` greets, and we have not been polite enough to listen."""
        return name in self._by_name and self._by_name[name].greets

    def _listen_anew(self, port: int, *, tls: bool) -> Course:
        """What answered to our hello was a greeting: listen first, as its service expects."""
        heard = yield Listen(fresh=True, tls=tls)
        if heard.data:
            yield from self._answer(port, heard, tls=tls)

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
        service = self.rules.fresh(data, port)
        probe = None if service is None else self._by_name.get(service.name)
        if self._mode is Mode.LISTEN or service is None or probe is None or not probe.greets:
            return Reading(service)
        deep = self._mode is Mode.FULL
        return read_on(data, port, probe, service, deep=deep, mute=self.mute(port))


@lru_cache(16)
def planner(settings: Settings) -> Planner:
    """The plans for these settings; the rules and the probes are loaded when first needed."""
    from . import probes

    rules: Rules = settings.rules or built_in_rules()
    for name in (*settings.probes, *settings.without):
        if name != "tls":
            probes.get(name)  # raises ValueError for a name that does not exist
    known = () if settings.mode is Mode.LISTEN else probes.all()
    return Planner(settings, rules, known)
