"""The search for who speaks at one port: whom to listen to, whom to address, and when it is over.

A `Search` takes part in one plan: it knows where that has come, and yields the steps that are left. It listens where
somebody may greet, says the hellos of a `Queue`, and goes on inside TLS where that was found.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from ..dialogue import Probe
from ..models import Mode
from .greeting import untold
from .hellos import AGAIN, ANSWER, MOMENT, MOST, SAID, SPOKEN_TO, Queue
from .reactions import OLDER, Reaction, speaks_tls
from .steps import Heard, Hold, Listen, Plan, Secure, Step

if TYPE_CHECKING:
    from .planner import Planner


class Search:
    """Where one plan has come: its connections, its hellos, and whether it is inside TLS."""

    __slots__ = ("_connections", "_mode", "_plans", "_port", "_said", "_tls", "_waited")

    def __init__(self, plans: Planner, port: int) -> None:
        self._plans = plans
        self._port = port
        self._mode = plans.mode
        self._connections = 1
        self._said: list[str] = []
        """Hellos so far, TLS's for each connection inside."""
        self._tls = False
        """Inside TLS."""
        self._waited = False
        """Nobody answered for as long as somebody usual is waited for: once is enough."""

    def converse(self, chosen: str | None = None) -> Plan:
        """Find out who speaks there, in the clear or inside TLS, where the server may have `chosen` by ALPN."""
        usual = self._plans.usual(self._port, self._tls)
        if not usual and self._tls and self._plans.named:
            usual = self._plans.probes  # who asks for a dialogue at a port of TLS means it inside
        speakers = [probe for probe in usual if not probe.greets and probe.asks and not self._refused(probe)]
        greets = any(probe.greets for probe in (usual or (self._plans.probes if self._plans.named else ())))
        if chosen in self._plans.by_alpn:
            speaker = self._plans.by_alpn[chosen]
            if not self._plans.expects_tls(self._port) or self._plans.by_name.get("http") in usual:
                greets, speakers = speaker.greets, [*([] if speaker.greets else [speaker]), *speakers]
            elif chosen == "h2":  # the port tells more: Unbound chooses it where it speaks DNS
                speakers.append(speaker)
        opened = True
        if greets or not speakers:
            patiently = greets and not self._waited
            heard = yield Listen(None if patiently else MOMENT)
            if heard.data:
                yield from self._answer(heard)
                return
            if heard.open and patiently and self._mode is Mode.LIGHT and any(p.holds_back for p in usual):
                heard = yield Listen(through=True)
                if heard.data:
                    yield from self._answer(heard)
                return
            if not heard.open and not heard.late:
                if heard.reset and not self._tls and not usual:
                    yield from self._ask_at_once()
                return
            self._waited |= patiently
            opened = heard.open
        yield from self.ask(speakers, opened=opened)

    def _answer(self, heard: Heard) -> Plan:
        """A greeting came: go on with its service's dialogue, where there is more to learn."""
        if not self._tls and speaks_tls(heard.data):
            self._reopened()
            self._said.append("tls")
            heard = yield Secure(fresh=True)
            if heard.secured:
                self._tls = True
                yield from self.converse(heard.alpn)
            return
        follow = self._plans.reading(heard.data, self._port).follow
        if follow is not None and heard.open:
            yield Hold(follow, tls=self._tls, greeting=heard.data)

    def ask(self, speakers: Sequence[Probe], *, opened: bool = True, tls_first: bool = False) -> Plan:
        """Say one hello after the other until somebody answers to his: at first those of `speakers`, who are usual."""
        usual = ["tls"] * tls_first + [probe.name for probe in speakers]
        queue = Queue(usual, self._plans.secures_strangers and not self._tls, self._plans.asking)
        fresh, unheard, mute = not opened, False, True
        before = self._connections - 1
        while (name := queue.pop()) is not None:
            if name == OLDER and not (queue.asked_for_tls or self._has_room(2, fresh=fresh)):
                continue  # no hello would be left for inside
            if unheard and name not in usual and name != "tls":
                # Not the port's usual service, to whom we spoke at once: this one may have been about to greet.
                if (yield from self._hear_out(MOMENT)):
                    return
                fresh = unheard = False
            spoken_to = self._connections - before == SPOKEN_TO.get(self._mode)
            if spoken_to and mute and not self._waited and not self._plans.named:
                self._waited = True
                if (yield from self._hear_out()) or self._mode is Mode.LIGHT:
                    return
                fresh = False
            if not self._has_room(1, fresh=fresh):
                return
            heard = yield self._hello(name, queue, expected=name in usual, fresh=fresh)
            if heard.secured:
                self._tls = True
                yield from self.converse(heard.alpn)
                return
            hint = queue.understood(self._plans.hint(heard.data, heard.service), heard.data)
            if (yield from self._conclude(name, heard, hint, queue)):
                return
            reaction = heard.reaction
            self._waited |= reaction is Reaction.SILENCE and name in usual
            mute &= reaction is Reaction.SILENCE
            unheard |= name in usual and reaction in (Reaction.CLOSE, Reaction.RESET)
            queue.react(name, reaction)
            if hint is not None:
                queue.first(hint)
            fresh = True

    def _conclude(
        self, name: str, heard: Heard, hint: str | None, queue: Queue
    ) -> Generator[Step, Heard, bool]:
        """Whether what was `heard` on the hello `name`, and points at `hint`, is the last word; take the last step."""
        secures = hint in ("tls", OLDER)
        if name in ("tls", OLDER) and speaks_tls(heard.data):
            return True
        if not heard.reached or hint == name or (heard.service is not None and not secures):
            if not secures and (asking := untold(heard.service)) is not None:
                yield Hold(asking, fresh=True, tls=self._tls, patience=ANSWER, completes=True)
            return True
        if queue.answered(heard.data) and not queue.left(hint):
            return True
        if self._greets(hint):
            yield from self._listen_anew()
            return True
        return False

    def _ask_at_once(self) -> Plan:
        """Who reset because nothing was said to him within a moment hears one hello at once (Monit does so)."""
        if "http" in self._plans.by_name:
            yield Hold(self._plans.by_name["http"], fresh=True, patience=ANSWER)
        elif self._plans.secures_strangers:
            yield Secure(fresh=True, patience=ANSWER)

    def _hello(self, name: str, queue: Queue, *, expected: bool, fresh: bool) -> Step:
        """The step that says the hello `name`, with all patience where it is expected and nobody was waited for."""
        if fresh:
            self._reopened()
        self._said.append("tls" if name == OLDER else name)
        patiently = expected and not self._waited
        if name == "tls":
            alpn = not (expected and self._port in self._plans.greeted_inside)
            return Secure(fresh, alpn=alpn, patience=None if patiently else ANSWER)
        if name == OLDER:
            return Secure(fresh, alpn=False, patience=ANSWER, modest=True)
        patience = None if patiently else AGAIN if self._waited else queue.patience
        prompt = ANSWER if name == "http2" else None  # its SETTINGS come at once (RFC 9113, section 3.4)
        return Hold(
            self._plans.by_name[name],
            fresh,
            self._tls,
            patience=patience,
            prompt=prompt,
            secures=self._has_room(1, fresh=False),
        )

    def _greets(self, name: str | None) -> bool:
        """Whether `name` greets, and we have not been polite enough to listen."""
        return name in self._plans.by_name and self._plans.by_name[name].greets

    def _hear_out(self, patience: float | None = None) -> Generator[Step, Heard, bool]:
        """Listen on a new connection; whether that ends the search, for who is there has greeted or hung up."""
        if not self._has_room(0, fresh=True):
            return True
        heard = yield from self._listen_anew(patience)
        return bool(heard.data) or not heard.open

    def _listen_anew(self, patience: float | None = None) -> Generator[Step, Heard, Heard]:
        """What answered to our hello was a greeting, or one may still come: listen first, as its service expects."""
        self._reopened()
        heard = yield Listen(patience, fresh=True, tls=self._tls)
        if heard.data:
            yield from self._answer(heard)
        return heard

    # -- the budget ---------------------------------------------------------------------------------

    def _has_room(self, hellos: int, *, fresh: bool) -> bool:
        """Whether as many more may be said, on a `fresh` connection or not."""
        said = len(self._said) + hellos + (fresh and self._tls)
        return self._connections + fresh <= MOST[self._mode] and said <= SAID[self._mode]

    def _reopened(self) -> None:
        """There is another connection, inside TLS like the one before."""
        self._connections += 1
        if self._tls:
            self._said.append("tls")

    def _refused(self, probe: Probe) -> bool:
        """Whether inside TLS `probe` would only repeat what it said in the clear."""
        return self._tls and not probe.tls_ports and probe.name in self._said
